"""codes to link a staff member's chat, positions that residents share"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("bind_code", sa.String(8), nullable=True))
        table.add_column(sa.Column("bind_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("bind_tries", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("longitude", sa.Float(), nullable=True))
        table.add_column(sa.Column("latitude", sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.drop_column("latitude")
        table.drop_column("longitude")
    with op.batch_alter_table("staff") as table:
        table.drop_column("bind_tries")
        table.drop_column("bind_until")
        table.drop_column("bind_code")
