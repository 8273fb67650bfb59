"""From an operation's arguments to the ARNs of one action's resources.

Rows say which parameter fills which variable of which resource type's ARN: the catalog's hand-written ones, else the
generic rule of :mod:`~scopedown.permissions.naming`, else old data. Resource types of one action are alternatives:
those whose variables the arguments fill are meant. Nothing here knows a function or a project.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from scopedown.calls.model import Argument
from scopedown.catalog.model import Action, Catalog, Operation, ResourceParameter, ResourceType
from scopedown.core.arn import resource_of
from scopedown.core.text import ANY, AnyText, Literal, Part, Text, Unknown
from scopedown.core.text_slicing import with_any
from scopedown.permissions.arn_parts import Conditions, Filling, together
from scopedown.permissions.model import Certainty, Resource
from scopedown.permissions.naming import GENERIC, MAKING, generic_rows, loose_rows, plain_name, variables_of
from scopedown.permissions.parameter_formats import PSEUDO, fill, read_form
from scopedown.permissions.paths import applies, is_absent, texts_at

OLD_DATA = "access-undenied"
MAX_ARNS = 50
MAX_TYPES = 3
"""Of more resource types than this, none of them named by an argument, the resource is ``*``."""

EVERYTHING = Text.of("*")

_FIXED = frozenset({"POST", "GET", "DELETE", "connections"})
"""Words of a WebSocket API's ARN that name no API (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html)."""


@dataclass(slots=True)
class _Candidate:
    """One resource type with what the arguments fill of it; the fillings of one slot are alternatives."""

    type: ResourceType
    slots: dict[str, list[Filling]] = field(default_factory=dict)
    given: bool = False
    filled: set[str] = field(default_factory=set)

    @property
    def variables(self) -> tuple[str, ...]:
        return variables_of(self.type.arn)

    @property
    def complete(self) -> bool:
        return self.filled.issuperset(self.variables)


def resources(
    arguments: Mapping[str, Argument],
    operation: Operation,
    action: Action,
    catalog: Catalog,
    parameters: frozenset[str] | None = None,
) -> tuple[tuple[Resource, ...], Conditions]:
    """The resources that ``action`` acts on in this call, and conditions that go with all of them.

    ``parameters``, where given, are the only ones to read (the roles that a conditional PassRole is about).
    """
    types = _types(action, catalog)
    if not types:
        return (Resource(EVERYTHING, Certainty.RESOLVED),), {}
    if prefix_of(action) == "apigateway":
        return (assess(_by_path(arguments, operation), types.values()),), {}
    rows, old = (
        [row for row in found if parameters is None or row.parameter in parameters]
        for found in (_rows(operation, action, types), _old_rows(operation, action))
    )
    for tried in (rows, old):
        candidates, exclusive = _candidates(tried, arguments, operation, types)
        _made(candidates, operation, action)
        generic = all(row.source == GENERIC for row in tried)
        chosen = exclusive or _choose(candidates, action, generic)
        if not exclusive and (filter := _filter_not_given(tried, candidates, arguments, operation, action)):
            unsure = Resource(EVERYTHING, Certainty.UNKNOWN, f"nothing says whether {filter} is given")
            return (unsure if "*" in arguments else Resource(EVERYTHING, Certainty.RESOLVED),), {}
        if chosen:
            return _assemble(chosen, arguments, types.values())
    conditions = together([read_form(row.form).conditions for row in rows])
    return _unnamed(rows, operation, action, types, arguments), conditions


def rows_of(operation: Operation, action: Action, catalog: Catalog) -> list[ResourceParameter]:
    """The rows that say where the resources of ``action`` stand in the operation's arguments."""
    types = _types(action, catalog)
    return _rows(operation, action, types) or _old_rows(operation, action) if types else []


def prefix_of(action: Action) -> str:
    """The service prefix of an action."""
    return action.name.partition(":")[0]


def _by_path(arguments: Mapping[str, Argument], operation: Operation) -> Text:
    """API Gateway's control plane is authorised by HTTP verb on the path of the request
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html)."""
    path = operation.http.partition(" ")[2].partition("?")[0].removeprefix("/v2")
    members = {plain_name(name): name for name in operation.members}
    head = Text.of("arn:", PSEUDO["Partition"], ":apigateway:", PSEUDO["Region"], "::")
    pieces: list[str | Part | Text] = [head]
    for number, piece in enumerate(re.split(r"\{([^}]*)\}", path)):
        if number % 2 == 0:
            pieces.append(piece)
            continue
        name = members.get(plain_name(piece), piece)
        values = texts_at(arguments, name)
        one = values[0] if len(values) == 1 else Text.unknown("not given" if not values else "one of several")
        pieces.append(one.replace(partial(_named, parameter=name)))
    return Text.of(*pieces)


def _types(action: Action, catalog: Catalog) -> dict[str, ResourceType]:
    prefix = prefix_of(action)
    return {kind.name: kind for name in action.resource_types if (kind := catalog.resource_type(prefix, name))}


def assess(arn: Text, kinds: Iterable[ResourceType]) -> Resource:
    """How much of ``arn`` is known. ``kinds`` are the types that it may be of: their fixed words are no names."""
    reason = "; ".join(dict.fromkeys(unknown.reason for unknown in arn.unknowns))
    if not _is_open(arn):
        return Resource(arn, Certainty.RESOLVED)
    kinds = tuple(kinds)
    fixed = _FIXED if any(kind.service == "execute-api" for kind in kinds) else frozenset()
    fixed |= {word for kind in kinds for word in _words(re.sub(r"\$\{[^}]*\}", " ", resource_of(kind.arn)))}
    known = any(
        any(word not in fixed for word in _words(part.value)) if isinstance(part, Literal) else True
        for part in _resource_part(arn)
        if not isinstance(part, Unknown | AnyText)
    )
    meant = not arn.unknowns  # a pattern on purpose: what the call makes, a prefix, a key that an alias names
    if not meant and any(resource_of(kind.arn).count("${") > 1 for kind in kinds):
        known = known and not _is_of_any(arn, fixed)
    return Resource(arn, Certainty.PATTERN if known or meant else Certainty.UNKNOWN, reason)


def _is_of_any(arn: Text, fixed: frozenset[str]) -> bool:
    """Whether nothing is known of the first of several names in an ARN: of an object's bucket, of an index's table."""
    shown = "".join(
        part.value if isinstance(part, Literal) else "*" if isinstance(part, Unknown | AnyText) else "x"
        for part in _resource_part(arn)
    )
    names = (one for one in re.split(r"[/:]", shown) if one and not (_words(one) and set(_words(one)) <= fixed))
    return set(next(names, "")) == {"*"}


def _is_open(arn: Text) -> bool:
    """Whether more than one resource fits. The ``:*`` that ends a log group's ARN is the group's own."""
    *rest, last = arn.parts
    if isinstance(last, Literal) and last.value.endswith(":*") and ":logs:" in str(arn):
        last = Literal(last.value[:-2])
    return any(isinstance(p, Unknown | AnyText) or (isinstance(p, Literal) and "*" in p.value) for p in (*rest, last))


def _resource_part(arn: Text) -> list[Part]:
    """What follows the fifth colon; of a text that does not start as an ARN, all of it."""
    if not isinstance(arn.parts[0], Literal) or not arn.parts[0].value.startswith("arn:"):
        return list(arn.parts)
    colons, found = 0, []
    for part in arn.parts:
        if colons >= 5:
            found.append(part)
        elif isinstance(part, Literal):
            pieces = part.value.split(":")
            rest = pieces[5 - colons :]
            colons += len(pieces) - 1
            if rest:
                found.append(Literal(":".join(rest)))
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+", text)


def _rows(operation: Operation, action: Action, types: Mapping[str, ResourceType]) -> list[ResourceParameter]:
    """Rows written for the action, else for all of the service's actions; the generic rule fills what they leave."""
    written = [row for row in operation.resources if not row.source.startswith(OLD_DATA) and _exists(row, operation)]
    own = [row for row in written if row.action == action.name]
    rows = own or [row for row in written if row.action == "*" and row.type in types]
    if any(row.type in ("", "*") for row in rows):
        return rows
    named = {row.type for row in rows} or set(types)
    for name in sorted(named & set(types)):
        kind = types[name]
        covered = {row.variable for row in rows if row.type == name}
        if covered & {"*", ""}:
            continue
        rows += generic_rows(operation, kind, [v for v in variables_of(kind.arn) if v not in covered])
    if not rows and len(types) == 1:
        rows = loose_rows(operation, next(iter(types.values())))
    return rows


def _old_rows(operation: Operation, action: Action) -> list[ResourceParameter]:
    return [row for row in operation.resources if row.source.startswith(OLD_DATA) and row.action == action.name]


def _exists(row: ResourceParameter, operation: Operation) -> bool:
    first = re.split(r"[.\[]", row.parameter)[0]
    return first in operation.members or first.startswith(("'", "$"))


def _candidates(
    rows: Sequence[ResourceParameter],
    arguments: Mapping[str, Argument],
    operation: Operation,
    types: Mapping[str, ResourceType],
) -> tuple[list[_Candidate], list[_Candidate]]:
    """A candidate for each resource type that some row fills; second, those of an exclusive row that is given."""
    found = {name: _Candidate(kind) for name, kind in types.items()}
    exclusive: set[str] = set()
    for row in rows:
        form = read_form(row.form)
        if not applies(form.when, arguments):
            continue
        name = row.type if row.type in types else next(iter(types))
        perhaps = _only_perhaps(row, arguments, operation)
        if perhaps and not (form.exclusive and form.kind == "name"):
            continue
        for value in _values(row, form.default, arguments):
            for filling in fill(form.kind, value, variables_of(types[name].arn), row.variable):
                if form.conditions:
                    filling = replace(filling, conditions=form.conditions)
                if form.exclusive and not perhaps:
                    exclusive.add(name)
                if row.type == "" and filling.whole is None and len(types) > 1:
                    _add_any(found.values(), value, filling)
                else:
                    _add(found.get(filling.type or name), filling, constant=row.parameter.startswith("'"))
    return list(found.values()), [found[name] for name in types if name in exclusive]


def _only_perhaps(row: ResourceParameter, arguments: Mapping[str, Argument], operation: Operation) -> bool:
    """Whether a parameter may be among arguments that are not known (``*``), or may not: it is an optional one.

    Then it names nothing; but an index that may be read is one alternative more, beside its table.
    """
    first = re.split(r"[.\[]", row.parameter)[0]
    return "*" in arguments and first not in arguments and first not in operation.required and first[0] != "'"


def _made(candidates: Iterable[_Candidate], operation: Operation, action: Action) -> None:
    """What the operation makes has a name that the service gives: any resource of that type."""
    if not operation.name.startswith(MAKING):
        return
    for candidate in candidates:
        if (
            not candidate.slots
            and candidate.type.name in action.required_types
            and plain_name(candidate.type.name) in plain_name(operation.name)
        ):
            filling = Filling({name: Text.of(ANY) for name in candidate.variables})
            _add(candidate, filling, constant=True)


def _add(candidate: _Candidate | None, filling: Filling, constant: bool) -> None:
    if candidate is None:
        return
    names = candidate.variables
    variable = filling.variable or next(iter(filling.variables), "+")
    candidate.slots.setdefault(variable, []).append(filling)
    if filling.whole is not None:
        candidate.filled.update(names[: names.index(variable) + 1] if variable in names else names)
    candidate.filled.update(filling.variables)
    candidate.given = candidate.given or not constant or filling.whole is not None


def _add_any(candidates: Iterable[_Candidate], value: Text, filling: Filling) -> None:
    """A whole ARN of which nothing says the type: it is of any of the action's."""
    for candidate in candidates:
        *before, last = candidate.variables or ("",)
        rest = {name: Text.of(Unknown("the ARN is not known")) for name in before}
        _add(candidate, replace(filling, variables={**rest, last: value} if last else {}, variable=last), False)


def _filter_not_given(
    rows: Sequence[ResourceParameter],
    candidates: Iterable[_Candidate],
    arguments: Mapping[str, Argument],
    operation: Operation,
    action: Action,
) -> str:
    """The optional parameter that alone names the last part of the one resource that a list is asked of, where it is
    not given: the request is authorised on ``*``, whatever the others say (the container instance of ListTasks,
    https://github.com/cdklabs/construct-hub/pull/1207). Empty where there is none."""
    named = [one for one in candidates if one.type.name in action.required_types and one.variables]
    if not operation.name.startswith("List") or len(named) != 1 or len(action.resource_types) != 1:
        return ""
    (one,) = named
    last = one.variables[-1]
    filling = [row for row in rows if row.type == one.type.name and row.variable in (last, "*", "")]
    if last in one.filled or not filling or any(read_form(row.form).default is not None for row in filling):
        return ""
    first = [re.split(r"[.\[]", row.parameter)[0] for row in filling]
    optional = all(name in operation.members and name not in operation.required for name in first)
    return first[0] if optional else ""


def _values(row: ResourceParameter, default: str | None, arguments: Mapping[str, Argument]) -> tuple[Text, ...]:
    if row.parameter.startswith("'"):
        return (with_any(row.parameter.strip("'")),)
    values = _given(texts_at(arguments, row.parameter), row)
    named = tuple(value.replace(lambda part: _named(part, row.parameter)) for value in values)
    if default is not None and (not values or is_absent(arguments, row.parameter)):
        return (*named, with_any(default))
    return named


_EMPTY_SAYS_SOMETHING = frozenset({"any", "append", "prefix", "path-tree"})
"""Forms of parameters in which an empty text is a value like others."""


def _given(values: tuple[Text, ...], row: ResourceParameter) -> tuple[Text, ...]:
    """The values without empty texts: no request names a resource so. Where there is no other, it is not known."""
    if all(value.parts for value in values) or read_form(row.form).kind in _EMPTY_SAYS_SOMETHING:
        return values
    return tuple(value for value in values if value.parts) or (Text.unknown("its value is empty"),)


def _named(part: Part, parameter: str) -> Part:
    """An unknown says which parameter it is of; where it stands is the call's place, known anyway."""
    return Unknown(f"{parameter}: {part.reason}") if isinstance(part, Unknown) else part


def _choose(candidates: list[_Candidate], action: Action, generic: bool) -> list[_Candidate]:
    """The types that the arguments name: those they name whole, and required ones of which they name a part;
    else those of which they name the most. ``generic``: nobody wrote down which types these are, and so a required
    type that has no name (Glue's catalog) goes with them."""
    given = [candidate for candidate in candidates if candidate.given and candidate.slots]
    constant = [
        candidate
        for candidate in candidates
        if not candidate.given and candidate.complete and (candidate.slots or not candidate.variables)
    ]
    if not given:
        return [candidate for candidate in candidates if candidate.slots]
    constant = [
        candidate
        for candidate in constant
        if candidate.slots or (generic and candidate.type.name in action.required_types)
    ]
    whole = [candidate for candidate in given if candidate.complete]
    if whole:
        parts = [
            candidate for candidate in given if not candidate.complete and candidate.type.name in action.required_types
        ]
        return [
            candidate for candidate in candidates if candidate in whole or candidate in parts or candidate in constant
        ]
    most = max(len(candidate.filled) for candidate in given)
    return [
        candidate
        for candidate in candidates
        if (candidate in given and len(candidate.filled) == most) or candidate in constant
    ]


def _assemble(
    chosen: list[_Candidate], arguments: Mapping[str, Argument], kinds: Iterable[ResourceType]
) -> tuple[tuple[Resource, ...], Conditions]:
    region = [text for text in texts_at(arguments, "$region") if not text.unknowns]
    kinds = tuple(kinds)
    arns: dict[str, Text] = {}
    conditions: list[Conditions] = []
    for candidate in chosen:
        for fillings in itertools.product(*_bounded(candidate.slots)):
            arn = _arn(candidate.type, fillings, region[0] if len(region) == 1 else None)
            arns.setdefault(str(arn), arn)
            conditions.append(next((one.conditions for one in fillings if one.conditions), {}))
    common = together(conditions)
    found = tuple(_resource(arns[key], kinds) for key in sorted(arns))
    if len(chosen) > MAX_TYPES and all(resource.certainty is Certainty.UNKNOWN for resource in found):
        return (Resource(EVERYTHING, Certainty.UNKNOWN, found[0].reason),), common
    return found, common


def _bounded(slots: Mapping[str, list[Filling]]) -> list[list[Filling]]:
    """The slots, the fullest of them made one unknown until few ARNs come of them; whole ARNs stay told apart."""
    found = dict(slots)
    while math.prod(len(fillings) for fillings in found.values()) > MAX_ARNS:
        name = max(found, key=lambda name: len([one for one in found[name] if one.whole is None]))
        whole = [one for one in found[name] if one.whole is not None]
        rest = len(found[name]) - len(whole)
        if rest < 2:
            break
        names = {variable for one in found[name] for variable in one.variables}
        unknown = Text.unknown(f"one of {rest} values")
        found[name] = [*whole, Filling(dict.fromkeys(sorted(names), unknown))]
    return list(found.values())


def _resource(arn: Text, kinds: Iterable[ResourceType]) -> Resource:
    return Resource(arn, Certainty.RESOLVED) if arn == EVERYTHING else assess(arn, kinds)


def _arn(kind: ResourceType, fillings: Iterable[Filling], region: Text | None) -> Text:
    """The format with its variables filled; a whole ARN stands for the format up to its variable."""
    variables: dict[str, Text] = {name: Text.of(part) for name, part in PSEUDO.items()}
    if region is not None:
        variables["Region"] = region
    whole, upto, append = None, "", Text()
    for filling in fillings:
        variables.update(filling.head)
        variables.update(filling.variables)
        append += filling.append
        if filling.whole is not None:
            whole, upto = filling.whole, filling.variable
    pattern = kind.arn
    if whole is not None:
        pattern = pattern.partition(f"${{{upto}}}")[2] if upto else ""
    pieces: list[str | Part | Text] = [] if whole is None else [whole]
    for number, piece in enumerate(re.split(r"\$\{([^}]*)\}", pattern)):
        missing = Unknown(f"no argument gives its {piece}")
        pieces.append(piece if number % 2 == 0 else variables.get(piece, Text.of(missing)))
    return Text.of(*pieces, append)


def pattern_of(kind: ResourceType, unknown: Unknown) -> Text:
    """The ARN of any resource of a type, ``unknown`` in the place of each of its variables."""
    return _arn(kind, [Filling({name: Text.of(unknown) for name in variables_of(kind.arn)})], None)


def _unnamed(
    rows: Sequence[ResourceParameter],
    operation: Operation,
    action: Action,
    types: Mapping[str, ResourceType],
    arguments: Mapping[str, Argument],
) -> tuple[Resource, ...]:
    """No argument names a resource. Where one must, or where the action always acts on a resource, the narrowest
    pattern of its type stands for it; where naming one is the caller's choice, the request is authorised on ``*``."""
    expected = {row.type for row in rows if row.parameter in operation.required}
    names = [name for name in types if name in expected] or [name for name in types if name in action.required_types]
    if not names:
        if "*" not in arguments and len(types) <= MAX_TYPES:
            return (Resource(EVERYTHING, Certainty.RESOLVED),)
        names = list(types)
    if len(names) > MAX_TYPES:
        reason = f"the call does not say which of {len(names)} resource types it acts on"
        return (Resource(EVERYTHING, Certainty.UNKNOWN, reason),)
    kinds = tuple(types.values())
    return tuple(assess(_arn(types[name], (), None), kinds) for name in names)
