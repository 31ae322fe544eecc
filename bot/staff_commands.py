"""`ketang staff`: the chats of those who work in the console."""

import asyncio

import typer

from bot.app import Storage, with_storage
from bot.settings import Settings
from bot.terminal import tell
from community.core.errors import NotFound
from community.services.binding import CODE_LIFE, bind_code

staff_app = typer.Typer(no_args_is_help=True, help="Linking staff with their chats.")


@staff_app.callback()
def staff() -> None:
    """Makes `bind` a command of its own name, as one alone would not be."""


@staff_app.command()
def bind(username: str) -> None:
    """Print a code that this staff member sends in the chat where they want to be called."""

    async def code_for(storage: Storage) -> str:
        async with storage.open_uow() as uow:
            return await bind_code(uow, username)

    try:
        code = asyncio.run(with_storage(Settings(), code_for))
    except NotFound:
        tell("staff_unknown", username=username)
        raise typer.Exit(1) from None
    tell("staff_bind_code", username=username, code=code, minutes=int(CODE_LIFE.total_seconds() // 60))
