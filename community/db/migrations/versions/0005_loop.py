"""the closed loop: what follows from a case's events, units' tasks, alerts"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DRAWN = sa.text("to_revisit")


def upgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.alter_column("due_at", existing_type=MOMENT, nullable=True)
        for column in _case_columns():
            table.add_column(column)
    for name in ("alarm_at", "ended_at", "grid_code"):
        op.create_index(f"ix_case_{name}", "case", [name])
    op.create_index("ix_case_to_revisit", "case", ["ended_at"], sqlite_where=DRAWN, postgresql_where=DRAWN)
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("unit_code", sa.String(64), nullable=True))
        table.add_column(sa.Column("account_id", KEY, nullable=True))
        table.create_foreign_key("fk_staff_account_id", "channel_account", ["account_id"], ["id"])
        table.create_unique_constraint("uq_staff_account_id", ["account_id"])
    op.create_index("ix_staff_unit_code", "staff", ["unit_code"])
    op.execute("UPDATE case_event SET actor = 'dispatcher' WHERE actor = 'staff'")  # who had no finer name then
    _create_task()
    _create_alert()


def _case_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("source", sa.String(24), nullable=False, server_default="chat"),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("grid_code", sa.String(64), nullable=True),
        sa.Column("response_due_at", MOMENT, nullable=True),
        sa.Column("alarm_at", MOMENT, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("round", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("merged_into", sa.String(24), nullable=True),
        sa.Column("supporters", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("to_revisit", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def _create_task() -> None:
    op.create_table(
        "case_task",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("unit_code", sa.String(64), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_task_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_task"),
        sa.UniqueConstraint("case_id", "unit_code", name="uq_case_task_case_id_unit_code"),
    )
    op.create_index("ix_case_task_unit", "case_task", ["unit_code", "done_at"])


def _create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(64), nullable=False),
        sa.Column("grid_code", sa.String(64), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("seen_by", sa.String(64), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_alert_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index("ix_alert_case_id", "alert", ["case_id"])
    op.create_index("ix_alert_unseen", "alert", ["seen_at", "id"])


def downgrade() -> None:
    op.drop_table("alert")
    op.drop_table("case_task")
    op.execute("UPDATE case_event SET actor = 'staff' WHERE actor NOT IN ('resident', 'system')")
    op.drop_index("ix_staff_unit_code", "staff")
    with op.batch_alter_table("staff") as table:
        table.drop_constraint("uq_staff_account_id", type_="unique")
        table.drop_constraint("fk_staff_account_id", type_="foreignkey")
        table.drop_column("account_id")
        table.drop_column("unit_code")
    op.drop_index("ix_case_to_revisit", "case")
    for name in ("alarm_at", "ended_at", "grid_code"):
        op.drop_index(f"ix_case_{name}", "case")
    op.execute('UPDATE "case" SET due_at = opened_at WHERE due_at IS NULL')
    with op.batch_alter_table("case") as table:
        for column in reversed(_case_columns()):
            table.drop_column(column.name)
        table.alter_column("due_at", existing_type=MOMENT, nullable=False)
