"""`ketang up` as its operator meets it: ports, crashes, Ctrl-C, and nothing lost meanwhile."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.app import Storage
from community.core.messages import Direction, Message
from tests.stack import Stack, running_stack

REPORT = "3号楼楼下垃圾堆了好几天没人清,臭死了"
PHONE = "13812345678"


def eventually[T](look: Callable[[], T], limit: float = 60) -> T:
    deadline = time.monotonic() + limit
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)
    return seen


def conversation(stack: Stack, session: str) -> list[Message]:
    async def read(storage: Storage) -> list[Message]:
        async with storage.open_uow() as uow:
            account = await uow.residents.find_account("web", session)
            return await uow.messages.conversation(account.id, after=0, limit=50) if account else []

    return stack.with_storage(read)


def texts_of(stack: Stack, session: str) -> list[str]:
    return [message.text for message in conversation(stack, session) if message.direction is Direction.OUT]


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path)


def test_taken_port_is_named(stack: Stack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", stack.http_port))
        taken.listen()
        ketang = Path(sys.executable).parent / "ketang"
        ended = subprocess.run([ketang, "up"], env=stack.env(), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1
    assert str(stack.http_port) in ended.stderr
    assert "占用" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_interrupt_stops_everything_and_a_restart_remembers(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        stack.say("lin", REPORT)
        with httpx.stream("GET", f"{stack.url}/chat/events?session=lin") as listening:
            assert listening.status_code == 200
            assert stack.stop(signal.SIGINT) == 0
        eventually(lambda: not stack.rasa_pids())
        assert "Traceback" not in stack.log.read_text()
        stack.start()
        stack.wait_until_ready()
        [card] = stack.say("lin", "桂花苑")
        assert "桂花苑3号楼楼下" in str(card["text"])


def test_rasa_is_restarted_and_what_was_said_meanwhile_is_answered(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        [pid] = stack.rasa_pids()
        os.kill(pid, signal.SIGKILL)
        [noted] = stack.say("lin", REPORT)
        assert "记下" in str(noted["text"])
        [noted] = stack.say("lin", "桂花苑")
        eventually(lambda: any("桂花苑3号楼楼下" in text for text in texts_of(stack, "lin")))
        [done] = stack.say("lin", "确认")
        assert "KT20261123-0001" in str(done["text"])
        assert "Traceback" not in stack.log.read_text()


def test_killed_without_warning_nothing_stays_behind_and_nothing_is_lost(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        os.kill(stack.rasa_pids()[0], signal.SIGSTOP)  # the message is accepted but cannot be answered
        with pytest.raises(httpx.TransportError):
            httpx.post(f"{stack.url}/chat/messages", json={"session": "lin", "text": REPORT}, timeout=1)
        os.kill(stack.rasa_pids()[0], signal.SIGCONT)
        stack.stop(signal.SIGKILL)
        eventually(lambda: not stack.rasa_pids())
        stack.start()
        eventually(lambda: any("哪个小区" in text for text in texts_of(stack, "lin")))
        asked = [message for message in conversation(stack, "lin") if message.direction is Direction.IN]
        assert [message.text for message in asked] == [REPORT]


def test_nothing_said_reaches_the_log(tmp_path: Path) -> None:
    with running_stack(tmp_path, LOG_LEVEL="DEBUG") as stack:
        for text in (REPORT + f"，打我电话{PHONE}", "桂花苑", "修改", "确认", "", "/restart", "{x} [y] %s"):
            stack.say("lin", text)
        stack.stop()
        log = stack.log.read_text()
    assert PHONE not in log
    assert not re.search("垃圾|桂花苑|臭死|account-1.*text", log)
