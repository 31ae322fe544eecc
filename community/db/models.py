"""The tables. Attribute names equal those of the core classes, so that mapping.py can carry one to the other."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from community.core.alerts import AlertKind
from community.core.cases import AppealType, EventKind, Source, Urgency
from community.core.grids import GridKind, GridRole
from community.core.messages import Direction, Progress
from community.core.rosters import Pattern
from community.core.staff import Role
from community.core.workflow import Actor, Status


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes on every database; SQLite alone would give them back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _enum(kind: type[StrEnum]) -> Enum:
    return Enum(
        kind, native_enum=False, create_constraint=False, length=24, values_callable=lambda k: [m.value for m in k]
    )


_ENUMS = (
    AppealType,
    EventKind,
    Urgency,
    Direction,
    Progress,
    Role,
    Actor,
    Status,
    Source,
    AlertKind,
    GridKind,
    GridRole,
    Pattern,
)


Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only INTEGER keys up by itself


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Key,
        datetime: UtcDateTime(),
        list[Any]: JSON,
        dict[str, Any]: JSON,
    } | {kind: _enum(kind) for kind in _ENUMS}

    id: Mapped[int] = mapped_column(primary_key=True)


class ResidentRow(Base):
    __tablename__ = "resident"

    created_at: Mapped[datetime]
    area_code: Mapped[str | None] = mapped_column(String(64))
    contacts: Mapped[str] = mapped_column(Text, default="")  # encrypted, see cipher.py


class ChannelAccountRow(Base):
    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]


class MessageRow(Base):
    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("ix_message_account_id_id", "account_id", "id"),
        Index(
            "ix_message_pending",
            "account_id",
            "retry_at",
            sqlite_where=text("progress = 'pending'"),
            postgresql_where=text("progress = 'pending'"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    direction: Mapped[Direction]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    progress: Mapped[Progress]
    external_id: Mapped[str | None] = mapped_column(String(128))
    buttons: Mapped[list[Any]]
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    attempts: Mapped[int] = mapped_column(Integer)
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    retry_at: Mapped[datetime | None]


class CaseRow(Base):
    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_account_id_id", "account_id", "id"),
        Index("ix_case_status_opened_at", "status", "opened_at"),
        Index("ix_case_review_priority", "review_priority"),
        Index("ix_case_alarm_at", "alarm_at"),
        Index("ix_case_ended_at", "ended_at"),
        Index("ix_case_to_revisit", "ended_at", sqlite_where=text("to_revisit"), postgresql_where=text("to_revisit")),
    )

    number: Mapped[str] = mapped_column(String(24), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    origin: Mapped[str] = mapped_column(String(128), unique=True)
    description: Mapped[str] = mapped_column(Text)
    service_code: Mapped[str] = mapped_column(String(64), index=True)
    appeal_type: Mapped[AppealType]
    urgency: Mapped[Urgency]
    confidence: Mapped[float | None] = mapped_column(Float)
    alternatives: Mapped[list[Any]]
    area_code: Mapped[str | None] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[Source] = mapped_column(server_default="chat")  # defaults: the release before knows none of these
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    grid_code: Mapped[str | None] = mapped_column(String(64), index=True)
    review_priority: Mapped[float | None] = mapped_column(Float)
    unit_code: Mapped[str] = mapped_column(String(64))
    status: Mapped[Status]
    tasks: Mapped[list["CaseTaskRow"]] = relationship(
        lazy="selectin", order_by="CaseTaskRow.id", cascade="all, delete-orphan"
    )
    due_at: Mapped[datetime | None]
    response_due_at: Mapped[datetime | None]
    alarm_at: Mapped[datetime | None]
    level: Mapped[int] = mapped_column(Integer, server_default="0")
    waiting: Mapped[bool] = mapped_column(server_default=false())
    round: Mapped[int] = mapped_column(Integer, server_default="1")
    merged_into: Mapped[str | None] = mapped_column(String(24))
    supporters: Mapped[int] = mapped_column(Integer, server_default="0")
    rating: Mapped[int | None] = mapped_column(Integer)
    to_revisit: Mapped[bool] = mapped_column(server_default=false())
    ended_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[int] = mapped_column(Integer)


class CaseTaskRow(Base):
    """Which units have a part in a case, so that each finds its own."""

    __tablename__ = "case_task"
    __table_args__ = (UniqueConstraint("case_id", "unit_code"), Index("ix_case_task_unit", "unit_code", "done_at"))

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    unit_code: Mapped[str] = mapped_column(String(64))
    lead: Mapped[bool]
    done_at: Mapped[datetime | None]


class CaseEventRow(Base):
    __tablename__ = "case_event"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[EventKind]
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[Actor]
    actor_name: Mapped[str] = mapped_column(String(64))
    from_status: Mapped[Status | None]
    to_status: Mapped[Status | None]
    note: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]


# No row of its own for mapping.py to carry, and none with an id: there are a dozen to a case.
case_key = Table(
    "case_key",
    Base.metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", Key, ForeignKey("case.id"), primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)


class CaseCounterRow(Base):
    """How many cases each day has had, for the case number."""

    __tablename__ = "case_counter"

    day: Mapped[date] = mapped_column(unique=True)
    last: Mapped[int] = mapped_column(Integer)


class DeliveryRow(Base):
    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "next_attempt_at",
            sqlite_where=text("delivered_at IS NULL AND abandoned_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL AND abandoned_at IS NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    delivered_at: Mapped[datetime | None]
    abandoned_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(200))


class StaffRow(Base):
    __tablename__ = "staff"

    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    created_at: Mapped[datetime]
    unit_code: Mapped[str | None] = mapped_column(String(64), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"), unique=True)
    bind_code: Mapped[str | None] = mapped_column(String(8))
    bind_until: Mapped[datetime | None]
    bind_tries: Mapped[int] = mapped_column(Integer, server_default="0")
    failures: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[datetime | None]


class ApiKeyRow(Base):
    __tablename__ = "api_key"

    name: Mapped[str] = mapped_column(String(32), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(Text)  # encrypted, see cipher.py
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class GridRow(Base):
    __tablename__ = "grid"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[GridKind]
    area_code: Mapped[str] = mapped_column(String(64), index=True)
    polygon: Mapped[dict[str, Any]]
    roster_code: Mapped[str] = mapped_column(String(64))


class GridMemberRow(Base):
    __tablename__ = "grid_member"
    __table_args__ = (UniqueConstraint("grid_code", "name"),)

    grid_code: Mapped[str] = mapped_column(ForeignKey("grid.code"))
    name: Mapped[str] = mapped_column(String(64), index=True)
    role: Mapped[GridRole]
    service: Mapped[str] = mapped_column(String(64))


class RosterRow(Base):
    __tablename__ = "roster"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    pattern: Mapped[Pattern]
    starts_on: Mapped[date]
    change_at: Mapped[time]
    crews: Mapped[list[Any]]


class AlertRow(Base):
    """What staff must see: a limit being used up, an escalation, a case handed on."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_unseen", "seen_at", "id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[AlertKind]
    percent: Mapped[int] = mapped_column(Integer)
    level: Mapped[int] = mapped_column(Integer)
    unit_code: Mapped[str] = mapped_column(String(64))
    grid_code: Mapped[str | None] = mapped_column(String(64))
    names: Mapped[list[Any]]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str] = mapped_column(String(64))
