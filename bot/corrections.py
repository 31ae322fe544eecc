"""What staff made of the model's guesses, as rows it can learn from."""

import csv
from pathlib import Path

from bot.app import Storage
from community.services.cases import reviewed_cases


async def write_corrections(storage: Storage, target: Path) -> int:
    """One row a reviewed case: its words, contacts masked as they are stored, and the code that is right."""
    written = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "service_code"])
        async with storage.open_uow() as uow:
            async for case in reviewed_cases(uow):
                rows.writerow([case.description, case.service_code])
                written += 1
    return written
