"""What a person pastes into a project file that is a program (serverless.ts, serverless.js), with where it belongs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scopedown.compare.doubt import Doubt, doubt_of
from scopedown.core.text import Text
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.project.model import Function, Project
from scopedown.project.serverless.names import SHARED_ROLE
from scopedown.scan import ProjectScan
from scopedown.write.attached_policies import (
    attached_places,
    chosen_policies,
    given_by_framework,
    own_part,
    policy_name,
    why_policy_stays,
)
from scopedown.write.before import Before, unserved
from scopedown.write.layout import dialect_of, own_role, policy_entry, role_id
from scopedown.write.model import Dialect
from scopedown.write.stage_independent import forms, with_variable
from scopedown.write.statements import needed
from scopedown.write.subjects import searched, unsure


def pasted(
    scan: ProjectScan, elsewhere: ProjectScan | None, dialect: Dialect | None = None, shared: bool = False
) -> Iterator[str]:
    """Lines of comments and of JSON, which JavaScript reads: for each function, or for the role that they share."""
    project = scan.project
    known = forms(scan, elsewhere)
    functions, findings = searched(scan)
    for finding in [*findings, *unsure(scan)]:
        yield f"// {finding}"
    on_shared = [function for function in functions if function.role == SHARED_ROLE]
    others = [
        function.key for function in project.functions if function.role == SHARED_ROLE and function not in on_shared
    ]
    if shared:
        if others:
            yield f"// {SHARED_ROLE} was not changed: {', '.join(others)} also assume it"
        else:
            yield from _for_shared(scan, [function.key for function in on_shared], known)
        own = [function.key for function in functions if function.role != SHARED_ROLE]
        if own:
            yield f"// {', '.join(own)}: kept its own role besides the shared role"
    else:
        yield from _for_each(scan, functions, known, dialect or dialect_of(project))
    if on_shared and not others:
        yield from _old(
            project,
            doubt_of((function for function in scan.functions if function.function in on_shared), project),
            shared,
        )


def _for_shared(scan: ProjectScan, keys: list[str], known: dict[str, Text]) -> Iterator[str]:
    project = scan.project
    role = project.roles.get(SHARED_ROLE)
    if role is None or not keys:
        yield "// no function uses the shared role"
        return
    functions = [function.function for function in scan.functions if function.function.key in keys]
    fit, _ = Before(scan).fitted(functions, attached_places(project))
    for finding in unserved(fit.left):
        yield f"// {finding}"
    given = given_by_framework(project, role)
    wanted = needed(fit.permissions, role, Scope.of(project), lambda arn: _spelled(arn, known), given)
    yield f"// {project.config}: in provider.iam.role, replacing the statements to remove"
    yield f"statements: {_json([one.written for one in wanted])},"


def _for_each(
    scan: ProjectScan, functions: list[Function], known: dict[str, Text], dialect: Dialect
) -> Iterator[str]:  # fmt: skip
    project = scan.project
    before = Before(scan)
    roles: dict[str, Any] = {}
    for function in functions:
        fit, doubt = before.fitted([function], attached_places(project))
        added = project.roles.get(function.role) if dialect is not Dialect.INLINE else None
        given = given_by_framework(project, added) if added else ()
        wanted = needed(fit.permissions, added, Scope.of(project), lambda arn: _spelled(arn, known), given)
        statements = [one.written for one in wanted]
        for finding in unserved(fit.left):
            yield f"// {finding}"
        yield f"// {function.place}: in the function {function.key}"
        if dialect is Dialect.PLUGIN:
            yield f"iamRoleStatements: {_json(statements)},"
        elif dialect is Dialect.V4:
            yield f"iam: {_json({'role': {'statements': statements}})},"
        else:
            try:
                role = own_role(project, function, doubt)
            except SpliceError as error:
                yield f"// left out: {error}"
                continue
            if statements:
                role["Properties"]["Policies"] = [policy_entry(statements)]
            else:  # IAM refuses a policy without a statement
                del role["Properties"]["Policies"]
            id = role_id(function, project, doubt)
            roles[id] = role
            yield f"role: {json.dumps(id)},"
    if roles:
        yield f"// {project.config}: in resources.Resources"
        for id, role in roles.items():
            yield f"{id}: {_json(role)},"


def _old(project: Project, doubt: Doubt, shared: bool) -> Iterator[str]:
    """What becomes of the statements and managed policies that the shared role has."""
    role = project.roles.get(SHARED_ROLE)
    if role is None:
        return
    own, _ = own_part(role, attached_places(project))
    stays = "keep this statement" if shared else "copy this statement to the roles that need it"
    for statement in own.statements:
        if statement.added_by == "project":
            why = doubt.stays(statement)
            yield f"// {statement.place}: {f'{stays}: {why}' if why else 'remove this statement from the shared role'}"
    for policy in chosen_policies(role):
        why = why_policy_stays(policy, doubt)
        yield f"// {role.place}: the policy {policy_name(policy)} {f'is kept: {why}' if why else 'can be removed'}"


def _spelled(arn: Text, known: dict[str, Text]) -> Text:
    return with_variable(arn, known)


def _json(tree: Any) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False)
