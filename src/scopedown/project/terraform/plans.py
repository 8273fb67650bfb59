"""Plans in JSON, as ``terraform show -json`` prints them: the resources that they plan, as the HCL's would be.

In: the document. Out: instances that :mod:`~.template` takes like those of HCL. ``planned_values`` and ``prior_state``
have the values; of what is known only after apply, ``configuration`` has the references, which say of what a value is
made but not how. A value of one reference alone is taken for it; in policies, what may follow an ARN stays unknown.
Reference: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, place_of
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.values import as_text, list_of

_INDEX: Final = re.compile(r"\[[^\]]*\]")
_MAX_DEPTH: Final = 20
_POLICY: Final = "aws_iam_policy_document"


@dataclass(slots=True)
class Planned:
    """One resource or data source of a plan; it answers what an instance of HCL does."""

    context: Context
    address: str
    type: str
    is_data: bool
    place: Place
    values: Mapping[str, Any]
    expressions: Mapping[str, Any]
    prefix: str
    plan: Plan
    known: Callable[[Any, str], Any]

    @property
    def id(self) -> str:
        """The logical id: the address (a slash would be another stack's)."""
        return self.address.replace("/", "|")

    def argument(self, name: str) -> Any:
        """The value of an argument, or the list of the nested blocks of that name."""
        return self._merged(self.values.get(name), self.expressions.get(name), name, 0)

    def place_of(self, name: str) -> Place:
        """Where an argument is in the plan."""
        return place_of(self.values, name) or self.place

    def text_place(self, name: str) -> Place:
        """Where the text of an argument begins."""
        return self.place_of(name)

    def attribute(self, name: str) -> Any:
        """What a reference gets of it."""
        found = self.known(self, name)
        if found is not NotImplemented:
            return found
        value = self.argument(name)
        return self.context.unknown_attribute(self.address, self.type, name, self.place) if value is None else value

    def arguments(self) -> MapNode:
        """All arguments and blocks."""
        found = MapNode(None, self.place)
        for name in dict.fromkeys([*self.values, *self.expressions]):
            found[name] = self.argument(name)
            found.keys_at[name] = found.values_at[name] = self.place_of(name)
        return found

    def _merged(self, value: Any, expression: Any, name: str, depth: int) -> Any:
        """A planned value, with what is not known of it by the configuration's references."""
        if depth > _MAX_DEPTH:
            return Text.unknown("the plan is nested too deeply", self.place)
        if isinstance(expression, list):  # nested blocks
            blocks = as_list(value)
            if not blocks or not isinstance(blocks[0], Mapping):
                blocks = [MapNode(None, self.place) for _ in expression]
            same = len(blocks) == len(expression)
            made = [self._block(one, expression[at] if same else {}, depth) for at, one in enumerate(blocks)]
            found = ListNode(made, self.place)
            found.items_at = [place_of(one) or self.place for one in made]
            return found
        if not isinstance(expression, Mapping):
            return value
        if value is None and "constant_value" in expression:
            return expression["constant_value"]
        references = [one for one in as_list(expression.get("references")) if isinstance(one, str)]
        if value is None:
            return self._referenced(references, name) if references else None
        if isinstance(value, list) and None in value and references:
            return list_of([item for item in value if item is not None] + self._listed(references), self.place)
        return value

    def _block(self, value: Any, expression: Any, depth: int) -> MapNode:
        held, written = as_map(value), as_map(expression)
        at = place_of(value) or self.place
        found = MapNode(None, at)
        for name in dict.fromkeys([*held, *written]):
            found[name] = self._merged(held.get(name), written.get(name), name, depth + 1)
            found.keys_at[name] = found.values_at[name] = at
        return found

    def _referenced(self, references: list[str], name: str) -> Any:
        leaves = _leaves(references)
        if self.type == _POLICY and name in ("resources", "not_resources"):
            return list_of(self._listed(references), self.place)
        if len(leaves) == 1:
            return self.plan.value(self.prefix, leaves[0], 0)
        return Text.unknown(f"it is made of {', '.join(leaves[:4])}, which the plan does not show", self.place)

    def _listed(self, references: list[str]) -> list[Any]:
        """The ARNs that a policy's resources are made of; whether something follows them, a plan does not show."""
        rest = Unknown("a plan does not show what follows the ARN", self.place)
        found = [as_text(self.plan.value(self.prefix, one, 0)) for one in _leaves(references)]
        return [text if text.unknowns else Text.of(text, rest) for text in found]


@dataclass(slots=True)
class Plan:
    """A plan's resources by address, and its modules' configurations by their addresses (``""``: the root's)."""

    instances: dict[str, Planned] = field(default_factory=dict)
    modules: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    calls: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The expressions of each module's call."""
    variables: Mapping[str, Any] = field(default_factory=dict)

    def value(self, prefix: str, reference: str, depth: int) -> Any:
        """What a reference in the module with an address's prefix means."""
        unknown = Text.unknown(f"{reference} is known only after apply")
        if depth > _MAX_DEPTH:
            return unknown
        head, _, rest = reference.partition(".")
        if head == "var":
            return self._variable(prefix, rest.partition(".")[0], depth, unknown)
        if head == "module":
            name, _, output = rest.partition(".")
            inner = f"{prefix}module.{name}."
            written = as_map(as_map(self.modules.get(_plain(inner), {}).get("outputs")).get(output.partition(".")[0]))
            leaves = _leaves(as_list(as_map(written.get("expression")).get("references")))
            return self.value(inner, leaves[0], depth + 1) if len(leaves) == 1 else unknown
        address, _, attribute = reference.rpartition(".")
        found = self.instances.get(prefix + address)
        if found is None:  # one of a count or for_each that has one instance
            of_type = [
                one for one in self.instances.values() if _INDEX.sub("", one.address) == _plain(prefix + address)
            ]
            found = of_type[0] if len(of_type) == 1 else None
        return unknown if found is None else found.attribute(attribute)

    def _variable(self, prefix: str, name: str, depth: int, unknown: Text) -> Any:
        if not prefix:
            return as_map(self.variables.get(name)).get("value", unknown)
        written = as_map(self.calls.get(_plain(prefix), {}).get(name))
        if "constant_value" in written:
            return written["constant_value"]
        leaves = _leaves(as_list(written.get("references")))
        outer = prefix.rstrip(".").rpartition("module.")[0]
        return self.value(outer, leaves[0], depth + 1) if len(leaves) == 1 else unknown


def planned_instances(tree: Mapping[str, Any], context: Context, known: Callable[[Any, str], Any]) -> list[Planned]:
    """Every resource and data source of a plan. Raises ScopedownError for a form of another major version than 1."""
    version = tree.get("format_version")
    if not isinstance(version, str) or version.partition(".")[0] not in ("0", "1"):
        raise ScopedownError(
            f"the plan has the format version {str(version)[:20]}, which scopedown does not read",
            Place(context.budget.file), "print it with terraform show -json of Terraform 1",
        )  # fmt: skip
    plan = Plan(variables=as_map(tree.get("variables")))
    _configured(plan, as_map(as_map(tree.get("configuration")).get("root_module")), "", 0)
    prior = as_map(as_map(tree.get("prior_state")).get("values"))
    for values in (as_map(tree.get("planned_values")), prior):
        for prefix, one in _resources(as_map(values.get("root_module")), "", 0):
            address = one.get("address")
            if not isinstance(address, str) or address in plan.instances or not isinstance(one.get("type"), str):
                continue
            if values is prior and one.get("mode") != "data":
                continue  # what is there now and is not planned is removed
            place = place_of(one) or Place(context.budget.file)
            context.count(place)
            written = _expressions(plan, prefix, address)
            plan.instances[address] = Planned(
                context, address, one["type"], one.get("mode") == "data", place, as_map(one.get("values")), written,
                prefix, plan, known,
            )  # fmt: skip
    return list(plan.instances.values())


def _resources(module: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in as_list(module.get("resources")):
        if isinstance(one, Mapping):
            yield prefix, one
    for inner in as_list(module.get("child_modules")) if depth < _MAX_DEPTH else ():
        if isinstance(inner, Mapping):
            yield from _resources(inner, f"{inner.get('address')}.", depth + 1)


def _configured(plan: Plan, module: Mapping[str, Any], prefix: str, depth: int) -> None:
    plan.modules[prefix] = module
    for name, call in as_map(module.get("module_calls")).items() if depth < _MAX_DEPTH else ():
        inner = f"{prefix}module.{name}."
        plan.calls[inner] = as_map(as_map(call).get("expressions"))
        _configured(plan, as_map(as_map(call).get("module")), inner, depth + 1)


def _expressions(plan: Plan, prefix: str, address: str) -> Mapping[str, Any]:
    own = _plain(address)[len(_plain(prefix)) :]
    for one in as_list(plan.modules.get(_plain(prefix), {}).get("resources")):
        if isinstance(one, Mapping) and one.get("address") == own:
            return as_map(one.get("expressions"))
    return {}


def _plain(address: str) -> str:
    """An address without the keys of instances."""
    return _INDEX.sub("", address)


def _leaves(references: list[Any]) -> list[str]:
    """The longest of references: a plan lists ``a.b.arn`` and ``a.b`` for one."""
    texts = [one for one in references if isinstance(one, str)]
    return [
        one for one in texts if not any(other != one and other.startswith((f"{one}.", f"{one}[")) for other in texts)
    ]
