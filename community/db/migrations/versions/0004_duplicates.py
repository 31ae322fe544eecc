"""what open cases are found again by"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_key_case_id"),
        sa.PrimaryKeyConstraint("key", "case_id", name="pk_case_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_key_case_id", "case_key", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_key")
