import pytest

from nlu.sounds import sound
from nlu.text import clean


@pytest.mark.parametrize(
    ("said", "cleaned"),
    [
        ("３號樓　ＡＢ", "3号楼 AB"),
        ("垃圾\u200b堆了\ud800幾天\x00", "垃圾堆了几天"),
        ("停車場旁邊，真臭！", "停车场旁边,真臭!"),
        ("👍🏽好", "👍好"),
        ("等等…", "等等..."),
        ("\ue000", ""),  # private use: reserved for sounds
        ("", ""),
    ],
)
def test_one_spelling(said, cleaned):
    assert clean(said).text == cleaned


@pytest.mark.parametrize(
    ("said", "found"),
    [("住\u200b３號樓\u200b２室的", "３號樓\u200b２室"), ("3号楼2室", "3号楼2室"), ("…③3号楼2室", "3号楼2室")],
)
def test_a_span_of_the_clean_text_is_an_exact_part_of_the_original(said, found):
    text = clean(said)
    start = text.text.index("3号楼")
    first, end = text.original_span(start, start + 5)
    assert said[first:end] == found


def test_a_homophone_sounds_the_same_and_keeps_its_length():
    assert sound("贵花苑3号") == sound("桂花苑3号")
    assert sound("垃级") == sound("垃圾")
    assert len(sound("贵花苑3号")) == 5
    assert sound("路灯") != sound("漏水")
