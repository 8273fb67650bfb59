"""Two states of a project: which subject is which, and what of it there is to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from scopedown.compare.access.model import Change, Subject

OTHER: Final = "other deployments|"
"""What the keys of subjects begin with that are those of other deployments (:mod:`.every_deployment`)."""
Pair = tuple[Subject | None, Subject | None]
"""A subject before and after."""


def paired(old: Sequence[Subject], new: Sequence[Subject]) -> list[Pair]:
    """Each subject with what it was: by its id, else by a function that it is for, else by its name."""
    by_key = {key: subject for subject in reversed(old) for key in subject.keys}
    pairs: list[Pair] = []
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


def _used(was: Subject | None, subject: Subject, old: Sequence[Subject]) -> Iterator[Pair]:
    """A resource that runs with a role: only another role than before is compared. Of a role that was not there, all is
    new."""
    uses, role = subject.uses
    if role and not any(key.endswith(f"id:{role}") for one in old for key in one.keys[:1]):
        return
    if was is None and uses not in {one.uses[0] for one in old}:
        yield None, replace(subject, layers=((),), grants=(), unknown=(f"{uses}, and no such resource did before",))
    elif was is not None and was.uses != subject.uses:
        yield was, subject


def reported(changes: Iterable[tuple[Pair, Change]]) -> Iterator[tuple[Pair, Change]]:
    """Every change of this deployment, and of others those that this deployment does not show."""
    listed = [(_key(*pair), pair, change) for pair, change in changes]
    shown = {key for key, _, change in listed if change.fails and not key.startswith(OTHER)}
    for key, pair, change in listed:
        if not key.startswith(OTHER) or (change.fails and key.removeprefix(OTHER) not in shown):
            yield pair, change


def _key(old: Subject | None, new: Subject | None) -> str:
    """What a pair is called by: the first key of its new subject, or of the old one where there is none."""
    one = new if new is not None else old
    return one.keys[0] if one is not None and one.keys else ""
