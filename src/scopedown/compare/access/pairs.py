"""Two states of a project: which subject is which, and what of it there is to compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scopedown.compare.access.model import Subject


def paired(old: Sequence[Subject], new: Sequence[Subject]) -> list[tuple[Subject | None, Subject | None]]:
    """Each subject with what it was: by its id, else by a function that it is for, else by its name."""
    by_key = {key: subject for subject in reversed(old) for key in subject.keys}
    pairs: list[tuple[Subject | None, Subject | None]] = []
    met: set[int] = set()
    before = {id for one in old for id in one.declared}  # a policy that is new is compared itself
    ids = {one.keys[0] for one in new if one.keys}
    for subject in new:
        was = next((by_key[key] for key in subject.keys if key in by_key), None)
        if was is not None:
            met.add(id(was))
            if was.keys[0] != subject.keys[0]:
                subject = replace(subject, name=f"{subject.name}, before {was.name}")
        if subject.uses[0]:
            pairs += _used(was, subject, old)
        elif was is not None or subject.given != "attached" or subject.keys[0].rpartition("|")[2] in before:
            pairs.append((was, subject))
    left = {id for one in new for id in one.declared}
    for one in old:
        if id(one) not in met and not one.uses[0] and (not one.keys or one.keys[0] not in ids):
            gone = bool(one.targets) and left.isdisjoint(one.targets)
            pairs.append((replace(one, outlived=False) if gone else one, None))
    return pairs


def _used(
    was: Subject | None, subject: Subject, old: Sequence[Subject]
) -> Iterator[tuple[Subject | None, Subject | None]]:
    """A resource that runs with a role: only another role than before is compared. Of a role that was not there, all is
    new."""
    uses, role = subject.uses
    if role and not any(key.endswith(f"id:{role}") for one in old for key in one.keys[:1]):
        return
    if was is None and uses not in {one.uses[0] for one in old}:
        yield None, replace(subject, layers=((),), grants=(), unknown=(f"{uses}, and no such resource did before",))
    elif was is not None and was.uses != subject.uses:
        yield was, subject
