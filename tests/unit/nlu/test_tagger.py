import pytest

from nlu.marked import unmarked, varied
from nlu.tagger import Cut, read, train, written


def test_marks_become_spans():
    assert unmarked("在⟨桂花苑⟩和⟨梅园⟩之间") == ("在桂花苑和梅园之间", [(1, 4), (5, 7)])
    assert unmarked("楼上漏水") == ("楼上漏水", [])


@pytest.mark.parametrize(("spans", "tags"), [([(1, 4)], "OBIEO"), ([(0, 1), (3, 5)], "SOOBE"), ([], "OOOOO")])
def test_tags_are_written_and_read(spans, tags):
    assert written(5, spans) == tags
    assert read(["OBIES".index(tag) for tag in tags]) == spans


def test_variations_mark_exactly_the_name_put_in():
    rows = [unmarked("在⟨桂花苑⟩丢了猫"), unmarked("我住⟨文汀苑⟩"), unmarked("楼上漏水")]
    names = {text[start:end] for text, spans in varied(rows, 5) for start, end in spans}
    assert names == {"桂花苑", "文汀苑"}


def test_a_tagger_learns_many_texts_at_once():
    texts = ["在桂园丢了猫", "去", "", "家里在梅园等"]
    cuts = [Cut(text, list(text), [0] * len(text)) for text in texts]
    truth = [[(1, 3)], [], [], [(3, 5)]]
    assert train(cuts * 5, truth * 5, 80).spans(cuts) == truth
