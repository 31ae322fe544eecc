import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from community.core.clocks import Limit
from community.core.terms import Terms, terms_of
from community.core.worktime import Basis
from community.services.terms import next_in_line

names = st.text(min_size=1, max_size=8)
limits = st.builds(Limit, st.integers(1, 10**6).map(lambda n: timedelta(minutes=n)), st.sampled_from(Basis))
terms = st.builds(
    Terms,
    lead=names,
    co_units=st.lists(names, max_size=4).map(tuple),
    response=limits,
    resolve=limits,
    fallback=st.none() | names,
    needs_photo=st.booleans(),
    procedure=st.none() | names,
)


@given(terms)
def test_events_remember_terms_as_they_were(decided: Terms) -> None:
    assert terms_of(json.loads(json.dumps(decided.as_data()))) == decided


@given(terms)
def test_the_next_in_line_has_nobody_after_it(decided: Terms) -> None:
    after = next_in_line(decided)
    assert (after is None) == (decided.fallback in (None, decided.lead))
    if after is not None:
        assert (after.lead, after.co_units, after.resolve) == (decided.fallback, (decided.lead,), decided.resolve)
        assert next_in_line(after) is None
