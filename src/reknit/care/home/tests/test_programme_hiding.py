"""A share and the table beside it never give a hidden number away."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from reknit.care.home.queries.programme import _outcome

LABELS = {"improved": "Better", "same": "Same", "worse": "Worse"}
numbers = st.integers(min_value=0, max_value=40)


@given(improved=numbers, same=numbers, worse=numbers)
def test_share_beside_the_table_hides_what_the_table_hides(improved: int, same: int, worse: int) -> None:
    counts = Counter({"improved": improved, "same": same, "worse": worse})
    found = _outcome(counts, LABELS, rest="Rest", without={})
    shown = [line.n for line in found.lines if line.n is not None]
    hidden = len(found.lines) - len(shown)
    if found.improved.whole is not None:
        # With the whole told, one hidden row alone could be worked out.
        assert hidden != 1
        assert found.lines[0].n == found.improved.part
    assert all(n == 0 or n >= 5 for n in shown)
