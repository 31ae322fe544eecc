"""Letting other systems in: keys are made and shown once, revoked, and known again."""

import hmac
import secrets
from hashlib import sha256

from community.core.errors import BadKeyName, KeyNameTaken, KeyRefused, NotFound
from community.core.keys import KEY_NAME, ApiKey
from community.services.ports import UnitOfWork


async def create_key(uow: UnitOfWork, name: str) -> str:
    """The new secret. A revoked key gets one under its old name, so that what it reported stays its own.

    Raises BadKeyName or KeyNameTaken.
    """
    if not KEY_NAME.fullmatch(name):
        raise BadKeyName(name)
    secret = secrets.token_urlsafe(32)
    known = await _named(uow, name)
    if known is not None and known.revoked_at is None:
        raise KeyNameTaken(name)
    if known is None:
        await uow.keys.add(ApiKey(name=name, secret_hash=_hash(secret), secret=secret, created_at=uow.now()))
    else:
        known.secret, known.secret_hash, known.created_at, known.revoked_at = secret, _hash(secret), uow.now(), None
        await uow.keys.save(known)
    await uow.commit()
    return secret


async def revoke_key(uow: UnitOfWork, name: str) -> None:
    """Raises NotFound. Revoking twice changes nothing."""
    key = await _named(uow, name)
    if key is None:
        raise NotFound(name)
    if key.revoked_at is None:
        key.revoked_at = uow.now()
        await uow.keys.save(key)
        await uow.commit()


async def key_shown(uow: UnitOfWork, secret: str) -> ApiKey:
    """The key whose secret somebody sent along. Raises KeyRefused."""
    shown = _hash(secret)
    keys = [key for key in await uow.keys.all() if hmac.compare_digest(key.secret_hash, shown)]
    return _live(keys[0] if keys else None)


async def key_named(uow: UnitOfWork, name: str) -> ApiKey:
    """The key somebody says to have signed with. Raises KeyRefused."""
    return _live(await _named(uow, name))


def _live(key: ApiKey | None) -> ApiKey:
    if key is None or key.revoked_at is not None:
        raise KeyRefused
    return key


async def _named(uow: UnitOfWork, name: str) -> ApiKey | None:
    return next((key for key in await uow.keys.all() if key.name == name), None)


def _hash(secret: str) -> str:
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
