"""``write`` for Terraform and OpenTofu: policies of roles where they are written, and ``scopedown.tf`` for the rest.

Statements are added and taken out in the policy that holds them: a ``data "aws_iam_policy_document"``, ``jsonencode``,
JSON in a heredoc, ``policy_statements`` of terraform-aws-modules/lambda. A role without a policy that can be changed
gets one in the file ``scopedown.tf`` of the root module. What comes of it is read again, as for every other tool.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scopedown.compare.doubt import Doubt
from scopedown.compare.fitted import fitted
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Att, Text
from scopedown.documents.nodes import items_of
from scopedown.emit.splice.edits import SpliceError
from scopedown.iam.coverage import Grant
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.model import RequiredPermission
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredStatement, Function, Project, Role
from scopedown.project.roles import referenced
from scopedown.scan import ProjectScan
from scopedown.write.attached_policies import policy_name, why_policy_stays
from scopedown.write.before import Before, unserved
from scopedown.write.configuration import Configuration, attached
from scopedown.write.model import Kept, WritePlan, WrittenRole
from scopedown.write.statements import Missing, Needed, statements_needed
from scopedown.write.subjects import Assuming, by_role, is_at_the_edge, left_alone, searched, unsure
from scopedown.write.terraform_file import BY_HAND, FILE, Attempt, beside, names_of, put_beside
from scopedown.write.texts import Changes, Spot, Texts, list_of
from scopedown.write.verify import Wrong, verified, without_the_wrong

Reader = Callable[[Mapping[Path, str]], Project]


def plan(scan: ProjectScan, read: Reader) -> WritePlan:
    """What would be written for the functions of a scan; a role that they share stays one.

    The functions of a role that does not come out as it should are left as they are."""
    return without_the_wrong(scan, lambda held: _planned(scan, read, held))


@dataclass
class _Work:
    """What is to be done for one role, and what is told of it."""

    role: WrittenRole
    changes: list[Changes] = field(default_factory=list)
    beside: list[tuple[str, list[str]]] = field(default_factory=list)
    """Lines for :data:`FILE`, by the folder that it is in."""
    findings: list[Finding] = field(default_factory=list)


def _planned(scan: ProjectScan, read: Reader, held: Collection[str]) -> tuple[WritePlan, tuple[Wrong, ...]]:
    """A plan without the functions that are ``held`` back, and what reading its result finds wrong with it."""
    texts = Texts(Path(scan.project.root), hcl=True)
    made = Attempt(scan, Before(scan), texts, Configuration(scan.project, texts))
    functions, findings = searched(scan)
    findings += unsure(scan)
    work: list[_Work] = []
    for id, assuming in by_role(scan.project.functions, {one.key for one in functions} - {*held}).items():
        role = scan.project.roles.get(id)
        try:
            if why := untouched(made, id, role, assuming):
                findings.append(why)
            elif role is not None:
                work.append(_role(made, role, assuming.functions))
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
    try:
        texts.carry_out(*(changes for one in work for changes in one.changes))
        put_beside(made, [policy for one in work for policy in one.beside])
        # New policies before what they stand for goes: who is killed between two files leaves no role without rights.
        changes = tuple(sorted(texts.changes(), key=lambda one: (not one.name.endswith(FILE), one.name)))
    except ScopedownError as error:
        return WritePlan((), (), tuple(findings)), (Wrong(str(error)),)
    findings += (finding for one in work for finding in one.findings)
    whole = WritePlan(changes, tuple(one.role for one in work), tuple(findings))
    changed = {
        id for id in made.files.holders_of({one.role.id for one in work})
        if scan.project.resources[id].type in ("AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
    }  # fmt: skip
    return whole, verified(made.before, scan.project, lambda: read(texts.overlay()), whole, changed=changed)


def untouched(made: Attempt, id: str, role: Role | None, assuming: Assuming) -> Finding | None:
    """Why a role is not written; None where it is."""
    functions = assuming.functions
    names = ", ".join(function.key for function in functions)
    if role is None or not role.declared:
        return Finding(
            "write-foreign-role", f"{names}: the role {id} is not defined in the project", functions[0].place,
            "change the role where it is defined",
        )  # fmt: skip
    if not isinstance(role.properties.get("AssumeRolePolicyDocument"), Mapping):
        return Finding(
            "write-shared-role", f"{id} was not changed: scopedown cannot tell who may assume it", role.place,
            "give its trust policy as jsonencode or aws_iam_policy_document",
        )  # fmt: skip
    if stranger := made.files.stranger(id):
        return Finding(
            "write-shared-role", f"{id} was not changed: {stranger}, which scopedown did not read, is given it",
            role.place, "run terraform init, so that .terraform/modules holds the module",
        )  # fmt: skip
    if is_at_the_edge(role):
        return Finding(
            "write-by-hand", f"{id} was not changed: Lambda@Edge runs its functions in every region", role.place,
            BY_HAND,
        )  # fmt: skip
    for function in functions:
        if made.files.is_elsewhere(function.logical_id):
            return Finding(
                "write-by-hand", f"{id} was not changed: the provider of {function.key} sets another region or account",
                function.place, BY_HAND,
            )  # fmt: skip
    return left_alone(role, assuming.others)


def _role(made: Attempt, role: Role, functions: Sequence[Function]) -> _Work:
    """What is to be done for a role. Raises SpliceError where it cannot be written."""
    own = [statement for statement in role.statements if statement.added_by == "project"]
    spots, reasons = _spots(made, role, own)
    doubt, gone = _managed(made, role, functions)
    staying = frozenset(one.place for one in own if one.place is not None and id(one) in reasons)
    fit = fitted(made.before.subject(functions), doubt, staying)
    doubt = fit.kept(doubt)
    detached = [one for policy, one in gone if not why_policy_stays(policy, doubt)]
    given = tuple(_given(made, role, doubt))
    wanted = [*statements_needed(with_streams(fit.permissions, role), role, Scope.of(made.project), given)]
    keys = tuple(function.key for function in functions)
    missing, kept, leaving = Missing(Needed(each, each) for each in wanted), [], []
    for one in own:
        if missing.take(one.statement) is not None:
            continue
        if why := reasons.get(id(one)) or doubt.stays(one):
            kept.append(Kept(one.statement, one.place, why))
        else:
            leaving.append(spots[id(one)])
    done = _Work(WrittenRole(role.id, keys, tuple(wanted), tuple(kept)))
    lists = dict.fromkeys((file, list_of(path)) for file, path in spots.values())
    home, blocks = _home(made, lists, leaving, bool(missing))
    done.changes += (Changes(remove=tuple(one)) for one in detached)
    added = _added(made, role, home, leaving, [each.means for each in missing], done)
    left = [spot for spot in leaving if not _inside(spot, blocks) and spot not in dict(added.set)]
    done.changes.append(replace(added, remove=(*dict.fromkeys(left), *blocks)))
    for change in done.changes:
        made.texts.tried(change)
    done.findings += (
        Finding("write-kept-policy", f"{role.id}: kept the policy {name}: {why}", place or role.place,
                "replace it if it is too broad")
        for name, why, place in _staying(made, role, doubt)
    )  # fmt: skip
    done.findings += unserved(fit.left)
    if len(functions) > 1:
        done.findings.append(Finding(
            "write-one-role", f"{role.id} is the role of {', '.join(keys)}, and allows what they need together",
            role.place, "give each function its own role by hand",
        ))  # fmt: skip
    return done


def with_streams(permissions: Iterable[RequiredPermission], role: Role) -> Iterator[RequiredPermission]:
    """Permissions, of which those on a table's stream are on all its streams where the role says so: the stream's label
    is known only after apply, so that nothing else proves that the role allowed it."""
    written_ = (one for statement in role.statements for one in items_of(statement.statement.get("Resource")))
    there = {to_text(one, Scope()) for one in written_}

    def written(arn: Text) -> Text:
        part = arn.parts[0] if len(arn.parts) == 1 else None
        if not isinstance(part, Att) or part.name != "StreamArn" or arn in there:
            return arn
        every = Text.of(Att(part.id, "Arn"), "/stream/*")
        return every if every in there else arn

    for one in permissions:
        yield replace(one, resources=tuple(replace(each, arn=written(each.arn)) for each in one.resources))


def _spots(
    made: Attempt, role: Role, own: Sequence[DeclaredStatement]
) -> tuple[dict[int, Spot], dict[int, str]]:  # fmt: skip
    """Where the statements of a role can be changed, and why the others cannot."""
    spots: dict[int, Spot] = {}
    reasons: dict[int, str] = {}
    for one in own:
        try:
            spots[id(one)] = made.files.spot(one.place, role.id)
        except SpliceError as error:
            reasons[id(one)] = error.message
    return spots, reasons


# Managed policies


def _managed(
    made: Attempt, role: Role, functions: Sequence[Function]
) -> tuple[Doubt, list[tuple[Any, list[Spot]]]]:  # fmt: skip
    """What functions may need with the policies that cannot be detached, and the policies that can, each with what is
    taken out for it."""
    doubt = made.before.doubt(functions)
    gone: list[tuple[Any, list[Spot]]] = []
    for policy, place in attached(role.properties):
        if _is_own(made, policy) or why_policy_stays(policy, doubt):
            continue
        try:
            gone.append((policy, made.files.attachment(place)))
        except SpliceError as error:
            name = policy_name(policy).rpartition("/")[2]
            doubt = replace(doubt, policies=(*doubt.policies, (name, error.message)))
    return doubt, gone


def _staying(made: Attempt, role: Role, doubt: Doubt) -> Iterator[tuple[str, str, Place | None]]:
    for policy, place in attached(role.properties):
        if not _is_own(made, policy) and (why := why_policy_stays(policy, doubt)):
            yield policy_name(policy), why, place


def _is_own(made: Attempt, policy: Any) -> bool:
    target = referenced(policy, Scope.of(made.project), made.project.resources)
    return target is not None and made.project.resources[target].type == "AWS::IAM::ManagedPolicy"


def _given(made: Attempt, role: Role, doubt: Doubt) -> Iterator[Grant]:
    """What the policies of AWS's for functions allow that stay."""
    for policy, _ in attached(role.properties):
        is_there = not to_text(policy, Scope()).unknowns  # type: ignore[arg-type]
        if is_there and not _is_own(made, policy) and why_policy_stays(policy, doubt):
            yield from allowed_by(policy_name(policy)) or ()


# Where statements come


def _home(
    made: Attempt, lists: Collection[Spot], leaving: Sequence[Spot], needs: bool
) -> tuple[Spot | None, list[Spot]]:
    """The list that new statements come into, and the blocks that go because nothing is left of their policies.
    Raises SpliceError where an emptied policy cannot be taken out."""
    emptied: dict[Spot, list[Spot]] = {}
    stuck: dict[Spot, SpliceError] = {}
    for file, path in lists:
        text = made.texts.of(file)
        inside = {spot for spot in leaving if (spot[0], list_of(spot[1])) == (file, path)}
        if inside and (text.kind(path) == "mapping" or len(inside) == len(text.keys(path))):
            try:
                emptied[file, path] = made.files.owners(file, path)
            except SpliceError as error:
                stuck[file, path] = error
    changed = [one for one in lists if any((spot[0], list_of(spot[1])) == one for spot in leaving)]
    home = next(iter([*stuck, *changed, *lists]), None) if needs else None
    for one, why in stuck.items():
        if one != home:
            raise why
    return home, [spot for one, blocks in emptied.items() if one != home for spot in blocks]


def _inside(spot: Spot, blocks: Collection[Spot]) -> bool:
    return any(file == spot[0] and path == spot[1][: len(path)] for file, path in blocks)


def _added(
    made: Attempt, role: Role, home: Spot | None, leaving: Sequence[Spot], missing: Sequence[Any], done: _Work
) -> Changes:
    """The statements that are added to a list; where none takes them, they come into a policy of :data:`FILE`."""
    if home is not None and missing:
        is_single = home in leaving
        text = made.texts.of(home[0])
        try:
            names = names_of(made, posixpath.dirname(home[0]), home[0])
            items = [names.tree(one) for one in missing]
            if is_single:  # the only statement, not in a list
                text.edit_setting(home[1], items)
                return Changes(set=((home, items),))
            text.edit_appending(home[1], items)
            return Changes(append=((home, items),))
        except SpliceError:
            inside = {spot for spot in leaving if (spot[0], list_of(spot[1])) == home}
            if inside and (is_single or len(inside) == len(text.keys(home[1]))):  # nothing would be left of the policy
                raise
    if missing:
        done.beside.append(beside(made, role, missing))
    return Changes()
