"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Only ever add (``docs/decisions``): the ledger is never rewritten."""
    ${upgrades if upgrades else "pass"}
