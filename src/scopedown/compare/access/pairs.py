"""Two states of a project: which subject is which, and what of it there is to compare.

What a condition leaves out of one deployment is there in another (other parameters, another stage, other variables),
and a file is shared by all. So both states are also read with every such choice left open; of that reading, only what
this deployment's does not show is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from scopedown.catalog.model import Catalog
from scopedown.compare.access.model import Change, Subject
from scopedown.compare.access.states import compared_subjects
from scopedown.core.finding import ScopedownError
from scopedown.iam.document import Kind
from scopedown.project.load import choices, load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.stand_ins import STAGE

OTHER: Final = "other deployments|"
"""What the keys of subjects begin with that are those of other deployments (:func:`with_other_deployments`)."""
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


_LABEL: Final = ", in another deployment"


def with_other_deployments(project: Project, options: Options, catalog: Catalog) -> list[Subject]:
    """The subjects of this deployment, and those of a reading that leaves every choice open.

    A project that cannot be read so is a subject that says why: it is not decided where it could be read before.
    """
    own = compared_subjects(project, catalog)
    opened = _opened(project, options)
    if opened is None:
        return own
    try:
        others = compared_subjects(load_project(Path(project.root) / project.config, opened), catalog)
    except ScopedownError as error:
        why = f"the project cannot be read for other deployments: {error.message}"
        others = [Subject(project.service or "project", Kind.IDENTITY, ((),), error.place, ("project:",), {}, (why,))]
    return own + [
        replace(one, name=one.name + _LABEL, keys=tuple(f"{OTHER}{key}" for key in one.keys)) for one in others
    ]


def _opened(project: Project, options: Options) -> Options | None:
    """The options that leave open what a deployment decides; None where it decides nothing."""
    if project.framework == "serverless":
        return replace(options, stage=STAGE, every_deployment=True)
    names = choices(project, options)
    if names is None or not (names or project.conditions or project.framework == "terraform"):
        return None
    return replace(options, symbolic=names, every_deployment=True)
