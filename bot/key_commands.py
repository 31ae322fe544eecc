"""`ketang keys`: who else may report cases to us."""

import asyncio
from typing import NoReturn

import typer

from bot.importing import in_transaction
from bot.terminal import tell, texts
from community.core.clock import shanghai
from community.core.errors import BadKeyName, KeyNameTaken, NotFound
from community.core.keys import ApiKey
from community.services.keys import create_key, revoke_key

keys_app = typer.Typer(no_args_is_help=True, help="Keys with which other systems report cases.")


@keys_app.command()
def create(name: str) -> None:
    """Make a key and print it, this once only."""
    try:
        secret = asyncio.run(in_transaction(lambda uow: create_key(uow, name)))
    except KeyNameTaken:
        _refuse("key_taken", name)
    except BadKeyName:
        _refuse("key_name_wrong", name)
    tell("key_created", name=name)
    typer.echo(secret)


@keys_app.command()
def revoke(name: str) -> None:
    """Take a key back at once; a new one under the same name goes on with the same cases."""
    try:
        asyncio.run(in_transaction(lambda uow: revoke_key(uow, name)))
    except NotFound:
        _refuse("key_unknown", name)
    tell("key_revoked", name=name)


@keys_app.command("list")
def list_() -> None:
    """Names and dates of all keys; never the keys themselves."""
    keys = asyncio.run(in_transaction(lambda uow: uow.keys.all()))
    if not keys:
        tell("keys_none")
    for key in keys:
        tell("key_line", name=key.name, created=_day(key), state=_state(key))


def _day(key: ApiKey) -> str:
    return f"{shanghai(key.created_at):%Y-%m-%d}"


def _state(key: ApiKey) -> str:
    if key.revoked_at is None:
        return texts().render("key_in_use")
    return texts().render("key_revoked_at", moment=f"{shanghai(key.revoked_at):%Y-%m-%d %H:%M}")


def _refuse(text_key: str, name: str) -> NoReturn:
    tell(text_key, name=name)
    raise typer.Exit(1)
