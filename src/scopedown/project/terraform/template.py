"""A configuration's resources as one CloudFormation template: types by the table, attached things put together.

In: the root :class:`~scopedown.project.terraform.modules.Module`. Out: the template's ``Resources``, and where each
function's code is. Types that the table lacks are named in one note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.terraform.access import items_in
from scopedown.project.terraform.code import ARCHIVE, UPLOADS, Packages
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.modules import Module
from scopedown.project.terraform.resource import Resource
from scopedown.project.terraform.rows import resource_rows
from scopedown.project.terraform.shapes import properties_of, put
from scopedown.project.terraform.values import as_text, list_of, map_of, plain

_ATTACHMENTS: Final = ("aws_iam_role_policy_attachment", "aws_iam_policy_attachment")
_TARGET: Final = "aws_cloudwatch_event_target"
_FUNCTION: Final = "aws_lambda_function"
_LAYER: Final = "aws_lambda_layer_version"
_SILENT: Final = frozenset((ARCHIVE, *UPLOADS, *_ATTACHMENTS, _TARGET))
_NAMED: Final = 6
"""Types that the note names; the others are counted."""


@dataclass(slots=True)
class Made:
    """What a configuration becomes."""

    resources: MapNode
    code: dict[str, str] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)


def template_of(root: Module) -> Made:
    """The resources of a root module and of all that it calls."""
    modules = list(_modules(root))
    instances = [instance for module in modules for instance in module.resources()]
    archives = [instance for module in modules for instance in module.data(ARCHIVE)]
    made = template_from(root.context, instances, archives)
    for unread in [one for module in modules for one in module.unread]:
        reason = Text.unknown(f"the module {unread.address} gets the role and was not read", unread.block.place)
        for value in unread.inputs():
            for role in items_in(value):
                if isinstance(role, Text) and isinstance(role.parts[0], Ref):  # what it may attach is not known
                    attach(made.resources, role, reason, unread.block.place)
    return made


def template_from(context: Context, instances: Sequence[Resource], archives: Sequence[Resource]) -> Made:
    """The template of resources, and of the data sources that pack their code."""
    made = Made(MapNode(None, Place(context.budget.file)))
    packages = Packages()
    packages.add(archives)
    packages.add(instances)
    rows = resource_rows()
    unread: dict[str, Place] = {}
    for instance in instances:
        row = rows.get(instance.type)
        if row is None:
            if instance.type.startswith("aws_") and instance.type not in _SILENT:
                unread.setdefault(instance.type, instance.place)
            continue
        properties = properties_of(instance, row)
        if instance.type in (_FUNCTION, _LAYER):
            _with_code(instance, properties, packages, made)
        declare(made.resources, instance.id, row.cloudformation, properties, instance.place)
    for instance in instances:
        _tell_unknown_role(instance)
        if instance.type in _ATTACHMENTS:
            _attach(instance, made.resources)
        elif instance.type == _TARGET:
            _target(instance, made.resources)
    _tell_unread(context, unread)
    return made


def declare(resources: MapNode, id: str, type: str, properties: MapNode, place: Place) -> None:
    """Put a resource into a template."""
    put(resources, id, map_of({"Type": type, "Properties": properties}, place), place)


def _modules(module: Module) -> Iterator[Module]:
    yield module
    for inner in module.modules():
        if isinstance(inner, Module):
            yield from _modules(inner)


def _with_code(instance: Resource, properties: MapNode, packages: Packages, made: Made) -> None:
    place = instance.place_of("filename")
    name = "Content" if instance.type == _LAYER else "Code"
    if (image := instance.argument("image_uri")) is not None:
        at = instance.place_of("image_uri")
        put(properties, name, map_of({"ImageUri": plain(image)}, at), at)
        return
    package = packages.of(instance, instance.argument("handler"))
    if package.text is not None:
        put(properties, name, map_of({"ZipFile": package.text}, place), place)
    elif package.path is not None:
        made.code[instance.id] = package.path
        if package.entry is not None:
            made.entries[instance.id] = package.entry
    elif (key := instance.argument("s3_key")) is not None:
        place = instance.place_of("s3_key")
        held = {"S3Bucket": plain(instance.argument("s3_bucket")), "S3Key": plain(key)}
        put(properties, name, map_of(held, place), place)
    elif (written := instance.argument("filename")) is not None:
        put(properties, name, as_text(written), place)


def _attach(instance: Resource, resources: MapNode) -> None:
    """Put an attached policy into the roles that it is attached to."""
    policy, place = plain(instance.argument("policy_arn")), instance.place_of("policy_arn")
    for role in [*items_in(instance.argument("role")), *items_in(instance.argument("roles"))]:
        attach(resources, role, policy, place)


def _tell_unknown_role(instance: Resource) -> None:
    """Say where a policy is attached to a role that is not known: it may be that of a function."""
    argument = {"aws_iam_policy_attachment": "roles"}.get(instance.type, "role")
    if instance.type not in (*_ATTACHMENTS, "aws_iam_role_policy"):
        return
    for role in items_in(instance.argument(argument)):
        if unknowns := as_text(role).unknowns:
            instance.context.tell(
                "terraform-attachment",
                f"scopedown cannot tell which role {instance.address} is attached to: {unknowns[0].reason}",
                instance.place_of(argument), "give its variables values in terraform.tfvars or with --param",
            )  # fmt: skip


def attach(resources: MapNode, role: Any, policy: Any, place: Place) -> None:
    """Put a policy's ARN into the role that a value names by a reference or by its name."""
    target = _named(resources, as_text(role), "AWS::IAM::Role", "RoleName")
    if target is None:
        return
    held = target.get("ManagedPolicyArns")
    listed = held if isinstance(held, ListNode) else list_of([] if held is None else [held], place)
    listed.append(policy)
    listed.items_at.append(place)
    put(target, "ManagedPolicyArns", listed, place)


def _target(instance: Resource, resources: MapNode) -> None:
    rule = _named(resources, as_text(instance.argument("rule")), "AWS::Events::Rule", "Name")
    place = instance.place
    if rule is not None:
        held = {"Arn": plain(instance.argument("arn")), "RoleArn": plain(instance.argument("role_arn"))}
        one = map_of({name: value for name, value in held.items() if value is not None}, place)
        listed = rule.get("Targets")
        targets = listed if isinstance(listed, ListNode) else list_of([], place)
        targets.append(one)
        targets.items_at.append(place)
        put(rule, "Targets", targets, place)


def _named(resources: MapNode, text: Text, type: str, name: str) -> MapNode | None:
    """The properties of the resource of a type that a text refers to, or whose name it is."""
    part = text.parts[0] if len(text.parts) == 1 else None
    if isinstance(part, Ref | Att):
        found = resources.get(part.id)
        return found["Properties"] if found is not None and found["Type"] == type else None
    for one in resources.values():
        own = one["Properties"].get(name)
        if one["Type"] == type and own is not None and as_text(own) == text and not text.unknowns:
            properties: MapNode = one["Properties"]
            return properties
    return None


def _tell_unread(context: Context, unread: dict[str, Place]) -> None:
    if unread:
        types = sorted(unread)
        more = f" and {len(types) - _NAMED} more" if len(types) > _NAMED else ""
        context.tell(
            "terraform-types", f"scopedown does not read these types of resources: {', '.join(types[:_NAMED])}{more}",
            unread[types[0]], "write ARNs as text where policies or code need these resources",
            Severity.NOTE,
        )  # fmt: skip
