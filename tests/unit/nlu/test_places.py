import pytest

from nlu.text import clean


def found(places, segmenter, said):
    text = clean(said).text
    return [
        (text[p.start : p.end], p.kind, p.entry.code if p.entry else None)
        for p in places.find(text, segmenter.words(text))
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3号楼楼下垃圾堆了好几天没人清", [("3号楼楼下", "building", None)]),
        ("五号楼二单元漏水", [("五号楼二单元", "building", None)]),
        ("贵花苑3号楼202室漏水", [("贵花苑3号楼202室", "building", "nb-guihuayuan")]),
        ("梅园12幢楼道堆物", [("梅园12幢楼道", "building", "nb-meiyuan")]),
        ("清河路58弄3号202室", [("清河路58弄3号202室", "building", None)]),
        ("叶城路沪宜公路路口红绿灯不亮", [("叶城路沪宜公路路口", "crossing", None)]),
        ("A路和B路交叉口", [("A路和B路交叉口", "crossing", None)]),
        ("槐塘镇柳岸路口积水", [("槐塘镇柳岸路口", "crossing", "rd-liuanlu")]),
        ("建议在环城南路加个红绿灯", [("环城南路", "road", None)]),
        ("我住在幸福家园二期", [("幸福家园二期", "neighbourhood", None)]),
        ("东风村六组路灯不亮", [("东风村六组", "neighbourhood", None)]),
        ("菜场门口乱停车", [("菜场门口", "landmark", None)]),
        ("地铁站2号口全是共享单车", [("地铁站2号口", "landmark", None)]),
        ("在禾川中学门口等车", [("禾川中学门口", "landmark", "lm-hechuanzhongxue")]),
        ("南门口那堆西瓜皮", [("南门口", "landmark", None)]),
    ],
)
def test_places_and_where_they_resolve(places, segmenter, said, expected):
    assert found(places, segmenter, said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "我们小区没有路灯",
        "这条路坑坑洼洼",
        "幼儿园收费太贵",
        "楼上天天拖椅子",
        "感谢社区",
        "走投无路",
        "农村水泥路修到哪",
    ],
)
def test_common_nouns_are_no_places(places, segmenter, said):
    assert found(places, segmenter, said) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("在贵花苑丢了猫", "nb-guihuayuan"),
        ("星禾湾小区路灯不亮", "nb-xinghewan"),
        ("星河湾小区路灯不亮", None),  # 星河 is a word: a name of its own
        ("百合苑3幢漏水", None),  # so is 苑 beside 百合园
    ],
)
def test_a_name_is_heard_only_where_nothing_else_is_meant(places, segmenter, said, code):
    assert {found_code for _, _, found_code in found(places, segmenter, said)} == {code}


def test_a_floor_belongs_to_its_building(places, segmenter):
    assert found(places, segmenter, "和睦里4号楼五楼漏水")[0][0] == "和睦里4号楼五楼"
