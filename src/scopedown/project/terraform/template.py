"""A configuration's resources as one CloudFormation template: types by the table, attached things put together.

In: the root :class:`~scopedown.project.terraform.modules.Module`. Out: the template's ``Resources``, and where each
function's code is. Types that the table lacks are named in one note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.text import Ref, Text
from scopedown.documents.nodes import MapNode
from scopedown.project.grants import grant_rows
from scopedown.project.model import DeclaredResource
from scopedown.project.terraform.access import items_in
from scopedown.project.terraform.attached import Declared, attach, put_together
from scopedown.project.terraform.code import ARCHIVE, EXTERNAL, Packages
from scopedown.project.terraform.context import Context, Resource
from scopedown.project.terraform.modules import Module
from scopedown.project.terraform.rows import resource_rows
from scopedown.project.terraform.shapes import properties_of, put, read_arguments
from scopedown.project.terraform.values import as_text, decoded, list_of, map_of, plain

PACKING: Final = (ARCHIVE, EXTERNAL)
"""Data sources that pack code."""
_FUNCTION: Final = "aws_lambda_function"
_LAYER: Final = "aws_lambda_layer_version"
_CODE: Final = ("all", "filename", "source_code_hash", "image_uri", "s3_bucket", "s3_key", "s3_object_version")
"""Arguments of a function that say which code it has
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function)."""
_SEPARATE: Final = "ignore_source_code_hash"
"""The input of terraform-aws-modules/lambda for code that is deployed by another way."""
_NAMED: Final = 6
"""Types that the note names; the others are counted."""


@dataclass(slots=True)
class Made:
    """What a configuration becomes."""

    resources: MapNode
    code: dict[str, str] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, Unseen] = field(default_factory=dict)
    """By a function's logical id: why other code than the configuration's may be deployed."""
    unmodelled: dict[str, DeclaredResource] = field(default_factory=dict)
    """By logical id: what resources give by arguments that no property of the template holds."""


def template_of(root: Module) -> Made:
    """The resources of a root module and of all that it calls."""
    modules = list(_modules(root))
    instances = [instance for module in modules for instance in module.resources()]
    archives = [instance for module in modules for type in PACKING for instance in module.data(type)]
    made = template_from(root.context, instances, archives)
    declared = Declared(made.resources)
    for unread in [one for module in modules for one in module.unread]:
        reason = Text.unknown(f"the module {unread.address} gets the role and was not read", unread.block.place)
        for value in unread.inputs():
            for role in items_in(value):
                if isinstance(role, Text) and isinstance(role.parts[0], Ref):  # what it may attach is not known
                    attach(declared, role, reason, unread.block.place)
    return made


def template_from(context: Context, instances: Sequence[Resource], archives: Sequence[Resource]) -> Made:
    """The template of resources, and of the data sources that pack their code."""
    made = Made(MapNode(None, Place(context.budget.file)))
    packages = Packages()
    packages.add(archives)
    packages.add(instances)
    rows = resource_rows()
    for instance in instances:
        row = rows.get(instance.type)
        if row is None:
            continue
        properties = properties_of(instance, row)
        if instance.type in (_FUNCTION, _LAYER):
            _with_code(instance, properties, packages, made)
            if (replaced := _replaced(instance)) is not None:
                made.replaced[instance.id] = replaced
        declare(made.resources, instance.id, row.cloudformation, properties, instance.place)
        if conditions := context.may_lack(instance.address):
            put(made.resources[instance.id], "Condition", list_of(conditions, instance.place), instance.place)
    declared = Declared(made.resources)
    for instance in instances:
        put_together(instance, declared)
    _tell_unread(context)
    made.unmodelled |= unmodelled(context, instances)
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


def _replaced(instance: Resource) -> Unseen | None:
    """Why the deployed code may differ from the configuration's: Terraform leaves changes of it to others."""
    ignored = instance.ignored()
    for name in _CODE:
        if name in ignored:
            return _other_code(f"Terraform ignores changes of {name}", ignored[name])
    if instance.argument(_SEPARATE) is True:
        return _other_code(f"{_SEPARATE} is set", instance.place_of(_SEPARATE))
    return None


def _other_code(why: str, place: Place) -> Unseen:
    return Unseen(
        Cause.PLACEHOLDER, f"{why}, so the deployed code may differ from the code in the repository", place,
        remedy="scan the source that is deployed, or let Terraform deploy it",
    )  # fmt: skip


def _tell_unread(context: Context) -> None:
    """Name the types of which something needs to know an attribute that the table does not have."""
    if context.unread:
        types = sorted(context.unread)
        more = f" and {len(types) - _NAMED} more" if len(types) > _NAMED else ""
        context.report("terraform-types", context.unread[types[0]], names=", ".join(types[:_NAMED]), more=more)


# The arguments of resources that give access and that no property of the template holds. Nothing that is worked out
# here is reported.


_META: Final = ("count", "for_each", "provider", "depends_on", "lifecycle", "timeouts", "tags", "tags_all")


def unmodelled(context: Context, instances: Sequence[Resource]) -> dict[str, DeclaredResource]:
    """What instances give, by logical id."""
    findings, unread = len(context.findings), dict(context.unread)
    found = {}
    for instance in instances:
        rows = grant_rows().get(instance.type, ())
        if instance.is_data or not rows:
            continue
        properties = _arguments(instance, any(row.keys[:1] in ((), ("**",)) for row in rows))
        found[instance.id] = DeclaredResource(instance.id, instance.type, properties, instance.place)
    del context.findings[findings:]
    context.unread.clear()
    context.unread.update(unread)
    return found


def _arguments(instance: Resource, all_of_them: bool) -> MapNode:
    rows = grant_rows()[instance.type]
    row = resource_rows().get(instance.type)
    modelled = {*(row.arguments if row is not None else ()), *read_arguments(instance.type)}
    policies = {one.keys[0] for one in rows if one.holds == "policy" and len(one.keys) == 1}
    is_whole = any(one.keys == () for one in rows)
    found = MapNode(None, instance.place)
    written = instance.arguments() if all_of_them else None
    for name in dict.fromkeys(one.keys[0] for one in rows if one.keys) if written is None else written:
        if name in _META:
            continue
        value = instance.argument(name) if written is None else written[name]
        if value is None:
            continue
        document = decoded(value, instance.text_place(name)) if name in policies else value
        # a policy that is read is one of the template's resource
        if name in modelled and not is_whole and (name not in policies or isinstance(document, Mapping)):
            continue
        put(found, name, plain(document), instance.place_of(name))
    return found
