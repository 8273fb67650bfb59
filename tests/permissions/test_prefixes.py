"""Items are found by the texts that others begin with, without a look at each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from scopedown.core.text import Part, Pseudo, Ref, Text
from scopedown.core.text_slicing import Prefixes, after

PARTS: some.SearchStrategy[Part | str] = some.one_of(
    some.sampled_from(["a", "ab", "b", ":", "ba"]), some.sampled_from([Ref("Desk"), Pseudo("AWS::Region")])
)
TEXTS = some.lists(PARTS, max_size=4).map(lambda parts: Text.of(*parts))


@given(some.lists(TEXTS, max_size=8), TEXTS)
def test_as_if_each_were_tried(prefixes: list[Text], text: Text) -> None:
    known: Prefixes[int] = Prefixes()
    for number, prefix in enumerate(prefixes):
        known.add(prefix, number)
    tried = {(number, rest) for number, prefix in enumerate(prefixes) if (rest := after(text, prefix)) is not None}
    assert set(known.of(text)) == tried
