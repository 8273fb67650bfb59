"""``write`` for a Serverless project: its files as they will be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from scopedown.compare.doubt import CERTAIN, Doubt, why_kept
from scopedown.compare.fitted import Served
from scopedown.compare.maybe_needed import meet
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.documents.nodes import items_of, place_of
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredStatement, Function, Project, Role
from scopedown.project.serverless.names import SHARED_ROLE
from scopedown.project.stand_ins import spelled_out
from scopedown.scan import ProjectScan
from scopedown.write.attached_policies import (
    Policies,
    attached_places,
    chosen_policies,
    common_places,
    given_by_framework,
    judged_policies,
    own_part,
    policy_name,
    why_policy_stays,
    without_attached,
)
from scopedown.write.before import Before, unserved
from scopedown.write.layout import (
    added_plugin,
    dialect_of,
    has_written_role,
    lay_out,
    place_of_list,
    place_of_policies,
    provider_policies,
)
from scopedown.write.managed import (
    formed,
    holder_of,
    in_pieces,
    listed_in,
    many,
    own_policies,
    require_form,
    without_emptied,
)
from scopedown.write.model import INLINE, Dialect, FileChange, Form, Kept, WritePlan, WrittenRole
from scopedown.write.splicing import Copy, Difference, copies, difference, judged, settle, tried
from scopedown.write.statements import Needed, as_it_is, canonical, needed
from scopedown.write.subjects import by_role, left_alone, searched, unsure
from scopedown.write.texts import Spot, Texts, located
from scopedown.write.trimmed import trimmed
from scopedown.write.verify import Wrong, verified, without_the_wrong

Reader = Callable[[Mapping[Path, str]], Project]
"""Reads the project again, with texts in the place of its files."""


def plan(
    scan: ProjectScan,
    read: Reader,
    dialect: Dialect | None = None,
    shared: bool = False,
    form: Form = INLINE,
) -> WritePlan:
    """What would be written for the functions of a scan (:func:`~.every_deployment.of_every_deployment`).

    What comes of it is read again; the functions of a role that does not come out as it should are left as they are.
    Raises ScopedownError for a form that the dialect has no place for.
    """
    require_form(form, dialect or dialect_of(scan.project), shared)
    in_place = form == INLINE and (dialect or dialect_of(scan.project)) is Dialect.INLINE and _is_alone(scan.project)
    made = without_the_wrong(scan, lambda held: _planned(scan, read, dialect, shared or in_place, held, form))
    if in_place and not shared and any(one.code == "write-by-hand" for one in made.findings):
        made = without_the_wrong(scan, lambda held: _planned(scan, read, dialect, shared, held, form))
    return replace(made, findings=tuple(replace(one, message=spelled_out(one.message)) for one in made.findings))


def _planned(
    scan: ProjectScan,
    read: Reader,
    dialect: Dialect | None,
    shared: bool,
    held: Collection[str],
    form: Form,
) -> tuple[WritePlan, tuple[Wrong, ...]]:
    """A plan without the functions that are ``held`` back, and what reading its result finds wrong with it."""
    texts = Texts(Path(scan.project.root))
    first = Before(scan)
    before = trimmed(first, {function.key for function in searched(scan)[0]} - {*held}, texts, read)
    draft = _Draft(before, texts, dialect, held)
    try:
        draft.lay_out(shared, read)
        draft.write_roles(form)
        draft.give_up_shared_role()
    except SpliceError as error:
        return WritePlan((), (), (*draft.findings, error.finding("write-by-hand"))), ()
    if form != INLINE:
        try:
            draft.put_in_policies(form, read)
        except ScopedownError as error:
            return WritePlan((), (), tuple(draft.findings)), (Wrong(str(error)),)
    changes = _in_order(texts.changes(), draft.project, draft.laid)
    whole = WritePlan(changes, tuple(draft.roles), tuple(draft.findings))
    lost = _without_what_may_serve(before.scan, draft.project, draft.laid, draft.of_shared_role)
    return whole, (
        *lost,
        *verified(first, without_attached(first.scan.project), lambda: read(texts.overlay()), whole),
    )


class _Draft:
    """The files of a project while roles are written into them, and what is to be said of that.

    ``project`` is the project as it is, without attached policies; ``laid`` the one whose functions have their roles,
    which :meth:`lay_out` makes.
    """

    def __init__(self, before: Before, texts: Texts, dialect: Dialect | None, held: Collection[str]) -> None:
        self.before, self.texts, self.scan = before, texts, before.scan
        self.project = without_attached(self.scan.project)
        self.dialect = dialect or dialect_of(self.project)
        analysed, self.findings = searched(self.scan)
        self.analysed = [function for function in analysed if function.key not in held]
        self.findings += unsure(self.scan)
        self.of_shared_role = copies(self.project, texts)  # before a change moves lines
        scope = Scope.of(self.project)
        self.abandoned, self.by_hand = judged(_of_shared_role(self.project), texts, Doubt(scope=scope))
        self.places = frozenset((*attached_places(self.scan.project), *common_places(self.scan.project)))
        self.doubts = {
            each.function.key: _doubt(before, each.function, self.places) for each in self.scan.functions
        }  # fmt: skip
        self.leaving = {function.key for function in self.project.functions if function.role == SHARED_ROLE}
        self.roles: list[WrittenRole] = []
        self.differences: list[Difference] = []
        self.laid = self.scan.project

    def lay_out(self, shared: bool, read: Reader) -> None:
        """Give every function its role, or all of them the ``shared`` role. Raises SpliceError."""
        if shared:
            self.findings += _own_roles(self.project, self.analysed)
        else:
            self.findings += added_plugin(self.project, self.dialect, self.texts)
        self.findings += lay_out(self.project, self.analysed, self.dialect, shared, self.texts, self.doubts)
        if self.texts.changes():
            self.laid = read(self.texts.overlay())
        self.outside, self.common = attached_places(self.laid), common_places(self.laid)

    def write_roles(self, form: Form) -> None:
        """Fit every role to the functions that assume it; what cannot be written is a finding."""
        own = own_policies(self.laid)
        own_of: dict[str, list[str]] = {}
        for policy, holder in own.items():
            own_of.setdefault(holder, []).append(policy)
        unserved_: list[Served] = []
        staying: dict[tuple[str, str], list[Role]] = {}
        shared = self.project.roles.get(SHARED_ROLE)
        for id, assuming in by_role(self.laid.functions, {function.key for function in self.analysed}).items():
            role = self.laid.roles[id]
            if not role.declared:
                continue
            if why := left_alone(role, assuming.others):
                self.findings.append(why)
                continue
            unserved_ += self.before.fitted(assuming.functions, self.places)[0].left
            policies = self._write_role(role, assuming.functions, own_of.get(id, []), form)
            for stays in (one for one in policies.stay if one[0] not in own):
                declared = self.project.roles.get(id) or replace(role, place=shared.place if shared else None)
                staying.setdefault(stays, []).append(declared)
        self.findings += unserved(unserved_)
        self.findings += _left_behind(self.project, self.laid, self.of_shared_role, self.doubts)
        self.findings += _staying(staying)

    def _write_role(self, role: Role, functions: Sequence[Function], own: Sequence[str], form: Form) -> Policies:
        """Write what a role must hold; ``own`` are the managed policies of its own. Gives what becomes of the policies
        that a person chose for it."""
        role, attached = own_part(role, self.outside)
        fit, doubt = self.before.fitted(functions, self.places)
        scope, given = Scope.of(self.laid), given_by_framework(self.laid, role)
        wanted = needed(fit.permissions, role, scope, as_it_is, given)
        wanted = in_pieces(wanted) if form.managed or own else wanted
        taken = self._taken_along(role, functions, doubt, wanted)
        try:
            where = partial(place_of_list, self.laid, functions[0], self.dialect, self.texts)
            made = difference(role, wanted, where, self.texts, doubt, self.common)
            made = replace(made, missing=(*made.missing, *(copy.written for copy in taken)))
            made = _without_emptied(made, role, own, self.texts) if own else made
            tried(made, self.texts)
        except SpliceError as error:
            self.findings.append(error.finding("write-by-hand"))
            return Policies()
        try:
            places = partial(place_of_policies, self.laid, functions[0], self.texts)
            policies = _policies(role, places, self.texts, doubt)
        except SpliceError as error:
            self.findings.append(error.finding("write-by-hand"))
            policies = Policies()
        self.differences.append(replace(made, gone=(*made.gone, *policies.gone)))
        copied = (Kept(copy.declared.statement, copy.declared.place, copy.why(doubt)) for copy in taken)
        keys, means = tuple(function.key for function in functions), tuple(need.means for need in wanted)
        self.roles.append(WrittenRole(role.id, keys, means, (*made.kept, *attached, *copied)))
        return policies

    def _taken_along(
        self, role: Role, functions: Sequence[Function], doubt: Doubt, wanted: Iterable[Needed]
    ) -> Sequence[Copy]:  # fmt: skip
        """The statements of the shared role that functions which leave it may need, and that their role lacks."""
        if role.id == SHARED_ROLE or not all(function.key in self.leaving for function in functions):
            return ()
        return _not_there([copy for copy in self.of_shared_role if copy.why(doubt)], role, wanted)

    def give_up_shared_role(self) -> None:
        """Take out what roles no longer hold, and all of the shared role where no function has it. Raises
        SpliceError."""
        if any(function.role == SHARED_ROLE for function in self.laid.functions):
            settle(self.differences, [], self.texts)
            return
        abandoned = list(self.abandoned)
        if (shared := self.project.roles.get(SHARED_ROLE)) is not None:
            where = partial(provider_policies, self.project, self.texts)
            abandoned += _policies(shared, where, self.texts, CERTAIN).gone
        self.findings += self.by_hand
        inherited = {*_spots(self.laid, self.common, self.texts)} if self.common else set()
        settle(self.differences, [one for one in abandoned if one not in inherited], self.texts)

    def put_in_policies(self, form: Form, read: Reader) -> None:
        """Put the statements of the written roles into managed policies. Raises ScopedownError."""
        now = read(self.texts.overlay())
        holders = {id: holder_of(id, now.roles[id].place, self.texts) for id in _written(self.roles, now)}
        self.findings += formed(now, self.scan.project, self.roles, form, holders, self.texts)
        self.findings += many(read(self.texts.overlay()), self.roles)


def _is_alone(project: Project) -> bool:
    """Whether the role that the framework makes for all has one function, and statements of the project: it is that
    function's role already."""
    role = project.roles.get(SHARED_ROLE)
    if role is None or [function.role for function in project.functions] != [SHARED_ROLE]:
        return False
    return any(statement.added_by == "project" for statement in role.statements)


def _written(roles: Iterable[WrittenRole], project: Project) -> Iterator[str]:
    """The roles that are resources of the project."""
    return (role.id for role in roles if role.id in project.resources and role.id in project.roles)


def _without_emptied(made: Difference, role: Role, policies: Sequence[str], texts: Texts) -> Difference:
    """A difference that takes out whole the managed policies of the role's own of which nothing is left."""
    holder = holder_of(role.id, role.place, texts)
    inside = [path for file, path in made.gone if file == holder.file]
    takes = made.where[1] if made.missing else ()
    emptied = [policy for policy in policies if listed_in(holder, policy) != takes]
    others = [(file, path) for file, path in made.gone if file != holder.file]
    left = [(holder.file, path) for path in without_emptied(inside, holder, emptied, texts)]
    return replace(made, gone=(*others, *left))


def _spots(project: Project, places: Collection[Place], texts: Texts) -> Iterator[Spot]:
    """Where the statements at places are in the texts."""
    for place in places:
        try:
            yield located(place, None, texts)
        except SpliceError:
            continue


def _own_roles(project: Project, functions: Sequence[Function]) -> Iterator[Finding]:
    """What is told where one role for all functions is asked for, and some have another."""
    own = [function for function in functions if function.role != SHARED_ROLE and project.roles[function.role].declared]
    if own:
        yield Finding(
            "write-own-role",
            f"{', '.join(function.key for function in own)}: kept its own role besides the shared role",
            own[0].place,
            "remove role, iamRoleStatements or iam from the function to make it use the shared role",
        )


def _doubt(before: Before, function: Function, places: frozenset[Place]) -> Doubt:
    """What one function may need, with the managed policies that stay for what it needs."""
    return replace(before.doubt([function]), policies=before.fitted([function], places)[1].policies)


def _policies(role: Role, where: Callable[[], Spot], texts: Texts, doubt: Doubt) -> Policies:
    """What becomes of the managed policies that a person chose for a role. Raises SpliceError."""
    policies = chosen_policies(role)
    return judged_policies(policies, *where(), texts, doubt) if policies else Policies()


def _staying(policies: Mapping[tuple[str, str], Sequence[Role]]) -> Iterator[Finding]:
    for (name, why), roles in policies.items():
        ids = ", ".join(role.id for role in roles)
        yield Finding(
            "write-kept-policy", f"{ids}: kept the policy {name}: {why}", roles[0].place,
            "replace it if it is too broad",
        )  # fmt: skip


def _in_order(changes: tuple[FileChange, ...], before: Project, after: Project) -> tuple[FileChange, ...]:
    """The files in the order in which they are replaced, so that a project of which only the first are new can be read
    and allows nothing that it did not: the files with new roles before those that name them, and the project file,
    which gives up the shared role's statements, last where it can be."""
    new = {role.place.file for id, role in after.roles.items() if role.place and id not in before.roles}
    return tuple(sorted(changes, key=lambda one: (one.name not in new, one.name == before.config, one.name)))


def _of_shared_role(project: Project) -> Iterable[DeclaredStatement]:
    shared = project.roles.get(SHARED_ROLE)
    return _left_over(project) if shared is None else shared.statements


def _left_over(project: Project) -> Iterator[DeclaredStatement]:
    """Statements of a shared role that is not made, where all functions have roles that were written here: a run that
    was killed before its last file left them."""
    if not project.functions or not all(has_written_role(function, project) for function in project.functions):
        return
    provider: Any = project.provider
    role = provider["iam"].get("role") if isinstance(provider.get("iam"), Mapping) else None
    for holder, name in ((role, "statements"), (provider, "iamRoleStatements")):
        statements = holder.get(name) if isinstance(holder, Mapping) else None
        for number, one in enumerate(statements if isinstance(statements, list) else ()):
            if isinstance(one, Mapping) and (place := place_of(statements, number)) is not None:
                yield DeclaredStatement(one, place)


def _not_there(taken: Iterable[Copy], role: Role, wanted: Iterable[Needed]) -> list[Copy]:
    """The statements that a role neither has nor is given."""
    there = {canonical(one) for one in (*(one.statement for one in role.statements), *(one.means for one in wanted))}
    return [copy for copy in taken if canonical(copy.declared.statement) not in there]


def _without_what_may_serve(
    scan: ProjectScan, before: Project, after: Project, of_all: Sequence[Copy]
) -> tuple[Wrong, ...]:
    """The functions that leave the shared role, and with it a statement that may allow what they need and that cannot
    be copied."""
    shared, scope = before.roles.get(SHARED_ROLE), Scope.of(before)
    copied = {id(each.declared) for each in of_all}
    behind = [
        one.statement
        for one in (shared.statements if shared else ())
        if one.added_by == "project" and id(one) not in copied and one.statement.get("Effect") != "Deny"
        and why_kept(one, scope)
    ]  # fmt: skip
    old = {function.key for function in before.functions if function.role == SHARED_ROLE}
    moved = {function.key for function in after.functions if function.key in old and function.role != SHARED_ROLE}
    found = []
    for each in scan.functions if behind else ():
        actions = {need.action for need in each.permissions}
        served = any(
            not isinstance(pattern, str) or any(meet(pattern, action) for action in actions)
            for statement in behind
            for pattern in items_of(statement.get("Action", "*"))
        )
        if each.function.key in moved and served:
            why = "a statement of the shared role that may allow what it needs cannot be copied to its role"
            found.append(Wrong(why, (each.function.key,), remedy="copy the statement to a role for the function"))
    return tuple(found)


def _left_behind(
    before: Project, after: Project, of_all: Sequence[Copy], doubts: Mapping[str, Doubt]
) -> Iterator[Finding]:
    """The unjudged statements and managed policies of a shared role that could not be copied into its functions' new
    roles."""
    shared = before.roles.get(SHARED_ROLE)
    old = {function.key for function in before.functions if function.role == SHARED_ROLE}
    moved = [function for function in after.functions if function.key in old and function.role != SHARED_ROLE]
    left = [function.key for function in moved]
    scope = Scope.of(before)
    for policy in chosen_policies(shared) if shared else ():
        name, lacking = policy_name(policy), []
        for function in moved:
            has_it = name in map(policy_name, after.roles[function.role].managed_policies)
            if why_policy_stays(policy, doubts.get(function.key, CERTAIN)) and not has_it:
                lacking.append(function.key)
        if lacking and shared is not None:
            yield Finding(
                "write-left-behind", f"the policy {name} of the shared role is in no role of {', '.join(lacking)}",
                shared.place, "add the statements that they need to their roles",
            )  # fmt: skip
    for statement in shared.statements if shared and left else ():
        copied = any(each.declared is statement for each in of_all)
        if statement.added_by == "project" and not copied and (why := Doubt(scope=scope).stays(statement)):
            yield Finding(
                "write-left-behind", f"a statement of the shared role was not copied to the functions' roles: {why}",
                statement.place, "copy it to the roles that need it",
            )  # fmt: skip
