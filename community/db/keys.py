from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.core.keys import ApiKey
from community.db.cipher import Cipher
from community.db.mapping import apply, to_core, to_values
from community.db.models import ApiKeyRow


class SqlKeyRepository:
    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, key: ApiKey) -> None:
        row = ApiKeyRow(**to_values(key, secret=self._cipher.encrypt([key.secret])))
        self._session.add(row)
        await self._session.flush()
        key.id = row.id

    async def save(self, key: ApiKey) -> None:
        row = await self._session.get_one(ApiKeyRow, key.id)
        apply(to_values(key, secret=self._cipher.encrypt([key.secret])), row)
        await self._session.flush()

    async def all(self) -> list[ApiKey]:
        rows = await self._session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.name))
        return [to_core(ApiKey, row, secret=self._cipher.decrypt(row.secret)[0]) for row in rows]
