"""`rasa run` that ends with its parent: when the supervisor is gone, however it went, stdin closes and so do we."""

import os
import sys
import threading
import warnings

warnings.showwarning = lambda *_, **__: None  # Rasa's libraries warn of each other; no operator can act on it

from jsonschema import Draft4Validator, Draft6Validator, Draft7Validator
from rasa.__main__ import main

from nlu.logs import keep_private


def _trust_own_schema() -> None:
    """Rasa has jsonschema examine Rasa's own constant schema at every action's reply (docs/performance.md)."""
    for validator in (Draft4Validator, Draft6Validator, Draft7Validator):
        validator.check_schema = classmethod(lambda cls, schema: None)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    keep_private()
    _trust_own_schema()
    sys.argv = ["rasa", "run", *sys.argv[1:]]
    main()
