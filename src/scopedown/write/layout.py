"""Gives each function of a Serverless project the role that its dialect allows, still without its statements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scopedown.compare.doubt import CERTAIN, Doubt
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.emit.cloudformation import plain
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.text import SplicedText
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Project
from scopedown.project.serverless.event_kinds import event_kind
from scopedown.project.serverless.names import SHARED_ROLE
from scopedown.project.serverless.service import PLUGIN_ROLES_PER_FUNCTION, roles_plugin
from scopedown.write.attached_policies import chosen_policies, tied_to_shared, why_policy_stays
from scopedown.write.model import Dialect, Statement
from scopedown.write.stage_independent import spelled
from scopedown.write.texts import Texts, located

Steps = tuple[str | int, ...]
_INCLUDE = re.compile(r"\$\{file\(([^()$]+)\)(?::([\w.-]+))?\}")
POLICY_NAME = "scopedown"


def dialect_of(project: Project) -> Dialect:
    """What a project's own roles of functions are written in."""
    if roles_plugin(project.plugins):
        return Dialect.PLUGIN
    return Dialect.V4 if project.compiler == "serverless 4" else Dialect.INLINE


def lay_out(
    project: Project,
    functions: Sequence[Function],
    dialect: Dialect,
    shared: bool,
    texts: Texts,
    doubts: Mapping[str, Doubt],
) -> list[Finding]:
    """Change the files so that the functions have the roles; what cannot be changed is told. ``doubts`` are what the
    functions of these names may need too."""
    findings: list[Finding] = []
    places: list[tuple[Function, str, Steps]] = []  # all of them before a change moves lines; paths of keys stay
    tied = None if shared else _tied(project, functions, dialect)
    findings += [tied] if tied else []
    for function in functions:
        role = project.roles.get(function.role)
        if role is not None and not role.declared:
            findings.append(Finding(
                "write-foreign-role", f"{function.key} assumes a role that is not defined in the project: {role.id}",
                function.place,
                "change the role where it is defined",
            ))  # fmt: skip
            continue
        if shared or _has_own(function, project) or (tied and function.role == SHARED_ROLE):
            continue
        try:
            places.append((function, *_section(*located(function.place, function.key, texts), texts)))
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
    many = Counter((file, path) for _, file, path in places)
    roles: dict[str, Mapping[str, Any]] = {}
    named: list[tuple[str, Steps, str]] = []
    for function, file, path in places:
        try:
            if many[file, path] > 1:
                raise SpliceError(f"{file} defines more than one function", function.place, "write it by hand")
            doubt = doubts.get(function.key, CERTAIN)
            if dialect is Dialect.INLINE:
                id = role_id(function, project, doubt)
                texts.of(file).edit_setting((*path, "role"), id)  # raises where it cannot be named there
                if id not in project.resources:
                    roles[id] = spelled(own_role(project, function, doubt))
                named.append((file, path, id))
            else:
                own = ("iamRoleStatements",) if dialect is Dialect.PLUGIN else ("iam", "role", "statements")
                texts.set(file, (*path, *own), [])
                if dialect is Dialect.V4 and _taken_along(project, function, doubt):
                    policies = spelled(_taken_along(project, function, doubt))
                    texts.set(file, (*path, "iam", "role", "managedPolicies"), policies)
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
    try:
        _add_resources(project, roles, texts)
    except SpliceError as error:
        return [*findings, error.finding("write-by-hand")]
    for file, path, id in named:
        try:
            texts.set(file, (*path, "role"), id)
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
    return findings


def added_plugin(project: Project, dialect: Dialect, texts: Texts) -> list[Finding]:
    """Name the plugin in the project file, without which nothing reads the functions' statements, where its dialect is
    written and it is not there. Raises SpliceError where the list of plugins is not in that file."""
    if dialect is not Dialect.PLUGIN or roles_plugin(project.plugins):
        return []
    path: Steps = ("plugins",)
    text = texts.of(project.config)
    if text.kind(path) == "mapping":
        path = ("plugins", "modules")
    if text.has(path) and (text.kind(path) != "sequence" or text.tag(path)):
        raise SpliceError(
            f"the list of plugins is outside {project.config} and lacks {PLUGIN_ROLES_PER_FUNCTION}",
            Place(project.config), f"add {PLUGIN_ROLES_PER_FUNCTION} to it, or leave --dialect plugin out",
        )  # fmt: skip
    texts.append(project.config, path, [PLUGIN_ROLES_PER_FUNCTION])
    return [Finding(
        "write-plugin", f"added {PLUGIN_ROLES_PER_FUNCTION} to the plugins", Place(project.config),
        f"install it: npm install --save-dev {PLUGIN_ROLES_PER_FUNCTION}",
    )]  # fmt: skip


def place_of_list(project: Project, function: Function, dialect: Dialect, texts: Texts) -> tuple[str, Steps]:
    """The file and the path of the list that a function's statements belong in, where it holds none yet."""
    if function.role in project.resources:
        role = project.resources[function.role]
        file, path = located(role.place, function.role, texts)
        return file, (*path, "Properties", "Policies", 0, "PolicyDocument", "Statement")
    if function.role in project.generated and _is_shared(function, project):
        old = texts.of(project.config).has(("provider", "iamRoleStatements"))
        return project.config, ("provider", *(("iamRoleStatements",) if old else ("iam", "role", "statements")))
    file, path = _section(*located(function.place, function.key, texts), texts)
    return file, (*path, *(("iamRoleStatements",) if dialect is Dialect.PLUGIN else ("iam", "role", "statements")))


def place_of_policies(project: Project, function: Function, texts: Texts) -> tuple[str, Steps]:
    """The file and the path of the list of managed policies that a person chose for a function's role."""
    if function.role in project.resources:
        role = project.resources[function.role]
        file, path = located(role.place, function.role, texts)
        return file, (*path, "Properties", "ManagedPolicyArns")
    if _is_shared(function, project):
        return provider_policies(project, texts)
    file, path = _section(*located(function.place, function.key, texts), texts)
    return file, (*path, "iam", "role", "managedPolicies")


def provider_policies(project: Project, texts: Texts) -> tuple[str, Steps]:
    """The file and the path of the list of managed policies of the role that functions share."""
    old = texts.of(project.config).has(("provider", "iamManagedPolicies"))
    return project.config, ("provider", *(("iamManagedPolicies",) if old else ("iam", "role", "managedPolicies")))


def _is_shared(function: Function, project: Project) -> bool:
    return function.role == SHARED_ROLE


def _has_own(function: Function, project: Project) -> bool:
    """Whether a function's role is one that the project or a dialect made for it (or for those that a person chose)."""
    return function.role in project.resources or not _is_shared(function, project)


def _tied(project: Project, functions: Sequence[Function], dialect: Dialect) -> Finding | None:
    """Why functions cannot leave the shared role; None where they can."""
    on_it = {function.key for function in project.functions if function.role == SHARED_ROLE}
    leaving = [function for function in functions if function.key in on_it]
    is_removed = dialect is Dialect.INLINE and len(leaving) == len(on_it)
    return tied_to_shared(project, leaving, is_removed) if leaving else None


def role_id(function: Function, project: Project, doubt: Doubt = CERTAIN) -> str:
    """The logical id of a function's own role, which no other resource has, except the very role that it needs: a run
    that was killed before the function named it left that behind."""
    id = function.logical_id.removesuffix("LambdaFunction") + "Role"
    while id in project.deployed and not _is_left(id, function, project, doubt):
        id += "X"
    return id


def _is_left(id: str, function: Function, project: Project, doubt: Doubt) -> bool:
    if id not in project.resources or any(one.role == id for one in project.functions) or not _is_written(id, project):
        return False
    own, there = own_role(project, function, doubt)["Properties"], project.resources[id].properties
    return {**own, "Policies": None} == {**there, "Policies": None}


def has_written_role(function: Function, project: Project) -> bool:
    """Whether a function's role is one that :func:`lay_out` made for it."""
    return _is_written(function.role, project)


def _is_written(id: str, project: Project) -> bool:
    resource = project.resources.get(id)
    if resource is None or resource.type != "AWS::IAM::Role":
        return False
    policies: Any = resource.properties.get("Policies") or ()  # none where the function needs nothing
    return [policy.get("PolicyName") for policy in policies if isinstance(policy, Mapping)] in ([], [POLICY_NAME])


def own_role(project: Project, function: Function, doubt: Doubt = CERTAIN) -> dict[str, Any]:
    """A role with what the provider says of its roles, and an empty policy. Of the provider's managed policies it has
    those that are not judged."""
    services = ["lambda.amazonaws.com", *dict.fromkeys(_also_trusted(function))]
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": services}, "Action": ["sts:AssumeRole"]}],
        }
    }
    shared = project.roles.get(function.role)
    if shared is not None:
        if own := _taken_along(project, function, doubt):
            properties["ManagedPolicyArns"] = own
        if shared.permissions_boundary:
            properties["PermissionsBoundary"] = _plain(shared.permissions_boundary, function.place)
        if (path := shared.properties.get("Path")) not in (None, "/"):
            properties["Path"] = _plain(path, function.place)
        if isinstance(tags := shared.properties.get("Tags"), list) and tags:
            properties["Tags"] = [{key: _plain(tag[key], function.place) for key in ("Key", "Value")} for tag in tags]
    properties["Policies"] = [policy_entry([])]
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def policy_entry(statements: list[Statement]) -> dict[str, Any]:
    """A policy as a role has it in its ``Policies``."""
    return {"PolicyName": POLICY_NAME, "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}


def _taken_along(project: Project, function: Function, doubt: Doubt) -> list[Any]:
    """The managed policies of the shared role that a function takes along. The one that the framework attaches for a
    VPC is none of them: its actions are among the statements."""
    shared = project.roles.get(function.role)
    policies = chosen_policies(shared) if shared else []
    return [_plain(policy, function.place) for policy in policies if why_policy_stays(policy, doubt)]


def _also_trusted(function: Function) -> Iterator[str]:
    """Services beside Lambda that assume the function's role, as the framework has it (osls 4.3.1)."""
    for event in function.events:
        if principal := event_kind(event.kind).assumes_role(event):
            yield principal


def _plain(value: Any, place: Place) -> Any:
    text = to_text(value, Scope())
    if text.unknowns:
        raise SpliceError(
            f"the value of one of the role's settings is unknown: {text.unknowns[0].reason}", place, "write it by hand"
        )
    return plain(text)


def _add_resources(project: Project, resources: Mapping[str, Mapping[str, Any]], texts: Texts) -> None:
    if not resources:
        return
    file, path = _section(project.config, ("resources",), texts)
    text = texts.of(file)
    if text.kind(path) == "sequence":
        texts.append(file, path, [{"Resources": dict(resources)}])
        return
    if text.has((*path, "Resources")):
        file, path = _section(file, (*path, "Resources"), texts)
        for id, resource in resources.items():
            texts.set(file, (*path, id), resource)
    else:
        texts.set(file, (*path, "Resources"), dict(resources))


def _section(file: str, path: Steps, texts: Texts) -> tuple[str, Steps]:
    """Where a section is written: there, or in the file that a ``${file(…)}`` names."""
    text: SplicedText = texts.of(file)
    value = text.value(path) if text.kind(path) == "scalar" else None
    if not value:
        return file, path
    found = _INCLUDE.fullmatch(value.strip())
    if found is None:
        raise SpliceError(f"{file}: {'.'.join(map(str, path))} is {value}", Place(file), "write the role by hand")
    name = found[1].strip().removeprefix("./")
    return name, tuple(found[2].split(".")) if found[2] else ()
