"""Who works in the grids, in and out as CSV."""

from collections.abc import Collection

from community.core.grids import GridMember, GridRole
from community.services.imports import (
    ImportReport,
    Row,
    RowError,
    csv_rows,
    known,
    one_of,
    refuse_repeated,
    refused,
    text,
    to_csv,
)
from community.services.ports import UnitOfWork

COLUMNS = ("grid_code", "name", "role", "service")


async def import_members(uow: UnitOfWork, csv_text: str) -> ImportReport:
    """Takes in all rows or none: they become the only members of the grids they name, which must be stored."""
    errors: list[RowError] = []
    rows = csv_rows(csv_text, COLUMNS, errors)
    grids = {grid.code for grid in await uow.grids.all()}
    members = [member for row in rows if (member := _member(row, grids, uow.reference.grid_services))]
    refuse_repeated(rows, ["grid_code", "name"], "import_member_repeated")
    if errors:
        return refused(errors)
    await uow.grids.save_members(members)
    await uow.commit()
    return ImportReport(len(members))


def _member(row: Row, grids: Collection[str], services: Collection[str]) -> GridMember | None:
    grid_code = row.take("grid_code", known(grids, "import_grid_unknown"))
    name = row.take("name", text)
    role = row.take("role", one_of(GridRole))
    service = row.take("service", one_of(services))
    return GridMember(grid_code, name, GridRole(role), service) if row.is_fine else None


async def export_members(uow: UnitOfWork) -> str:
    """All members as import_members takes them."""
    members = await uow.grids.members()
    return to_csv(COLUMNS, [(member.grid_code, member.name, member.role, member.service) for member in members])
