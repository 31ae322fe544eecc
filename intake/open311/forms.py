"""What is posted, checked field by field."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from community.core.cases import CaseDraft, Source, Urgency
from community.core.keys import ApiKey
from community.core.messages import MAX_TEXT, clean
from community.services.geometry import is_on_earth
from intake.bodies import bounded_body
from intake.desk import Desk
from intake.open311.errors import CallRefused, Problem, problem
from intake.taking import Reporter, named_area

MAX_FIELDS = 60
MAX_ID = 64  # characters of an id of the other side; with channel and key it must fit into an origin
MAX_LINE = 500
LIMITS = {
    "description": MAX_TEXT,
    "address_string": MAX_LINE,
    "media_url": MAX_LINE,
    "email": 200,
    "phone": MAX_ID,
    "account_id": MAX_ID,
    "device_id": MAX_ID,
    "external_id": MAX_ID,
    "update_id": MAX_ID,
}
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,64})\](?:\[\])?")
Form = Mapping[str, str]


@dataclass(frozen=True)
class Posted:
    reporter: Reporter
    draft: CaseDraft
    contacts: list[str]
    account_id: str | None


async def read_form(request: Request) -> dict[str, str]:
    """Cleaned fields with something in them; an attribute goes by its code. Raises CallRefused or BodyTooLarge."""
    body = await bounded_body(request)
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise CallRefused(400, problem("form_broken", limit=MAX_FIELDS))
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise CallRefused(400, problem("form_broken", limit=MAX_FIELDS)) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        attribute = _ATTRIBUTE.fullmatch(name)
        fields[f"attribute:{attribute[1]}" if attribute else name] = clean(value)
    if external_id := fields.get("attribute:external_id"):
        fields["external_id"] = external_id
    return {name: value for name, value in fields.items() if value}


def read_request(desk: Desk, key: ApiKey, form: Form) -> Posted:
    """Raises CallRefused."""
    code = form.get("service_code", "")
    if code and code not in desk.reference.taxonomy:
        raise CallRefused(404, problem("service_unknown", code=code[:MAX_ID]))
    position = _position(form)
    problems = [*_missing(form, "service_code"), *too_long(form), *_place_problems(desk, form), *url_problems(form)]
    if problems:
        raise CallRefused(400, *problems)
    return Posted(_reporter(key, form), _draft(desk, key, form, position), contacts(form), form.get("account_id"))


def _draft(desk: Desk, key: ApiKey, form: Form, position: tuple[float, float] | None) -> CaseDraft:
    code, address = form["service_code"], form.get("address_string", "")
    longitude, latitude = position or (None, None)
    return CaseDraft(
        account_id=0,  # until the reporter is known
        origin=f"open311:{key.name}:{form.get('external_id') or secrets.token_hex(16)}",
        description=form.get("description") or desk.reference.taxonomy[code].name,
        service_code=code,
        area_code=form.get("address_id") or named_area(desk.reference.areas, address),
        address=address,
        urgency=Urgency.EMERGENCY if code in desk.publicity.emergency else Urgency.ROUTINE,
        source=Source.OPEN311,
        longitude=longitude,
        latitude=latitude,
        details={"media_url": form["media_url"]} if "media_url" in form else {},
    )


def _reporter(key: ApiKey, form: Form) -> Reporter:
    own = form.get("account_id") or form.get("device_id")
    return Reporter(f"{key.name}:{own}") if own else Reporter(key.name, is_shared=True)


def contacts(form: Form) -> list[str]:
    return [form[name] for name in ("phone", "email") if name in form]


def _missing(form: Form, *names: str) -> list[Problem]:
    return [problem("field_missing", field=name) for name in names if name not in form]


def required(form: Form, *names: str) -> None:
    """Raises CallRefused."""
    if problems := _missing(form, *names):
        raise CallRefused(400, *problems)


def too_long(form: Form) -> list[Problem]:
    return [
        problem("field_too_long", field=name, limit=limit, length=len(form[name]))
        for name, limit in LIMITS.items()
        if len(form.get(name, "")) > limit
    ]


def url_problems(form: Form) -> list[Problem]:
    """Only what a browser may open without harm: no javascript:, no file:."""
    url = form.get("media_url")
    if url is None:
        return []
    try:
        parts = urlsplit(url)
    except ValueError:
        return [problem("url_wrong")]
    return [] if parts.scheme in ("http", "https") and parts.netloc else [problem("url_wrong")]


def _place_problems(desk: Desk, form: Form) -> list[Problem]:
    if not any(name in form for name in ("lat", "long", "address_string", "address_id")):
        return [problem("location_missing")]
    area = form.get("address_id")
    if area is not None and area not in desk.reference.areas:
        return [problem("area_unknown", code=area[:MAX_ID])]
    return []


def _position(form: Form) -> tuple[float, float] | None:
    """Longitude and latitude. Raises CallRefused."""
    if "lat" not in form and "long" not in form:
        return None
    if "lat" not in form or "long" not in form:
        raise CallRefused(400, problem("location_half"))
    try:
        longitude, latitude = float(form["long"]), float(form["lat"])
    except ValueError:
        raise CallRefused(400, problem("position_wrong")) from None
    if not is_on_earth(longitude, latitude):
        raise CallRefused(400, problem("position_wrong"))
    return longitude, latitude
