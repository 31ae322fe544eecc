"""A picture of a place set in order, for the demo: nobody's photo, drawn here."""

import io

from PIL import Image, ImageDraw

SIZE = (960, 720)
_SKY, _WALL, _ROOF, _PAVEMENT, _BIN, _LID, _TREE, _TRUNK = (
    "#cfe3ee", "#e9e2d3", "#9b5b45", "#b9b9b2", "#3f7d58", "#2f5f43", "#5d8f52", "#7a5a3c"
)  # fmt: skip


def draw_photo() -> bytes:
    """A clean pavement with two closed bins before a house, as JPEG."""
    image = Image.new("RGB", SIZE, _SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 200, 700, 560), _WALL)
    draw.polygon(((90, 200), (410, 70), (730, 200)), _ROOF)
    for left in range(180, 640, 160):
        draw.rectangle((left, 270, left + 90, 380), _SKY)
    draw.rectangle((0, 560, *SIZE), _PAVEMENT)
    for left in (470, 590):
        draw.rectangle((left, 470, left + 90, 620), _BIN)
        draw.rectangle((left - 8, 450, left + 98, 474), _LID)
    draw.rectangle((820, 420, 845, 600), _TRUNK)
    draw.ellipse((740, 220, 930, 450), _TREE)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()
