import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core.lookup import keys
from community.services.reference import Reference
from tests.unit.community.core.test_duplicates import TOLD, a_report


@given(text=st.text(max_size=300), area=st.sampled_from([None, "nb-1"]))
def test_keys_are_few_and_fit_a_column(reference: Reference, text: str, area: str | None) -> None:
    found = keys(a_report(reference, text[:30], address=text, area_code=area))
    assert all(-(2**63) <= key < 2**63 for key in found)
    assert found == keys(a_report(reference, text[:30], address=text, area_code=area))


def test_a_letter_has_hardly_more_keys_than_a_sentence(reference: Reference) -> None:
    assert len(keys(a_report(reference, TOLD * 100))) == len(keys(a_report(reference, TOLD)))


@pytest.mark.parametrize(
    ("again", "shared"),
    [
        (("3号楼楼下的垃圾", "nb-1", "exposed_waste"), True),
        (("三栋门口", "nb-1", "odour"), True),
        (("天天有人往楼下扔东西", "nb-1", "exposed_waste"), True),
        (("3号楼楼下的垃圾", "nb-2", "exposed_waste"), False),
        (("广场舞太吵", "nb-1", "social_noise"), False),
    ],
)
def test_what_is_found_again(reference: Reference, again: tuple[str, str, str], shared: bool) -> None:
    text, area, code = again
    other = keys(a_report(reference, text, area_code=area, service_codes=(code,)))
    assert bool(keys(a_report(reference, TOLD)) & other) is shared


def test_a_road_runs_through_several_neighbourhoods(reference: Reference) -> None:
    one = keys(a_report(reference, "绛溪路路灯不亮", area_code="nb-1", service_codes=("street_light",)))
    assert one & keys(a_report(reference, "绛溪路上黑漆漆", area_code="nb-2", service_codes=("street_light",)))


def test_nowhere_is_no_neighbourhood(reference: Reference) -> None:
    """Without one, a subject or a number would lead to half the town."""
    one, other = (keys(a_report(reference, text, area_code=None)) for text in ("3号楼没水", "三栋堆物"))
    assert not one & other
