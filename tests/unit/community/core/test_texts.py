import pytest

from community.core.errors import BadReferenceData
from community.core.texts import Texts

TEXTS = Texts({"plain": "您好", "named": "{number}：{note}", "nameless": "{} 个", "broken": "{number"})


@pytest.mark.parametrize(
    ("key", "values", "text"),
    [
        ("plain", {}, "您好"),
        ("plain", {"unused": 1}, "您好"),
        ("named", {"number": 7, "note": "已清运"}, "7：已清运"),
        ("named", {"number": 7, "note": "{number} {0} %s"}, "7：{number} {0} %s"),  # a note is never a template
    ],
)
def test_render(key: str, values: dict[str, object], text: str) -> None:
    assert TEXTS.render(key, **values) == text


@pytest.mark.parametrize(
    ("key", "values"), [("missing", {}), ("named", {"number": 7}), ("nameless", {}), ("broken", {"number": 7})]
)
def test_what_cannot_be_rendered_names_its_key(key: str, values: dict[str, object]) -> None:
    with pytest.raises(BadReferenceData, match=key):
        TEXTS.render(key, **values)
