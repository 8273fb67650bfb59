"""What a person pastes into a project file that is a program (serverless.ts, serverless.js), with where it belongs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scopedown.core.text import Text
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.scan import ProjectScan
from scopedown.write.layout import dialect_of, own_role, role_id
from scopedown.write.model import Dialect
from scopedown.write.portable import forms, with_variable
from scopedown.write.statements import needed
from scopedown.write.subjects import searched
from scopedown.write.unresolved import unsure


def pasted(scan: ProjectScan, elsewhere: ProjectScan | None) -> Iterator[str]:
    """Lines of comments and of JSON, which JavaScript reads."""
    project = scan.project
    known = forms(scan, elsewhere)
    functions, findings = searched(scan)
    permissions = {one.function.key: one.permissions for one in scan.functions}
    dialect = dialect_of(project)
    for finding in [*findings, *unsure(scan)]:
        yield f"// {finding}"
    roles: dict[str, Any] = {}
    for function in functions:
        added = project.roles.get(function.role) if dialect is not Dialect.INLINE else None
        wanted = needed(permissions[function.key], added, Scope.of(project), lambda arn: _spelled(arn, known))
        statements = [one.written for one in wanted]
        yield f"// {function.place}: in the function {function.key}"
        if dialect is Dialect.PLUGIN:
            yield f"iamRoleStatements: {_json(statements)},"
        elif dialect is Dialect.V4:
            yield f"iam: {_json({'role': {'statements': statements}})},"
        else:
            try:
                role = own_role(project, function)
            except SpliceError as error:
                yield f"// left out: {error}"
                continue
            role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"] = statements
            id = role_id(function, project)
            roles[id] = role
            yield f"role: {json.dumps(id)},"
    if roles:
        yield f"// {project.config}: in resources.Resources"
        for id, role in roles.items():
            yield f"{id}: {_json(role)},"


def _spelled(arn: Text, known: dict[str, Text]) -> Text:
    return with_variable(arn, known)


def _json(tree: Any) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False)
