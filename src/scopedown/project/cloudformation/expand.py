"""Transforms whose result is certain without AWS: ``AWS::Include`` of local files, and ``Fn::ForEach``.

CloudFormation processes the innermost transform first, and ``AWS::LanguageExtensions`` where it is listed; both run
before SAM's own. In: a template's tree. Out: the tree without them, what came from an included file with that file's
places, and what a loop made with the places of the loop's body. What cannot be expanded here is told. References:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/create-reusable-transform-function-snippets-and-add-to-your-template-with-aws-include-transform.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Param
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode, clone, place_of, rewritten
from scopedown.project.cloudformation.transforms import LANGUAGE, transforms_of
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope, default_of, to_list, to_text, with_defaults

_INCLUDE: Final = "AWS::Include"
_LOOP: Final = "Fn::ForEach"
_MAX_INCLUDES: Final = 20
"""How deeply files may include files: CloudFormation itself allows no nesting, a cycle must end."""
_MAX_NODES: Final = 200_000
"""Values of an expanded template: CloudFormation takes 1 MB and 500 resources (its quotas)."""
_NAME: Final = re.compile(r"[^A-Za-z0-9]")


@dataclass(slots=True)
class Expander:
    """``folder`` is the template's, relative to the project's; ``scope`` tells by the parameters' values."""

    files: Files
    folder: str
    scope: Scope
    findings: list[Finding] = field(default_factory=list)
    _left: int = _MAX_NODES
    _loops: bool = False

    def expand(self, tree: MapNode) -> MapNode:
        """The whole template, expanded."""
        node: MapNode = self._node(tree, {}, 0)
        listed = tree.get("Transform")
        for item in listed if isinstance(listed, list) else [listed]:
            at = place_of(tree, "Transform") or tree.place
            if (name := self._included(item)) is not None and isinstance(more := self._file(name, at, 0), MapNode):
                _sections(node, more)
        if self._loops and LANGUAGE not in transforms_of(tree):
            self.report("loop-without-transform", place_of(tree, "Resources") or tree.place, language=LANGUAGE)
        return node

    def _node(self, value: Any, names: dict[str, str], includes: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ScopedownError(
                f"the template's loops make more than {_MAX_NODES} values", place_of(value), "shorten the loops"
            )
        if isinstance(value, str):
            return _filled(value, names)
        if isinstance(value, list):
            return rewritten(value, lambda _, item: self._node(item, names, includes))
        if not isinstance(value, MapNode):
            return value
        if names and len(value) == 1 and isinstance(named := value.get("Ref"), str) and named in names:
            return names[named]
        if names and len(value) == 1 and isinstance(written := value.get("Fn::Sub"), str):
            text = _filled(written, names)
            if text != written and "${" not in text:
                return text  # so that it can be the name in a Ref or a GetAtt
        node = MapNode(None, value.place)
        for key, item in value.items():
            key_at, value_at = value.keys_at.get(key, value.place), value.values_at.get(key, value.place)
            if key == "Fn::Transform" and (name := self._included(item)) is not None:
                included = self._file(name, key_at, includes)
                if len(value) == 1 and included is not None and not isinstance(included, MapNode):
                    return included
                if isinstance(included, MapNode):
                    node.place = included.place if len(value) == 1 else node.place
                    _merge(node, included)
                    continue
            elif key.split("::")[:2] == ["Fn", "ForEach"]:
                self._loop(key, item, key_at, names, includes, node)
                continue
            made = _filled(key, names)
            node[made] = self._node(item, names, includes)
            node.keys_at[made], node.values_at[made] = key_at, value_at
        return node

    # AWS::Include

    def _included(self, item: Any) -> str | None:
        """The local file that a transform includes; None for another transform, or a place that is not local."""
        if not (isinstance(item, MapNode) and item.get("Name") == _INCLUDE):
            return None
        given = item.get("Parameters")
        location = self._literal(given.get("Location")) if isinstance(given, MapNode) else None
        if location is None or "://" in location:
            self.report(
                "include-elsewhere", place_of(item, "Name"), location=location or "a location set by parameters"
            )
            return None
        return posixpath.normpath(posixpath.join(self.folder, location.replace("\\", "/")))

    def _file(self, name: str, at: Place, includes: int) -> Any:
        if includes >= _MAX_INCLUDES:
            self.report("include-cycle", at, name=name)
            return None
        try:
            document = self.files.document(self.files.root / name, template=True)
        except ScopedownError as error:
            self.findings.append(replace(error.finding("include-broken"), place=error.place or at))
            return None
        if document is None:
            self.report("include-missing", at, name=name)
            return None
        return self._node(document.tree, {}, includes + 1)

    # Fn::ForEach

    def _loop(self, key: str, item: Any, at: Place, names: dict[str, str], includes: int, node: MapNode) -> None:
        """Put what a loop makes into ``node``."""
        self._loops = True
        if not (
            isinstance(item, list) and len(item) == 3 and isinstance(item[0], str) and isinstance(item[2], MapNode)
        ):
            self.report("loop-broken", at, key=key)
            return
        values = self._items(self._node(item[1], names, includes))
        if values is None:
            self.report("loop-unknown", at, key=key)
            return
        for value in values:
            made = self._node(item[2], {**names, item[0]: value}, includes)
            if isinstance(made, MapNode):
                _merge(node, made)

    # Values

    def _literal(self, value: Any) -> str | None:
        """A value as text, parameters replaced by their values; None where that is not known."""
        return None if value is None else with_defaults(to_text(value, self.scope), self.scope).literal

    def _items(self, value: Any) -> list[str] | None:
        """The values of a list: written out, from ``Mappings``, or a parameter's that is separated by commas."""
        name = value.get("Ref") if isinstance(value, MapNode) and len(value) == 1 else None
        if isinstance(name, str):
            given = default_of(self.scope.parameters.get(name), Param(name))
            return [item.strip() for item in given.split(",") if item.strip()] if isinstance(given, str) else None
        texts = to_list(value, self.scope)
        literals = [with_defaults(text, self.scope).literal for text in texts or ()]
        return None if texts is None or None in literals else [text for text in literals if text is not None]

    def report(self, name: str, at: Place | None, /, **values: object) -> None:
        """Note a finding of ``findings.tsv``, once."""
        finding = reported(name, at, **values)
        if finding not in self.findings:
            self.findings.append(finding)


def needs_expanding(text: str | None) -> bool:
    """Whether a template's text names anything that is expanded here."""
    return text is not None and (_LOOP in text or _INCLUDE in text)


def _merge(node: MapNode, more: MapNode) -> None:
    for key, value in more.items():
        if key not in node:
            node[key] = clone(value)
            node.keys_at[key] = more.keys_at.get(key, more.place)
            node.values_at[key] = more.values_at.get(key, more.place)


def _sections(node: MapNode, more: MapNode) -> None:
    """Put a whole file's sections into a template; what the template has itself stays."""
    for name, section in more.items():
        if isinstance(section, MapNode) and isinstance(own := node.get(name), MapNode):
            _merge(own, section)
    _merge(node, more)


def _filled(text: str, names: dict[str, str]) -> str:
    """``${Name}`` replaced by a loop's value, and ``&{Name}`` by its letters and digits."""
    for name, value in names.items():
        if name in text:
            text = text.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", _NAME.sub("", value))
    return text
