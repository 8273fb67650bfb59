"""What the roles of a CDK app lack, and what they hold too much: one plan for each role that functions assume.

A statement of the template that allows only what is needed stays; one that scopedown cannot judge stays too. What
another statement allows beyond the needs goes, with the lines of the app that give it, and what is needed of it is
granted anew. What CDK gives by itself for a function's event sources stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from scopedown.compare.doubt import Doubt
from scopedown.compare.fitted import written_resources
from scopedown.compare.grant_prefilter import surely_covered
from scopedown.compare.statement import Declared
from scopedown.compare.subject import Subject
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Att, Literal, Ref, Text
from scopedown.iam.coverage import Grant
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.merge import merge
from scopedown.permissions.model import Origin, RequiredPermission
from scopedown.project.cdk.constructs import construct_path
from scopedown.project.cdk.program.find import App, Found
from scopedown.project.cdk.program.grants import grants_to, policies_named, statements_with
from scopedown.project.cdk.program.model import Call, Creation
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, Function, Project, Role
from scopedown.scan import ProjectScan
from scopedown.write.before import Before, unserved
from scopedown.write.subjects import by_role, left_alone, searched

_BY_CDK: Final = ":policy/service-role/AWSLambda"
"""Managed policies that CDK attaches by itself: those for logs, a VPC's network interfaces, streams."""
_TRACING: Final = frozenset(("xray:PutTraceSegments", "xray:PutTelemetryRecords"))
"""What the function's role is given with its tracing (aws-cdk-lib 2, ``aws-lambda``, the property ``tracing``)."""
_SHARED: Final = frozenset(("kms", "secretsmanager"))
"""Services whose resources are granted along with those that use them."""
_MAPPING: Final = "AWS::Lambda::EventSourceMapping"


@dataclass(frozen=True, slots=True)
class Surplus:
    """What a role holds too much: the actions on the resources, and the lines of the app that give it."""

    what: str
    lines: tuple[Call, ...]
    where: str
    """The construct that holds it."""


@dataclass(frozen=True, slots=True)
class RolePlan:
    """What is to be written for a role: permissions to grant, and what goes."""

    role: Role
    functions: tuple[Function, ...]
    holder: DeclaredResource | None
    """The function, or the role where the app makes it: who is granted."""
    at: Found | None
    """Where the holder is made."""
    permissions: tuple[RequiredPermission, ...]
    surplus: tuple[Surplus, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be done."""
        return not self.permissions and not self.surplus


def plans(scan: ProjectScan, app: App) -> tuple[list[RolePlan], list[Finding]]:
    """The plan of each role, and what is told of functions that have none."""
    before = Before(scan)
    functions, findings = searched(scan)
    found: list[RolePlan] = []
    resources = _Resources(app.project)
    for id, assuming in by_role(scan.project.functions, {function.key for function in functions}).items():
        role, mine = scan.project.roles.get(id), assuming.functions
        if role is None or not role.declared:
            names = ", ".join(function.key for function in mine)
            findings.append(Finding(
                "write-foreign-role", f"{names}: the role {id} is not defined in the app", mine[0].place,
                "change the role where it is defined",
            ))  # fmt: skip
        elif why := left_alone(role, assuming.others):
            findings.append(why)
        else:
            found.append(_plan(role, mine, before, app, resources))
    return found, findings


def _plan(
    role: Role, functions: list[Function], before: Before, app: App, resources: _Resources
) -> RolePlan:  # fmt: skip
    fit, doubt = before.fitted(functions)
    subject = before.subject(functions)
    holder, holders = _holders(role, functions, app)
    judged = [_Judged(one, subject, doubt, holders, app, resources) for one in subject.declared]
    gone = [one for one in judged if one.goes]
    calls = {call.place for one in gone for call in one.lines}
    of = {id for one in gone for id in one.resources}
    staying = [
        one.declared.grant for one in judged
        if not one.goes and one.declared.grant and not one.declared.grant.conditions and one.is_apart_from(calls, of)
    ]  # fmt: skip
    again = [one.declared for one in judged if not one.goes and not one.is_apart_from(calls, of)]
    permissions = merge([*fit.permissions, *_given_again(again, doubt, subject)])
    policies = [*_policies(subject, doubt, holders, app)]
    staying += [grant for arn, is_gone, _ in policies if not is_gone for grant in allowed_by(arn) or ()]
    surplus = [one.surplus for one in gone] + [one for _, is_gone, one in policies if is_gone]
    return RolePlan(
        role, tuple(functions), holder, app.of(holder) if holder is not None else None,
        tuple(_lacking(permissions, staying, subject)), tuple(dict.fromkeys(surplus)), tuple(unserved(fit.left)),
    )  # fmt: skip


def _given_again(again: Iterable[Declared], doubt: Doubt, subject: Subject) -> Iterator[RequiredPermission]:
    """What statements give that may go with the lines which are removed: the needs, and actions on keys that stay."""
    for one in again:
        if one.grant is None or one.grant.conditions:
            continue
        yield from (need.only for need in subject.needs if subject.covered(need, (one.grant,)) == "yes")
        kept = [action for action in one.actions if doubt.why_key(action) and not subject.needed_by(action)]
        if kept and (resources := written_resources(one)):
            yield from (RequiredPermission(action, resources, (), Origin.CONFIG) for action in kept)


def _lacking(
    needs: Iterable[RequiredPermission], staying: list[Grant], subject: Subject
) -> Iterator[RequiredPermission]:
    """What is needed beyond what stays."""
    given = [grant for grant in staying if grant.effect == "Allow"]

    def has(action: str, arn: Text, conditions: Mapping[str, Mapping[str, object]]) -> bool:
        return any(surely_covered(action, form, given, conditions) for form in subject.comparable.needs(arn))

    for one in needs:
        left = tuple(resource for resource in one.resources if not has(one.action, resource.arn, one.conditions))
        if left:
            yield replace(one, resources=left)


def _holders(role: Role, functions: list[Function], app: App) -> tuple[DeclaredResource | None, list[Creation]]:
    """Who is granted, and the constructs whose variables mean the role: the function's, and the role's own."""
    project = app.project
    resources = [project.resource(function.logical_id) for function in functions]
    own = project.resource(role.id)
    paths = {construct_path(one.attributes).removesuffix("/Resource") for one in resources if one is not None}
    is_default = own is not None and any(construct_path(own.attributes).startswith(f"{path}/") for path in paths)
    holder = resources[0] if is_default or own is None or not _has_variable(own, app) else own
    found = [app.of(one) for one in (*resources, own) if one is not None]
    return holder, [one.creation for one in found if one is not None and one.creation is not None]


def _has_variable(resource: DeclaredResource, app: App) -> bool:
    found = app.of(resource)
    return found is not None and found.creation is not None and bool(found.creation.variable)


@dataclass(frozen=True)
class _Resources:
    """The resources of an app, read through once for the statements of all roles."""

    project: Project

    @cached_property
    def sources(self) -> Mapping[str, set[str]]:
        """What is named as a source of events of each function, by logical ids."""
        found: dict[str, set[str]] = {}
        for resource in self.project.of_type(_MAPPING):
            for function in _named(resource.properties.get("FunctionName")):
                found.setdefault(function, set()).update(_named(resource.properties.get("EventSourceArn")))
        return found

    def around(self, place: Place) -> DeclaredResource | None:
        """The resource of a template that begins last at or above a place."""
        lines, by_line = self._begins.get(place.file, ([], {}))
        at = bisect_right(lines, place.line)
        return by_line[lines[at - 1]] if at else None

    @cached_property
    def _begins(self) -> Mapping[str, tuple[list[int], Mapping[int, DeclaredResource]]]:
        """By file, the lines on which resources begin, in order, and the first resource of each."""
        found: dict[str, dict[int, DeclaredResource]] = {}
        for one in self.project.deployed.values():
            found.setdefault(one.place.file, {}).setdefault(one.place.line, one)
        return {file: (sorted(by_line), by_line) for file, by_line in found.items()}


@dataclass
class _Judged:
    """One statement of a role."""

    declared: Declared
    subject: Subject
    doubt: Doubt
    holders: list[Creation]
    app: App
    index: _Resources
    lines: tuple[Call, ...] = ()
    goes: bool = field(init=False, default=False)
    surplus: Surplus = field(init=False, default_factory=lambda: Surplus("", (), ""))

    def __post_init__(self) -> None:
        one = self.declared
        self.lines = tuple(dict.fromkeys(self._lines()))
        if self.doubt.needs or self.doubt.sites or not one.judged or self.doubt.stays(one.statement):
            return  # with code that was not seen, a line that gives too much may give what it needs too
        what = self._too_much()
        if not what or (not self.lines and self._is_of_events()):
            return
        self.goes = True
        removed = tuple(call for call in self.lines if not self._is_exact(call))
        self.lines = removed
        self.surplus = Surplus(what, removed, self._where())

    def is_apart_from(self, removed: set[Place], of: set[str]) -> bool:
        """Whether a statement that stays is given by other lines than those that go, which are about resources ``of``.

        Where no line is known, a grant on one construct gives nothing on another one, but for the keys and secrets
        that it needs (``bucket.grantRead`` gives ``kms:Decrypt`` on the bucket's key).
        """
        if not removed or self._is_of_events() or self._is_of_tracing():
            return True
        if any(call.place not in removed for call in self.lines):
            return True
        mine = _ids(self.declared, self.app.project)
        services = {action.partition(":")[0] for action in self.declared.actions}
        return bool(mine) and not self.lines and not mine & of and not services & _SHARED

    def _is_of_tracing(self) -> bool:
        """Whether the statement is what CDK gives to a function that is traced (``tracing: Tracing.ACTIVE``)."""
        traced = any("tracing" in one.function.settings for one in self.subject.functions)
        return traced and set(self.declared.actions) <= _TRACING

    @property
    def resources(self) -> set[str]:
        """The resources of the app that the statement is on."""
        return _ids(self.declared, self.app.project)

    def _too_much(self) -> str:
        """What the statement allows beyond the needs, in words; empty where all of it is needed."""
        one, subject = self.declared, self.subject
        unused = [action for action in one.actions if subject.is_unused(action)]
        if unused:
            return f"{_some(unused)} on {self._on(one.resources)}"
        wide = [action for action in one.actions if "*" in action and subject.needed_by(action)]
        if wide:
            return f"{_some(wide)} on {self._on(one.resources)}"
        if any(not subject.needed_by(action) for action in one.actions) or subject.is_of_any_type(one):
            return ""  # habitual, or documented by AWS
        idle = [item for item in one.resources if not any(subject.touches(one, item[1]))]
        idle += [item for item in one.resources if "*" in str(item[1][0]) and subject.narrower(one, item[1])]
        return f"{_some(list(one.actions))} on {self._on(idle)}" if idle else ""

    def _on(self, resources: Iterable[tuple[object, object]]) -> str:
        return _some([_shown(item, self.app.project) for item, _ in resources])

    def _lines(self) -> Iterator[Call]:
        files = [*self.app.files.values()]
        for id in _ids(self.declared, self.app.project):
            resource = self.app.project.resource(id)
            found = self.app.of(resource) if resource is not None else None
            if found is not None and found.creation is not None:
                yield from grants_to(self.holders, found.creation, files)
        yield from statements_with(self.declared.actions, self.holders, files)

    def _is_exact(self, call: Call) -> bool:
        """Whether a call names its actions, and all of them are needed on what it is for."""
        actions = [one for one in call.literals if ":" in one]
        whole = call.method == "grant" and bool(actions)
        return whole and all("*" not in one and self.subject.needed_by(one) for one in actions)

    def _is_of_events(self) -> bool:
        """Whether the statement is for a source of events of the functions, which CDK grants by itself."""
        ids = _ids(self.declared, self.app.project)
        return any(ids & self.index.sources.get(one.function.logical_id, set()) for one in self.subject.functions)

    def _where(self) -> str:
        place = self.declared.statement.place
        found = self.index.around(place) if place is not None else None
        return construct_path(found.attributes).removesuffix("/Resource") if found is not None else ""


def _named(tree: object) -> set[str]:
    """The resources that a property names."""
    return {part.id for part in to_text(tree, Scope()).parts if isinstance(part, Ref | Att)}  # type: ignore[arg-type]


def _ids(one: Declared, project: Project) -> set[str]:
    """The resources of the app that a statement is on."""
    return {id for item, _ in one.resources for id in _named(item) if project.resource(id) is not None}


def _shown(item: object, project: Project) -> str:
    """A resource of a statement, by its construct's path where that is all that it names."""
    text = to_text(item, Scope())  # type: ignore[arg-type]
    names = [part for part in text.parts if isinstance(part, Ref | Att)]
    resource = project.resource(names[0].id) if len(names) == 1 else None
    path = construct_path(resource.attributes).removesuffix("/Resource") if resource is not None else ""
    tail = text.parts[-1] if path else None
    return f"{path}{tail.value if isinstance(tail, Literal) else ''}" if path else str(text)


def _some(items: list[str], most: int = 4) -> str:
    shown = list(dict.fromkeys(items))
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return f"{', '.join(shown[:most])}{more}"


def _policies(subject: Subject, doubt: Doubt, holders: list[Creation], app: App) -> Iterator[tuple[str, bool, Surplus]]:
    """The managed policies of a role, each with whether it goes, and what is said then."""
    for policy in subject.role.managed_policies:
        if subject.is_declared(policy):
            continue
        arn = str(subject.comparable.declares(policy)[0])
        goes = not (_BY_CDK in arn or doubt.why_policy(arn))
        name = arn.rpartition("/")[2]
        lines = policies_named(name, holders, app.files.values())
        yield arn, goes, Surplus(f"the managed policy {name}", tuple(lines), _role_of(subject.role, app))


def _role_of(role: Role, app: App) -> str:
    """A role by its construct's path."""
    resource = app.project.resource(role.id)
    path = construct_path(resource.attributes).removesuffix("/Resource") if resource is not None else ""
    return path or role.id
