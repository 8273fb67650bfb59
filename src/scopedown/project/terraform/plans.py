"""Plans in JSON, as ``terraform show -json`` prints them: the resources that they plan, as the HCL's would be.

In: the document. Out: instances that :mod:`~.template` takes like those of HCL. ``planned_values`` and ``prior_state``
have the values, ``resource_changes`` say which parts of them are known only after apply; of those, ``configuration``
(:mod:`~.plan_references`) has the references, which say of what a value is made but not how. A value of one reference
alone is taken for it; in policies, what may follow an ARN stays unknown. A state in JSON has its values in ``values``.
Reference: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, place_of
from scopedown.project.terraform.addresses import split, steps_of
from scopedown.project.terraform.blocks import ignored_in, written_block
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.plan_references import MAX_DEPTH, References, leaves
from scopedown.project.terraform.values import as_text, list_of

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
    unknown: Mapping[str, Any]
    """What of the values is known only after apply: ``after_unknown`` of its change."""
    expressions: Mapping[str, Any]
    prefix: str
    references: References
    known: Callable[[Any, str], Any]

    @property
    def id(self) -> str:
        """The logical id: the address (a slash would be another stack's)."""
        return self.address.replace("/", "|")

    def argument(self, name: str) -> Any:
        """The value of an argument, or the list of the nested blocks of that name."""
        value = self._merged(self.values.get(name), self.unknown.get(name), self.expressions.get(name), name, 0)
        return self.references.referring(value)

    def place_of(self, name: str) -> Place:
        """Where an argument is in the plan."""
        return place_of(self.values, name) or self.place

    def ignored(self) -> dict[str, Place]:
        """The arguments of which the configuration's files ignore changes: a plan has no ``lifecycle``."""
        block = None if self.is_data else written_block(self.context, self.address, self.place)
        return {} if block is None else ignored_in(block)

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

    def is_planned(self, name: str) -> bool:
        """Whether the plan has the whole value of an attribute."""
        return name in self.values and not self.unknown.get(name)

    def arguments(self) -> MapNode:
        """All arguments and blocks."""
        found = MapNode(None, self.place)
        for name in dict.fromkeys([*self.values, *self.expressions]):
            found[name] = self.argument(name)
            found.keys_at[name] = found.values_at[name] = self.place_of(name)
        return found

    def _merged(self, value: Any, unknown: Any, expression: Any, name: str, depth: int) -> Any:
        """A planned value, with what is not known of it by the configuration's references."""
        if depth > MAX_DEPTH:
            return Text.unknown("the plan is nested too deeply", self.place)
        if isinstance(expression, list):  # nested blocks
            return self._blocks(value, unknown, expression, depth)
        written = as_map(expression)
        if written and "references" not in written and "constant_value" not in written:  # one nested block
            return self._block(value, unknown, written, depth)
        if value is None and "constant_value" in written:
            return written["constant_value"]
        references = [one for one in as_list(written.get("references")) if isinstance(one, str)]
        if self.type == _POLICY and name in ("resources", "not_resources") and references:
            return self._resources(value, unknown, references)
        if unknown is True or (value is None and references and not unknown):
            return self._referenced(references, whole=True)
        return self._filled(value, unknown, references, depth)

    def _filled(self, value: Any, unknown: Any, references: list[str], depth: int) -> Any:
        """A value whose parts that are known only after apply are what the references say."""
        if unknown is True:
            return self._referenced(references, whole=False)
        if not unknown or depth > MAX_DEPTH or not isinstance(unknown, Mapping | list):
            return value
        if isinstance(unknown, Mapping):
            held = MapNode(as_map(value), place_of(value) or self.place)
            for key, part in unknown.items():
                if part not in (False, {}, []):  # a part of which nothing is unknown is empty
                    held[key] = self._filled(held.get(key), part, references, depth + 1)
            return held
        items = list(as_list(value))
        items += [None] * (len(unknown) - len(items)) if len(unknown) <= 10_000 else []
        made = [self._filled(item, unknown[at] if at < len(unknown) else False, references, depth + 1)
                for at, item in enumerate(items)]  # fmt: skip
        return list_of(made, place_of(value) or self.place)

    def _blocks(self, value: Any, unknown: Any, expression: list[Any], depth: int) -> ListNode:
        blocks, marks = as_list(value), as_list(unknown)
        if not blocks or not isinstance(blocks[0], Mapping):
            blocks = [MapNode(None, self.place) for _ in expression]
        same = len(blocks) == len(expression)
        made = [
            self._block(one, marks[at] if at < len(marks) else {}, expression[at] if same else {}, depth)
            for at, one in enumerate(blocks)
        ]
        found = ListNode(made, self.place)
        found.items_at = [place_of(one) or self.place for one in made]
        return found

    def _block(self, value: Any, unknown: Any, expression: Any, depth: int) -> MapNode:
        held, marks, written = as_map(value), as_map(unknown), as_map(expression)
        at = place_of(value) or self.place
        found = MapNode(None, at)
        for name in dict.fromkeys([*held, *marks, *written]):
            found[name] = self._merged(held.get(name), marks.get(name), written.get(name), name, depth + 1)
            found.keys_at[name] = found.values_at[name] = at
        return found

    def _referenced(self, references: list[str], whole: bool) -> Any:
        """What references make: the one that there is; of a part of a value, the one that is not planned."""
        found = leaves(references)
        if not whole:
            found = [one for one in found if not self.references.is_planned(self, one)] or found
        if len(found) == 1:
            return self.references.value(self, found[0])
        what = ", ".join(found[:4]) if found else "what an apply gives"
        return Text.unknown(f"it is made of {what}, which the plan does not show", self.place)

    def _resources(self, value: Any, unknown: Any, references: list[str]) -> Any:
        """The resources of a policy: those that are planned, and the ARNs that the others are made of. Whether
        something follows those, a plan does not show."""
        items = as_list(value)
        marks = as_list(unknown)
        held = [item for at, item in enumerate(items) if item is not None and not (at < len(marks) and marks[at])]
        if items and len(held) == len(items) and unknown is not True:
            return value
        rest = Unknown("a plan does not show what follows the ARN", self.place)
        found = leaves(references)
        found = [one for one in found if not self.references.is_planned(self, one)] or found
        texts = [as_text(self.references.value(self, one)) for one in found]
        return list_of([*held, *(text if text.unknowns else Text.of(text, rest) for text in texts)], self.place)


def planned_instances(tree: Mapping[str, Any], context: Context, known: Callable[[Any, str], Any]) -> list[Planned]:
    """Every resource and data source of a plan. Raises ScopedownError for a form of another major version than 1."""
    version = tree.get("format_version")
    if not isinstance(version, str) or version.partition(".")[0] not in ("0", "1"):
        raise ScopedownError(
            f"the plan has the format version {str(version)[:20]}, which scopedown does not read",
            Place(context.budget.file), "print it with terraform show -json of Terraform 1",
        )  # fmt: skip
    references = References(as_map(tree.get("variables")), as_map(as_map(tree.get("configuration")).get("root_module")))
    unknown = {
        one["address"]: as_map(as_map(one.get("change")).get("after_unknown"))
        for one in as_list(tree.get("resource_changes"))
        if isinstance(one, Mapping) and isinstance(one.get("address"), str) and "deposed" not in one
    }
    found: dict[str, Planned] = {}
    for one, values in _declared(tree, context):
        address = one.get("address")
        if not isinstance(address, str) or address in found or not isinstance(one.get("type"), str):
            continue
        place = place_of(one) or Place(context.budget.file)
        context.count(place)
        prefix, _ = split(address)
        found[address] = references.instances[address] = Planned(
            context, address, one["type"], one.get("mode") == "data", place, values, unknown.get(address, {}),
            references.expressions(address), prefix, references, known,
        )  # fmt: skip
    references.index()
    return list(found.values())


def _declared(tree: Mapping[str, Any], context: Context) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The resources and data sources with their values: planned, deferred, and data that is read already."""
    planned = as_map(tree.get("planned_values")) or as_map(tree.get("values"))  # a state in JSON has only values
    for one in _resources(as_map(planned.get("root_module")), 0):
        yield one, as_map(one.get("values"))
    for deferred in as_list(tree.get("deferred_changes")):
        one = as_map(as_map(deferred).get("resource_change"))
        place = place_of(one) or Place(context.budget.file)
        context.report("terraform-plan", place, value=str(one.get("address"))[:100])
        yield one, as_map(as_map(one.get("change")).get("after"))
    for one in _resources(as_map(as_map(as_map(tree.get("prior_state")).get("values")).get("root_module")), 0):
        if one.get("mode") == "data":  # what is there now and is not planned is removed
            yield one, as_map(one.get("values"))
    if tree.get("errored") is True or (tree.get("complete") is False and not tree.get("deferred_changes")):
        context.report("terraform-plan incomplete", Place(context.budget.file))


def _resources(module: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    for one in as_list(module.get("resources")):
        if isinstance(one, Mapping):
            yield one
    for inner in as_list(module.get("child_modules")) if depth < MAX_DEPTH else ():
        if isinstance(inner, Mapping):
            yield from _resources(inner, depth + 1)


def planned_region(tree: Mapping[str, Any]) -> str | None:
    """The region of the provider without an alias, where the plan shows it."""
    configuration = as_map(tree.get("configuration"))
    for provider in as_map(configuration.get("provider_config")).values():
        provider = as_map(provider)
        if provider.get("name") != "aws" or "alias" in provider or provider.get("module_address"):
            continue
        region = as_map(as_map(provider.get("expressions")).get("region"))
        value = region.get("constant_value")
        for one in leaves(as_list(region.get("references"))):
            steps = steps_of(one)
            if len(steps) == 2 and steps[0][0] == "var":
                value = as_map(as_map(tree.get("variables")).get(steps[1][0])).get("value")
        return value if isinstance(value, str) else None
    return None
