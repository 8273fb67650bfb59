"""A template's parameters: what was given, what stays from before, defaults, and values from Parameter Store.

In: the declared parameters, those of the request, those of the stack. Out: each value as it was given, and as ``Ref``
gives it. What CloudFormation refuses is a :class:`TemplateError` with its words.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from scopedown.guard.cloudformation.functions import text
from scopedown.guard.cloudformation.template import TemplateError

_STORED: Final = re.compile(r"AWS::SSM::Parameter::Value<(.+)>$")
_TYPE: Final = re.compile(r"(String|Number|List<[\w:]+>|CommaDelimitedList|AWS::[\w:]+(<.+>)?)$")
Fetch = Callable[[list[str]], Mapping[str, str]]
"""The values of names in Parameter Store, asked for as the caller."""


def values(
    declared: Mapping[str, Mapping[str, Any]], given: Iterable[Mapping[str, Any]], before: Mapping[str, str],
    fetch: Fetch,
) -> tuple[dict[str, str], dict[str, Any]]:  # fmt: skip
    """The values as given and as ``Ref`` gives them. Raises TemplateError."""
    written: dict[str, str] = {}
    stays = set()
    for one in given:
        key = str(one.get("ParameterKey"))
        if one.get("UsePreviousValue"):
            stays.add(key)
        elif one.get("ParameterValue") is not None:
            written[key] = str(one["ParameterValue"])
    if unknown := sorted((set(written) | stays) - set(declared)):
        raise TemplateError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = []
    for name, one in declared.items():
        if not _TYPE.match(one["Type"]):
            raise TemplateError(f"Template format error: Unrecognized parameter type: {one['Type']}")
        if name in stays and name in before:
            written[name] = before[name]
        elif name not in written and one.get("Default") is not None:
            written[name] = text(one["Default"])
        elif name not in written:
            missing.append(name)
    if missing:
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    written = {name: written[name] for name in declared}
    for name, one in declared.items():
        _allowed(name, one, written[name])
    stored = [written[name] for name, one in declared.items() if _STORED.match(one["Type"])]
    found = fetch(list(dict.fromkeys(stored))) if stored else {}
    return written, {name: _referred(one["Type"], written[name], found) for name, one in declared.items()}


def _referred(kind: str, value: str, stored: Mapping[str, str]) -> Any:
    if match := _STORED.match(kind):
        kind, value = match[1], stored[value]
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [item.strip() for item in value.split(",")] if value else []
    return value


def _allowed(name: str, declared: Mapping[str, Any], value: str) -> None:
    """Raise TemplateError where a value breaks the parameter's rules."""

    def wrong(rule: str) -> TemplateError:
        return TemplateError(str(declared.get("ConstraintDescription") and
                             f"Parameter {name} failed to satisfy constraint: {declared['ConstraintDescription']}")
                             if declared.get("ConstraintDescription") else f"Parameter '{name}' {rule}")  # fmt: skip

    listed = declared["Type"] == "CommaDelimitedList" or declared["Type"].startswith("List<")
    items = [part.strip() for part in value.split(",")] if listed else [value]
    allowed = declared.get("AllowedValues")
    if isinstance(allowed, list) and not set(items) <= {text(one) for one in allowed}:
        raise wrong("must be one of AllowedValues")
    if (pattern := declared.get("AllowedPattern")) is not None and declared["Type"] != "Number":
        try:
            fits = all(re.fullmatch(str(pattern), one) for one in items)
        except re.error:
            fits = True  # a pattern of Java's that Python does not know is not judged
        if not fits:
            raise wrong(f"must match pattern {pattern}")
    for rule, word in (("MinLength", "at least"), ("MaxLength", "at most")):
        limit = declared.get(rule)
        if limit is not None and ((len(value) < int(limit)) if rule == "MinLength" else (len(value) > int(limit))):
            raise wrong(f"must contain {word} {limit} characters")
    if declared["Type"] in ("Number", "List<Number>"):
        for item in items:
            _number(wrong, declared, item)


def _number(wrong: Callable[[str], TemplateError], declared: Mapping[str, Any], item: str) -> None:
    try:
        number = float(item)
    except ValueError:
        raise wrong("must be a number") from None
    least, most = declared.get("MinValue"), declared.get("MaxValue")
    if least is not None and number < float(least):
        raise wrong(f"must be a number not less than {least}")
    if most is not None and number > float(most):
        raise wrong(f"must be a number not greater than {most}")


def described(declared: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Parameters as ValidateTemplate tells them."""
    return [
        {
            "ParameterKey": name, "NoEcho": _is_hidden(one),
            **({"DefaultValue": text(one["Default"])} if one.get("Default") is not None else {}),
            **({"Description": str(one["Description"])} if one.get("Description") else {}),
        }
        for name, one in declared.items()
    ]  # fmt: skip


def shown(declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str], values: Mapping[str, Any]) -> list[
    dict[str, str]
]:  # fmt: skip
    """Parameters as DescribeStacks tells them; one that is not to be echoed as asterisks."""
    found = []
    for name, value in given.items():
        one = declared.get(name, {})
        row = {"ParameterKey": name, "ParameterValue": "****" if _is_hidden(one) else value}
        if _STORED.match(str(one.get("Type"))):
            row["ResolvedValue"] = text(values[name])
        found.append(row)
    return found


def _is_hidden(declared: Mapping[str, Any]) -> bool:
    return str(declared.get("NoEcho")).lower() == "true"
