"""Runs migrations on the connection and in the transaction that ``db.schema`` opened."""

from alembic import context
from sqlmodel import SQLModel

import db.state_tables  # noqa: F401 - declares the metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata
)
context.run_migrations()
