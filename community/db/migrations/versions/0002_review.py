"""what staff should look at first"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("review_priority", sa.Float(), nullable=True))
    op.create_index("ix_case_review_priority", "case", ["review_priority"])


def downgrade() -> None:
    op.drop_index("ix_case_review_priority", "case")
    op.drop_column("case", "review_priority")
