"""The whole product as `ketang up` starts it, on free ports and a database of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from bot.app import Storage, open_storage
from bot.settings import ROOT, Settings

NOW = "2026-11-23T15:00:00+08:00"
_START_LIMIT = 120.0  # seconds; a busy machine loads TensorFlow slowly


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    var_dir: Path
    extra_env: dict[str, str] = field(default_factory=dict)
    http_port: int = field(default_factory=free_port)
    rasa_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def log(self) -> Path:
        return self.var_dir / "up.log"

    def env(self) -> dict[str, str]:
        own = {
            "KETANG_VAR_DIR": str(self.var_dir),
            "KETANG_HTTP_PORT": str(self.http_port),
            "KETANG_RASA_PORT": str(self.rasa_port),
            "KETANG_NOW": NOW,
        }
        return os.environ | own | self.extra_env

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).parent / "ketang", "up"],
                cwd=ROOT,
                env=self.env(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for("/healthz")

    def wait_until_ready(self) -> None:
        self.wait_for("/readyz")

    def wait_for(self, path: str) -> None:
        deadline = time.monotonic() + _START_LIMIT
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise AssertionError(f"ketang up ended early:\n{self.log.read_text(errors='replace')[-4000:]}")
            try:
                if httpx.get(self.url + path, timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{path} was not answered in time:\n{self.log.read_text(errors='replace')[-4000:]}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(30)

    def rasa_pids(self) -> list[int]:
        """Also the ones whose parent is gone."""
        port = ["--port", str(self.rasa_port)]
        lines = {process.pid: process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])}
        return [pid for pid, line in lines.items() if "nlu.serve" in line and set(port) <= set(line)]

    def say(self, session: str, text: str) -> list[dict[str, object]]:
        answer = httpx.post(f"{self.url}/chat/messages", json={"session": session, "text": text}, timeout=60)
        assert answer.status_code == 200, answer.text
        replies: list[dict[str, object]] = answer.json()["replies"]
        return replies

    def with_storage[T](self, work: Callable[[Storage], Awaitable[T]]) -> T:
        """Runs `work` on the product's own database, beside the running product."""

        async def run() -> T:
            storage = open_storage(Settings(var_dir=self.var_dir, now=datetime.fromisoformat(NOW)))
            try:
                return await work(storage)
            finally:
                await storage.engine.dispose()

        return asyncio.run(run())


@contextmanager
def running_stack(var_dir: Path, **extra_env: str) -> Iterator[Stack]:
    stack = Stack(var_dir, extra_env)
    try:
        stack.start()
        stack.wait_until_ready()
        yield stack
    finally:
        if stack.process is not None and stack.process.poll() is None:
            stack.stop()
