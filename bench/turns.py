"""How long a resident waits for each turn of a report, and how much memory the two processes take.

    .venv/bin/python -m bench.turns [conversations] [at once]

Starts the product on a database of its own; times are whole HTTP round trips of the web chat on loopback.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import aiohttp
import psutil

from tests.stack import Stack, running_stack

TURNS = {
    "report": "3号楼楼下垃圾堆了好几天没人清,臭死了",
    "form turn": "桂花苑",
    "confirm": "确认",
    "progress": "我上次反映的垃圾怎么样了",
}
WARM_UP = 5


async def converse(http: aiohttp.ClientSession, stack: Stack, session: str, seen: dict[str, list[float]]) -> None:
    for turn, text in TURNS.items():
        started = time.perf_counter()
        async with http.post(f"{stack.url}/chat/messages", json={"session": session, "text": text}) as answer:
            assert (await answer.json())["replies"], turn
        seen[turn].append((time.perf_counter() - started) * 1000)


async def measure(stack: Stack, name: str, count: int, at_once: int) -> dict[str, list[float]]:
    seen: dict[str, list[float]] = defaultdict(list)
    gate = asyncio.Semaphore(at_once)
    async with aiohttp.ClientSession() as http:

        async def one(number: int) -> None:
            async with gate:
                await converse(http, stack, f"{name}-{number}", seen)

        await asyncio.gather(*(one(number) for number in range(count)))
    return seen


def show(title: str, seen: dict[str, list[float]]) -> None:
    print(f"\n{title}\n| turn | p50 ms | p95 ms | max ms |\n|---|---|---|---|")
    for turn, times in seen.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"| {turn} | {statistics.median(times):.1f} | {p95:.1f} | {max(times):.1f} |")


def memory(stack: Stack) -> None:
    assert stack.process is not None
    print("\n| process | resident MB |\n|---|---|")
    for name, pid in (("app", stack.process.pid), ("rasa", stack.rasa_pids()[0])):
        print(f"| {name} | {psutil.Process(pid).memory_info().rss / 2**20:.0f} |")


def main(count: int, at_once: int) -> None:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack:
        print(f"ready after {time.perf_counter() - started:.1f} s (model trained before)")
        first = time.perf_counter()
        stack.say("first", TURNS["report"])
        print(f"first reply {(time.perf_counter() - first) * 1000:.0f} ms")
        asyncio.run(measure(stack, "warm", WARM_UP, 1))
        show("one resident at a time", asyncio.run(measure(stack, "one", count, 1)))
        show(f"{at_once} residents at once", asyncio.run(measure(stack, "many", count, at_once)))
        memory(stack)


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    main(*[*arguments, *(100, 16)[len(arguments) :]])
