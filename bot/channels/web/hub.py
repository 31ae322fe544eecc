"""Who is listening on the web right now."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from community.core.messages import Message

_QUEUE = 100  # messages; a page that reads slower than this reconnects and catches up from the database


class Hub:
    """Implements bot.channels.ports.Sender: what is sent to nobody listening waits in the conversation."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[Message | None]]] = defaultdict(set)

    async def send(self, external_user: str, message: Message) -> None:
        for queue in self._listeners.get(external_user, ()):
            if queue.full():
                queue.get_nowait()
                queue.put_nowait(None)  # tells the stream to end
            else:
                queue.put_nowait(message)

    @asynccontextmanager
    async def listening(self, external_user: str) -> AsyncIterator["asyncio.Queue[Message | None]"]:
        queue: asyncio.Queue[Message | None] = asyncio.Queue(_QUEUE)
        self._listeners[external_user].add(queue)
        try:
            yield queue
        finally:
            self._listeners[external_user].discard(queue)
            if not self._listeners[external_user]:
                del self._listeners[external_user]

    def close(self) -> None:
        """Ends every stream, so that the server can stop."""
        for queues in self._listeners.values():
            for queue in queues:
                queue.put_nowait(None)
