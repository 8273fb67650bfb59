"""``write`` for a SAM or a CloudFormation template: ``Policies`` of functions and of roles as they will be.

The template is changed, read again and compared anew until nothing is left to change: what SAM adds to a role by itself
depends on what the function says, and is known once the template is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from scopedown.compare.doubt import Doubt
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Att, Param, Part, Ref, Text
from scopedown.emit.splice.edits import SpliceError
from scopedown.iam.coverage import Grant
from scopedown.permissions.managed_policies import allowed_by
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredStatement, Function, Project, Role
from scopedown.scan import ProjectScan
from scopedown.write.attached_policies import attached_places
from scopedown.write.before import Before, unserved
from scopedown.write.layout import POLICY_NAME
from scopedown.write.managed import Holder, formed, holder_of, in_own, in_pieces, many, own_policies
from scopedown.write.model import INLINE, Form, Statement, WritePlan, WrittenRole
from scopedown.write.policies import (
    PolicyChange,
    PolicyList,
    change_of,
    names_in,
    spliced,
    why_managed_kept,
)
from scopedown.write.split_shared_role import Separated, separate
from scopedown.write.statements import as_sam_reads, needed
from scopedown.write.subjects import by_role, left_alone, searched, unsure
from scopedown.write.texts import Changes, Steps, Texts, located
from scopedown.write.trimmed import trimmed
from scopedown.write.verify import Wrong, verified, without_the_wrong

Reader = Callable[[Mapping[Path, str]], Project]
VERSION: Final = "2012-10-17"
_ROUNDS: Final = 4


def plan(scan: ProjectScan, read: Reader, shared: bool = False, form: Form = INLINE) -> WritePlan:
    """What would be written for the functions of a scan: a role for each, or those that they share are kept so.

    The functions of a role that does not come out as it should are left as they are."""
    return without_the_wrong(scan, lambda held: _planned(scan, read, shared, held, form))


def _planned(
    scan: ProjectScan, read: Reader, shared: bool, held: Collection[str], form: Form
) -> tuple[WritePlan, tuple[Wrong, ...]]:
    """A plan without the functions that are ``held`` back, and what reading its result finds wrong with it."""
    texts = Texts(Path(scan.project.root))
    functions, findings = searched(scan)
    keys = {function.key for function in functions} - {*held}
    first = Before(scan)
    before = trimmed(first, keys, texts, read)
    scan = before.scan
    findings += unsure(scan)
    project, apart = scan.project, Separated()
    try:
        if not shared:
            attached = attached_places(project)

            def stays(function: Function, statement: DeclaredStatement) -> bool:
                return bool(before.fitted([function], attached)[1].stays(statement))

            apart = separate(project, keys, texts, stays)
            project = read(texts.overlay()) if apart.moved else project
        for _ in range(_ROUNDS):
            roles, work, told = _round(project, keys, before, texts, form)
            if not work:
                break
            texts.carry_out(*work)
            project = read(texts.overlay())
        if form != INLINE and not work:
            told += formed(project, scan.project, roles, form, _holders(project, keys, texts), texts)
            project = read(texts.overlay())
            told += many(project, roles)
    except ScopedownError as error:
        why = (Wrong(str(error)),) if texts.changes() else ()
        return WritePlan((), (), (*findings, *apart.findings)), why
    made = WritePlan(texts.changes(), tuple(roles), (*findings, *apart.findings, *told))
    if work:
        return made, (Wrong("the change did not reach a stable result"),)
    return made, verified(first, first.scan.project, lambda: project, made, apart.moved, apart.gone)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is asked of a project once for all of its roles: its managed policies that were written for one role, by
    that role, and where the statements are that resources attach to the roles that were scanned."""

    own: Mapping[str, list[str]]
    attached: frozenset[Place]

    @staticmethod
    def of(project: Project, before: Before) -> _Around:
        """What is around the roles of a project."""
        own: dict[str, list[str]] = {}
        for id, owner in own_policies(project).items():
            own.setdefault(owner, []).append(id)
        return _Around(own, attached_places(before.scan.project))


def _round(
    project: Project, keys: set[str], before: Before, texts: Texts, form: Form
) -> tuple[list[WrittenRole], list[Changes], list[Finding]]:
    """The roles as they shall be, and what is still to be done for that."""
    roles: list[WrittenRole] = []
    work: list[Changes] = []
    findings: list[Finding] = []
    around = _Around.of(project, before)
    for id, assuming in by_role(project.functions, keys).items():
        role, functions = project.roles.get(id), assuming.functions
        if role is None or not role.declared:
            names = ", ".join(function.key for function in functions)
            findings.append(Finding(
                "write-foreign-role", f"{names}: the role {id} is not defined in the project", functions[0].place,
                "change the role where it is defined",
            ))  # fmt: skip
            continue
        if why := left_alone(role, assuming.others):
            findings.append(why)
            continue
        try:
            written, done, told = _role(project, role, functions, before, around, texts, form)
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
            continue
        roles.append(written)
        work += done
        findings += told
    return roles, work, findings


def _role(
    project: Project,
    role: Role,
    functions: list[Function],
    before: Before,
    around: _Around,
    texts: Texts,
    form: Form,
) -> tuple[WrittenRole, list[Changes], list[Finding]]:
    fit, doubt = before.fitted(functions, around.attached)
    holder = _holder(project, role, functions[0], texts)
    mine = around.own.get(role.id, [])
    of = PolicyList(
        holder.file, holder.inline, holder.document, _role_entry if holder.document else _sam_entry,
        frozenset(map(_own_name, mine)),
    )  # fmt: skip
    given: tuple[Grant, ...] = ()
    if role.id not in project.resources:
        path = holder.inline[:-2]
        role = replace(role, statements=tuple(_authored(statement, of, path, texts) for statement in role.statements))
        own = names_in(of, texts)
        given = tuple(
            grant
            for policy in role.managed_policies
            if isinstance(policy, str) and policy not in own
            for grant in allowed_by(policy) or ()
        )
    needs = needed(fit.permissions, role, Scope.of(project), partial(_local, _prefix(role.id)), given)
    needs = in_pieces(needs) if form.managed or mine else needs
    declared = [statement for statement in role.statements if statement.added_by == "project"]
    inside = in_own(declared, needs, holder, mine, texts, partial(as_sam_reads, project), doubt)
    change = change_of(of, inside.rest, tuple(inside.missing), texts, partial(as_sam_reads, project), doubt)
    change.kept += inside.kept
    emptied = Changes(remove=tuple((of.file, path) for path in inside.gone))
    done = [changes for changes in (spliced(change, texts), _managed(role, of, texts, doubt), emptied) if changes]
    names = tuple(function.key for function in functions)
    made = zip(project.roles[role.id].statements, role.statements, strict=True)
    added = tuple(now.statement for read, now in made if read.added_by == "project" != now.added_by)
    written = WrittenRole(role.id, names, tuple(need.means for need in needs), tuple(change.kept), added)
    return written, done, [*_told(role, change), *unserved(fit.left)]


def _holder(project: Project, role: Role, function: Function, texts: Texts) -> Holder:
    """Where a role's policies are written: in the role, or in the function whose role SAM makes."""
    if role.id in project.resources:
        return holder_of(role.id, role.place, texts)
    file, path = located(function.place, _own_name(function.logical_id), texts)
    policies = (*path, "Properties", "Policies")
    return Holder(file, policies, (), policies, path[:-1], _own_name(role.id), function.place)


def _holders(project: Project, keys: set[str], texts: Texts) -> dict[str, Holder]:
    return {
        id: _holder(project, project.roles[id], assuming.functions[0], texts)
        for id, assuming in by_role(project.functions, keys).items()
        if id in project.roles and project.roles[id].declared
    }


def _told(role: Role, change: PolicyChange) -> list[Finding]:
    return [
        Finding("write-kept-policy", f"{role.id}: {why}", place or role.place, "replace it if it is too broad")
        for why, place in change.told
    ]


def _managed(role: Role, of: PolicyList, texts: Texts, doubt: Doubt) -> Changes:
    """What goes of the ``ManagedPolicyArns`` of a role of the template's own."""
    if not of.document:
        return Changes()
    path = (*of.path[:-1], "ManagedPolicyArns")
    text = texts.of(of.file)
    if text.kind(path) != "sequence":
        return Changes()
    items: list[Steps] = [(*path, number) for number in text.keys(path)]
    gone = [
        item
        for item in items
        if text.kind(item) == "scalar" and not why_managed_kept(_arn(text.value(item) or "", text.tag(item)), doubt)
    ]
    whole = bool(gone) and len(gone) == len(items)
    return Changes(remove=tuple((of.file, one) for one in ([path] if whole else gone)))


def _arn(value: str, tag: str) -> str:
    """An ARN in whatever partition as one of the usual partition."""
    return value.replace("arn:${AWS::Partition}:", "arn:aws:") if tag in ("", "!Sub") else ""


def _authored(one: DeclaredStatement, of: PolicyList, function: Steps, texts: Texts) -> DeclaredStatement:
    """A statement of the role that SAM makes, as SAM's own where the function says it outside of its policies."""
    if one.place is None or one.place.file != of.file:
        return one
    text = texts.of(of.file)
    paths = [*text.paths_at(one.place.line, one.place.column), *text.values_at(one.place.line, one.place.column)]
    if any(path[: len(of.path)] == of.path for path in paths):
        return one
    inside = any(path[: len(function)] == function for path in paths)
    return replace(one, added_by="sam") if inside else one


def _sam_entry(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": statements}


def _role_entry(statements: list[Statement]) -> dict[str, Any]:
    return {"PolicyName": POLICY_NAME, "PolicyDocument": {"Version": VERSION, "Statement": statements}}


def _own_name(id: str) -> str:
    """A logical id as its own template has it."""
    return id.rpartition("/")[2]


def _prefix(id: str) -> str:
    return id[: -len(_own_name(id))]


def _local(prefix: str, arn: Text) -> Text:
    """An ARN as a nested stack's template writes it. Raises SpliceError where it names what is in another stack."""

    def local(part: Part) -> Part:
        match part:
            case Ref(id) | Att(id):
                if not id.startswith(prefix) or "/" in id[len(prefix) :]:
                    raise SpliceError(
                        f"{id} is in another stack", None, "pass it as a parameter and edit the template by hand"
                    )
                return replace(part, id=id[len(prefix) :])
            case Param(name) if prefix and name.startswith(prefix):
                return Param(name[len(prefix) :])
            case _:
                return part

    return arn.replace(local)
