"""A SAM template becomes a CloudFormation template, with the user's places.

In: the tree of the user's file and the values of its parameters. Out: a
:class:`~scopedown.project.cloudformation.template.Template`. What the translator refuses is one finding for each of its
messages, at the place of what it is about; that resource (or event) is left out and the rest translated again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.cloudformation.expand import Expander, needs_expanding
from scopedown.project.cloudformation.plain import remarks, section, with_values
from scopedown.project.cloudformation.stack import Template
from scopedown.project.cloudformation.transforms import forgotten, macros
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope
from scopedown.project.sam.local import LocalFiles
from scopedown.project.sam.origins import Origins
from scopedown.project.sam.placed import placed
from scopedown.project.sam.refusals import Translate, translated

_MOST: Final = 1_500
"""Resources and events of a template: each becomes a resource at least, and a stack holds 500 (CloudFormation's quota;
a rule of check says so). The translator looks at every path of an API for each event, so that time grows with their
square: 500 functions with an event each take 2.4 s of CPU, 800 events with five methods for each path 8.2 s."""
_UNRESOLVED: Final = "{{IntrinsicFunction:"


@dataclass(frozen=True, slots=True)
class Given:
    """What is known beside the template: its stack's name, parameter values, and what ``sam build`` took for code."""

    service: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    built: Mapping[str, str] = field(default_factory=dict)
    partition: str | None = None
    region: str | None = None
    account: str | None = None
    findings: tuple[Finding, ...] = ()


def transformed(document: Document, files: Files, given: Given) -> Template:
    """The template that a SAM template becomes.

    Raises ScopedownError where nothing of it can be read.
    """
    tree = document.tree
    if not isinstance(tree, MapNode):
        raise ScopedownError(
            f"{document.file} is not a mapping", Place(document.file), "write a SAM template with Resources"
        )
    findings = [*given.findings, *remarks(document)]
    tree = with_values(tree, given.parameters)
    values = _values(tree, given.parameters)
    scope = Scope(
        section(tree, "Parameters"), section(tree, "Mappings"), section(tree, "Conditions"), given.region,
        given.account, defaults=True,
    )  # fmt: skip
    folder = document.file.rpartition("/")[0]
    local = LocalFiles(files, folder, scope, values, given.built)
    if needs_expanding(files.text(document.path) if document.path.is_absolute() else None):
        expander = Expander(files, folder, scope)
        tree = expander.expand(tree)
        findings += expander.findings
    resources = tree.get("Resources")
    if not isinstance(resources, MapNode) or not resources:
        raise ScopedownError(
            f"{document.file} has no Resources", place_of(tree, "Resources") or Place(document.file),
            "declare the application's resources under Resources",
        )  # fmt: skip
    _check_size(document.file, resources)
    findings += macros(tree)
    if (missing := forgotten(tree)) is not None:
        findings.append(missing)
    tree, resources = _mappings_only(tree, resources, findings)
    local.metadata = {
        id: resource["Metadata"] for id, resource in resources.items()
        if isinstance(resource, MapNode) and isinstance(resource.get("Metadata"), MapNode)
    }  # fmt: skip
    local.places = resources.keys_at
    tree, made, refusals = translated(tree, _translation(values, given.partition, local))
    origins = Origins(tree, made.origins, made.properties)
    node = origins.noded(made.tree or {})
    node.pop("Globals", None)
    code = local.restore(node["Resources"], made.origins)
    written = set(section(tree, "Resources"))
    written |= {id for id, origin in made.origins.items() if origin in written and _is_layer(node["Resources"].get(id))}
    return Template(
        node, document.file, "sam", given.service, written=frozenset(written), code=code,
        findings=(*findings, *refusals, *local.findings), elsewhere=frozenset(local.elsewhere), region=given.region,
        given=frozenset(given.parameters),
    )  # fmt: skip


def _check_size(file: str, resources: MapNode) -> None:
    """Raise ScopedownError where there is more than any stack can hold."""
    count = len(resources)
    for resource in resources.values():
        properties = resource.get("Properties") if isinstance(resource, MapNode) else None
        events = properties.get("Events") if isinstance(properties, MapNode) else None
        count += len(events) if isinstance(events, MapNode) else 0
    if count > _MOST:
        raise ScopedownError(
            f"{file} declares {count} resources and events, and CloudFormation allows 500 resources in a stack",
            resources.place,
            "split the template into nested stacks",
        )  # fmt: skip


def _is_layer(resource: Any) -> bool:
    """Whether a resource is one that SAM gives another logical id, of its content's hash."""
    return isinstance(resource, MapNode) and resource.get("Type") == "AWS::Lambda::LayerVersion"


def _mappings_only(tree: MapNode, resources: MapNode, findings: list[Finding]) -> tuple[MapNode, MapNode]:
    """The template without resources that are no mappings, which are told."""
    wrong = [id for id, resource in resources.items() if not isinstance(resource, MapNode)]
    if not wrong:
        return tree, resources
    kept, copy = MapNode(resources, resources.place), MapNode(tree, tree.place)
    for id in wrong:
        at = place_of(resources, id) or tree.place
        findings.append(reported("wrong-type resource", at, id=id))
        del kept[id]
    copy["Resources"] = kept
    return copy, kept


def _translation(values: Mapping[str, Any], partition: str | None, local: LocalFiles) -> Translate:
    """The translator, asked with these values."""
    from scopedown.project.sam.engine import Translated, translate

    def once(tree: MapNode) -> Translated:
        if not tree["Resources"]:  # the translator wants one resource; all of them may have been refused
            return Translated({key: value for key, value in tree.items() if key not in ("Globals", "Transform")})
        return translate(lambda: placed(tree, tree.place), values, partition, local.prepare)

    return once


# Parameters


def _values(tree: MapNode, given: Mapping[str, Any]) -> dict[str, Any]:
    """Each parameter's value: the given one, or its default; a name in Parameter Store is no value."""
    values: dict[str, Any] = dict(given)
    for name, declared in section(tree, "Parameters").items():
        if not isinstance(declared, MapNode) or name in given:
            continue
        if str(declared.get("Type")).startswith("AWS::SSM::"):
            values[name] = _UNRESOLVED
        elif "Default" in declared:
            values[name] = declared["Default"]
    return values
