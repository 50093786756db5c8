"""What JSON columns keep is read again as it was, whatever it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops.store.json_text import written

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_what_was_written_is_read_again(value: object) -> None:
    assert json.loads(written(value)) == value


@pytest.mark.parametrize("value", ["half of \ud83d", {"\udc00": 1}, [2**70], {"deep": ["\x00", "\u2028"]}])
def test_odd_things_are_written_too(value: object) -> None:
    assert json.loads(written(value)) == value
