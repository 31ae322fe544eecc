"""Where contact details stand in a text, so that they can be masked."""

import re
from dataclasses import dataclass
from typing import List

_KINDS = {
    "identity": r"(?<!\d)\d{17}[\dXx](?!\d)",
    "phone": r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?[2-9]\d{6,7})(?!\d)",
    "email": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
}
_CONTACT = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.ASCII)


@dataclass(frozen=True)
class Contact:
    start: int
    end: int
    kind: str


def find_contacts(text: str) -> List[Contact]:
    return [Contact(*match.span(), str(match.lastgroup)) for match in _CONTACT.finditer(text)]
