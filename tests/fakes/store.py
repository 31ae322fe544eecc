"""What is stored, and one transaction over it: a copy that takes the place of the original at commit."""

import asyncio
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from community.core.alerts import Alert
from community.core.cases import Case, CaseEvent
from community.core.grids import Grid, GridMember
from community.core.keys import ApiKey
from community.core.messages import Message
from community.core.outbox import Delivery
from community.core.residents import ChannelAccount, Resident
from community.core.rosters import Roster
from community.core.staff import Staff

_BUSY_TIMEOUT = 10.0  # seconds, as for SQLite in community/db/engine.py


@dataclass
class Tables:
    residents: dict[int, Resident] = field(default_factory=dict)
    accounts: dict[int, ChannelAccount] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    events: dict[int, CaseEvent] = field(default_factory=dict)
    case_keys: dict[int, frozenset[int]] = field(default_factory=dict)
    counters: dict[date, int] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    alerts: dict[int, Alert] = field(default_factory=dict)
    staff: dict[int, Staff] = field(default_factory=dict)
    grids: dict[str, Grid] = field(default_factory=dict)
    grid_members: list[GridMember] = field(default_factory=list)
    keys: dict[int, ApiKey] = field(default_factory=dict)
    rosters: dict[str, Roster] = field(default_factory=dict)


@dataclass
class Store:
    committed: Tables = field(default_factory=Tables)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Transaction:
    """Begins at the first use and excludes all others until its end, as SQLite's BEGIN IMMEDIATE does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables: Tables | None = None

    async def tables(self) -> Tables:
        if self._tables is None:
            await asyncio.wait_for(self._store.writing.acquire(), _BUSY_TIMEOUT)
            self._tables = deepcopy(self._store.committed)
        return self._tables

    def commit(self) -> None:
        if self._tables is not None:
            self._store.committed = self._tables
            self.rollback()

    def rollback(self) -> None:
        if self._tables is not None:
            self._tables = None
            self._store.writing.release()


class HasId(Protocol):
    @property
    def id(self) -> int: ...


def new_id(table: dict[int, Any]) -> int:
    return max(table, default=0) + 1


def require(fact: bool, reason: str) -> None:
    """A broken key or uniqueness looks the same from every backend."""
    if not fact:
        raise IntegrityError(reason, None, ValueError(reason))


def require_new[T](table: dict[int, T], entity: T, *columns: str) -> None:
    """As in SQL, NULL equals nothing."""
    key = _key(entity, columns)
    require(None in key or key not in {_key(row, columns) for row in table.values()}, f"{columns} must be new")


def _key(row: object, columns: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in columns)


def found[T](row: T | None) -> T | None:
    """A copy, so that changing it writes nothing."""
    return deepcopy(row)


def in_order[T: HasId](rows: Iterable[T], *, newest_first: bool = False) -> list[T]:
    return deepcopy(sorted(rows, key=lambda row: row.id, reverse=newest_first))
