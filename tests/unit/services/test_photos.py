import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from community.core.errors import NotFound, PhotoRefused, PhotoTooLarge
from community.services.photos import LONGEST_SIDE, MAX_BYTES, PhotoStore

ORIENTATION, GPS, LATITUDE, MAKE = 0x0112, 0x8825, 2, 0x010F
SECRET = "CAMERA-OF-MINE"


def picture(size: tuple[int, int] = (40, 30), form: str = "JPEG", mode: str = "RGB", orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, SECRET
    exif.get_ifd(GPS)[LATITUDE] = (31.0, 22.0, 5.0)
    file = io.BytesIO()
    image = Image.new(mode, size)
    image.putpixel((0, 0), 255 if mode in ("L", "P") else (255,) * len(image.getbands()))
    image.save(file, form, exif=exif)
    return file.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


@pytest.mark.parametrize(("form", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_photo_is_kept_without_what_the_camera_wrote(store: PhotoStore, form: str, extension: str) -> None:
    data = picture(form=form)
    assert SECRET.encode() in data
    path = store.path(store.keep(data))
    assert path.suffix == f".{extension}"
    assert SECRET.encode() not in path.read_bytes()
    with Image.open(path) as kept:
        assert dict(kept.getexif()) == {}
        assert kept.size == (40, 30)


def test_comments_and_xmp_do_not_come_along(store: PhotoStore) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", comment=SECRET, xmp=SECRET.encode())
    assert file.getvalue().count(SECRET.encode()) == 2
    assert SECRET.encode() not in store.path(store.keep(file.getvalue())).read_bytes()


def test_a_photo_taken_sideways_stands_upright(store: PhotoStore) -> None:
    with Image.open(store.path(store.keep(picture((40, 30), orientation=6)))) as kept:
        assert kept.size == (30, 40)


@pytest.mark.parametrize(("size", "kept_size"), [((4000, 1000), (2000, 500)), ((500, 2001), (500, 2000))])
def test_the_longest_side_is_bounded(store: PhotoStore, size: tuple[int, int], kept_size: tuple[int, int]) -> None:
    with Image.open(store.path(store.keep(picture(size)))) as kept:
        assert max(kept.size) == LONGEST_SIDE
        assert kept.size == pytest.approx(kept_size, abs=1)


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "I;16"), ("WEBP", "RGBA")],
)
def test_every_kind_of_pixel(store: PhotoStore, form: str, mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (8, 8)).save(file, form)
    with Image.open(store.path(store.keep(file.getvalue()))) as kept:
        kept.load()
        assert ("A" in kept.getbands()) == mode.endswith("A")


def test_the_same_photo_is_kept_once_and_nothing_is_left_beside_it(store: PhotoStore, tmp_path: Path) -> None:
    names = {store.keep(picture()), store.keep(picture())}
    assert {path.name for path in (tmp_path / "photos").iterdir()} == names
    assert len(names) == 1


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "PPM"])
def test_other_formats_are_refused(store: PhotoStore, form: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, form)
    with pytest.raises(PhotoRefused):
        store.keep(file.getvalue())


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"<svg onload=alert(1)>", b"RIFF\0\0\0\0WEBPVP8 "])
def test_what_is_no_picture_is_refused(store: PhotoStore, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PhotoRefused):
        store.keep(data)
    assert not (tmp_path / "photos").exists()


def test_too_many_bytes(store: PhotoStore) -> None:
    with pytest.raises(PhotoTooLarge):
        store.keep(picture() + b"\0" * MAX_BYTES)


@pytest.mark.parametrize("side", [9_000, 20_000])
def test_too_many_pixels(store: PhotoStore, side: int) -> None:
    """A few kilobytes that would become hundreds of megabytes."""
    file = io.BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    with pytest.raises(PhotoTooLarge):
        store.keep(file.getvalue())


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../secret.jpg", "a.jpg", "/etc/passwd", "0" * 64, "0" * 64 + ".jpg", "0" * 64 + ".svg"],
)
def test_only_its_own_names_lead_to_a_file(store: PhotoStore, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    store.keep(picture())
    with pytest.raises(NotFound):
        store.path(name)


def test_a_name_with_more_behind_it_is_none(store: PhotoStore) -> None:
    name = store.keep(picture())
    for wrong in (name + "\n", name.upper(), "./" + name, name + "/"):
        with pytest.raises(NotFound):
            store.path(wrong)


WHOLE = [picture(form=form) for form in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(WHOLE), st.integers(0, 400), st.binary(max_size=6), st.integers(0, 2000))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_picture_is_kept_or_refused_and_never_an_accident(
    store: PhotoStore, data: bytes, at: int, patch: bytes, end: int
) -> None:
    damaged = (data[:at] + patch + data[at + len(patch) :])[:end]
    try:
        name = store.keep(damaged)
    except (PhotoRefused, PhotoTooLarge):
        return
    with Image.open(store.path(name)) as kept:
        assert dict(kept.getexif()) == {}
