from community.core.rarity import Rarity, characters, folded, pairs


def test_what_is_not_listed_is_rarest() -> None:
    rarity = Rarity({"请问": 2.5}, unseen=9.0)
    assert rarity["请问"] < rarity["丽湖"] == 9.0


def test_marks_and_spaces_part_the_words() -> None:
    assert folded("３Ａ号楼，没水！💧") == "3a号楼 没水  "
    assert pairs(folded("停水，急")) == {"停水"}
    assert characters(folded("停水，急")) == set("停水急")


def test_a_single_character_and_nothing_at_all() -> None:
    assert pairs("水") == pairs(" ") == pairs("") == frozenset()
    assert characters(" ") == frozenset()


def test_a_phrase_tells_nothing_and_joins_nothing() -> None:
    rarity = Rarity({}, unseen=1.0, phrases=frozenset({"请问", "请问一下", "尽快"}))
    assert set(rarity.grams("请问一下灯尽快修请问")) == set("灯修")
    assert set(Rarity({}, unseen=1.0).grams("请问")) == {"请", "问", "请问"}
