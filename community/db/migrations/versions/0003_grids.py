"""grids, their members, duty rosters"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "grid",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("area_code", sa.String(length=64), nullable=False),
        sa.Column("polygon", sa.JSON(), nullable=False),
        sa.Column("roster_code", sa.String(length=64), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("code", name=op.f("uq_grid_code")),
    )
    op.create_index("ix_grid_area_code", "grid", ["area_code"])
    op.create_table(
        "roster",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("pattern", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("change_at", sa.Time(), nullable=False),
        sa.Column("crews", sa.JSON(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("code", name=op.f("uq_roster_code")),
    )
    op.create_table(
        "grid_member",
        sa.Column("grid_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["grid_code"], ["grid.code"], name=op.f("fk_grid_member_grid_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_member")),
        sa.UniqueConstraint("grid_code", "name", name=op.f("uq_grid_member_grid_code_name")),
    )
    op.create_index("ix_grid_member_name", "grid_member", ["name"])


def downgrade() -> None:
    op.drop_table("grid_member")
    op.drop_table("roster")
    op.drop_table("grid")
