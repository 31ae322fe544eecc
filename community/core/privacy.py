"""Personal data in free text: found, cut out, and shown only in part."""

import re

_MOBILE = r"(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
_LANDLINE = r"(?<!\d)(?<!\d-)0(?:10|2\d|[3-9]\d{2})[-) ]?[2-9]\d{6,7}(?!\d)"
_IDENTITY = r"(?<!\d)\d{6}[- ]?\d{8}[- ]?\d{3}[\dXx](?!\d)"
_EMAIL = r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_CONTACT = re.compile("|".join((_IDENTITY, _MOBILE, _LANDLINE, _EMAIL)), re.ASCII)

# Chinese keyboards write １３８ and an ideographic blank; each stands for one character, so places stay the same.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}


def mask(contact: str) -> str:
    """`138****5678`: enough to recognise one's own, too little to call."""
    if "@" in contact:
        name, domain = contact.split("@", 1)
        return f"{name[:1]}****@{domain}"
    return f"{contact[:3]}****{contact[-4:]}"


def mask_contacts(text: str) -> tuple[str, list[str]]:
    """The text with phone numbers, identity numbers and e-mail addresses masked, and what was found, in order."""
    pieces: list[str] = []
    found: list[str] = []
    end = 0
    for match in _CONTACT.finditer(text.translate(_HALF_WIDTH)):
        found.append(match.group())
        pieces += text[end : match.start()], mask(match.group())
        end = match.end()
    return "".join([*pieces, text[end:]]), found
