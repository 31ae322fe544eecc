"""The domain's storage in memory; tests/integration/db holds it to the same contract as the databases."""

from datetime import datetime
from types import TracebackType
from typing import Self

from community.core.clock import Clock
from community.services.ports import (
    AlertRepository,
    CaseRepository,
    DuplicateRepository,
    GridRepository,
    KeyRepository,
    MessageRepository,
    OutboxRepository,
    PublicCaseRepository,
    ResidentRepository,
    StaffRepository,
    UnitOfWork,
)
from community.services.reference import Reference
from tests.fakes.alerts import FakeAlertRepository
from tests.fakes.cases import FakeCaseRepository
from tests.fakes.duplicates import FakeDuplicateRepository
from tests.fakes.grids import FakeGridRepository
from tests.fakes.keys import FakeKeyRepository
from tests.fakes.messages import FakeMessageRepository
from tests.fakes.outbox import FakeOutboxRepository
from tests.fakes.public_cases import FakePublicCaseRepository
from tests.fakes.residents import FakeResidentRepository
from tests.fakes.staff import FakeStaffRepository
from tests.fakes.store import Store, Transaction


class FakeUnitOfWork:
    def __init__(self, store: Store, clock: Clock, reference: Reference) -> None:
        self._transaction = Transaction(store)
        self._clock = clock
        self.reference = reference
        self.cases: CaseRepository = FakeCaseRepository(self._transaction)
        self.duplicates: DuplicateRepository = FakeDuplicateRepository(self._transaction)
        self.residents: ResidentRepository = FakeResidentRepository(self._transaction)
        self.messages: MessageRepository = FakeMessageRepository(self._transaction)
        self.outbox: OutboxRepository = FakeOutboxRepository(self._transaction)
        self.alerts: AlertRepository = FakeAlertRepository(self._transaction)
        self.staff: StaffRepository = FakeStaffRepository(self._transaction)
        self.grids: GridRepository = FakeGridRepository(self._transaction)
        self.keys: KeyRepository = FakeKeyRepository(self._transaction)
        self.public_cases: PublicCaseRepository = FakePublicCaseRepository(self._transaction)

    def now(self) -> datetime:
        return self._clock()

    async def commit(self) -> None:
        self._transaction.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transaction.rollback()


_FITS: type[UnitOfWork] = FakeUnitOfWork  # mypy holds the fake to the port
