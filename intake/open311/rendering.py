"""One content, two formats. XML is made from the same lists and fields as JSON, and from nothing else."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.responses import Response

# The elements that hold several, and what each of them is called.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
TYPES = {"json": "application/json", "xml": "text/xml"}
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(root: str, content: object, form: str, status: int = 200) -> Response:
    """`root` names the outermost element of the XML; JSON goes without it, as the Spark Convention has it."""
    printable = _printable(content)
    body = _json(printable) if form == "json" else _xml(root, printable)
    return Response(body, status, media_type=f"{TYPES[form]}; charset=utf-8")


def _printable(content: object) -> object:
    """Without what XML cannot hold, so that both formats say the same."""
    if isinstance(content, str):
        return _NOT_IN_XML.sub("", content.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(content, Mapping):
        return {name: _printable(value) for name, value in content.items()}
    if isinstance(content, Sequence):
        return [_printable(value) for value in content]
    return content


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def _xml(root: str, content: object) -> bytes:
    element = Element(root)
    _fill(element, content)
    body: bytes = tostring(element, encoding="utf-8", xml_declaration=True)
    return body


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, list):
        for value in content:
            _fill(SubElement(element, ITEMS[element.tag]), value)
    elif content is not None:
        element.text = str(content).lower() if isinstance(content, bool) else str(content)
