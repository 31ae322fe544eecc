"""Rasa logs what people say: event fields, exception values, local variables. Only what happened may reach a log."""

import sys
from typing import Any, MutableMapping

import structlog
from rasa.utils import log_utils

Event = MutableMapping[str, Any]


def only_what_happened(_logger: Any, _method: str, event: Event) -> Event:
    return {key: event[key] for key in ("event", "event_info", "exc_info") if key in event}


def only_the_kind_of_error(_logger: Any, _method: str, event: Event) -> Event:
    error = event.pop("exc_info", None)
    if error:
        kind = sys.exc_info()[0] if error is True else error[0] if isinstance(error, tuple) else type(error)
        event["error"] = getattr(kind, "__name__", None)
    return event


def keep_private() -> None:
    """Takes the places of the two processors through which words would pass; call before Rasa configures its logs."""
    log_utils._anonymizer = only_what_happened
    setattr(structlog.processors, "dict_tracebacks", only_the_kind_of_error)  # noqa: B010 - its type is another processor's
