"""What other platforms see 工地、智慧道路、菜场、监控: one event as JSON, read into the draft of a case."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from community.core.cases import CaseDraft, Source, Urgency
from community.core.errors import BadPosition, KetangError, ValueRefused
from community.core.keys import ApiKey
from community.core.messages import MAX_TEXT
from community.services.locate import CoordinateSystem, to_wgs84
from intake.desk import Desk
from intake.moments import moment_of, moment_text
from intake.reading import Reader
from intake.signature import TOLERANCE
from intake.taking import named_area

MAX_ID = 64
MAX_ADDRESS = 500


class Kind(StrEnum):
    """Where the event was seen."""

    SITE = "site"
    ROAD = "road"
    MARKET = "market"
    CAMERA = "camera"
    SENSOR = "sensor"
    OTHER = "other"


class NotJson(KetangError):
    """Not one JSON object in UTF-8."""


class EventRefused(KetangError):
    """With every field that is wrong."""

    def __init__(self, problems: Mapping[str, ValueRefused]) -> None:
        super().__init__(list(problems))
        self.problems = problems


def read_event(body: bytes, key: ApiKey, desk: Desk) -> CaseDraft:
    """Raises NotJson or EventRefused."""
    reader = Reader(_object(body))
    event_id = reader.text("id", MAX_ID, required=True)
    longitude, latitude = _position(reader)
    address = reader.text("address", MAX_ADDRESS)
    area_code = _area(reader, desk) or named_area(desk.reference.areas, address)
    if longitude is None and not area_code and not address:
        reader.refuse("address", "value_no_place")
    draft = CaseDraft(
        account_id=0,  # until the account of the platform is known
        origin=f"platform:{key.name}:{event_id}",
        description=reader.text("description", MAX_TEXT, required=True),
        service_code=_service(reader, desk),
        area_code=area_code,
        address=address,
        urgency=reader.choice("urgency", Urgency, Urgency.ROUTINE),
        source=Source.PLATFORM,
        longitude=longitude,
        latitude=latitude,
        details=_details(reader, desk.clock()),
    )
    if reader.problems:
        raise EventRefused(reader.problems)
    return draft


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotJson from None
    if not isinstance(content, dict):
        raise NotJson
    return content


def _no_number(name: str) -> float:
    raise ValueError(name)


def _service(reader: Reader, desk: Desk) -> str:
    code = reader.text("service_code", MAX_ID, required=True)
    if code and code not in desk.reference.taxonomy:
        reader.refuse("service_code", "value_service_unknown", code=code)
    return code


def _area(reader: Reader, desk: Desk) -> str | None:
    code = reader.text("area_code", MAX_ID)
    if code and code not in desk.reference.areas:
        reader.refuse("area_code", "value_area_unknown", code=code)
        return None
    return code or None


def _position(reader: Reader) -> tuple[float | None, float | None]:
    """In WGS-84."""
    longitude, latitude = reader.degrees("longitude"), reader.degrees("latitude")
    system = reader.choice("coordinate_system", CoordinateSystem, CoordinateSystem.WGS84)
    if longitude is None or latitude is None:
        for name, value, other in (("longitude", longitude, latitude), ("latitude", latitude, longitude)):
            if value is None and other is not None:
                reader.refuse(name, "value_half_position")
        return None, None
    try:
        return to_wgs84(longitude, latitude, system)
    except BadPosition:
        reader.refuse("latitude", "value_off_earth")
        return None, None


def _details(reader: Reader, now: datetime) -> dict[str, str]:
    kind = reader.choice("kind", Kind, Kind.OTHER)
    said = reader.text("occurred_at", MAX_ID)
    if not said:
        return {"kind": kind}
    try:
        occurred_at = moment_of(said)
    except ValueError:
        reader.refuse("occurred_at", "value_not_a_moment")
        return {"kind": kind}
    if occurred_at > now + TOLERANCE:
        reader.refuse("occurred_at", "value_in_future", now=moment_text(now))
    return {"kind": kind, "occurred_at": occurred_at.isoformat()}
