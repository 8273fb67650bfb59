"""What the references of a plan's configuration mean.

In: a reference (``aws_sqs_queue.q.arn``, ``module.api["a"].url``, ``var.table``, ``each.key``) and the instance whose
expression has it. Out: the value, through variables and outputs of modules as long as each is one reference alone.
``local`` values are not in a plan. Where a resource exists already, a plan and a state have its ARN instead.
Reference: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map, rewritten
from scopedown.project.terraform.access import attribute, indexed
from scopedown.project.terraform.addresses import MAX_LENGTH, outer, plain, split, steps_of, written

MAX_DEPTH: Final = 20
"""References that lead to references, modules in modules, and blocks in blocks."""


_ARN: Final = re.compile(r"arn:[^\"\s\\,\]}]{1,2000}")
_PARTS: Final = 12
"""Parts of an ARN."""
_NOWHERE: Final = Place("")


class Referring(Protocol):
    """An instance of a plan, as far as references need it."""

    @property
    def address(self) -> str:
        """Its address."""

    @property
    def prefix(self) -> str:
        """The address of its module, with a dot at the end."""

    @property
    def place(self) -> Any:
        """Where it is in the plan."""

    def attribute(self, name: str) -> Any:
        """What a reference gets of it."""

    def is_planned(self, name: str) -> bool:
        """Whether the plan has the whole value of an attribute."""


@dataclass(slots=True)
class References:
    """A plan's instances by address, and its modules' configurations by their addresses (``""``: the root's)."""

    variables: Mapping[str, Any]
    root: Mapping[str, Any]
    instances: dict[str, Any] = field(default_factory=dict)
    _modules: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _calls: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The expressions of each module's call."""
    _resources: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The configuration of each resource, by its address without keys."""
    _arns: dict[str, Text] = field(default_factory=dict)
    _of_plain: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._configured(self.root, "", 0)

    def _configured(self, module: Mapping[str, Any], prefix: str, depth: int) -> None:
        self._modules[prefix] = module
        for one in as_list(module.get("resources")):
            if isinstance(one, Mapping) and isinstance(one.get("address"), str):
                self._resources[prefix + one["address"]] = one
        for name, call in as_map(module.get("module_calls")).items() if depth < MAX_DEPTH else ():
            inner = f"{prefix}module.{name}."
            self._calls[inner] = as_map(as_map(call).get("expressions"))
            self._configured(as_map(as_map(call).get("module")), inner, depth + 1)

    def index(self) -> None:
        """Know all instances, and the ARNs of those that exist already."""
        for address, instance in self.instances.items():
            self._of_plain[plain(address)].append(address)
            arn = instance.values.get("arn")
            if isinstance(arn, str) and arn.startswith("arn:") and not instance.is_data:
                found = instance.known(instance, "arn")
                if isinstance(found, Text):
                    self._arns.setdefault(arn, found)

    def referring(self, value: Any) -> Any:
        """A value in which the ARNs of the plan's own resources are references to them again."""
        if isinstance(value, str):
            return self._text(value) if self._arns and "arn:" in value else value
        if isinstance(value, dict | list):
            return rewritten(value, lambda _, item: self.referring(item))
        return value

    def _text(self, value: str) -> str | Text:
        parts: list[str | Text] = []
        last = 0
        for match in _ARN.finditer(value):
            arn = match[0]
            for _ in range(_PARTS):  # what follows a resource's ARN begins with a slash or a colon
                if arn in self._arns or not arn:
                    break
                arn = arn[: max(arn.rfind("/"), arn.rfind(":"), 0)]
            if arn in self._arns:
                parts += [value[last : match.start()], self._arns[arn]]
                last = match.start() + len(arn)
        return Text.of(*parts, value[last:]) if parts else value

    def expressions(self, address: str) -> Mapping[str, Any]:
        """The expressions of a resource's arguments."""
        return as_map(self._resources.get(plain(address), {}).get("expressions"))

    def value(self, of: Referring, reference: str) -> Any:
        """What a reference means to an instance."""
        steps = steps_of(reference)
        if len(steps) == 2 and steps[0][0] in ("each", "count"):
            return self._of_instance(of, steps[0][0], steps[1][0])
        return self._value(of.prefix, steps, 0)

    def is_planned(self, of: Referring, reference: str) -> bool:
        """Whether the plan has the value of a reference. A reference without an attribute says nothing by itself."""
        steps = steps_of(reference)
        if steps and steps[0][0] in ("each", "count", "path", "terraform", "self"):
            return True
        found, rest = self._instance(of.prefix, steps)
        if found is not None:
            return not rest or bool(found.is_planned(rest[0][0]))
        return isinstance(self.value(of, reference), str | int | float | bool)

    def _of_instance(self, of: Referring, name: str, part: str) -> Any:
        """``each.key``, ``each.value`` and ``count.index`` of the instance's own key."""
        keys = steps_of(of.address)[-1][1]
        key = keys.strip("[]").strip('"')
        if keys and part == "key":
            return key
        if keys and name == "count" and key.isascii() and key.isdecimal():
            return int(key[:9])
        over = as_map(self._resources.get(plain(of.address), {}).get("for_each_expression"))
        given = as_map(over.get("constant_value"))
        if part == "value" and key in given:
            return given[key]
        return Text.unknown(f"the plan does not show what {name}.{part} is", of.place)

    def _instance(self, prefix: str, steps: list[tuple[str, str]]) -> tuple[Any, list[tuple[str, str]]]:
        """The instance that a reference begins with, and its other steps."""
        size = 3 if steps and steps[0][0] == "data" else 2
        if len(steps) < size or steps[0][0] in ("var", "local", "module", "each", "count", "path", "terraform", "self"):
            return None, []
        address = prefix + written(steps[:size])
        found = self.instances.get(address)
        if found is None:  # one of a count or for_each that has one instance
            known = self._of_plain.get(plain(address), [])
            inside = [one for one in known if split(one)[0] == prefix] or known
            found = self.instances[inside[0]] if len(inside) == 1 else None
        return found, steps[size:]

    def _value(self, prefix: str, steps: list[tuple[str, str]], depth: int) -> Any:
        reference = written(steps)
        unknown = Text.unknown(f"{reference} is known only after apply")
        if depth > MAX_DEPTH or len(steps) < 2:
            return unknown
        head, name = steps[0][0], steps[1][0]
        if head == "var":
            return _within(self._variable(prefix, name, depth, unknown), steps[1][1], steps[2:])
        if head == "local":
            return Text.unknown(f"a plan does not show what {reference} is")
        if head == "module":
            inner = f"{prefix}{written(steps[:2])}."
            outputs = as_map(self._modules.get(f"{plain(inner)}.", {}).get("outputs"))
            output = as_map(as_map(outputs.get(steps[2][0] if len(steps) > 2 else "")).get("expression"))
            return self._written(output, inner, depth, unknown)
        found, rest = self._instance(prefix, steps)
        if found is None or not rest:
            return unknown
        return _within(found.attribute(rest[0][0]), rest[0][1], rest[1:])

    def _written(self, expression: Mapping[str, Any], prefix: str, depth: int, unknown: Text) -> Any:
        """The value of an expression that is constant, or one reference alone."""
        if "constant_value" in expression:
            return expression["constant_value"]
        found = leaves(as_list(expression.get("references")))
        return self._value(prefix, steps_of(found[0]), depth + 1) if len(found) == 1 else unknown

    def _variable(self, prefix: str, name: str, depth: int, unknown: Text) -> Any:
        if not prefix:
            return as_map(self.variables.get(name)).get("value", unknown)
        given = self._calls.get(f"{plain(prefix)}.", {}).get(name)
        if given is None:
            declared = as_map(as_map(self._modules.get(f"{plain(prefix)}.", {}).get("variables")).get(name))
            return declared.get("default", unknown)
        return self._written(as_map(given), outer(prefix), depth, unknown)


def _within(value: Any, keys: str, steps: list[tuple[str, str]]) -> Any:
    """A part of a value."""
    for key in keys.strip("[]").split("][") if keys else ():
        value = indexed(value, key.strip('"'), _NOWHERE)
    for name, more in steps:
        value = _within(attribute(value, name, _NOWHERE), more, [])
    return value


def leaves(references: list[Any]) -> list[str]:
    """The longest of references: a plan lists ``a.b.arn`` and ``a.b`` for one."""
    texts = list(dict.fromkeys(one for one in references[:1_000] if isinstance(one, str)))
    heads = {text[:at] for text in texts for at in range(1, min(len(text), MAX_LENGTH)) if text[at] in ".["}
    return [one for one in texts if one not in heads]
