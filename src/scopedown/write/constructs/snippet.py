"""The text of a CDK app's plan: for each role the lines to remove, and the grants to add, in the app's language.

An action on a table, a queue, a stream or a state machine of the app is ``table.grant(function, 'dynamodb:GetItem')``,
which gives these actions on that resource alone; everything else is a policy statement of the function's role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from dataclasses import replace
from typing import Any

from scopedown.core.finding import printable
from scopedown.core.place import Place
from scopedown.generate.minimize import Conditions, minimize
from scopedown.permissions.model import RequiredPermission
from scopedown.project.cdk.constructs import construct_path
from scopedown.project.cdk.program.find import App, Found
from scopedown.project.model import DeclaredResource
from scopedown.scan import ProjectScan
from scopedown.write.constructs.names import Names, sees
from scopedown.write.constructs.plan import RolePlan, plans
from scopedown.write.constructs.spelling import Spelling
from scopedown.write.subjects import unsure

_PUBLISH = ("AWS::SNS::Topic", frozenset({"sns:Publish"}))


def rendered(scan: ProjectScan, spelling: Spelling) -> str:
    """The whole text."""
    app = App(scan.project)
    return "".join(f"{line}\n" for line in _lines(scan, app, spelling))


def _lines(scan: ProjectScan, app: App, spelling: Spelling) -> Iterator[str]:
    roles, findings = plans(scan, app)
    told = [*findings, *unsure(scan), *(finding for role in roles for finding in role.findings)]
    for finding in told:
        yield _comment(spelling, str(finding))
    if told:
        yield ""
    if not roles and not told:
        yield _comment(spelling, "the app has no function whose role scopedown could write")
    settled = [name for role in roles if role.is_settled for name in _keys(role)]
    if settled:
        yield _comment(spelling, f"nothing to change for {', '.join(settled)}")
    for role in roles:
        if not role.is_settled:
            yield from _role(role, app, spelling)


def _keys(role: RolePlan) -> list[str]:
    return [function.key for function in role.functions]


def _verb(subjects: Sized, verb: str) -> str:
    """A verb after its subjects: ``needs`` after one, ``need`` after several."""
    return f"{verb}s" if len(subjects) == 1 else verb


def _comment(spelling: Spelling, text: str) -> str:
    return f"{spelling.comment} {printable(' '.join(text.split()))}"


def _role(role: RolePlan, app: App, spelling: Spelling) -> Iterator[str]:
    names = Names(app, spelling, role.at)
    creation = role.at.creation if role.at is not None else None
    if creation is not None and creation.kind.startswith("Cfn"):
        yield ""
        yield _comment(
            spelling,
            f"{', '.join(_keys(role))}: {creation.kind} ({creation.place.file}:{creation.place.line}) takes no grants; "
            "write the statements of scopedown write --format cloudformation into its role",
        )
        return
    added = [*_statements(role, names)]
    keys = ", ".join(_keys(role))
    yield ""
    if role.at is None:
        yield _comment(spelling, f"{keys}: scopedown did not find the line that makes it")
    else:
        yield _comment(spelling, f"{keys}: {_where(role.at, names)}")
        others = app.others(role.at)
        if others:
            yield _comment(
                spelling, f"the same line makes {', '.join(others)}, which also {_verb(others, 'get')} the grants"
            )
    for name, said in names.notes.items():
        yield _comment(spelling, f"{name} is {said}")
    yield from (_comment(spelling, said) for said in _removals(role, keys))
    if names.imports:
        yield from (*names.imports, "")
    yield from added


def _removals(role: RolePlan, keys: str) -> Iterator[str]:
    """What is to be removed, each line of the app once."""
    by_line: dict[tuple[Place, str], list[str]] = {}
    for surplus in role.surplus:
        for line in surplus.lines:
            by_line.setdefault((line.place, line.text), []).append(surplus.what)
        if not surplus.lines:
            yield (
                f"{surplus.where} allows more than {keys} {_verb(role.functions, 'need')}: {surplus.what}; "
                "scopedown did not find the line that grants it"
            )
    do = "does" if len(role.functions) == 1 else "do"
    for (place, text), what in sorted(by_line.items()):
        yield f"remove {text} ({place.file}:{place.line}); it gives what {keys} {do} not need: {'; '.join(what)}"


def _where(at: Found, names: Names) -> str:
    """Where the grants go: behind the last of the constructs that they name."""
    line = at.place.line
    if at.creation is not None:
        beside = [one.last_line for one in names.used if one.blocks == at.creation.blocks and sees(one, at.creation)]
        line = max([at.creation.last_line, *beside])
    by_name = " (found by the construct's name)" if at.by_name else ""
    return f"after line {line} of {at.place.file}{by_name}"


def _statements(role: RolePlan, names: Names) -> Iterator[str]:
    if role.holder is None or not role.permissions:
        return
    grantee = names.variable(role.holder)
    method = "addToPrincipalPolicy" if role.holder.type == "AWS::IAM::Role" else "addToRolePolicy"
    granted, rest = _by_resource(role.permissions, names)
    for resource, actions in granted:
        receiver = names.variable(resource)
        if (resource.type, actions) == _PUBLISH:
            yield from names.spelling.call(receiver, "grantPublish", [grantee])
            continue
        written = [names.spelling.text((action,)) for action in sorted(actions)]
        yield from names.spelling.call(receiver, "grant", [grantee, *written])
    for one in minimize(rest):
        resources = sorted({names.arn(arn) for _, arn in sorted(one.resources.items())})
        made = names.symbol("aws-iam", "PolicyStatement")
        conditions = _conditions(one.conditions)
        yield from names.spelling.policy_statement(grantee, method, made, sorted(one.actions), resources, conditions)


def _by_resource(
    permissions: tuple[RequiredPermission, ...], names: Names
) -> tuple[list[tuple[DeclaredResource, frozenset[str]]], list[RequiredPermission]]:
    """The actions that a grant of a resource gives exactly, by the resource; and all other permissions."""
    actions: dict[str, set[str]] = {}
    rest: list[RequiredPermission] = []
    for one in permissions:
        left = []
        for resource in one.resources:
            own = names.own_arn(resource.arn) if not one.conditions else None
            if own is not None and not own[1] and _grants_alone(own[0], one.action, names):
                actions.setdefault(own[0].logical_id, set()).add(one.action)
            else:
                left.append(resource)
        if left:
            rest.append(replace(one, resources=tuple(left)))
    deployed = names.app.project.deployed
    return [(deployed[id], frozenset(found)) for id, found in sorted(actions.items(), key=_path_of(deployed))], rest


def _path_of(deployed: Mapping[str, DeclaredResource]) -> Any:
    return lambda item: construct_path(deployed[item[0]].attributes) or item[0]


def _grants_alone(resource: DeclaredResource, action: str, names: Names) -> bool:
    """Whether a grant of the construct gives an action on the resource itself and on nothing else.

    The grant of a table with an index gives the index too, that of a global table every replica (aws-cdk-lib 2.276.0),
    and that of a topic with a key of the user's the key's actions.
    """
    known = names.known(resource)
    if known is None:
        return False
    properties = resource.properties
    if resource.type == _PUBLISH[0]:
        return action in _PUBLISH[1] and "KmsMasterKeyId" not in properties
    replicas = properties.get("Replicas")
    has_more = "GlobalSecondaryIndexes" in properties or "LocalSecondaryIndexes" in properties
    has_more |= isinstance(replicas, list | tuple) and len(replicas) > 1
    return known.has_grant and not has_more


def _conditions(conditions: Conditions) -> dict[str, Any]:
    return {operator: {key: list(values) for key, values in keys} for operator, keys in conditions}
