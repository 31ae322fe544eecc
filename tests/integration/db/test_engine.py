import pytest

from community.db.engine import async_url


@pytest.mark.parametrize(
    ("given", "completed"),
    [
        ("sqlite:///var/ketang.db", "sqlite+aiosqlite:///var/ketang.db"),
        ("sqlite+aiosqlite:///var/ketang.db", "sqlite+aiosqlite:///var/ketang.db"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
    ],
)
def test_plain_schemes_are_completed(given: str, completed: str) -> None:
    assert async_url(given) == completed
