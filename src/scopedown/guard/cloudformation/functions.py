"""Intrinsic functions, evaluated to concrete values while a stack is deployed.

In: a tree of a template and a :class:`Scope`: what names mean now, and how what stands outside of the template is
asked for. Out: the tree with every function replaced by its value. (:mod:`scopedown.project.intrinsics` evaluates the
same functions to symbolic text, for what is known before any deployment.)
Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from scopedown.core.digits import is_count
from scopedown.core.text import Text
from scopedown.guard.cloudformation.template import Made, TemplateError
from scopedown.project.intrinsics import PLACEHOLDER, to_list
from scopedown.project.intrinsics import Scope as SymbolicScope

_DYNAMIC: Final = re.compile(r"\{\{resolve:([a-z-]+):([^{}]+)\}\}")
LATER: Final = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""What a change set shows for a value that only the deployment makes
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html)."""


MAX_TEXT: Final = 1_000_000
"""Characters of one value: as many as a whole template may have."""


class Outside(Protocol):
    """What a template takes from beside itself. Each raises TemplateError, or DeniedError."""

    def imported(self, name: str) -> str:
        """The value that another stack exports."""

    def zones(self, region: str) -> list[str]:
        """The availability zones of a region."""

    def dynamic(self, service: str, reference: str) -> str:
        """What ``{{resolve:service:reference}}`` gives."""


@dataclass
class Scope:
    """What names mean. ``planning``: a resource that is not made yet gives :data:`LATER`, and nothing is asked outside.

    ``resources`` are the logical ids that the template deploys; ``made`` those that exist.
    """

    pseudo: Mapping[str, Any]
    outside: Outside
    parameters: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    resources: frozenset[str] = frozenset()
    made: Mapping[str, Made] = field(default_factory=dict)
    planning: bool = False
    _truths: dict[str, bool | None] = field(default_factory=dict)

    def truth(self, name: str) -> bool:
        """Whether a condition of the template holds. Raises TemplateError."""
        if name not in self.conditions:
            raise TemplateError(f"Template error: unresolved condition dependency {name}")
        if name in self._truths and self._truths[name] is None:
            raise TemplateError(f"Template format error: Circular dependency in conditions: [{name}]")
        if name not in self._truths:
            self._truths[name] = None
            self._truths[name] = _truth(self.conditions[name], self)
        return bool(self._truths[name])


class _NoValue:
    """AWS::NoValue: the property, or the item, that has it goes."""


_GONE: Final = _NoValue()


def evaluate(tree: Any, scope: Scope) -> Any:
    """The tree with its functions evaluated; None where all of it is AWS::NoValue. Raises TemplateError."""
    found = _value(tree, scope)
    return None if found is _GONE else found


def resolved(tree: Any, scope: Scope) -> Any:
    """An evaluated tree with its dynamic references resolved, which are what a template says until then: that a secret
    has another value is no change of a stack. Raises TemplateError and DeniedError.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    """
    if isinstance(tree, str):
        if "{{resolve:" not in tree:
            return tree
        return _DYNAMIC.sub(lambda match: scope.outside.dynamic(match[1], match[2]), tree)
    if isinstance(tree, Mapping):
        return {key: resolved(value, scope) for key, value in tree.items()}
    return [resolved(item, scope) for item in tree] if isinstance(tree, list) else tree


def _value(tree: Any, scope: Scope) -> Any:
    if isinstance(tree, list):
        return [one for item in tree if (one := _value(item, scope)) is not _GONE]
    if not isinstance(tree, Mapping):
        return tree
    if len(tree) == 1:
        ((name, argument),) = tree.items()
        if name in FUNCTIONS:
            return FUNCTIONS[name](argument, scope)
        if name.startswith("Fn::"):
            raise TemplateError(f"Template error: {name} is not a valid function, or is not evaluated here")
    return {key: one for key, value in tree.items() if (one := _value(value, scope)) is not _GONE}


def _bounded(made: str) -> str:
    """A text that functions made of functions did not blow up. Raises TemplateError."""
    if len(made) > MAX_TEXT:
        raise TemplateError(f"Template error: a value is longer than {MAX_TEXT} characters")
    return made


def text(value: Any) -> str:
    """A value as CloudFormation puts it into text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(text, value))
    if isinstance(value, Mapping | _NoValue) or value is None:
        raise TemplateError("Template error: a text was expected where an object stands")
    return str(value)


# References


def _ref(name: Any, scope: Scope) -> Any:
    if name == "AWS::NoValue":
        return _GONE
    if not isinstance(name, str):
        raise TemplateError("Template format error: every Ref must name a parameter or a resource as a text")
    if name in scope.pseudo:
        return scope.pseudo[name]
    if name in scope.parameters:
        return scope.parameters[name]
    if name in scope.made:
        return scope.made[name].physical
    if scope.planning and name in scope.resources:
        return LATER
    raise TemplateError(
        f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
    )


def _get_att(argument: Any, scope: Scope) -> Any:
    parts = argument.split(".", 1) if isinstance(argument, str) else _value(argument, scope)
    if not (isinstance(parts, list) and len(parts) == 2 and all(isinstance(part, str) for part in parts)):
        raise TemplateError("Template error: every Fn::GetAtt object requires two non-empty parameters, the resource "
                            "name and the resource attribute")  # fmt: skip
    return attribute(parts[0], parts[1], scope)


def attribute(id: str, name: str, scope: Scope) -> Any:
    """What ``Fn::GetAtt`` gives. Raises TemplateError."""
    made = scope.made.get(id)
    if made is None:
        if scope.planning and id in scope.resources:
            return LATER
        raise TemplateError(f"Template error: instance of Fn::GetAtt references undefined resource {id}")
    if name in made.attributes:
        return made.attributes[name]
    if made.open:
        return f"{made.physical}-{name}"
    head, _, rest = name.partition(".")
    if rest and isinstance(made.attributes.get(head), Mapping) and rest in made.attributes[head]:
        return made.attributes[head][rest]
    raise TemplateError(f"Template error: resource {id} does not support attribute type {name} in Fn::GetAtt")


def _sub(argument: Any, scope: Scope) -> str:
    own: Mapping[str, Any] = {}
    template = argument
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], Mapping):
        template, own = argument
    if not isinstance(template, str):
        raise TemplateError("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
                            "Specify a string as first argument, and an optional second argument to specify a mapping "
                            "of values to replace in the string")  # fmt: skip

    filled: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        name = match[2].strip()
        if match[1]:
            return f"${{{match[2]}}}"
        if name in own:
            if name not in filled:
                filled[name] = text(_value(own[name], scope))
            return filled[name]
        if "." in name and name not in scope.pseudo:
            id, _, wanted = name.partition(".")
            return text(attribute(id, wanted, scope))
        return text(_ref(name, scope))

    return _bounded(PLACEHOLDER.sub(fill, template))


def _import_value(argument: Any, scope: Scope) -> str:
    name = text(_value(argument, scope))
    return LATER if scope.planning and LATER in name else scope.outside.imported(name)


# Lists and text


def _arguments(name: str, argument: Any, scope: Scope, least: int, most: int) -> list[Any]:
    found = _value(argument, scope)
    if not (isinstance(found, list) and least <= len(found) <= most):
        raise TemplateError(f"Template error: every {name} object requires {least} parameters")
    return found


def _join(argument: Any, scope: Scope) -> str:
    delimiter, items = _arguments("Fn::Join", argument, scope, 2, 2)
    if not isinstance(items, list):
        if items == LATER:
            return LATER
        raise TemplateError("Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
                            "(2) a list of strings to be joined")  # fmt: skip
    return _bounded(text(delimiter).join(map(text, items)))


def _split(argument: Any, scope: Scope) -> list[str]:
    delimiter, source = _arguments("Fn::Split", argument, scope, 2, 2)
    if not delimiter:
        raise TemplateError("Template error: Fn::Split needs a delimiter")
    # What comes later has a colon in it, by which ARNs are split.
    return [part.replace("\0", LATER) for part in text(source).replace(LATER, "\0").split(text(delimiter))]


def _select(argument: Any, scope: Scope) -> Any:
    index, items = _arguments("Fn::Select", argument, scope, 2, 2)
    if isinstance(items, str) and LATER in items:
        return LATER
    if not isinstance(items, list) or not is_count(str(index)):
        raise TemplateError("Template error: every Fn::Select object requires two non-empty parameters, (1) an index "
                            "and (2) a list")  # fmt: skip
    if int(index) >= len(items):
        if any(LATER in str(item) for item in items):
            return LATER
        raise TemplateError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _get_azs(argument: Any, scope: Scope) -> list[str]:
    region = text(_value(argument, scope)) or str(scope.pseudo["AWS::Region"])
    return [f"{region}{letter}" for letter in "abcdef"] if scope.planning else scope.outside.zones(region)


def _cidr(argument: Any, scope: Scope) -> list[str]:
    given = _arguments("Fn::Cidr", argument, scope, 2, 3)
    if any(LATER in str(one) for one in given):
        return [LATER] * 256
    found = to_list({"Fn::Cidr": [Text.of(text(one)) for one in given]}, SymbolicScope())
    if found is None:
        raise TemplateError(f"Template error: Fn::Cidr cannot split {given[0]} so")
    return [str(one) for one in found]


def _base64(argument: Any, scope: Scope) -> str:
    return _bounded(base64.b64encode(text(_value(argument, scope)).encode()).decode())


def _length(argument: Any, scope: Scope) -> int:
    found = _value(argument, scope)
    if not isinstance(found, list):
        raise TemplateError("Template error: Fn::Length needs a list")
    return len(found)


def _to_json(argument: Any, scope: Scope) -> str:
    return _bounded(json.dumps(_value(argument, scope), separators=(",", ":")))


def _find_in_map(argument: Any, scope: Scope) -> Any:
    given = _arguments("Fn::FindInMap", argument, scope, 3, 4)
    name, first, second = map(text, given[:3])
    if len(given) == 4 and isinstance(given[3], Mapping) and "DefaultValue" in given[3]:
        row = scope.mappings.get(name, {}).get(first, {})
        return row[second] if second in row else given[3]["DefaultValue"]
    if name not in scope.mappings:
        raise TemplateError(f"Template error: Mapping named '{name}' is not present in the 'Mappings' section of "
                            "template.")  # fmt: skip
    row = scope.mappings[name].get(first) if isinstance(scope.mappings[name], Mapping) else None
    if not isinstance(row, Mapping) or second not in row:
        raise TemplateError(f"Template error: Unable to get mapping for {name}::{first}::{second}")
    return row[second]


# Conditions


def _if(argument: Any, scope: Scope) -> Any:
    if not (isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str)):
        raise TemplateError("Template error: Fn::If requires a list argument with three parameters")
    return _value(argument[1] if scope.truth(argument[0]) else argument[2], scope)


def _truth(tree: Any, scope: Scope) -> bool:
    if isinstance(tree, Mapping) and len(tree) == 1:
        ((name, argument),) = tree.items()
        if name == "Condition" and isinstance(argument, str):
            return scope.truth(argument)
        if name == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:
            one, other = (_value(item, scope) for item in argument)
            return text(one) == text(other)
        if name == "Fn::Not" and isinstance(argument, list) and len(argument) == 1:
            return not _truth(argument[0], scope)
        if name in ("Fn::And", "Fn::Or") and isinstance(argument, list) and argument:
            truths = [_truth(item, scope) for item in argument]
            return all(truths) if name == "Fn::And" else any(truths)
    raise TemplateError("Template format error: Conditions can only be boolean operations on parameters and other "
                        "conditions")  # fmt: skip


FUNCTIONS: Final[Mapping[str, Callable[[Any, Scope], Any]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
}
"""The functions that give a value; those of conditions are in :func:`_truth`."""
