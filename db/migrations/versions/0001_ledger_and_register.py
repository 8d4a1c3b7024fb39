"""The ledger and the register."""

import sqlalchemy as sa
from alembic import op

import db.tables  # noqa: F401 - maps the types that STRICT tables know

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Only ever add: the ledger is never rewritten."""
    op.create_table(
        "operation",
        sa.Column("replica", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "hlc", "scope", "subject", "kind")
        ),
        sa.Column("v", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("body", "at", "author", "seen", "prev", "hash")
        ),
        sa.PrimaryKeyConstraint("replica", "seq", name="pk_operation"),
        sa.CheckConstraint("seq > 0", name=op.f("ck_operation_seq")),
        sa.CheckConstraint("length(hlc) = 16", name=op.f("ck_operation_hlc")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_operation_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_operation_subject", "operation", ["subject", "hlc", "id"])
    op.create_index("ix_operation_id", "operation", ["id"])
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER operation_refuses_{event.lower()} BEFORE {event} ON operation"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
    op.create_table(
        "replica",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_replica"),
        sqlite_strict=True,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
        sqlite_strict=True,
    )
    op.create_table(
        "agent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent"),
        sqlite_strict=True,
    )
    op.create_index("uq_agent_name", "agent", ["name"], unique=True)
    op.create_table(
        "person",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in (
                "id",
                "family_name",
                "given_name",
                "kind",
                "school",
                "class_name",
                "level",
                "guardian",
                "code",
                "mark",
            )
        ),
        sa.Column("left", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("name_key", "search", "sort_key")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sqlite_strict=True,
    )
    op.create_index("ix_person_name_key", "person", ["name_key"])
    op.create_index("ix_person_sort_key", "person", ["sort_key"])
    op.create_index(
        "uq_person_code", "person", ["code"], unique=True, sqlite_where=sa.text("code <> ''")
    )
    op.create_table(
        "loan_link",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name="pk_loan_link"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_loan_link_person"),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_link_person", "loan_link", ["person"])
