"""What the services need from storage; community.db has it in SQL, the tests also in memory."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Protocol, Self

from community.core.alerts import Alert
from community.core.cases import Case, CaseEvent, EventKind
from community.core.grids import Grid, GridMember
from community.core.keys import ApiKey
from community.core.messages import Message
from community.core.outbox import Delivery
from community.core.residents import ChannelAccount, Resident
from community.core.rosters import Roster
from community.core.staff import Staff
from community.core.workflow import Status
from community.services.reference import Reference as Reference  # every transaction carries it


@dataclass(frozen=True)
class CaseQuery:
    """A staff member's question. `text` is looked for in number, description and address; pages count from 1."""

    text: str = ""
    statuses: frozenset[Status] = frozenset()
    service_codes: frozenset[str] = frozenset()
    area_code: str = ""
    unit_code: str = ""  # as lead or with a task
    overdue_at: datetime | None = None
    to_review: bool = False
    to_revisit: bool = False
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True)
class CasePage:
    cases: list[Case]
    total: int


@dataclass(frozen=True)
class PublicQuery:
    """Cases opened from `start` to `end`, both included, about one of these services and in one of these states."""

    start: datetime
    end: datetime
    statuses: frozenset[Status]
    service_codes: frozenset[str]
    limit: int
    offset: int = 0


class CaseRepository(Protocol):
    async def add(self, case: Case) -> None:
        """Gives the case its id; number and origin must be new."""

    async def get(self, case_id: int) -> Case | None: ...

    async def by_number(self, number: str) -> Case | None: ...

    async def by_origin(self, origin: str) -> Case | None: ...

    async def save(self, case: Case) -> None:
        """Writes every field and adds 1 to the version. Raises StaleCase when somebody else did first."""

    async def of_account(self, account_id: int, limit: int) -> list[Case]:
        """The newest first."""

    async def search(self, query: CaseQuery) -> CasePage:
        """Emergencies first, then the newest; those to review, what most needs it first."""

    async def reviewed(self, after: int, limit: int) -> list[Case]:
        """Cases with an id above `after` whose code a person corrected or confirmed, the oldest first."""

    async def to_look_at(self, now: datetime, limit: int) -> list[int]:
        """Ids of cases whose `alarm_at` has come, the longest waiting first."""

    def ended_between(self, start: datetime, end: datetime) -> AsyncIterator[Case]:
        """Cases finished at `start` or later, and before `end`, by id."""

    async def count_by_status(self, unit_code: str = "") -> dict[Status, int]:
        """Of all cases, or of those that this unit leads or has a task in."""

    async def next_ordinal(self, day: date) -> int:
        """1, 2, 3 ... for each day, without a repeat also under concurrency."""

    async def add_event(self, event: CaseEvent) -> None: ...

    async def events(self, case_id: int) -> list[CaseEvent]:
        """The oldest first."""


class ResidentRepository(Protocol):
    async def add(self, resident: Resident) -> None: ...

    async def get(self, resident_id: int) -> Resident | None: ...

    async def save(self, resident: Resident) -> None: ...

    async def add_account(self, resident_id: int, channel: str, external_id: str, at: datetime) -> ChannelAccount: ...

    async def account(self, account_id: int) -> ChannelAccount | None: ...

    async def find_account(self, channel: str, external_id: str) -> ChannelAccount | None: ...


class MessageRepository(Protocol):
    async def add(self, message: Message) -> None: ...

    async def get(self, message_id: int) -> Message | None: ...

    async def save(self, message: Message) -> None: ...

    async def by_external_id(self, account_id: int, external_id: str) -> Message | None: ...

    async def oldest_pending(self, account_id: int, up_to: int | None) -> Message | None:
        """The first incoming message not yet processed, if it is no newer than the message `up_to`."""

    async def accounts_waiting(self, now: datetime) -> list[int]:
        """Accounts with pending messages, all of whose time to be taken up again has come."""

    async def replies_to(self, message_id: int) -> list[Message]: ...

    async def said_since_last_turn(self, account_id: int) -> list[Message]:
        """What we said after the last processed message of this account; its buttons are the ones on offer."""

    async def conversation(self, account_id: int, after: int, limit: int) -> list[Message]:
        """The newest `limit` messages with an id above `after`, the oldest first."""


class OutboxRepository(Protocol):
    async def add(self, delivery: Delivery) -> None: ...

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Waiting deliveries whose time has come; of each account only the oldest unfinished one, to keep order."""

    async def waiting_for(self, account_id: int) -> list[Delivery]:
        """All unfinished deliveries of one account, the oldest first."""

    async def save(self, delivery: Delivery) -> None: ...


class DuplicateRepository(Protocol):
    """What cases can be found again by; the keys are those of core.lookup."""

    async def remember(self, case_id: int, keys: Collection[int]) -> None:
        """In place of what was remembered of this case before."""

    async def forget(self, case_id: int) -> None: ...

    async def near(self, keys: Collection[int], each: int, limit: int) -> list[Case]:
        """Those that share most keys first, of equals the newest. Only the newest `each` under a key are looked at."""


class AlertRepository(Protocol):
    async def add(self, alert: Alert) -> None: ...

    async def get(self, alert_id: int) -> Alert | None: ...

    async def save(self, alert: Alert) -> None: ...

    async def unseen(self, limit: int) -> list[Alert]:
        """The newest first."""

    async def latest(self, limit: int, unit_code: str = "") -> list[Alert]:
        """Those not seen yet before the others, of each the newest first; all, or those of one unit."""

    async def count_unseen(self, unit_code: str = "") -> int: ...

    async def of_case(self, case_id: int) -> list[Alert]:
        """The oldest first."""


class StaffRepository(Protocol):
    async def add(self, staff: Staff) -> None: ...

    async def get(self, staff_id: int) -> Staff | None: ...

    async def by_username(self, username: str) -> Staff | None: ...

    async def by_account(self, account_id: int) -> Staff | None: ...

    async def of_unit(self, unit_code: str) -> list[Staff]: ...

    async def with_code(self, now: datetime) -> list[Staff]:
        """Those whose code to link a chat still waits to be used."""

    async def save(self, staff: Staff) -> None: ...


class KeyRepository(Protocol):
    async def add(self, key: ApiKey) -> None:
        """The name must be new."""

    async def save(self, key: ApiKey) -> None: ...

    async def all(self) -> list[ApiKey]:
        """A few dozen, by name, those revoked among them."""


class PublicCaseRepository(Protocol):
    """What an answer to the public is made of, many cases at a time."""

    async def opened_between(self, query: PublicQuery) -> list[Case]:
        """The newest first; emergencies are nobody else's business."""

    async def by_ids(self, case_ids: Collection[int]) -> list[Case]:
        """By id."""

    async def by_numbers(self, numbers: Collection[str]) -> list[Case]:
        """By id."""

    async def events_of(self, case_ids: Collection[int]) -> list[CaseEvent]:
        """By id, so that those of one case come the oldest first."""

    async def events_between(
        self, start: datetime, end: datetime, kinds: Collection[EventKind], limit: int
    ) -> list[CaseEvent]:
        """The oldest first, from `start` to `end`, both included."""


class GridRepository(Protocol):
    """A few hundred grids, their members and rosters; lists come in the order of their codes."""

    async def all(self) -> list[Grid]: ...

    async def save_all(self, grids: Sequence[Grid]) -> None:
        """Each takes the place of the one with its code; the others stay."""

    async def members(self) -> list[GridMember]:
        """Of one grid in the order they were saved."""

    async def members_of(self, grid_code: str) -> list[GridMember]: ...

    async def save_members(self, members: Sequence[GridMember]) -> None:
        """They take the place of all members of the grids they name, which must exist; other grids keep theirs."""

    async def rosters(self) -> list[Roster]: ...

    async def save_rosters(self, rosters: Sequence[Roster]) -> None:
        """Each takes the place of the one with its code; the others stay."""


class UnitOfWork(Protocol):
    """One transaction with the data it needs; leaving it without commit undoes everything."""

    @property
    def cases(self) -> CaseRepository: ...

    @property
    def duplicates(self) -> DuplicateRepository: ...

    @property
    def residents(self) -> ResidentRepository: ...

    @property
    def messages(self) -> MessageRepository: ...

    @property
    def outbox(self) -> OutboxRepository: ...

    @property
    def alerts(self) -> AlertRepository: ...

    @property
    def staff(self) -> StaffRepository: ...

    @property
    def grids(self) -> GridRepository: ...

    @property
    def keys(self) -> KeyRepository: ...

    @property
    def public_cases(self) -> PublicCaseRepository: ...

    @property
    def reference(self) -> Reference: ...

    def now(self) -> datetime: ...

    async def commit(self) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


UnitOfWorkFactory = Callable[[], UnitOfWork]
