"""Pictures of what was done: taken in from outside, made new, and kept under a name that says nothing."""

import hashlib
import io
import os
import re
import struct
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from community.core.errors import NotFound, PhotoRefused, PhotoTooLarge

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000  # as many as good telephones take, and still no bomb
LONGEST_SIDE = 2000  # pixels

_FORMATS = ("JPEG", "PNG", "WEBP")
_EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp"}  # MPO: a JPEG with a second one behind it
_SAVED_AS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_MODES = {"jpg": ("RGB", "L"), "png": ("RGB", "RGBA", "L"), "webp": ("RGB", "RGBA")}
_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|webp)")
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, OverflowError, struct.error)  # what Pillow raises


class PhotoStore:
    """Photos in one folder. Every picture is drawn anew, so that neither its place nor its camera comes along."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """The name it is kept under; the same picture twice is kept once. Raises PhotoRefused or PhotoTooLarge."""
        if len(data) > MAX_BYTES:
            raise PhotoTooLarge(f"{len(data)} bytes")
        drawn, extension = _drawn_anew(data)
        name = f"{hashlib.sha256(drawn).hexdigest()}.{extension}"
        self._write(name, drawn)
        return name

    def path(self, name: str) -> Path:
        """Where the photo lies. Raises NotFound also for a name that this store never gave."""
        path = self._folder / name if _NAME.fullmatch(name) else None
        if path is None or not path.is_file():
            raise NotFound("no such photo")
        return path

    def _write(self, name: str, data: bytes) -> None:
        """Whole or not at all, whoever reads or writes beside us."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(self._folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def _drawn_anew(data: bytes) -> tuple[bytes, str]:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PhotoTooLarge(f"{image.width} x {image.height} pixels")
            extension = _EXTENSIONS[image.format or ""]
            return _saved(_small_and_upright(image), extension), extension
    except Image.DecompressionBombError as bomb:
        raise PhotoTooLarge("pixels beyond measure") from bomb
    except _BROKEN as broken:
        raise PhotoRefused("no picture that can be read") from broken


def _small_and_upright(image: Image.Image) -> Image.Image:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at about this size, many times faster
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return turned


def _saved(image: Image.Image, extension: str) -> bytes:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    wanted = _MODES[extension]
    if image.mode not in wanted:
        image = image.convert("RGBA" if has_alpha and "RGBA" in wanted else "RGB")
    image.info.clear()  # Pillow writes comments and XMP from here
    drawn = io.BytesIO()
    image.save(drawn, _SAVED_AS[extension], quality=85)
    return drawn.getvalue()
