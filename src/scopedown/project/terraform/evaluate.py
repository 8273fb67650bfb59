"""Work out HCL's expressions: literals, templates, references, conditionals, ``for``, splats and function calls.

In: an expression's node, its source, and the names that it may use. Out: a value of :mod:`~.values`. What is known only
after apply, or is not understood, is an unknown value with its reason; nothing raises but :class:`ScopedownError` where
the work is out of bounds.
Reference: https://developer.hashicorp.com/terraform/language/expressions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.terraform.access import MAX_ITEMS, attribute, indexed, pairs
from scopedown.project.terraform.operators import binary, unary
from scopedown.project.terraform.syntax import Source
from scopedown.project.terraform.values import (
    MAX_NODES,
    Encoded,
    Uncounted,
    as_text,
    is_unknown,
    joined,
    list_of,
    uncounted_list,
    weight,
)

MAX_DEPTH: Final = 80
"""Expressions in expressions, references followed included."""
MAX_STEPS: Final = 2_000_000
_ESCAPE: Final = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|\$\$\{|%%\{')
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_POSTFIX: Final = frozenset(("get_attr", "index", "splat"))


@dataclass(slots=True)
class Budget:
    """The work of one project."""

    file: str
    steps: int = 0
    depth: int = 0

    def step(self, count: int = 1) -> None:
        """Count an expression, or some. Raises ScopedownError beyond :data:`MAX_STEPS`."""
        self.steps += count
        if self.steps > MAX_STEPS:
            raise ScopedownError(
                f"{self.file} takes more than {MAX_STEPS} steps to work out", Place(self.file),
                "scan the folder of one module",
            )  # fmt: skip


@dataclass(slots=True)
class Evaluator:
    """Works out expressions. ``root`` gives what a name means that no ``for`` binds; ``call`` runs a function."""

    budget: Budget
    root: Callable[[str, Place], Any]
    call: Callable[[str, list[Any], Place], Any]
    names: Mapping[str, Any] = field(default_factory=dict)

    def inner(self, names: Mapping[str, Any]) -> Evaluator:
        """The same with more names."""
        return Evaluator(self.budget, self.root, self.call, {**self.names, **names})

    def value(self, node: Any, source: Source) -> Any:
        """The value of an expression."""
        return self._sequence(node.children if node.type == "expression" else [node], source)

    def bounded(self, value: Any, place: Place) -> Any:
        """A value that is about to be copied, compared or written: its work is counted; unknown where it is too large.

        Walking four of its values is about the work of one expression.
        """
        if not isinstance(value, dict | list | Encoded):
            return value
        size = weight(value)
        self.budget.step(size // 4)
        return Text.unknown(f"the value holds more than {MAX_NODES} values", place) if size > MAX_NODES else value

    def _sequence(self, nodes: list[Any], source: Source) -> Any:
        """A primary expression and what follows it (``.name``, ``[index]``, ``[*]``)."""
        nodes = [node for node in nodes if node.type != "comment"]
        if not nodes:
            return None
        self.budget.step()
        if self.budget.depth > MAX_DEPTH:
            return Text.unknown("expressions are nested too deeply", source.place(nodes[0]))
        self.budget.depth += 1
        try:
            return self._worked_out(nodes, source)
        finally:
            self.budget.depth -= 1

    def _worked_out(self, nodes: list[Any], source: Source) -> Any:
        if nodes[0].type == "(":
            close = next((at for at, node in enumerate(nodes) if node.type == ")"), len(nodes))
            inner = [node for node in nodes[1:close] if node.type != "comment"]
            value = self.value(inner[0], source) if inner else None
            return self._follow(value, nodes[close + 1 :], source)
        return self._follow(self._primary(nodes[0], source), nodes[1:], source)

    def _primary(self, node: Any, source: Source) -> Any:
        handler = _PRIMARY.get(node.type)
        if handler is None:
            return Text.unknown(f"scopedown does not read this expression ({node.type})", source.place(node))
        return handler(self, node, source)

    def _follow(self, value: Any, nodes: list[Any], source: Source) -> Any:
        for number, node in enumerate(nodes):
            if node.type == "get_attr":
                value = attribute(value, source.text(node.children[-1]).strip(), source.place(node))
            elif node.type == "index":
                value = self._index(value, node, source)
            elif node.type == "splat":
                rest = [*node.children[0].children[1:], *nodes[number + 1 :]]
                return self._splat(value, rest, source, source.place(node))
            else:
                return Text.unknown(f"scopedown does not read this expression ({node.type})", source.place(node))
        return value

    def _index(self, value: Any, node: Any, source: Source) -> Any:
        inner = node.children[0]
        if inner.type == "legacy_index":
            return attribute(value, source.text(inner.children[-1]), source.place(node))
        key = next((child for child in inner.children if child.type == "expression"), None)
        return indexed(value, None if key is None else self.value(key, source), source.place(node))

    def _splat(self, value: Any, rest: list[Any], source: Source, place: Place) -> Any:
        if is_unknown(value):
            return value
        items = value if isinstance(value, list) else [] if value is None else [value]
        return list_of([self._follow(item, rest, source) for item in items[:MAX_ITEMS]], place)

    # Primary expressions

    def _literal(self, node: Any, source: Source) -> Any:
        child = node.children[0]
        if child.type == "string_lit":
            return self._quoted(child, source)
        written = source.text(child)
        if child.type == "null_lit":
            return None
        if child.type == "bool_lit":
            return written == "true"
        try:
            return int(written) if re.fullmatch(r"\d{1,30}", written) else float(written)
        except ValueError:
            return Text.unknown(f"{written[:40]} is not a number", source.place(node))

    def _quoted(self, node: Any, source: Source) -> str:
        return "".join(unescaped(source.text(child)) for child in node.children if child.type == "template_literal")

    def _collection(self, node: Any, source: Source) -> Any:
        inner, place = node.children[0], source.place(node)
        if inner.type == "tuple":
            items = ListNode(None, place)
            for child in inner.children:
                if child.type == "expression" and len(items) < MAX_ITEMS:
                    items.append(self.value(child, source))
                    items.items_at.append(source.place(child))
            return items
        found = MapNode(None, place)
        for child in inner.children:
            if child.type != "object_elem":
                continue
            parts = [one for one in child.children if one.type == "expression"]
            if len(parts) != 2 or len(found) >= MAX_ITEMS:
                continue
            key = self._key(parts[0], source)
            found[key] = self.value(parts[1], source)
            found.keys_at[key], found.values_at[key] = source.place(parts[0]), source.place(parts[1])
        return found

    def _key(self, node: Any, source: Source) -> str:
        children = [child for child in node.children if child.type != "comment"]
        if len(children) == 1 and children[0].type == "variable_expr":
            return source.text(children[0])
        return str(as_text(self.value(node, source)))

    def _variable(self, node: Any, source: Source) -> Any:
        name = source.text(node)
        return self.names[name] if name in self.names else self.root(name, source.place(node))

    def _call(self, node: Any, source: Source) -> Any:
        name = "::".join(source.text(child) for child in node.children if child.type == "identifier")
        holder = next((child for child in node.children if child.type == "function_arguments"), None)
        arguments: list[Any] = []
        for child in holder.children if holder is not None else ():
            if child.type == "expression":
                arguments.append(self.value(child, source))
            elif child.type == "ellipsis" and arguments:
                last = arguments.pop()
                arguments += last if isinstance(last, list) else [last]
        place = source.place(node)
        arguments = [self.bounded(argument, place) for argument in arguments]
        return self.bounded(self.call(name, arguments, place), place)

    def _conditional(self, node: Any, source: Source) -> Any:
        parts = [child for child in node.children if child.type == "expression"]
        if len(parts) != 3:
            return Text.unknown("a conditional without its three parts", source.place(node))
        chosen = self.value(parts[0], source)
        if isinstance(chosen, str):
            chosen = {"true": True, "false": False}.get(chosen, chosen)
        if isinstance(chosen, bool):
            return self.value(parts[1] if chosen else parts[2], source)
        one, other = (self.bounded(self.value(part, source), source.place(part)) for part in parts[1:])
        if one == other:
            return one
        return Text.unknown(
            f"the condition {_shown(source.text(parts[0]))} is known only after apply", source.place(parts[0])
        )

    def _operation(self, node: Any, source: Source) -> Any:
        operation = node.children[0]
        children = [child for child in operation.children if child.type != "comment"]
        place = source.place(node)
        if operation.type == "unary_operation":
            return unary(children[0].type, self._sequence(children[1:], source), place)
        at = next((at for at, child in enumerate(children) if at and _is_operator(child)), None)
        if at is None:
            return Text.unknown("scopedown does not read this operation", place)
        left = self._sequence(children[:at], source)
        operator = children[at].type
        if (operator == "&&" and left is False) or (operator == "||" and left is True):
            return left
        right = self._sequence(children[at + 1 :], source)
        return binary(operator, self.bounded(left, place), self.bounded(right, place), place)

    def _for(self, node: Any, source: Source) -> Any:
        inner = node.children[0]
        place = source.place(node)
        intro = next((child for child in inner.children if child.type == "for_intro"), None)
        if intro is None:
            return Text.unknown("a for expression without its source", place)
        names = [source.text(child) for child in intro.children if child.type == "identifier"]
        over = next(child for child in intro.children if child.type == "expression")
        whole = self.value(over, source)
        items = pairs(whole)
        uncounted = isinstance(whole, Uncounted)
        if items is None:
            return Text.unknown(f"the items of {_shown(source.text(over))} are known only after apply", place)
        results = [child for child in inner.children if child.type == "expression"]
        filtering = next((child for child in inner.children if child.type == "for_cond"), None)
        condition = None if filtering is None else next(c for c in filtering.children if c.type == "expression")
        grouped = any(child.type == "ellipsis" for child in inner.children)
        made, table = ListNode(None, place), MapNode(None, place)
        for key, item in items:
            bound = {names[-1]: item} if len(names) == 1 else dict(zip(names, (key, item), strict=False))
            own = self.inner(bound)
            if condition is not None:
                chosen = own.value(condition, source)
                if chosen in (False, "false"):
                    continue
                uncounted = uncounted or chosen not in (True, "true")
            if inner.type == "for_tuple_expr":
                made.append(own.value(results[0], source))
                made.items_at.append(source.place(results[0]))
            elif len(results) == 2:
                name, value = str(as_text(own.value(results[0], source))), own.value(results[1], source)
                table[name] = [*table.get(name, []), value] if grouped else value
                table.keys_at[name] = table.values_at[name] = source.place(results[1])
        if inner.type != "for_tuple_expr":
            return table
        return uncounted_list(made, place) if uncounted else made

    # Templates

    def _template(self, node: Any, source: Source) -> Any:
        inner = node.children[0]
        return self.template(inner, source) if inner.type.endswith("_template") else self._quoted(inner, source)

    def template(self, node: Any, source: Source) -> Any:
        """The text of a quoted template or a heredoc; a template that is one interpolation is its value."""
        children = list(node.children)
        if node.type == "heredoc_template":
            return self._heredoc(node, children, source)
        inner = [child for child in children if not child.type.startswith("quoted_template_")]
        if len(inner) == 1 and inner[0].type == "template_interpolation":
            return self.interpolated(inner[0], source)
        return self._joined(inner, source, quoted=True)

    def _heredoc(self, node: Any, children: list[Any], source: Source) -> Any:
        words = [child for child in children if child.type == "heredoc_identifier"]
        if len(words) < 2:
            return Text.unknown("a heredoc without its end", source.place(node))
        inner = [child for child in children if words[0].end_byte < child.end_byte <= words[1].start_byte]
        start = source.data.find(b"\n", words[0].end_byte) + 1
        end = source.data.rfind(b"\n", start, words[1].start_byte) + 1
        text = self._joined(inner, source, False, start, max(end, start))
        if source.data[node.start_byte : node.start_byte + 3] == b"<<-" and isinstance(text, str):
            lines = text.split("\n")
            indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
            return "\n".join(line[indent:] for line in lines)
        return text

    def interpolated(self, node: Any, source: Source) -> Any:
        """The value of ``${ }``."""
        held = next((child for child in node.children if child.type == "expression"), None)
        return None if held is None else self.value(held, source)

    def _joined(self, nodes: list[Any], source: Source, quoted: bool, start: int = -1, end: int = -1) -> Any:
        """Parts of a template as one text, with what stands between them (spaces that the grammar leaves out)."""
        parts: list[str | Text] = []
        last = start
        for node in nodes:
            if 0 <= last < node.start_byte:
                parts.append(source.data[last : node.start_byte].decode("utf-8", "replace"))
            last = node.end_byte if start >= 0 or last >= 0 else last
            if node.type == "template_literal":
                written = source.text(node)
                parts.append(unescaped(written) if quoted else written.replace("$${", "${").replace("%%{", "%{"))
            elif node.type == "template_interpolation":
                parts.append(as_text(self.interpolated(node, source)))
            elif node.type == "template_directive":
                parts.append(as_text(self._directive(node.children[0], source, quoted)))
        if 0 <= last < end:
            parts.append(source.data[last:end].decode("utf-8", "replace"))
        return joined(parts)

    def _directive(self, node: Any, source: Source, quoted: bool) -> Any:
        """``%{ if }`` and ``%{ for }``."""
        children = node.children
        intro = children[0] if children else None
        over = next((one for one in intro.children if one.type == "expression"), None) if intro is not None else None
        if intro is None or over is None:
            return Text.unknown("scopedown does not read this directive", source.place(node))
        inner = [child for child in children[1:] if not child.type.endswith("_end")]
        value = self.value(over, source)
        if node.type == "template_if":
            turn = next((at for at, one in enumerate(inner) if one.type == "template_else_intro"), len(inner))
            if not isinstance(value, bool):
                return Text.unknown("the condition of %{ if } is known only after apply", source.place(node))
            return self._joined(inner[:turn] if value else inner[turn + 1 :], source, quoted)
        names = [source.text(one) for one in intro.children if one.type == "identifier"]
        items = pairs(value)
        if items is None or not names:
            return Text.unknown("the items of %{ for } are known only after apply", source.place(node))
        texts = []
        for key, item in items:
            bound = {names[-1]: item} if len(names) == 1 else {names[0]: key, names[1]: item}
            texts.append(as_text(self.inner(bound)._joined(inner, source, quoted)))
        return joined(texts)


_PRIMARY: Final[Mapping[str, Callable[[Evaluator, Any, Source], Any]]] = {
    "literal_value": Evaluator._literal,
    "template_expr": Evaluator._template,
    "collection_value": Evaluator._collection,
    "variable_expr": Evaluator._variable,
    "function_call": Evaluator._call,
    "conditional": Evaluator._conditional,
    "operation": Evaluator._operation,
    "for_expr": Evaluator._for,
    "expression": Evaluator.value,
    "json": lambda evaluator, node, source: node.worked_out(evaluator),
}


def _is_operator(node: Any) -> bool:
    return not node.is_named and node.type not in ("(", ")")


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def unescaped(text: str) -> str:
    """The characters of a quoted literal."""

    def character(match: re.Match[str]) -> str:
        if match[1]:
            return _ESCAPED[match[1]]
        code = match[2] or match[3]
        if code:
            number = int(code, 16)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
        return match[0][1:]

    return _ESCAPE.sub(character, text)
