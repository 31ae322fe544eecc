"""The demonstration's grids, in from data/demo by the same way an operator's come."""

from pathlib import Path

from bot.app import Storage
from community.core.errors import BadReferenceData
from community.services.grid_members import import_members
from community.services.grid_rosters import import_rosters
from community.services.grids import import_grids

# Grids name rosters, and members name grids.
_FILES = (("rosters.csv", import_rosters), ("grids.geojson", import_grids), ("members.csv", import_members))


async def load_grids(storage: Storage, data_dir: Path) -> None:
    """Raises BadReferenceData with the first thing that is wrong."""
    for name, take_in in _FILES:
        content = (data_dir / "demo" / name).read_text(encoding="utf-8")
        async with storage.open_uow() as uow:
            report = await take_in(uow, content)
        if report.errors:
            raise BadReferenceData(f"{name}: {report.errors[0]}")
