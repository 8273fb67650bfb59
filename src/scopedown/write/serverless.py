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
from scopedown.write.subjects import by_role, left_alone, searched
from scopedown.write.texts import Spot, Texts, located
from scopedown.write.trimmed import trimmed
from scopedown.write.unsure import unsure
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
    scan = before.scan
    project = without_attached(scan.project)
    analysed, findings = searched(scan)
    analysed = [function for function in analysed if function.key not in held]
    findings += unsure(scan)
    chosen = dialect or dialect_of(project)
    of_all = copies(project, texts)  # before a change moves lines
    abandoned, by_hand = judged(_of_shared_role(project), texts, Doubt(scope=Scope.of(project)))
    places = frozenset((*attached_places(scan.project), *common_places(scan.project)))
    doubts = {each.function.key: _doubt(before, each.function, places) for each in scan.functions}
    try:
        findings += added_plugin(project, chosen, texts) if not shared else ()
    except SpliceError as error:
        return WritePlan((), (), (*findings, error.finding("write-by-hand"))), ()
    findings += _own_roles(project, analysed) if shared else ()
    findings += lay_out(project, analysed, chosen, shared, texts, doubts)
    laid = read(texts.overlay()) if texts.changes() else scan.project
    outside, common, own = attached_places(laid), common_places(laid), own_policies(laid)
    own_of: dict[str, list[str]] = {}
    for policy_id, of in own.items():
        own_of.setdefault(of, []).append(policy_id)
    roles: list[WrittenRole] = []
    unserved_: list[Served] = []
    differences: list[Difference] = []
    shared_place = project.roles[SHARED_ROLE].place if SHARED_ROLE in project.roles else None
    staying: dict[tuple[str, str], list[Role]] = {}
    leaving = {function.key for function in project.functions if function.role == SHARED_ROLE}
    for id, assuming in by_role(laid.functions, {function.key for function in analysed}).items():
        role, functions = laid.roles[id], assuming.functions
        if not role.declared:
            continue
        if why := left_alone(role, assuming.others):
            findings.append(why)
            continue
        role, attached = own_part(role, outside)
        fit, doubt = before.fitted(functions, places)
        unserved_ += fit.left
        wanted = needed(fit.permissions, role, Scope.of(laid), as_it_is, given_by_framework(laid, role))
        mine = own_of.get(id, [])
        wanted = in_pieces(wanted) if form.managed or mine else wanted
        has_left = id != SHARED_ROLE and all(function.key in leaving for function in functions)
        taken = [copy for copy in of_all if copy.why(doubt)] if has_left else []
        taken = _not_there(taken, role, wanted) if taken else taken
        try:
            where = partial(place_of_list, laid, functions[0], chosen, texts)
            made = difference(role, wanted, where, texts, doubt, common)
            made = replace(made, missing=(*made.missing, *(copy.written for copy in taken)))
            made = _without_emptied(made, role, mine, texts) if mine else made
            tried(made, texts)
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
            continue
        try:
            policies = _policies(role, partial(place_of_policies, laid, functions[0], texts), texts, doubt)
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
            policies = Policies()
        differences.append(replace(made, gone=(*made.gone, *policies.gone)))
        for policy in (one for one in policies.stay if one[0] not in own):
            staying.setdefault(policy, []).append(project.roles.get(id) or replace(role, place=shared_place))
        kept = (
            *made.kept,
            *attached,
            *(Kept(copy.declared.statement, copy.declared.place, copy.why(doubt)) for copy in taken),
        )
        roles.append(
            WrittenRole(id, tuple(function.key for function in functions), tuple(one.means for one in wanted), kept)
        )
    findings += unserved(unserved_)
    findings += _left_behind(project, laid, of_all, doubts)
    findings += _staying(staying)
    try:
        is_used = any(function.role == SHARED_ROLE for function in laid.functions)
        if not is_used and (shared_role := project.roles.get(SHARED_ROLE)) is not None:
            where = partial(provider_policies, project, texts)
            abandoned += _policies(shared_role, where, texts, CERTAIN).gone
        findings += [] if is_used else by_hand
        inherited = {} if is_used or not common else {*_spots(laid, common, texts)}
        settle(differences, [] if is_used else [one for one in abandoned if one not in inherited], texts)
    except SpliceError as error:
        return WritePlan((), (), (*findings, error.finding("write-by-hand"))), ()
    if form != INLINE:
        try:
            now = read(texts.overlay())
            holders = {id: holder_of(id, now.roles[id].place, texts) for id in _written(roles, now)}
            findings += formed(now, scan.project, roles, form, holders, texts)
            findings += many(read(texts.overlay()), roles)
        except ScopedownError as error:
            return WritePlan((), (), tuple(findings)), (Wrong(str(error)),)
    changes = _in_order(texts.changes(), project, laid)
    whole = WritePlan(changes, tuple(roles), tuple(findings))
    lost = _without_what_may_serve(scan, project, laid, of_all)
    return whole, (
        *lost,
        *verified(first, without_attached(first.scan.project), lambda: read(texts.overlay()), whole),
    )


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
