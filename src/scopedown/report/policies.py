"""A function's policy in the forms that a person pastes: YAML of the project's own dialect, and JSON.

In: a scanned function and its project. Out: :class:`~.model.Policy` values, the project's own form first. Why: a policy
is copied into the project file, and each framework has another place for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.emit.cloudformation import plain
from scopedown.emit.json_text import folded
from scopedown.emit.yaml_text import dump
from scopedown.project.model import Function, Project
from scopedown.report.model import Policy
from scopedown.scan import FunctionScan
from scopedown.write.layout import dialect_of
from scopedown.write.model import Dialect

_IN_CDK = "Pass this document to iam.PolicyDocument.fromJson() in the stack."
_PLAIN = "The policy document as JSON."
_FUNCTIONS = f"{_PLAIN} Outside CloudFormation, replace Ref and Fn:: with ARNs."
_SHARED = "Add these statements to {} in {}. All functions on this role get them; scopedown write splits the role."


def policies(one: FunctionScan, project: Project) -> Iterator[Policy]:
    """The forms of a function's policy."""
    document = plain(one.policy)
    if project.framework not in ("cdk", "none"):
        where, tree = _yaml(document, one.function, project)
        yield Policy("YAML", where, dump(tree))
    text = f"{folded(document)}\n"
    has_functions = any(isinstance(arn, Mapping) for one in document["Statement"] for arn in one["Resource"])
    where = _IN_CDK if project.framework == "cdk" else _FUNCTIONS if has_functions else _PLAIN
    yield Policy("JSON", where, text)


def _yaml(document: Mapping[str, Any], function: Function, project: Project) -> tuple[str, dict[str, Any]]:
    """Where the YAML belongs, and its tree."""
    statements = document["Statement"]
    if function.role in project.resources:
        where = f"Paste it into an entry of Policies of the role {function.role}."
        return where, {"PolicyDocument": document}
    if project.framework == "sam":
        return f"Paste it into the Properties of {function.logical_id} in {project.config}.", {"Policies": [document]}
    if project.framework != "serverless":
        return "Paste it into an entry of Policies of the function's role.", {"PolicyDocument": document}
    own = f"Paste it into the function {function.key} in {project.config}."
    match dialect_of(project):
        case Dialect.PLUGIN:
            return own, {"iamRoleStatements": statements}
        case Dialect.V4:
            return own, {"iam": {"role": {"statements": statements}}}
        case Dialect.INLINE:
            is_old = "iamRoleStatements" in project.provider
            where = _SHARED.format("provider", project.config)
            return where, {"iamRoleStatements": statements} if is_old else {"iam": {"role": {"statements": statements}}}
