from nlu.check import contradictions, duplicates, leaks, mixtures, split_words, unknown_labels, unsorted_words
from nlu.evaluate import calibration_error, report, span_f1
from nlu.rows import Row


def test_duplicates():
    rows = [Row("路灯不亮了。", "report_issue"), Row("路灯不亮了", "report_issue")]
    assert len(list(duplicates(rows))) == 1


def test_contradictions():
    rows = [Row("没有照片", "deny"), Row("没有照片！", "inform")]
    assert len(list(contradictions(rows))) == 1


def test_unknown_labels():
    rows = [Row("灯", "report_issue", "street_lamp"), Row("灯", "report_issue", "street_light", "anger", "soon")]
    assert len(list(unknown_labels(rows, {"street_light"}))) == 3


def test_leaks():
    trained, asked = [Row("3号楼后面的路灯又不亮了")], [Row("3号楼后面的路灯又不亮"), Row("垃圾桶满了没人收")]
    assert len(list(leaks(trained, asked))) == 1


def test_split_words():
    assert list(split_words(["路灯", "飞线充电"], lambda word: [word[:2], word[2:]] if len(word) > 2 else [word])) == [
        "dictionary word still cut: 飞线充电 -> 飞线/充电"
    ]


def test_mixtures():
    rows = [Row("３号楼5单元"), Row("楼下垃圾堆了好几天沒人清真是臭得要命")]
    assert len(list(mixtures(rows))) == 2
    assert list(mixtures([Row("求公布一下焚烧厂二噁英的检测数据我们住得近")])) == []


def test_unsorted_words(tmp_path):
    (tmp_path / "words.txt").write_text("b\na\n", encoding="utf-8")
    assert len(list(unsorted_words(tmp_path))) == 1


def test_scores():
    scored = report(["a", "b"], [[("a", 0.9), ("b", 0.1)], [("a", 0.6), ("b", 0.4)]])
    assert (scored.top1, scored.top3, scored.confusions) == (0.5, 1.0, [("b", "a", 1)])
    assert round(calibration_error([0.9, 0.6], [True, False]), 3) == 0.35
    assert span_f1([["甲", "乙"]], [["甲"]]).recall == 0.5
