"""What people and programs send that is not a proper message, against the running product."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.app import Storage, rasa_token
from bot.settings import Settings
from tests.stack import NOW, Stack, running_stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("bad-input")) as running:
        yield running


SURROGATE = '{"session": "surrogate", "text": "\\ud8003号楼垃圾没人清"}'.encode()


def body(text: str, session: str = "bad") -> bytes:
    return json.dumps({"session": session, "text": text}).encode()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        pytest.param(body(""), 200, "没收到文字", id="empty"),
        pytest.param(body(" \n\t　"), 200, "没收到文字", id="blanks"),
        pytest.param(body("\x00\x00"), 200, "没收到文字", id="only NUL"),
        pytest.param(body("垃" * 20_000), 200, "20000个字", id="20,000 characters"),
        pytest.param(body("😡😡🤮"), 200, "表情", id="only emoji"),
        pytest.param(body("3号楼\x00楼下垃圾没人清"), 200, "小区", id="NUL inside"),
        pytest.param(SURROGATE, 200, "小区", id="lone surrogate"),
        pytest.param(b"{not json", 400, "格式不对", id="invalid JSON"),
        pytest.param(b"[]", 400, "格式不对", id="not an object"),
        pytest.param(b"[" * 100_000, 400, "格式不对", id="deep nesting"),
        pytest.param(b'{"session": "bad"}', 400, "格式不对", id="no text"),
        pytest.param(b'{"session": "bad", "text": 7}', 400, "格式不对", id="text not a string"),
        pytest.param(b'{"text": "x"}', 400, "刷新", id="missing session"),
        pytest.param(body("x", session="../../etc"), 400, "刷新", id="session with a path"),
        pytest.param(body("垃" * 100_000), 413, "格式不对", id="a body beyond all measure"),
    ],
)
def test_bad_input_gets_a_clear_answer(stack: Stack, content: bytes, status: int, words: str) -> None:
    answer = httpx.post(f"{stack.url}/chat/messages", content=content, timeout=60)
    assert answer.status_code == status
    assert words in "".join(reply["text"] for reply in answer.json()["replies"])


def test_two_messages_in_one_second_make_one_case(stack: Stack) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(stack.say, "two", "桂花苑3号楼楼下垃圾堆了好几天没人清，臭死了")
        second = pool.submit(stack.say, "two", "桂花苑3号楼这里苍蝇也多得很，一直没人来收垃圾")
        replies = [*first.result(), *second.result()]
    assert all("这样报上去可以吗" in str(reply["text"]) for reply in replies)
    [done] = stack.say("two", "确认")
    assert "KT20261123-" in str(done["text"])

    async def cases(storage: Storage) -> list[str]:
        async with storage.open_uow() as uow:
            account = await uow.residents.find_account("web", "two")
            assert account is not None
            return [case.description for case in await uow.cases.of_account(account.id, limit=9)]

    [description] = stack.with_storage(cases)
    assert "苍蝇" in description
    assert "臭死了" in description


@pytest.mark.parametrize("path", ["/actions/webhook"])
def test_inner_doors_need_the_token(stack: Stack, path: str) -> None:
    assert httpx.post(stack.url + path, json={}).status_code == 401


def test_rasa_listens_on_loopback_and_trusts_only_the_app(stack: Stack) -> None:
    door = f"http://127.0.0.1:{stack.rasa_port}/webhooks/ketang/webhook"
    assert httpx.post(door, json={"sender": "account-1", "text": "你好"}).status_code == 401


def test_rasa_hears_the_same_message_once(stack: Stack) -> None:
    """An app that lost the answer asks again; a second hearing would take the unknown place as it was said."""
    stack.say("twice", "3号楼楼下垃圾堆了好几天没人清,臭死了")

    async def account_id(storage: Storage) -> int:
        async with storage.open_uow() as uow:
            account = await uow.residents.find_account("web", "twice")
            assert account is not None
            return account.id

    sender = f"account-{stack.with_storage(account_id)}"
    token = rasa_token(Settings(var_dir=stack.var_dir))
    turn = {"sender": sender, "message_id": "900001", "text": "就那个老地方", "intent": None, "now": NOW}
    answers = [
        httpx.post(
            f"http://127.0.0.1:{stack.rasa_port}/webhooks/ketang/webhook",
            json=turn,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert "没找到" in answers[0]["messages"][0]["text"]
