"""Personal data in free text: found, cut out, and shown only in part."""

import re

_MOBILE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
_LANDLINE = r"(?<!\d)0\d{2,3}-?[2-9]\d{6,7}(?!\d)"
_IDENTITY = r"(?<!\d)\d{17}[\dXx](?!\d)"
_EMAIL = r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_CONTACT = re.compile("|".join((_IDENTITY, _MOBILE, _LANDLINE, _EMAIL)), re.ASCII)


def mask(contact: str) -> str:
    """`138****5678`: enough to recognise one's own, too little to call."""
    if "@" in contact:
        name, domain = contact.split("@", 1)
        return f"{name[:1]}****@{domain}"
    return f"{contact[:3]}****{contact[-4:]}"


def mask_contacts(text: str) -> tuple[str, list[str]]:
    """The text with phone numbers, identity numbers and e-mail addresses masked, and what was found, in order."""
    found: list[str] = []

    def cut(match: re.Match[str]) -> str:
        found.append(match.group())
        return mask(match.group())

    return _CONTACT.sub(cut, text), found
