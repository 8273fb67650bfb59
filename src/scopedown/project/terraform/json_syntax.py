"""Configurations in JSON (``.tf.json``) as the blocks and expressions that HCL has.

In: the text of a file. Out: a :class:`~.syntax.Body` whose expressions are :class:`Json` nodes; :mod:`~.evaluate`
works them out, texts as templates. JSON does not say whether a mapping is a nested block or a value: what
:data:`_BLOCKS` names is a block in a resource, and the rest is a value, which the shapes of types take as well.
Reference: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import parse_json
from scopedown.documents.nodes import ListNode, MapNode, place_of, value_place
from scopedown.project.terraform.access import MAX_ITEMS
from scopedown.project.terraform.syntax import MAX_DEPTH, Attribute, Block, Body, Source, parse, template_of
from scopedown.project.terraform.values import as_text, without_newline

_LABELS: Final[Mapping[str, int]] = {
    "resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0,
}  # fmt: skip
"""Blocks of a file → how many labels they have."""
_BLOCKS: Final = frozenset((
    "condition", "content", "dead_letter_config", "dynamic", "environment", "file_system_config",
    "global_secondary_index", "image_config", "inline_policy", "lifecycle", "local_secondary_index", "not_principals",
    "principals", "provisioner", "server_side_encryption", "source", "statement", "target", "tracing_config",
    "vpc_config",
))  # fmt: skip
"""Nested blocks of the types whose blocks are read (:mod:`~.shapes`, :mod:`~.policies`, :mod:`~.code`), in which there
may be ``dynamic`` ones."""
_COMMENT: Final = "//"


@dataclass(frozen=True, slots=True)
class Json:
    """An expression: a value of JSON, whose texts are templates. It stands where a node of the HCL's tree does."""

    value: Any
    place: Place
    end_byte: int
    start_byte: int = 0
    type: str = "json"
    children: tuple[()] = ()

    def worked_out(self, evaluator: Any) -> Any:
        """The value, by an :class:`~.evaluate.Evaluator`."""
        return _value(self.value, self.place, evaluator)


def _value(value: Any, place: Place, evaluator: Any) -> Any:
    evaluator.budget.step()
    if isinstance(value, str):
        return _text(value, place, evaluator)
    if isinstance(value, list):
        items = ListNode(None, place)
        for index, item in enumerate(value[:MAX_ITEMS]):
            at = place_of(value, index) or place
            items.append(_value(item, at, evaluator))
            items.items_at.append(at)
        return items
    if not isinstance(value, Mapping):
        return value
    found = MapNode(None, place)
    for name, item in list(value.items())[:MAX_ITEMS]:
        at = value_place(value, name) or place
        key = str(as_text(_text(name, place, evaluator)))
        found[key] = _value(item, at, evaluator)
        found.keys_at[key], found.values_at[key] = place_of(value, name) or place, at
    return found


def _text(text: str, place: Place, evaluator: Any) -> Any:
    """A text as a template; one that is a single interpolation is its value."""
    if "${" not in text and "%{" not in text:
        return text
    node, source = template_of(text, place.file, place)
    if node is None:
        return Text.unknown("scopedown does not read this template", place)
    inner = [child for child in node.children if child.type == "template_interpolation"]
    if len(inner) == 1 and source.text(inner[0]) == text:
        return evaluator.interpolated(inner[0], source)
    return without_newline(evaluator.template(node, source))


def parse_json_configuration(text: str, file: str) -> tuple[Body, list[Finding]]:
    """The body of a file. Raises ScopedownError where its text is no JSON."""
    document = parse_json(text, file)
    body = Body()
    for top in _mappings(document.tree):
        for kind, value in top.items():
            labels = _LABELS.get(kind)
            if labels is not None:
                at = place_of(top, kind) or Place(file)
                body.blocks += _blocks(kind, value, labels, (), at, _Within(kind))
    return body, []


@dataclass(frozen=True, slots=True)
class _Within:
    """The block of a file that others are in, and how deep they are."""

    kind: str
    depth: int = 0


def _blocks(
    type: str, value: Any, labels: int, above: tuple[str, ...], place: Place, within: _Within
) -> Iterator[Block]:
    """The blocks of one type: each label is a key, and a list at any step stands for several."""
    for one in _mappings(value):
        if not labels:
            yield Block(type, above, _body(one, within), place)
            continue
        for label, inner in one.items():
            if label != _COMMENT:
                yield from _blocks(type, inner, labels - 1, (*above, label), place_of(one, label) or place, within)


def _mappings(value: Any) -> Iterator[MapNode]:
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, MapNode):
            yield one


def _body(tree: MapNode, within: _Within) -> Body:
    body = Body()
    has_blocks = within.kind in ("resource", "data") and within.depth < MAX_DEPTH
    for name, value in tree.items():
        if name == _COMMENT:
            continue
        place = place_of(tree, name) or tree.place
        if has_blocks and name in _BLOCKS and any(_mappings(value)):
            inner = _Within(within.kind, within.depth + 1)
            body.blocks += _blocks(name, value, int(name == "dynamic"), (), place, inner)
        else:
            body.attributes[name] = _attribute(name, value, value_place(tree, name) or place, place, within.kind)
    return body


def _attribute(name: str, value: Any, at: Place, place: Place, kind: str) -> Attribute:
    if kind == "variable" and name == "type" and isinstance(value, str):
        written = parse(f"type = {value}", at.file, at)[0].attributes.get("type")
        if written is not None:
            return written
    data = value.encode("utf-8", "replace") if isinstance(value, str) else b""
    return Attribute(name, Json(value, at, len(data)), Source(at.file, data, at), place)
