"""Rasa and the app under one roof: started together, Rasa restarted when it falls, both stopped cleanly."""

import asyncio
import socket
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable
from types import FrameType

import uvicorn

from bot.app import build_app, migrate, rasa_token
from bot.channels.web.hub import Hub
from bot.engine_room import environment, serve_command
from bot.rasa import RasaClient
from bot.settings import ROOT, Settings
from community.core.errors import KetangError

_STOP_GRACE = 10.0  # seconds Rasa has to stop by itself
_STEADY = 60.0  # seconds of running after which a fall counts as the first again
_LONGEST_PAUSE = 30.0


class PortTaken(KetangError):
    def __init__(self, port: int) -> None:
        super().__init__(str(port))
        self.port = port


def require_free(host: str, port: int) -> None:
    """Raises PortTaken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(port) from error


class AppServer(uvicorn.Server):
    """Open event streams would hold the stop up for ever; the first signal ends them."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hub.close()
        super().handle_exit(sig, frame)


class RasaProcess:
    def __init__(self, settings: Settings, tell: Callable[..., None]) -> None:
        self._settings = settings
        self._tell = tell

    async def keep_running(self) -> None:
        pause = 1.0
        while True:
            started = time.monotonic()
            process = await self._start()
            try:
                await self._copy_output(process)
                status = await process.wait()
            finally:
                await _stop(process)
            pause = 1.0 if time.monotonic() - started > _STEADY else min(pause * 2, _LONGEST_PAUSE)
            self._tell("rasa_fell", status=status, pause=round(pause))
            await asyncio.sleep(pause)

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *serve_command(self._settings),
            cwd=ROOT,
            env=environment(self._settings),
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone; we stop Rasa ourselves
        )

    async def _copy_output(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            sys.stderr.write(f"rasa | {line.decode(errors='replace')}")


async def _stop(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_GRACE)
    except TimeoutError:
        process.kill()
        await process.wait()


async def serve(settings: Settings, tell: Callable[..., None]) -> None:
    """Runs until a signal. Raises PortTaken before anything is started."""
    require_free(settings.http_host, settings.http_port)
    if settings.own_rasa:
        require_free("127.0.0.1", settings.rasa_port)
    await migrate(settings)
    app = build_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    beside = [asyncio.create_task(_announce(settings, tell))]
    if settings.own_rasa:
        beside.append(asyncio.create_task(RasaProcess(settings, tell).keep_running()))
    try:
        await AppServer(config, app.state.hub).serve()
    finally:
        tell("stopping")
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _announce(settings: Settings, tell: Callable[..., None]) -> None:
    """Addresses at once, and a word when residents can be answered."""
    started = time.monotonic()
    base = f"http://{settings.http_host}:{settings.http_port}"
    tell("addresses", chat=f"{base}/", console=f"{base}/console")
    rasa = RasaClient(settings.rasa_url, rasa_token(settings))
    try:
        while not await rasa.ready():  # noqa: ASYNC110 - another process; only asking tells
            await asyncio.sleep(0.2)
    finally:
        await rasa.close()
    tell("ready", seconds=f"{time.monotonic() - started:.1f}")
