"""Free text about an operation, in the erasable register."""

import sqlalchemy as sa
from alembic import op

import db.tables  # noqa: F401 - maps the types that STRICT tables know

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Only ever add: the ledger is never rewritten."""
    op.create_table(
        "note",
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("operation", name="pk_note"),
        sqlite_strict=True,
    )
