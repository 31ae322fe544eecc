"""Grids 网格: patches of ground with the people who look after them, and who is on duty when."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class GridKind(StrEnum):
    URBAN = "urban"
    RURAL = "rural"
    MIXED = "mixed"


class GridRole(StrEnum):
    """Three levels of grid managers 网格长, the first the nearest to the residents; everybody else is a member."""

    MANAGER_1 = "manager_1"
    MANAGER_2 = "manager_2"
    MANAGER_3 = "manager_3"
    MEMBER = "member"


@dataclass(frozen=True)
class Grid:
    """`polygon` is a GeoJSON geometry, Polygon or MultiPolygon, in WGS-84 longitude and latitude.

    `area_code` is the smallest area that holds the grid; its level is the grid's, and grids of one level don't overlap.
    """

    code: str
    name: str
    kind: GridKind
    area_code: str
    polygon: Mapping[str, Any]
    roster_code: str = ""


@dataclass(frozen=True)
class GridMember:
    """`name` is a username of the console, or simply a name for who has no login; `service` who sends them: police."""

    grid_code: str
    name: str
    role: GridRole
    service: str
