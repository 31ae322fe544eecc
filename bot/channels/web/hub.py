"""Who is listening on the web right now."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from community.core.messages import Message

_QUEUE = 100  # messages; a page that reads slower than this reconnects and catches up from the database

Queue = asyncio.Queue[Message | None]  # None ends the stream


class Hub:
    """Implements bot.channels.ports.Sender: what is sent to nobody listening waits in the conversation."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Queue]] = defaultdict(set)
        self._closed = False

    async def send(self, external_user: str, message: Message) -> None:
        for queue in self._listeners.get(external_user, ()):
            if queue.full():
                _end(queue)
            queue.put_nowait(message)

    @asynccontextmanager
    async def listening(self, external_user: str) -> AsyncIterator[Queue]:
        queue: Queue = asyncio.Queue(_QUEUE)
        if self._closed:
            _end(queue)
        self._listeners[external_user].add(queue)
        try:
            yield queue
        finally:
            self._listeners[external_user].discard(queue)
            if not self._listeners[external_user]:
                del self._listeners[external_user]

    def close(self) -> None:
        """Ends every stream, and those that pages open again meanwhile, so that the server can stop."""
        self._closed = True
        for queues in self._listeners.values():
            for queue in queues:
                _end(queue)


def _end(queue: Queue) -> None:
    """Nothing may be read past a gap: the reader would come back asking only for what follows it."""
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)
