"""The main job with both databases on PostgreSQL: ours, and Rasa's record of the conversations."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from tests.fakes.backends import engine_at, postgresql_server
from tests.stack import running_stack


async def create(url: str, *names: str) -> None:
    async with engine_at(url) as engine, engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for name in names:
            await connection.execute(text(f"CREATE DATABASE {name}"))


def test_a_report_becomes_a_case(tmp_path: Path) -> None:
    with postgresql_server() as server:
        asyncio.run(create(server.url("postgres"), "ketang", "rasa"))
        databases = {
            "KETANG_DATABASE_URL": server.url("ketang"),
            "KETANG_RASA_DATABASE_URL": server.url("rasa").replace("+asyncpg", ""),
        }
        with running_stack(tmp_path, **databases) as stack:
            stack.say("lin", "桂花苑3号楼楼下垃圾堆了好几天没人清，臭死了")
            [opened] = stack.say("lin", "确认")
            assert "KT20261123-0001" in str(opened["text"])
            [progress] = stack.say("lin", "我上次反映的垃圾怎么样了")
            assert "等待分派" in str(progress["text"])
