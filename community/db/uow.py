"""One transaction over all repositories."""

from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from community.core.clock import Clock
from community.db.alerts import SqlAlertRepository
from community.db.cases import SqlCaseRepository
from community.db.cipher import Cipher
from community.db.duplicates import SqlDuplicateRepository
from community.db.grids import SqlGridRepository
from community.db.keys import SqlKeyRepository
from community.db.messages import SqlMessageRepository
from community.db.outbox import SqlOutboxRepository
from community.db.public_cases import SqlPublicCaseRepository
from community.db.residents import SqlResidentRepository
from community.db.staff import SqlStaffRepository
from community.services.ports import Reference


class SqlUnitOfWork:
    def __init__(self, engine: AsyncEngine, cipher: Cipher, clock: Clock, reference: Reference) -> None:
        self._session = AsyncSession(engine, expire_on_commit=False)
        self._clock = clock
        self.reference = reference
        self.cases = SqlCaseRepository(self._session)
        self.duplicates = SqlDuplicateRepository(self._session)
        self.residents = SqlResidentRepository(self._session, cipher)
        self.messages = SqlMessageRepository(self._session)
        self.outbox = SqlOutboxRepository(self._session)
        self.alerts = SqlAlertRepository(self._session)
        self.staff = SqlStaffRepository(self._session)
        self.grids = SqlGridRepository(self._session)
        self.keys = SqlKeyRepository(self._session, cipher)
        self.public_cases = SqlPublicCaseRepository(self._session)

    def now(self) -> datetime:
        return self._clock()

    async def commit(self) -> None:
        await self._session.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
