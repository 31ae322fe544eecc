"""What can be reported: discovery, the list of services, and what each wants to know."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.core.taxonomy import Service
from intake.desk import Desk
from intake.moments import moment_text
from intake.open311.errors import CallRefused, form_of, problem
from intake.open311.rendering import TYPES, render

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


async def discovery(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    endpoint = {
        "specification": SPECIFICATION,
        "url": str(request.url.replace(query="")).rpartition("/discovery.")[0],
        "changeset": moment_text(desk.started_at),
        "type": "production" if desk.production else "test",
        "formats": [TYPES["xml"], TYPES["json"]],
    }
    content = {
        "changeset": moment_text(desk.started_at),  # services change with a release, and a release starts us
        "contact": desk.texts.render("discovery_contact"),
        "key_service": desk.texts.render("discovery_key_service"),
        "endpoints": [endpoint],
    }
    return render("discovery", content, form_of(request))


async def services(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    content = [_fields(service) for service in desk.reference.taxonomy.services.values()]
    return render("services", content, form_of(request))


def _fields(service: Service) -> dict[str, Any]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.covers,
        "metadata": False,  # the one attribute is for systems, not for people to fill in
        "type": "realtime",
        "keywords": f"{service.name},{service.group_name}",
        "group": service.group_name,
    }


async def definition(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    code = request.path_params["code"]
    if code not in desk.reference.taxonomy:
        raise CallRefused(404, problem("service_unknown", code=code))
    external_id = {
        "variable": True,
        "code": "external_id",
        "datatype": "string",
        "required": False,
        "datatype_description": desk.texts.render("attribute_external_id_type"),
        "order": 1,
        "description": desk.texts.render("attribute_external_id"),
        "values": [],
    }
    return render("service_definition", {"service_code": code, "attributes": [external_id]}, form_of(request))


routes = [
    Route("/discovery.{form}", discovery),
    Route("/services.{form}", services),
    Route("/services/{code}.{form}", definition),
]
