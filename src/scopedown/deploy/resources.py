"""What CloudFormation does in the caller's name for each resource of the template, from ``types/SERVICE.tsv``.

Of types without rows: what the registry's handlers may call, on the ARNs that the catalog knows. The registry
over-approximates: handlers list every action that any property may need. What of them is a wildcard or no action at
all is left out, and reported. An action is limited to the resource's own ARN where the catalog says that it acts on
such a resource, to the ARN format of its resource types else, and to ``*`` where it has none. Roles are passed only
where a property names one, and that one alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from scopedown.core.text import Literal, Text
from scopedown.core.words import some_of
from scopedown.deploy.arn_formats import PASS_ROLE
from scopedown.deploy.model import DeployPermission, Phase, ResourceProperty, Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.row_permissions import allowed
from scopedown.deploy.rows import TypeRow, type_rows
from scopedown.deploy.when import holds
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredResource

SOURCE = "registry handlers, because the type has no table"
LINKED_ROLE = "iam:CreateServiceLinkedRole"
_ROLE = re.compile(r"arn:[\w-]+:iam::[^:]*:role/.+")


def fallback_permissions(
    resource: DeclaredResource, phases: Sequence[Phase], namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    """The handlers' actions for a resource; for a type that has none, what that means."""
    known = namer.known(resource.type)
    if known is None or not known.handlers:
        yield Unresolved(
            resource.logical_id,
            f"scopedown does not know what CloudFormation calls for {resource.type}"
            if known
            else f"{resource.type} is not a resource type",
            "the policy allows nothing for it",
            resource.place,
            "add the actions of its service yourself",
        )
        return
    found: dict[str, list[Phase]] = {}
    for phase in phases:
        for action in known.handlers.get(phase.value, ()):
            found.setdefault(action, []).append(phase)
    patterns = [action for action in found if "*" in action]
    for action, needed_in in found.items():
        fact = namer.formats.action(action)
        if fact is not None and (arns := _arns(fact.name, resource, namer)):
            because = ResourceProperty(
                resource.logical_id, resource.type, "", tuple(needed_in), SOURCE, resource.place, fallback=True
            )
            yield DeployPermission(fact.name, arns, (because,))
    left_out = f", except {' and '.join(patterns)}, which are not single actions" if patterns else ""
    yield Unresolved(
        resource.logical_id,
        f"the table has no row for {resource.type} yet",
        f"all that the registry's handlers list is allowed{left_out}",
        resource.place,
    )


def _arns(action: str, resource: DeclaredResource, namer: Namer) -> tuple[str, ...]:
    """The ARNs to which an action can be limited for a resource; none where it is not needed."""
    target = namer.target
    if action == PASS_ROLE:
        return tuple(dict.fromkeys(_roles(resource.properties, resource.logical_id, namer)))
    if action == LINKED_ROLE:
        return (f"arn:{target.partition}:iam::{target.account}:role/aws-service-role/*",)
    formats = namer.formats.of(action)
    own = namer.arn(resource) if formats else "*"
    if own != "*" and any(_is_of(own, one) for one in formats):
        return (own,)
    if own != "*" and any(_is_of(f"{own}/x", one) or _is_of(f"{own}:x", one) for one in formats):
        return (own, f"{own}/*", f"{own}:*")
    return namer.formats.patterns(action, target, target.account)


def _is_of(arn: str, arn_format: str) -> bool:
    """Whether an ARN is one of a format's."""
    pieces = re.split(r"\$\{\w+\}", arn_format)
    return re.fullmatch("[^:]*".join(re.escape(piece) for piece in pieces), arn) is not None


def _roles(tree: Any, inside: str, namer: Namer) -> Iterator[str]:
    """The roles that a value names, at whatever depth."""
    if isinstance(tree, str | Text) or is_intrinsic(tree):
        text = namer.text(tree, inside)
        if _ROLE.fullmatch(text):
            yield text
    elif isinstance(tree, Mapping):
        for name, item in tree.items():
            found = list(_roles(item, inside, namer))
            yield from found
            if not found and name.endswith(("RoleArn", "RoleARN")) and namer.text(item, inside) == "*":
                yield f"arn:{namer.target.partition}:iam::{namer.target.account}:role/*"
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _roles(item, inside, namer)


TAGS, OWN_TAGS = "tags", "ownTags"
"""The terms of ``when`` that hold where a resource is given tags at all (by the framework, as STAGE is), and where the
project writes tags, its own or the stack's, which may change and go."""
CUSTOM = ("AWS::CloudFormation::CustomResource", "Custom::*")
"""The types of custom resources: rows of ``Custom::*`` speak of every such type."""
PACKAGED = ("CodeS3Location", "DefinitionS3Location", "RequestMappingTemplateS3Location",
            "ResponseMappingTemplateS3Location", "TemplateURL")  # fmt: skip
"""Properties that may name a local file until it is packaged
(https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html)."""
NO_CALLS = ("AWS::CloudFormation::WaitConditionHandle", "AWS::CDK::Metadata")
"""Types for which CloudFormation calls nothing that the caller must be allowed."""


def covered(type_name: str) -> bool:
    """Whether the table speaks of a type."""
    return rows_of(type_name) is not None or type_name in NO_CALLS


def rows_of(type_name: str) -> tuple[TypeRow, ...] | None:
    """The rows of a type; None where the table does not speak of it."""
    if type_name.startswith("Custom::") or type_name == CUSTOM[0]:
        type_name = CUSTOM[1]
    return type_rows().get(type_name)


@dataclass(frozen=True, slots=True)
class StackTags:
    """Whether the stack has tags that its resources get too: the framework's, the project's."""

    framework: bool = False
    project: bool = False


def resource_permissions(
    resource: DeclaredResource, phases: Sequence[Phase], tags: StackTags, namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    """The permissions that a resource needs in these phases, and what of them is not known."""
    if resource.attributes.get("DeletionPolicy") == "Retain":
        phases = [phase for phase in phases if phase is not Phase.DELETE]
    if resource.type in NO_CALLS:
        return
    rows = rows_of(resource.type)
    if rows is None:
        yield from fallback_permissions(resource, phases, namer)
        return
    resource = replace(resource, properties=_with_code(resource, namer))
    properties: dict[str, Any] = {**resource.attributes, **resource.properties}
    own_tags = tags.project or any(name.endswith("Tags") and value for name, value in resource.properties.items())
    properties[TAGS], properties[OWN_TAGS] = own_tags or tags.framework, own_tags
    text = partial(namer.text, inside=resource.logical_id)
    open_arns: dict[str, dict[str, None]] = {}
    applied = False
    for row in rows:
        wanted = tuple(phase for phase in phases if phase in row.phases)
        told = holds(row.when, properties, text) if wanted else None
        if told is None:
            continue
        applied = True
        found = allowed(row.action, row.resource, row.condition, resource, namer)
        for reason in found.reasons:
            open_arns.setdefault(reason, {}).update(dict.fromkeys(found.arns))
        if found.arns:
            because = ResourceProperty(resource.logical_id, resource.type, told, wanted, row.source, resource.place)
            yield DeployPermission(row.action, found.arns, (because,), found.conditions)
        else:
            yield Unresolved(
                resource.logical_id,
                f"{row.action} needs a property that is missing ({row.resource})",
                "the policy does not allow it",
                resource.place,
            )
    if not applied and Phase.CREATE in phases:
        yield Unresolved(
            resource.logical_id,
            f"no row for {resource.type} matches: a property that selects the service is missing",
            "the policy allows nothing for it",
            resource.place,
        )
    for reason, arns in open_arns.items():
        yield Unresolved(resource.logical_id, reason, f"its actions are allowed on {some_of(arns)}", resource.place)


def _with_code(resource: DeclaredResource, namer: Namer) -> Mapping[str, Any]:
    """The properties; the framework puts code where its commands put artifacts, under a name that holds the time, or a
    hash that the next deployment changes, and local files that a property names into the same bucket."""
    properties = resource.properties
    packaged = {
        name: f"s3://{namer.bucket}/*" for name in PACKAGED
        if name in properties and _is_uploaded(properties[name], resource, namer)
    } if namer.bucket else {}  # fmt: skip
    properties = {**properties, **packaged} if packaged else properties
    for name in ("Code", "Content"):
        code = properties.get(name)
        if not isinstance(code, Mapping) or "S3Bucket" not in code:
            continue
        changed = dict(code)
        if "S3Key" not in code and namer.artifacts:
            changed["S3Key"] = f"{namer.artifacts}/*"
        bucket = code["S3Bucket"]
        is_open = isinstance(bucket, Text) and not bucket.has(Literal)
        if namer.bucket and (is_open or namer.text(bucket, resource.logical_id) == namer.bucket):
            changed |= {"S3Bucket": namer.bucket, "S3Key": "*"}
        return {**properties, name: changed}
    return properties


def _is_uploaded(value: Any, resource: DeclaredResource, namer: Namer) -> bool:
    """Whether the framework uploads what a property names: the path of a local file, or an object of its bucket."""
    if isinstance(value, str):
        return "://" not in value
    return f"/{namer.bucket}/" in namer.text(value, resource.logical_id)
