"""The change of a statement that mends a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scopedown.checks.model import Fix
from scopedown.compare.statement import Declared, Need
from scopedown.compare.subject import Subject


def allowing(needs: Iterable[Need]) -> Fix | None:
    """A new statement for needs of which it is known, at least in part, on which resource they are."""
    allow = tuple(need.only for need in needs if need.known or need.in_part)
    return Fix(allow=allow) if allow else None


def fix_of(
    subject: Subject,
    one: Declared,
    actions: Mapping[str, tuple[str, ...]] | None = None,
    resources: tuple[int, ...] = (),
    rewrite: bool = False,
) -> Fix | None:
    """A change of a statement of which all is known, or of the actions of one whose resources are not; none of what
    something that was not seen may need as it is."""
    is_known = one.judged or (one.is_plain and not resources and not rewrite)
    if (
        one.statement.place is None
        or not is_known
        or subject.from_template(one)
        or (rewrite and subject.may_need(one))
        or any(map(subject.is_possible, actions or ()))
    ):
        return None
    return Fix(one.statement.place, actions or {}, resources, rewrite)
