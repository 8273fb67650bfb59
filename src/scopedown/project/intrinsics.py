"""CloudFormation's intrinsic functions, evaluated to symbolic text as far as that is sound.

In: a configuration value with intrinsics in their long form. Out: a :class:`~scopedown.core.text.Text` with a
``Ref``, ``Att``, ``Pseudo``, ``Param`` or ``ImportValue`` part where CloudFormation fills something in, and an
``Unknown`` with its reason where the result cannot be told before the deployment (a condition on a parameter, an
availability zone, a dynamic reference). A parameter stays a ``Param``: its default stands in ``Project.parameters``
and may be overridden when the stack is deployed.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import ipaddress
import json
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.digits import is_count
from scopedown.core.text import Att, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.documents.scalars import js_text
from scopedown.project.model import Project, Tree
from scopedown.project.stand_ins import has_stand_in

PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^{}]+)\}")
_DYNAMIC: Final = re.compile(r"\{\{resolve:([^{}]+)\}\}")
_MAX_DEPTH: Final = 60
_PSEUDO: Final = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)
"""The pseudo parameters that have a value
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What names in a template mean. ``region`` picks rows of ``Mappings``; it never replaces ``AWS::Region``."""

    parameters: Mapping[str, Tree] = field(default_factory=dict)
    mappings: Mapping[str, Tree] = field(default_factory=dict)
    conditions: Mapping[str, Tree] = field(default_factory=dict)
    region: str | None = None
    account: str | None = None
    defaults: bool = False
    """Whether conditions and keys of mappings are told by the parameters' defaults."""
    truths: dict[str, bool | None] = field(default_factory=dict, compare=False, repr=False)
    """Conditions that were told already: one that many others name is worked out once."""

    @staticmethod
    def of(project: Project) -> Scope:
        """The scope of a project's own template."""
        return Scope(project.parameters, project.mappings, project.conditions, project.region, project.account)


def to_text(tree: Tree, scope: Scope, depth: int = 0) -> Text:
    """A configuration value as text.

    >>> to_text({"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Queue.QueueName}"}, Scope())
    Text('arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Queue.QueueName}')
    """
    if isinstance(tree, Text):
        return tree
    if isinstance(tree, str):
        return _plain(tree)
    if tree is None or isinstance(tree, bool | int | float):
        return Text.of(js_text(tree))
    if depth > _MAX_DEPTH:
        return Text.unknown("intrinsic functions are nested too deeply")
    if isinstance(tree, Mapping):
        if len(tree) == 1:
            name, argument = next(iter(tree.items()))
            function = _FUNCTIONS.get(name)
            if function is not None:
                return function(argument, scope, depth + 1)
            if name.startswith("Fn::"):
                return Text.unknown(f"{name} is evaluated when the stack is deployed")
        return Text.unknown("a mapping where text is expected")
    return Text.unknown("a list where text is expected")


def is_intrinsic(tree: Tree) -> bool:
    """Whether a value is a call of an intrinsic function."""
    return isinstance(tree, Mapping) and len(tree) == 1 and (
        (name := next(iter(tree))) in ("Ref", "Condition") or name.startswith("Fn::")
    )  # fmt: skip


def _plain(text: str) -> Text:
    """A string; a dynamic reference in it is resolved by CloudFormation, at the deployment."""
    if "{{resolve:" not in text:
        return Text.of(text)
    parts: list[str | Part] = []
    last = 0
    for match in _DYNAMIC.finditer(text):
        parts += [text[last : match.start()], Unknown(f"{{{{resolve:{match[1]}}}}} is resolved at deployment")]
        last = match.end()
    return Text.of(*parts, text[last:])


def _ref(argument: Tree, scope: Scope, depth: int) -> Text:
    if not isinstance(argument, str):
        return Text.unknown("the name of Ref is unknown")
    return Text.of(_named(argument, scope))


def _named(name: str, scope: Scope) -> Part:
    if name == "AWS::NoValue":
        return Unknown("AWS::NoValue removes the property")
    if name.startswith("AWS::"):
        return Pseudo(name) if name in _PSEUDO else Unknown(f"CloudFormation has no pseudo parameter {name}")
    return Param(name) if name in scope.parameters else Ref(name)


def _get_att(argument: Tree, scope: Scope, depth: int) -> Text:
    if isinstance(argument, str):
        id, _, name = argument.partition(".")
        return Text.of(Att(id, name))
    if isinstance(argument, Sequence) and len(argument) == 2 and isinstance(argument[0], str):
        attribute = to_text(argument[1], scope, depth).literal
        if attribute is not None:
            return Text.of(Att(argument[0], attribute))
    return Text.unknown("the attribute of Fn::GetAtt is unknown")


def _sub(argument: Tree, scope: Scope, depth: int) -> Text:
    given: Mapping[str, Tree] = {}
    template = argument
    if isinstance(argument, Sequence) and not isinstance(argument, str) and argument:
        template = argument[0]
        if len(argument) > 1 and isinstance(argument[1], Mapping):
            given = argument[1]
    if isinstance(template, str):
        template = Text.of(template)
    if not isinstance(template, Text):
        return Text.unknown("the text of Fn::Sub is unknown")

    def fill(part: Part) -> Part | Text:
        if not isinstance(part, Literal):
            return part
        parts: list[str | Part | Text] = []
        last = 0
        for match in PLACEHOLDER.finditer(part.value):
            parts.append(_plain(part.value[last : match.start()]))
            last = match.end()
            name = match[2].strip()
            if match[1]:
                parts.append(f"${{{match[2]}}}")
            elif name in given:
                parts.append(to_text(given[name], scope, depth))
            elif "." in name and not name.startswith("AWS::"):
                id, _, attribute = name.partition(".")
                parts.append(Att(id, attribute))
            else:
                parts.append(_named(name, scope))
        return Text.of(*parts, _plain(part.value[last:]))

    return template.replace(fill)


def _join(argument: Tree, scope: Scope, depth: int) -> Text:
    if isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) == 2:
        separator = to_text(argument[0], scope, depth)
        items = _list(argument[1], scope, depth)
        if items is not None:
            parts: list[Text] = []
            for index, item in enumerate(items):
                parts += [separator, item] if index else [item]
            return Text.of(*parts)
        listed = argument[1].get("Ref") if isinstance(argument[1], Mapping) and len(argument[1]) == 1 else None
        if separator.literal == "," and isinstance(listed, str) and listed in scope.parameters:
            return Text.of(Param(listed))  # a parameter's list is given as text with commas
    return Text.unknown("the list of Fn::Join is known only at deployment")


def _list(tree: Tree, scope: Scope, depth: int) -> list[Text] | None:
    """A list of texts: written out, or of ``Fn::Split``; None where it is not known."""
    if isinstance(tree, Mapping):
        if len(tree) == 1 and "Fn::Split" in tree:
            return _split(tree["Fn::Split"], scope, depth)
        if len(tree) == 1 and "Fn::If" in tree:
            chosen = _chosen(tree["Fn::If"], scope, depth)
            return None if chosen is None or depth > _MAX_DEPTH else _list(chosen[0], scope, depth + 1)
        if len(tree) == 1 and "Fn::FindInMap" in tree:
            found = in_map(tree["Fn::FindInMap"], scope, depth)
            return None if found is None or depth > _MAX_DEPTH else _list(found[0], scope, depth + 1)
        if len(tree) == 1 and "Fn::Cidr" in tree:
            return _cidr(tree["Fn::Cidr"], scope, depth)
        return None
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [to_text(item, scope, depth) for item in tree if item != {"Ref": "AWS::NoValue"}]
    return None


def to_list(tree: Tree, scope: Scope) -> list[Text] | None:
    """A value as a list of texts; None where it is none, or known at the deployment only."""
    return _list(tree, scope, 0)


def _split(argument: Tree, scope: Scope, depth: int) -> list[Text] | None:
    """``Fn::Split`` where nothing that CloudFormation fills in can hold the delimiter."""
    if not (isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) == 2):
        return None
    delimiter = to_text(argument[0], scope, depth).literal
    source = to_text(argument[1], scope, depth)
    if not delimiter or any(_may_hold(part, delimiter) for part in source.parts):
        return None
    pieces: list[list[str | Part]] = [[]]
    for part in source.parts:
        if isinstance(part, Literal):
            first, *rest = part.value.split(delimiter)
            pieces[-1].append(first)
            pieces += [[piece] for piece in rest]
        else:
            pieces[-1].append(part)
    return [Text.of(*piece) for piece in pieces]


_LETTERS: Final = string.ascii_letters + string.digits + "-"
_CHARACTERS: Final = {
    "AWS::AccountId": string.digits,
    "AWS::Partition": string.ascii_lowercase + "-",
    "AWS::Region": string.ascii_lowercase + string.digits + "-",
    "AWS::StackName": _LETTERS,
    "AWS::StackId": f"{_LETTERS}:/",
    "AWS::URLSuffix": f"{string.ascii_lowercase}.",
}
"""What the values of pseudo parameters are made of."""


def _may_hold(part: Part, delimiter: str) -> bool:
    """Whether a part that CloudFormation fills in may hold a delimiter, or a part of it."""
    if isinstance(part, Literal):
        return False
    known = _CHARACTERS.get(part.name) if isinstance(part, Pseudo) else None
    return known is None or any(character in known for character in delimiter)


def _select(argument: Tree, scope: Scope, depth: int) -> Text:
    if isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) == 2:
        index = to_text(argument[0], scope, depth).literal
        items = _list(argument[1], scope, depth)
        if items is not None and index is not None and is_count(index) and int(index) < len(items):
            return items[int(index)]
    return Text.unknown("the list of Fn::Select is known only at deployment")


def _if(argument: Tree, scope: Scope, depth: int) -> Text:
    chosen = _chosen(argument, scope, depth)
    if chosen is not None:
        return to_text(chosen[0], scope, depth)
    if isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) == 3:
        one, other = to_text(argument[1], scope, depth), to_text(argument[2], scope, depth)
        if one == other:
            return one
        return Text.unknown(f"the condition {argument[0]} chooses {one} or {other} at deployment")
    return Text.unknown("Fn::If lacks its condition and two values")


def _chosen(argument: Tree, scope: Scope, depth: int) -> tuple[Tree] | None:
    """The branch of ``Fn::If`` that holds, where its condition can be told."""
    if not (isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) == 3):
        return None
    truth = condition(argument[0], scope, depth)
    return None if truth is None else (argument[1] if truth else argument[2],)


def condition(tree: Tree, scope: Scope, depth: int = 0) -> bool | None:
    """The truth of a condition (its name, or its expression); None where it depends on the deployment."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(tree, str):
        if tree not in scope.truths:
            scope.truths[tree] = None  # one that leads back to itself is never told
            if tree in scope.conditions:
                scope.truths[tree] = condition(scope.conditions[tree], scope, depth + 1)
        return scope.truths[tree]
    if not (isinstance(tree, Mapping) and len(tree) == 1):
        return None
    name, argument = next(iter(tree.items()))
    if name == "Condition":
        return condition(argument, scope, depth + 1) if isinstance(argument, str) else None
    if not isinstance(argument, Sequence) or isinstance(argument, str):
        return None
    if name == "Fn::Equals" and len(argument) == 2:
        one, other = (_known(to_text(item, scope, depth), scope) for item in argument)
        return None if one is None or other is None else one == other
    truths = [condition(item, scope, depth + 1) for item in argument]
    if name == "Fn::Not" and len(truths) == 1:
        return None if truths[0] is None else not truths[0]
    if name == "Fn::And":
        return False if False in truths else None if None in truths else True
    if name == "Fn::Or":
        return True if True in truths else None if None in truths else False
    return None


def _known(text: Text, scope: Scope) -> str | None:
    """A text as characters, with the region and the account of the deployment."""
    found = with_defaults(text, scope).literal if scope.defaults else _placed(text, scope).literal
    return None if found is not None and has_stand_in(found) else found


def with_defaults(text: Text, scope: Scope) -> Text:
    """A text as it deploys by default: every parameter its default, the region and the account where they are known."""

    def fill(part: Part) -> str | Part:
        return default_of(scope.parameters.get(part.name), part) if isinstance(part, Param) else part

    return _placed(text.replace(fill), scope)


def default_of(parameter: Tree, otherwise: Part) -> str | Part:
    """A parameter's default as text. That of a type such as ``AWS::SSM::Parameter::Value<String>`` is the name of
    where the value is, and no value."""
    if not isinstance(parameter, Mapping):
        return otherwise
    default, kind = parameter.get("Default"), parameter.get("Type")
    if default is None or isinstance(default, Mapping | list | Text):
        return otherwise
    return otherwise if isinstance(kind, str) and kind.startswith("AWS::SSM::Parameter::") else js_text(default)


def _placed(text: Text, scope: Scope) -> Text:
    """A text with the region and the account of the deployment."""

    def fill(part: Part) -> str | Part:
        if not isinstance(part, Pseudo):
            return part
        if part.name == "AWS::Region" and scope.region:
            return scope.region
        return scope.account if part.name == "AWS::AccountId" and scope.account else part

    return text.replace(fill)


def _find_in_map(argument: Tree, scope: Scope, depth: int) -> Text:
    found = in_map(argument, scope, depth)
    if found is None:
        return Text.unknown("the key of Fn::FindInMap is known only at deployment")
    return to_text(found[0], scope, depth)


def in_map(argument: Tree, scope: Scope, depth: int = 0) -> tuple[Tree] | None:
    """What ``Fn::FindInMap`` finds (text, or a list of texts; its default where there is no such key); None where that
    is not known. Mappings hold no intrinsic functions."""
    if not (isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) >= 3):
        return None
    keys = [_known(to_text(item, scope, depth), scope) for item in argument[:3]]
    if None in keys:
        return _in_every_row(keys, scope, argument)
    node: Any = scope.mappings
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    items = node if isinstance(node, list) else [node]
    if node is not None and not any(isinstance(item, Mapping | list) for item in items):
        return (node,)
    options = argument[3] if len(argument) > 3 else None
    return (options["DefaultValue"],) if isinstance(options, Mapping) and "DefaultValue" in options else None


def _in_every_row(keys: Sequence[str | None], scope: Scope, argument: Sequence[Tree]) -> tuple[Tree] | None:
    """What a map says whatever the keys that are not known turn out to be; None where it says several things."""
    nodes: list[Any] = [scope.mappings.get(keys[0])] if keys[0] is not None and len(argument) == 3 else []
    for key in keys[1:]:
        rows = [node for node in nodes if isinstance(node, Mapping)]
        nodes = [one for row in rows for one in (row.values() if key is None else [row[key]] if key in row else [])]
    plain = all(isinstance(node, str) for node in nodes)
    return (nodes[0],) if nodes and plain and len(set(nodes)) == 1 else None


def _import_value(argument: Tree, scope: Scope, depth: int) -> Text:
    return Text.of(ImportValue(to_text(argument, scope, depth)))


def _base64(argument: Tree, scope: Scope, depth: int) -> Text:
    text = to_text(argument, scope, depth).literal
    if text is None:
        return Text.unknown("the text of Fn::Base64 is known only at deployment")
    return Text.of(base64.b64encode(text.encode()).decode())


def _cidr(argument: Tree, scope: Scope, depth: int) -> list[Text] | None:
    """``Fn::Cidr`` of a known block: ``[block, count, bits]``, the bits being those that each new block leaves free."""
    if not (isinstance(argument, Sequence) and not isinstance(argument, str) and len(argument) >= 2):
        return None
    block, count, bits = (_known(to_text(item, scope, depth), scope) for item in [*argument, 8][:3])
    try:
        network = ipaddress.ip_network(block or "", strict=False)
        number, free = int(count or ""), int(bits or "")
        if not 0 < number <= 256:
            return None
        blocks = network.subnets(new_prefix=network.max_prefixlen - free)
        return [Text.of(str(one)) for one, _ in zip(blocks, range(number), strict=False)]
    except ValueError:
        return None


def _length(argument: Tree, scope: Scope, depth: int) -> Text:
    items = _list(argument, scope, depth)
    if items is None:
        return Text.unknown("the list of Fn::Length is known only at deployment")
    return Text.of(str(len(items)))


def _json(argument: Tree, scope: Scope, depth: int) -> Text:
    """``Fn::ToJsonString``: what CloudFormation fills in stands in the JSON text."""
    if depth > _MAX_DEPTH:
        return Text.unknown("intrinsic functions are nested too deeply")
    if isinstance(argument, Mapping) and not is_intrinsic(argument):
        parts: list[str | Text] = ["{"]
        for index, (name, value) in enumerate(argument.items()):
            parts += ["," if index else "", json.dumps(name), ":", _json(value, scope, depth + 1)]
        return Text.of(*parts, "}")
    if isinstance(argument, Sequence) and not isinstance(argument, str):
        parts = ["["]
        for index, value in enumerate(argument):
            parts += ["," if index else "", _json(value, scope, depth + 1)]
        return Text.of(*parts, "]")
    if argument is None or isinstance(argument, bool | int | float):
        return Text.of(json.dumps(argument))
    text = to_text(argument, scope, depth)
    escaped = text.replace(lambda part: json.dumps(part.value)[1:-1] if isinstance(part, Literal) else part)
    return Text.of('"', escaped, '"')


_FUNCTIONS: Final[Mapping[str, Callable[[Tree, Scope, int], Text]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ToJsonString": _json,
}
