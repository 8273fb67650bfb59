"""Nested stacks: a template and the local templates of its stacks, as one tree.

In: a :class:`~scopedown.project.cloudformation.template.Template` and how to read the template of a stack that it
nests. Out: one Template, in which the logical ids of a stack ``Storage`` begin with ``Storage/``, its parameters are
what the parent gives, and its outputs (``Fn::GetAtt: [Storage, Outputs.X]``) are their values. The stack's own
resource stays. A template that is missing, that is broken or that nests itself is a finding.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.cloudformation.choose import Budget
from scopedown.project.cloudformation.namespace import Namespace, unlisted
from scopedown.project.cloudformation.plain import plain_template, section
from scopedown.project.cloudformation.stack import SECTIONS, Template
from scopedown.project.findings import reported

STACK: Final = "AWS::CloudFormation::Stack"
_MAX_LEVELS: Final = 20
_MAX_STACKS: Final = 2000
"""Stacks of an account (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)."""

Load = Callable[[Mapping[str, Any], str], "Template | None"]
"""Reads the template of a stack's resource, which stands in the named file; None: it is not local. Raises
ScopedownError where the file is missing or broken."""


def local_document(stack: Mapping[str, Any], parent: str, files: Files) -> Document | None:
    """The document of ``TemplateURL``, where that is a path (relative to the template that it stands in)."""
    properties = stack.get("Properties")
    url = properties.get("TemplateURL") if isinstance(properties, Mapping) else None
    if not isinstance(url, str) or "://" in url:
        return None
    name = posixpath.normpath(posixpath.join(posixpath.dirname(parent), url.replace("\\", "/")))
    document = files.document(files.root / name, template=True)
    if document is None:
        raise ScopedownError(f"{name} does not exist", None, "correct TemplateURL")
    if not isinstance(document.tree, MapNode):
        raise ScopedownError(f"{name} is not a template", Place(name), "add a Resources section")
    return document


def given_texts(stack: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that a stack's resource gives as written text."""
    properties = stack.get("Properties")
    values = properties.get("Parameters") if isinstance(properties, Mapping) else None
    return {name: one for name, one in (values if isinstance(values, Mapping) else {}).items() if isinstance(one, str)}


def load_plain(stack: Mapping[str, Any], parent: str, files: Files) -> Template | None:
    """The local template of a stack's resource, read as plain CloudFormation."""
    document = local_document(stack, parent, files)
    return None if document is None else plain_template(document, files, given_texts(stack))


def flatten(template: Template, load: Load, budget: Budget | None = None) -> Template:
    """A template with its nested stacks put in; the same template where it has none."""
    if not any(_is_stack(one) for one in section(template.tree, "Resources").values()):
        return template
    return joined([("", template, {})], load, budget)


def joined(
    stacks: Iterable[tuple[str, Template, Mapping[str, Any]]], load: Load, budget: Budget | None = None
) -> Template:
    """Several templates as one: each with the prefix of its names and the values of its parameters and pseudo
    parameters; with the stacks that they nest."""
    result = _Result(load, budget or Budget())
    first: Template | None = None
    for prefix, template, values in stacks:
        first = first or template
        _Level(template, prefix, values, result, (template.file,)).put()
    if first is None:
        raise ScopedownError("the project has no stack")
    return replace(
        first,
        tree=result.tree,
        written=frozenset(result.written) if result.partly_written else None,
        code=result.code,
        entries=result.entries,
        tooling=frozenset(result.tooling),
        elsewhere=frozenset(result.elsewhere),
        findings=tuple(dict.fromkeys(result.findings)),
    )


@dataclass(slots=True)
class _Result:
    """The one tree, growing."""

    load: Load
    budget: Budget
    tree: MapNode = field(default_factory=MapNode)
    written: set[str] = field(default_factory=set)
    partly_written: bool = False
    code: dict[str, str] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)
    tooling: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    stacks: int = 0
    findings: list[Finding] = field(default_factory=list)

    def section(self, name: str, place: Place) -> MapNode:
        """A section of the tree."""
        if name not in self.tree:
            self.tree[name] = MapNode(None, place)
            self.tree.keys_at[name] = self.tree.values_at[name] = place
        found: MapNode = self.tree[name]
        return found


@dataclass(slots=True)
class _Level:
    """One template at its place in the tree."""

    template: Template
    prefix: str
    values: Mapping[str, Any]
    result: _Result
    chain: tuple[str, ...]
    condition: str | None = None
    """The condition that the whole stack deploys under, by its name in the tree."""
    _children: dict[str, _Level | None] = field(default_factory=dict)
    _outputs: dict[str, tuple[Any] | None] = field(default_factory=dict)
    _names: Namespace | None = None

    @property
    def names(self) -> Namespace:
        """What this template's names become."""
        if self._names is None:
            tree = self.template.tree
            parameters = section(tree, "Parameters")
            self._names = Namespace(
                self.prefix,
                frozenset(section(tree, "Resources")) | frozenset(set(parameters) - set(self.values)),
                frozenset(section(tree, "Conditions")),
                frozenset(section(tree, "Mappings")),
                self.result.budget,
                self.values,
                self._attribute,
            )
        return self._names

    def put(self) -> None:
        """Put everything of this template, and of the stacks that it nests, into the result's tree."""
        template, result = self.template, self.result
        result.findings += template.findings
        result.stacks += 1
        if result.stacks > _MAX_STACKS:
            raise ScopedownError(
                f"the template has more than {_MAX_STACKS} nested stacks",
                result.budget.place,
                "split the project into several",
            )
        for kind in SECTIONS:
            written = template.tree.get(kind)
            if written is None:
                continue
            place = place_of(template.tree, kind) or Place(template.file)
            if not isinstance(written, MapNode):
                result.findings.append(reported("wrong-type section", place, kind=kind))
                continue
            into = result.section(kind, place)
            for key, value in written.items():
                if kind == "Parameters" and key in self.values:
                    continue
                name = key if key.startswith("Fn::") else self.prefix + key
                into[name] = self._entry(kind, value)
                into.keys_at[name] = into.values_at[name] = place_of(written, key) or place
        ids = list(section(template.tree, "Resources"))
        result.written |= {self.prefix + id for id in (ids if template.written is None else template.written)}
        result.partly_written = result.partly_written or template.written is not None
        result.code |= {self.prefix + id: folder for id, folder in template.code.items()}
        result.entries |= {self.prefix + id: file for id, file in template.entries.items()}
        result.tooling |= {self.prefix + id for id in template.tooling}
        result.elsewhere |= {self.prefix + id for id in template.elsewhere}
        for id in ids:
            child = self.child(id)
            if child is not None:
                child.put()

    def _entry(self, kind: str, value: Any) -> Any:
        new = self.names.renamed(value)
        if kind == "Conditions" and self.condition is not None:
            return MapNode({"Fn::And": [{"Condition": self.condition}, new]}, place_of(value) or Place(""))
        if kind not in ("Resources", "Outputs") or not isinstance(new, MapNode):
            return new
        named = new.get("Condition")
        if isinstance(named, str):
            new["Condition"] = self.names.name(named, self.names.conditions)
        elif named is None and self.condition is not None and kind == "Resources":
            new["Condition"] = self.condition
        needed = new.get("DependsOn")
        if isinstance(needed, str):
            new["DependsOn"] = self.names.name(needed, self.names.ids)
        elif isinstance(needed, list):
            new["DependsOn"] = [self.names.name(one, self.names.ids) for one in needed]
        return new

    # Stacks that this template nests

    def child(self, id: str) -> _Level | None:
        """The level of a nested stack; None where its template is not read."""
        if id not in self._children:
            self._children[id] = None  # what asks for it again while it is being read goes round in a circle
            resource = section(self.template.tree, "Resources").get(id)
            if isinstance(resource, Mapping) and _is_stack(resource):
                self._children[id] = self._read(id, resource)
        return self._children[id]

    def _read(self, id: str, resource: Mapping[str, Any]) -> _Level | None:
        place = place_of(section(self.template.tree, "Resources"), id) or Place(self.template.file)
        properties = resource.get("Properties")
        properties = properties if isinstance(properties, Mapping) else {}
        place = place_of(properties, "TemplateURL") or place
        try:
            template = self.result.load(resource, self.template.file)
        except ScopedownError as error:
            where = error.place if error.place is not None and error.place.line > 1 else place
            self.report("nested-stack-unread", where, prefix=self.prefix, id=id, why=error.message, remedy=error.remedy)
            return None
        if template is None:
            self.report("nested-stack-not-local", place, prefix=self.prefix, id=id)
            return None
        if template.file in self.chain:
            self.report("nested-stack-cycle", place, prefix=self.prefix, id=id, file=template.file)
            return None
        if len(self.chain) > _MAX_LEVELS:
            self.report("nested-stack-unread depth", place, prefix=self.prefix, id=id, max_levels=_MAX_LEVELS)
            return None
        given = properties.get("Parameters")
        parameters = section(template.tree, "Parameters")
        values: dict[str, Any] = {
            name: Text.unknown(f"{name} of the nested stack {self.prefix}{id} is known only at deployment")
            for name in ("AWS::StackName", "AWS::StackId")
        }
        values |= {
            name: value for name, value in self.values.items() if name.startswith("AWS::") and name not in values
        }
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if name in parameters:
                values[name] = unlisted(self.names.renamed(value), parameters[name])
            else:
                self.report(
                    "parameter-unknown",
                    place_of(given, name) or place,
                    prefix=self.prefix,
                    id=id,
                    name=name,
                    file=template.file,
                )
        named = resource.get("Condition")
        under = self.names.name(named, self.names.conditions) if isinstance(named, str) else self.condition
        return _Level(template, f"{self.prefix}{id}/", values, self.result, (*self.chain, template.file), under)

    def report(self, name: str, place: Place, /, **values: object) -> None:
        """Note a finding of ``findings.tsv``."""
        self.result.findings.append(reported(name, place, **values))

    def _attribute(self, id: str, name: str) -> tuple[Any] | None:
        """The value of a nested stack's output."""
        if not name.startswith("Outputs."):
            return None
        child = self.child(id)
        return None if child is None else child.output(name.removeprefix("Outputs."))

    def output(self, name: str) -> tuple[Any] | None:
        """The value of an output, as it reads in the tree."""
        if name not in self._outputs:
            self._outputs[name] = None
            output = section(self.template.tree, "Outputs").get(name)
            if isinstance(output, Mapping) and "Value" in output:
                self._outputs[name] = (self.names.renamed(output["Value"]),)
        return self._outputs[name]


def _is_stack(resource: Any) -> bool:
    return isinstance(resource, Mapping) and resource.get("Type") == STACK
