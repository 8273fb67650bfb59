"""What a person's hint asks for, as required permissions; what is wrong with it, as findings.

An action is one of the catalog's. A target becomes an ARN: ``ref:LogicalId[/suffix]`` that of a declared resource,
``env:NAME[/suffix]`` that of what the function's environment names, ``arn:…`` itself (``${…}`` as in Fn::Sub). The ARN
has to be of a resource type that the action acts on. A wrong hint grants nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import assert_never

from scopedown.calls.model import Hint
from scopedown.catalog.model import Action, Catalog, ResourceType
from scopedown.core.arn import service_of
from scopedown.core.finding import Finding
from scopedown.core.text import ANY, AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.core.text_slicing import is_arn, with_any
from scopedown.core.words import some_of
from scopedown.iam.errors import LimitError
from scopedown.iam.language import intersects
from scopedown.iam.wildcard import Glob, Wild, expand, glob, join
from scopedown.permissions.bind import bind, bind_text, declared_of, kinds_of
from scopedown.permissions.declared import Declared
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource
from scopedown.permissions.naming import variables_of
from scopedown.permissions.parameter_formats import PSEUDO, fill, read_form
from scopedown.permissions.resources import EVERYTHING, MAX_TYPES, rows_of
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Project


class _WrongError(Exception):
    """What is wrong with a hint, and what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def required_by(
    hint: Hint, function: Function, project: Project, catalog: Catalog
) -> tuple[tuple[RequiredPermission, ...], tuple[Finding, ...]]:
    """The permissions that ``hint`` asks for in this function, and a finding for each of its actions that it cannot
    have: ``hint-action`` where there is no such action, ``hint-target`` where it does not act on the target."""
    found: list[RequiredPermission] = []
    findings: list[Finding] = []
    for name in hint.actions:
        code = "hint-action"
        try:
            action = _action(name, catalog)
            code = "hint-target"
            found.append(_permission(hint, action, function, project, catalog))
        except _WrongError as wrong:
            findings.append(Finding(code, wrong.message, hint.place, wrong.remedy))
    return tuple(found), tuple(findings)


def _action(name: str, catalog: Catalog) -> Action:
    if (known := catalog.action(name)) is not None:
        return known
    prefix, _, rest = name.partition(":")
    actions = [action.name for action in catalog.actions_of(prefix.lower())]
    if not actions:
        prefixes = sorted({one.prefix for one in catalog.services() if one.prefix})
        close = get_close_matches(prefix.lower(), prefixes, 1)
        remedy = f"did you mean {close[0]}:{rest}?" if close else "run scopedown catalog NAME to look up the name"
        raise _WrongError(f"AWS has no service prefix {prefix!r}", remedy)
    for service in catalog.services():
        operation = catalog.operation(service.name, rest) if service.prefix == prefix.lower() else None
        if operation is not None:
            needs = ", ".join(dict.fromkeys(mapping.action for mapping in operation.actions if not mapping.when))
            remedy = (
                f"write the action that it needs: {needs}"
                if needs and operation.authorised
                else "remove the hint; this operation needs no permission"
            )
            raise _WrongError(f"{rest} is an operation of {service.name}, not an action", remedy)
    by_lower = {action.lower(): action for action in actions}
    close = get_close_matches(name.lower(), list(by_lower), 1)
    remedy = (
        f"did you mean {by_lower[close[0]]}?"
        if close
        else f"run scopedown catalog {prefix.lower()} to list its actions"
    )
    raise _WrongError(f"AWS has no action {name}", remedy)


def _permission(
    hint: Hint, action: Action, function: Function, project: Project, catalog: Catalog
) -> RequiredPermission:
    arn = EVERYTHING
    kinds = kinds_of(action.name, catalog)
    if hint.target != "*":
        if not kinds:
            raise _WrongError(f"{action.name} supports no resource, only *", f"write needs {action.name} on *")
        arn = _Target(action, kinds, function, project, catalog).arn(hint.target)
    asked = RequiredPermission(action.name, (Resource(arn, Certainty.RESOLVED),), (hint,), Origin.HINT)
    return bind(asked, function, project, catalog)


class _Target:
    """One action's target, looked for among the resource types that the action acts on."""

    def __init__(
        self, action: Action, kinds: tuple[ResourceType, ...], function: Function, project: Project, catalog: Catalog
    ) -> None:
        self.action, self.kinds, self.function, self.project, self.catalog = action, kinds, function, project, catalog
        self.known: Declared = declared_of(project, catalog)
        self.services = frozenset(service_of(kind.arn) for kind in kinds)

    def arn(self, target: str) -> Text:
        """The target's ARN. Raises where there is none, or none that the action acts on."""
        form, _, rest = target.partition(":")
        if form == "arn":
            return self._accepted(self._written(target), target)
        name, suffix = _cut(rest)
        if form == "ref":
            return self._declared(name, suffix, target)
        value = bind_text(Text.of(EnvVar(name)), self.function)
        if name not in self.function.environment and value.unknowns:
            close = get_close_matches(name, list(self.function.environment), 1)
            remedy = f"did you mean {close[0]}?" if close else "set it in the project's environment"
            raise _WrongError(f"{value.unknowns[0].reason} for {self.function.key}", remedy)
        return self._named(value, suffix, target)

    def _written(self, target: str) -> Text:
        """An ARN as the hint writes it; what it refers to has to be there."""
        text = to_text({"Fn::Sub": target}, Scope.of(self.project)) if "${" in target else Text.of(target)
        text = text.replace(self._in_own_stack)
        for part in text.parts:
            if isinstance(part, Ref | Att):
                self._require(part.id)
        return text.replace(lambda part: with_any(part.value) if isinstance(part, Literal) else part)

    def _declared(self, id: str, suffix: Text, target: str) -> Text:
        if id in self.project.parameters:
            return self._named(Text.of(Param(id)), suffix, target)
        found = self._require(id)
        own = self.known.by_id[found]
        if own.arn is None:
            return self._named(Text.of(Ref(found)), suffix, target)
        if own.service and own.service not in self.services:
            raise self._refused(f"{id}, an {own.type}")
        if own.type == "AWS::Logs::LogGroup" and not suffix.parts:
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
            suffix = Text.of(":", ANY)
        return self._accepted(own.arn + suffix, target)

    def _require(self, id: str) -> str:
        """The declared resource's id as the project has it: seen from the function's own stack first."""
        part = self._in_own_stack(Ref(id))
        found = part.id if isinstance(part, Ref) else id
        if found in self.known.by_id:
            return found
        close = get_close_matches(id, list(self.known.by_id), 1)
        remedy = f"did you mean {close[0]}?" if close else "write the logical id of a resource in the template"
        raise _WrongError(f"the project declares no resource {id!r}", remedy)

    def _in_own_stack(self, part: Part) -> Part:
        stack, slash, _ = self.function.logical_id.rpartition("/")
        if slash and isinstance(part, Ref | Att) and f"{stack}/{part.id}" in self.known.by_id:
            return replace(part, id=f"{stack}/{part.id}")
        return part

    def _named(self, value: Text, suffix: Text, target: str) -> Text:
        """What a name, a URL or an ARN is of: the first resource type whose ARN goes on as the suffix says, among those
        that calls name before those that none names (an access point in a bucket's place)."""
        if is_arn(value):
            return self._accepted(value + suffix, target)
        ways = {kind: self._form(kind, variables[0]) for kind in self.kinds if (variables := variables_of(kind.arn))}
        for kind in sorted(ways, key=lambda kind: ways[kind] is None):
            variables = variables_of(kind.arn)
            head = kind.arn.partition(f"${{{variables[0]}}}")[0]
            for filling in fill(ways[kind] or "name", value, variables, variables[0]):
                at = {name: filling.head.get(name, Text.of(part)) for name, part in PSEUDO.items()}
                arn = filling.whole or Text.of(_filled(head, at), filling.variables.get(variables[0], value))
                whole = self.known.settle(arn + suffix, self.action.name, self.services)
                if not any("does not act on" in unknown.reason for unknown in whole.unknowns) and self._fits(
                    whole, kind
                ):
                    return arn + suffix
        raise self._refused(f"{target}, which is {value}{suffix}")

    def _form(self, kind: ResourceType, variable: str) -> str | None:
        """How operations that need the action name this type (the operation of the action's name first), if any do."""
        operations = self.catalog.operations_needing(self.action.name)
        own = self.action.name.partition(":")[2]
        for service, name in sorted(operations, key=lambda one: one[1] != own):
            operation = self.catalog.operation(service, name)
            for row in rows_of(operation, self.action, self.catalog) if operation else ():
                is_last = row.variable in ("", "*") and len(variables_of(kind.arn)) == 1
                if row.parameter.startswith("'"):
                    continue  # no argument says it
                if row.type == kind.name and (row.variable == variable or is_last):
                    return read_form(row.form).kind
        return None

    def _accepted(self, arn: Text, target: str) -> Text:
        settled = self.known.settle(bind_text(arn, self.function), self.action.name, self.services)
        if not any(self._fits(settled, kind) for kind in self.kinds):
            raise self._refused(target)
        return arn

    def _fits(self, arn: Text, kind: ResourceType) -> bool:
        """Whether an ARN may be of a resource type: some text is both."""
        shape = "".join(map(_shape, self._spelt(arn).parts))
        # Where a longer format goes on with a slash (an object's after its bucket's), the name before it holds none.
        types = self.catalog.resource_types_of(kind.service)
        if shape.count("/") > kind.arn.count("/") and any(type_.arn.startswith(f"{kind.arn}/") for type_ in types):
            return False
        try:
            return intersects(expand(glob(shape)), expand(_pattern(kind.arn)))
        except LimitError:
            return True

    def _spelt(self, arn: Text) -> Text:
        """An ARN that begins with a declared resource's own, in the format of the resource's type."""
        first, *rest = arn.parts
        own = self.known.by_id.get(first.id) if isinstance(first, Ref | Att) else None
        if own is None or own.arn != Text.of(first):
            return arn
        return Text.of(own.said[0] if own.said else ANY, *rest)

    def _refused(self, what: str) -> _WrongError:
        formats = [f"{kind.name} ({kind.arn})" for kind in self.kinds]
        remedy = f"use one of its resource types: {some_of(formats, MAX_TYPES)}"
        return _WrongError(f"{self.action.name} does not act on {what}", remedy)


def _pattern(arn_format: str) -> Glob:
    """What ARNs of a format look like; a partition, a region and an account hold no colon."""
    pieces: list[str | Wild] = []
    for number, piece in enumerate(re.split(r"\$\{([^}]*)\}", arn_format)):
        pieces.append(piece if number % 2 == 0 else Wild.ANY_IN_FIELD if piece in PSEUDO else Wild.ANY)
    return join(pieces)


def _cut(rest: str) -> tuple[str, Text]:
    """A name and what follows it, from its ``/`` or ``:`` on."""
    name = re.match(r"\w*", rest)
    end = name.end() if name else 0
    return rest[:end], with_any(rest[end:])


def _filled(head: str, values: Mapping[str, Text]) -> Text:
    pieces = re.split(r"\$\{([^}]*)\}", head)
    return Text.of(*(piece if number % 2 == 0 else values[piece] for number, piece in enumerate(pieces)))


def _shape(part: Part) -> str:
    """A part as a pattern: a reference stands for some name, which is no path."""
    match part:
        case Literal(value):
            return value
        case AnyText() | Unknown() | Param() | ImportValue():
            return "*"
        case Ref() | Att() | Pseudo() | EnvVar():
            return "x"
        case _:
            assert_never(part)
