"""A role's statements as managed policies of the project, where ``write --as managed`` asks for that.

Inline policies of a role have 10,240 characters together, a managed policy 6,144 and a role up to ten of them
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Each is an ``AWS::IAM::ManagedPolicy``
beside the role, which names it by ``Ref``; it has no name of its own, so that CloudFormation makes one that fits. What
is written so is known again by its logical id (:func:`own_policies`), and is then as much the role's own as an inline
policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.compare.doubt import Doubt
from scopedown.compare.limits import MANAGED, characters
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.emit.splice.edits import SpliceError
from scopedown.iam.size import MANAGED_PER_ROLE
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredStatement, Project
from scopedown.project.roles import referenced
from scopedown.write.model import INLINE, Dialect, Form, Kept, WrittenRole
from scopedown.write.statements import Missing, Needed
from scopedown.write.texts import Steps, Texts, located

TYPE: Final = "AWS::IAM::ManagedPolicy"
_NUMBERED: Final = re.compile(r"(?P<role>\w+)ManagedPolicy[1-9][0-9]*")
_PART: Final = 64
"""Characters that a part is taken to have which only the deployment knows, so that a policy fits then too."""
_FRAME: Final = characters({"Version": "2012-10-17", "Statement": []})


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a role's policies are written: ``inline`` is the list of them, each with its statements at ``document``,
    ``managed`` the list that takes the references. ``place`` is the role's own."""

    file: str
    inline: Steps
    document: Steps
    managed: Steps
    resources: Steps
    name: str
    place: Place | None = None


def holder_of(id: str, place: Place | None, texts: Texts) -> Holder:
    """Where the policies of a role are written that is a resource. Raises SpliceError."""
    name = id.rpartition("/")[2]
    file, path = located(place, name, texts)
    properties = (*path, "Properties")
    return Holder(
        file, (*properties, "Policies"), ("PolicyDocument",), (*properties, "ManagedPolicyArns"), path[:-1], name, place
    )


def own_policies(project: Project) -> Mapping[str, str]:
    """The managed policies that were written for one role of the project, each with that role."""
    candidates = {
        id: f"{id.rpartition('/')[0]}/{match['role']}".removeprefix("/")
        for id, resource in project.resources.items()
        if resource.type == TYPE and set(resource.properties) == {"PolicyDocument"}
        if (match := _NUMBERED.fullmatch(id.rpartition("/")[2]))
    }
    if not candidates:
        return {}
    named = [(role.id, referenced(policy, Scope(), candidates)) for role in project.roles.values()
             for policy in role.managed_policies]  # fmt: skip
    return {id: role for id, role in candidates.items() if [by for by, target in named if target == id] == [role]}


def require_form(form: Form, dialect: Dialect, shared: bool) -> None:
    """Raise ScopedownError where a Serverless project's roles have no place for the form that is asked for."""
    if form == INLINE or (dialect is Dialect.INLINE and not shared):
        return
    asked = "--as managed" if form.managed else "--boundary"
    what = "the one role for all functions" if shared else f"a role in the dialect {dialect.value}"
    raise ScopedownError(
        f"{asked} applies to roles under resources, and the framework generates {what} itself",
        remedy="write roles under resources (--dialect inline, without --shared)" + (
            "" if form.managed else ", or set provider.iam.role.permissionsBoundary for the generated role"
        ),
    )  # fmt: skip


def in_pieces(wanted: Sequence[Needed]) -> tuple[Needed, ...]:
    """The statements, of which one that is too long for a managed policy is cut between its resources."""
    return tuple(piece for one in wanted for piece in _pieces(one))


def _pieces(one: Needed) -> Iterator[Needed]:
    resources: Any = one.means.get("Resource")
    if _FRAME + _size(one.means) <= MANAGED or not isinstance(resources, list) or len(resources) < 2:
        yield one
        return
    half = len(resources) // 2
    for part in (slice(None, half), slice(half, None)):
        means = {**one.means, "Resource": resources[part]}
        written = {**one.written, "Resource": one.written["Resource"][part]}
        yield from _pieces(Needed(means, written))


@dataclass
class Inside:
    """What becomes of the statements in a role's own managed policies: the needs that they leave, the ``rest`` of the
    role's statements, those that stay unjudged, and what is taken out of the file."""

    missing: Missing
    rest: list[DeclaredStatement] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    gone: list[Steps] = field(default_factory=list)


def in_own(
    declared: Iterable[DeclaredStatement],
    wanted: Sequence[Needed],
    holder: Holder,
    policies: Sequence[str],
    texts: Texts,
    read: Callable[[Text], Text],
    doubt: Doubt,
) -> Inside:
    """Compare the statements that are in a role's own managed policies with those that are ``wanted``."""
    found = Inside(Missing(wanted, read))
    lists = {listed_in(holder, id) for id in policies}
    text = texts.of(holder.file)
    for statement in declared:
        at = statement.place if lists and statement.place is not None and statement.place.file == holder.file else None
        path = next((path for path in text.paths_at(at.line, at.column) if path[:-1] in lists), None) if at else None
        if path is None:
            found.rest.append(statement)
        elif found.missing.take(statement.statement) is not None:
            continue
        elif why := doubt.stays(statement):
            found.kept.append(Kept(statement.statement, statement.place, why))
        else:
            found.gone.append(path)
    found.gone = without_emptied(found.gone, holder, policies, texts)
    return found


def listed_in(holder: Holder, id: str) -> Steps:
    """Where the statements of a managed policy of the role's own are."""
    return (*holder.resources, id.rpartition("/")[2], "Properties", "PolicyDocument", "Statement")


def without_emptied(gone: Sequence[Steps], holder: Holder, policies: Collection[str], texts: Texts) -> list[Steps]:
    """What is taken out of a file, where some of the statements are in policies of the role's own: a policy of which
    nothing is left goes whole, with the reference to it."""
    text = texts.of(holder.file)
    left = list(gone)
    for id in policies:
        listed = listed_in(holder, id)
        resource = listed[:-3]
        inside = [one for one in left if one[: len(listed)] == listed]
        if inside and len(inside) == len(text.keys(listed)):
            left = [one for one in left if one not in inside]
            left += [resource, *(item for item in _items(holder, texts) if text.tree(item) == {"Ref": resource[-1]})]
    return left


def _items(holder: Holder, texts: Texts) -> list[Steps]:
    text = texts.of(holder.file)
    path = holder.managed
    return [(*path, number) for number in text.keys(path)] if text.kind(path) == "sequence" else []


def lift(
    project: Project, roles: Iterable[WrittenRole], holders: Mapping[str, Holder], texts: Texts
) -> Iterator[Finding]:
    """Move the statements of these roles' inline policies into managed ones; what cannot be moved is told.
    ``project`` is what the texts say, ``holders`` are where the roles' policies are written."""
    own = own_policies(project)
    for role in roles:
        holder = holders.get(role.id)
        if holder is None:
            continue
        trial = texts.copy()
        try:
            _lift(project, holder, [id for id, of in own.items() if of == role.id], trial)
            trial.of(holder.file)
        except SpliceError as error:
            yield error.finding("write-by-hand")
            continue
        texts.take(trial)


def many(project: Project, roles: Iterable[WrittenRole]) -> Iterator[Finding]:
    """The roles that have more managed policies than the default quota allows, which can be raised."""
    for one in roles:
        role = project.roles.get(one.id)
        if role is not None and len(role.managed_policies) > MANAGED_PER_ROLE:
            yield Finding(
                "write-many-policies", f"{one.id} has {len(role.managed_policies)} managed policies; IAM allows "
                f"{MANAGED_PER_ROLE} on a role unless the account's quota is raised", role.place,
                "ask AWS for a higher quota of managed policies per role (up to 20), or split the function",
            )  # fmt: skip


def _lift(project: Project, holder: Holder, own: Sequence[str], texts: Texts) -> None:
    text = texts.of(holder.file)
    entries: list[Steps] = []
    moved: list[Any] = []
    is_list = text.kind(holder.inline) == "sequence"
    every: list[Steps] = [(*holder.inline, number) for number in text.keys(holder.inline)] if is_list else []
    for entry in every or [holder.inline]:
        listed = (*entry, *holder.document, "Statement")
        if text.kind(entry) != "mapping" or text.tag(entry) or text.kind(listed) not in ("sequence", "mapping"):
            continue
        statements = text.tree(listed)
        moved += statements if isinstance(statements, list) else [statements]
        entries.append(entry)
    if not moved:
        return
    if text.kind(holder.managed) not in ("", "sequence") and holder.managed != holder.inline:
        raise SpliceError(
            f"{'.'.join(map(str, holder.managed))} is not a list", holder.place, "write its managed policies by hand"
        )
    added, new = _packed(moved, {id: project.resources[id].properties["PolicyDocument"] for id in own})
    for id, statements in added.items():
        texts.append(holder.file, listed_in(holder, id), statements)
    taken = {id.rpartition("/")[2] for id in project.deployed}
    references = []
    for statements in new:
        name = next(name for n in range(1, len(taken) + 2) if (name := f"{holder.name}ManagedPolicy{n}") not in taken)
        taken.add(name)
        document = {"Version": "2012-10-17", "Statement": statements}
        texts.set(holder.file, (*holder.resources, name), {"Type": TYPE, "Properties": {"PolicyDocument": document}})
        references.append({"Ref": name})
    if not is_list and holder.managed == holder.inline:
        texts.set(holder.file, holder.inline, references)
        return
    texts.append(holder.file, holder.managed, references)
    if len(entries) == len(every or [holder.inline]) and holder.managed != holder.inline:
        texts.remove(holder.file, holder.inline)
        return
    for entry in reversed(entries):
        texts.remove(holder.file, entry)


def _packed(
    statements: Sequence[Any], there: Mapping[str, Any]
) -> tuple[dict[str, list[Any]], list[list[Any]]]:  # fmt: skip
    """Statements by the policies that take them: those that are there, and new ones. The first with room takes it."""
    rooms = {id: MANAGED - _size(document) for id, document in there.items()}
    added: dict[str, list[Any]] = {}
    new: list[tuple[int, list[Any]]] = []
    for statement in statements:
        size = _size(statement) + 1
        if (id := next((id for id, room in rooms.items() if size <= room), None)) is not None:
            rooms[id] -= size
            added.setdefault(id, []).append(statement)
            continue
        at = next((at for at, (room, _) in enumerate(new) if size <= room), None)
        if at is None:
            new.append((MANAGED - _FRAME - size, [statement]))
        else:
            new[at] = (new[at][0] - size, [*new[at][1], statement])
    return added, [listed for _, listed in new]


def _size(tree: Any) -> int:
    return characters(tree, _PART)


def formed(
    project: Project,
    before: Project,
    roles: Sequence[WrittenRole],
    form: Form,
    holders: Mapping[str, Holder],
    texts: Texts,
) -> Iterator[Finding]:
    """Give written roles the form that is asked for; what cannot be written is told. ``project`` is what the texts say,
    ``before`` what it was: the roles that are new get the boundary."""
    for id, holder in holders.items() if form.boundary else ():
        if id in project.resources and id not in before.resources:
            texts.set(holder.file, (*holder.inline[:-1], "PermissionsBoundary"), form.boundary)
    if form.managed:
        yield from lift(project, roles, holders, texts)
