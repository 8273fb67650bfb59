"""The change of a statement that mends a problem."""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.checks.model import Fix
from scopedown.compare.statement import Declared
from scopedown.compare.subject import Subject


def fix_of(
    subject: Subject,
    one: Declared,
    actions: Mapping[str, tuple[str, ...]] | None = None,
    resources: tuple[int, ...] = (),
    rewrite: bool = False,
) -> Fix | None:
    """A change of a judged statement; none of one that something which was not seen may need as it is."""
    if (
        one.statement.place is None
        or not one.judged
        or subject.from_template(one)
        or ((rewrite or actions) and subject.may_need(one))
    ):
        return None
    return Fix(one.statement.place, actions or {}, resources, rewrite)
