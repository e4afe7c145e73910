"""What PostgreSQL cannot keep is written otherwise, and comes back as it was."""

import json

from hypothesis import given
from hypothesis import strategies as st

from credit_bus.runtime.casework.stored import restored, state_of, state_text, storable

ODD = st.lists(st.sampled_from(["\0", "\uf8fe", "0", "e", "\\", "u0000", "字"])).map("".join)
STATES = st.recursive(
    st.none() | st.booleans() | st.integers() | ODD,
    lambda inner: st.lists(inner) | st.dictionaries(ODD, inner),
)


@given(ODD)
def test_a_text_comes_back_without_the_one_character_in_between(text: str) -> None:
    assert text == restored(storable(text))
    assert "\0" not in storable(text)


@given(ODD, ODD)
def test_two_texts_never_become_one(left: str, right: str) -> None:
    assert (left == right) == (storable(left) == storable(right))


@given(STATES)
def test_a_state_comes_back_as_it_was(state: object) -> None:
    text = state_text(state)

    assert state == state_of(text) == state_of(text.encode())
    assert "\0" not in str(json.loads(text))


def test_a_usual_text_is_kept_as_it_is() -> None:
    assert "甘区市监罚〔2026〕1号" == storable("甘区市监罚〔2026〕1号")
    assert '{"n":"字"}' == state_text({"n": "字"})
