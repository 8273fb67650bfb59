"""The expressions of a library's table: where a value comes from.

``$0``            the call's first positional argument
``$0:name``       the same, which Python and PHP code may give by name
``$:name``        an argument that is given by name
``$*``            every positional argument, those of lists too; ``$[]`` a list of them, ``$**`` an object of those that
                  are given by name
``@name``         what the object keeps under a name, ``~name`` what the whole library keeps (its global settings)
``{*}``           the name that stood where the member says ``*``
``'text'``        a text; ``true``, ``false``; ``data``: what holds no code
``<Kind>``        a new object of the kind, which keeps what this one does
``<0>``           the call's first type argument; ``self`` the object itself
``x.name``        a field of ``x``, or what it keeps; ``x.{y}`` the field that ``y`` names; ``x[]`` any element of it
``x??y``          ``y`` where ``x`` is missing
``env(NAME)``     an environment variable; ``{*}`` in its name is the name that stood for ``*``, ``{^}`` the one before
``bucket(x)``     the bucket of an ``s3://`` URI, ``key(x)`` its key, ``under(x)`` any key that begins with it,
                  ``objects(x)`` any URI that does
``s3(x)``         whether a text is known to be an S3 URI, ``list(x)`` whether a value is known to be a list
``text(x)``       the texts among the alternatives of ``x``, ``own(x)`` this library's own objects among them
``after('p',x)``  the texts of ``x`` without ``p`` at their beginning
``keys(x,y,z)``   settings that hold an access key ``x``, an API key ``y`` and a region ``z``, for ``client``
``first(x)``      the first element of a list, ``rest(x)`` any other; ``any(x,y)`` each of these that is there
``get('f',x)``    the member ``f`` of ``x``, also of what is no data
``host(x)``       the service that a host or an address is of, ``located(h,p)`` the address of a path on a host
``verbs(x)``      the HTTP verbs that OpenSearch's clients send for a method ``x``, of the namespace before it
``unknown('x')``  what is not known, as messages name it (``_`` stands for a space)
``object('f',x)`` an object whose member ``f`` is ``x``
``resolved(x)``   what a container gives for the token ``x``, ``every(x)`` all that is bound to it; ``wanted(x)`` and
                  ``wanteds(x)`` a mark of a parameter that asks for these (without ``x`` by its type)
``missing(x)``    whether ``x`` is known not to be there
``joined(x,y)``   texts side by side, of which any may be missing
``lazily(x)``     ``x``, or what it gives where it is a function; ``result(f,x)`` what ``f`` gives for ``x``
``filled(f)``     an object with the members that the functions ``f`` set on what they are given (Go's options)
``clients(x)``    the SDK's clients among the alternatives of ``x``, ``functions(x)`` the functions; ``method(x)``
                  whether one of these belongs to a class
``names(x)``      a list of the names of the members of ``x``; ``with('f',x)`` the members of ``x`` that have one ``f``

A condition is in the notation of :mod:`scopedown.core.conditions`, with expressions for paths; there alone false is as
good as missing. What is missing is None, what is not known is an unknown
value: it may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.libraries.library_bindings import ASKING
from scopedown.calls.libraries.opensearch_verbs import verbs
from scopedown.calls.libraries.s3_uris import bucket_of, is_uri, key_of, keys_under, uris_under
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import located, service_of_host
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Literal,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.conditions import Term, held_terms, paths_in
from scopedown.core.text import EnvVar, Text


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression is evaluated: a call (or a read, without arguments) on an object."""

    site: CallSite
    kept: Mapping[str, Value]
    names: tuple[str, ...]
    """The names that led here: the last is the one that stood for ``*``."""
    run: Machine
    shared: Mapping[str, Value] = field(default_factory=dict)
    make: Callable[[str], Value] | None = None
    """A new object of a kind."""
    this: Value | None = None
    """The object, or the package, whose member is called."""


Expression = Callable[[Scope], Value | None]
Condition = Callable[[Scope], bool]

_TOKEN = re.compile(
    r"(?P<named>\$\*\*)|(?P<listed>\$\[\])|(?P<this>self)\b|(?P<all>\$\*)|\$(?P<index>\d*)(?::(?P<keyword>\w+))?"
    r"|@(?P<kept>\w+)|~(?P<shared>\w+)|'(?P<text>[^']*)'"
    r"|(?P<flag>true|false)\b|(?P<data>data)\b|<(?P<type>\d+)>|(?P<kind><\w+>)|(?P<star>\{\*\})"
    r"|env\((?P<env>[^)]*)\)|(?P<function>[a-z0-9]+)\("
)
_STEP = re.compile(r"\.(?P<field>\w+)|\.(?P<named>\{)|(?P<element>\[\])")


@cache
def expression(text: str) -> Expression:
    """An expression, ready to be evaluated. Raises ValueError where it is none."""
    (found,) = expressions(text)
    return found


@cache
def expressions(text: str) -> tuple[Expression, ...]:
    """Expressions that commas separate. Raises ValueError where it is none."""
    found, position = _alternatives(text, 0)
    several = [found]
    while text[position : position + 1] == ",":
        found, position = _alternatives(text, position + 1)
        several.append(found)
    if position != len(text):
        raise ValueError(f"{text!r} is not an expression from {text[position:]!r} on")
    return tuple(several)


def condition(text: str) -> Condition:
    """A condition: whether it can hold. Raises ValueError where it is none."""
    for path in paths_in(text):
        expression(path)  # one that is wrong is reported when the row is read
    return lambda scope: held_terms(text, lambda term: _holds(term, expression(term.path)(scope))) is not None


def _holds(term: Term, value: Value | None) -> bool:
    if not term.operator:
        return (not may_be(value, False) if term.sure else may_be(value, True)) is not term.negative
    return term.holds(() if value is None else options(value), _compares)


def _compares(value: Value, term: Term) -> bool:
    """Whether a value surely compares, or may."""
    if isinstance(value, Const):
        return term.compares(_shown(value))
    text = as_text(value) if term.operator == "~=" else None
    literals = [part.value for part in text.parts if isinstance(part, Literal)] if text is not None else []
    return not term.sure or any(map(term.compares, literals))


def may_be(value: Value | None, wanted: bool) -> bool:
    """Whether a value can be true, or false."""
    if value is None:
        return not wanted
    if isinstance(value, Const):
        return bool(value.value) is wanted
    if isinstance(value, UnknownValue | TextValue):
        return True
    found = options(value)
    return any(may_be(one, wanted) for one in found) if len(found) > 1 else wanted


def _shown(value: Const) -> str:
    return str(value.value).lower() if isinstance(value.value, bool) else str(value.value)


def _alternatives(text: str, position: int) -> tuple[Expression, int]:
    first, position = _steps(text, position)
    if not text.startswith("??", position):
        return first, position
    second, position = _alternatives(text, position + 2)

    def either(scope: Scope) -> Value | None:
        found = first(scope)
        missing = found is None or (isinstance(found, Const) and found.value is None)
        return second(scope) if missing else found

    return either, position


def _steps(text: str, position: int) -> tuple[Expression, int]:
    found, position = _primary(text, position)
    while match := _STEP.match(text, position):
        position = match.end()
        if match["element"]:
            found = _applied(_element, (found,))
        elif match["field"]:
            found = _member(found, _constant(match["field"]))
        else:
            if text[position : position + 1] == "*":
                found, position = _member(found, _name), _closed(text, position + 1, "}")
                continue
            name, position = _alternatives(text, position)
            found, position = _member(found, name), _closed(text, position, "}")
    return found, position


def _closed(text: str, position: int, bracket: str) -> int:
    if text[position : position + 1] != bracket:
        raise ValueError(f"a bracket is not closed in {text!r}")
    return position + 1


def _primary(text: str, position: int) -> tuple[Expression, int]:
    match = _TOKEN.match(text, position)
    if match is None:
        raise ValueError(f"{text!r} is not an expression from {text[position:]!r} on")
    position = match.end()
    kind = match.lastgroup
    written = match[kind] if kind is not None else ""
    match kind:
        case "function":
            return _call(written, text, position)
        case "all":
            return _everything, position
        case "named":
            return lambda scope: Object(dict(scope.site.keywords)) if scope.site.keywords else None, position
        case "listed":
            return lambda scope: Sequence(list(scope.site.positional)), position
        case "this":
            return lambda scope: scope.this, position
        case "index" | "keyword":
            return _argument(match["index"], match["keyword"]), position
        case "kept":
            return lambda scope: scope.kept.get(written), position
        case "shared":
            return lambda scope: scope.shared.get(written), position
        case "flag":
            return _constant(written == "true"), position
        case "data":
            return lambda scope: UnknownValue("data", scope.site.place, inert=True), position
        case "type":
            return lambda scope: scope.site.keywords.get(f"<{written}>"), position
        case "kind":
            return lambda scope: scope.make(written) if scope.make is not None else None, position
        case "star":
            return _name, position
        case "env":
            return lambda scope: TextValue(Text.of(EnvVar(_filled(written, scope.names)))), position
        case _:
            return _constant(written), position


def _call(name: str, text: str, position: int) -> tuple[Expression, int]:
    inner: list[Expression] = []
    while True:
        one, position = _alternatives(text, position)
        inner.append(one)
        if text[position : position + 1] != ",":
            break
        position += 1
    position = _closed(text, position, ")")
    if name == "joined":
        return lambda scope: concatenate(tuple(one for part in inner if (one := part(scope)) is not None)), position
    if name == "keys":
        return lambda scope: _settings(tuple(part(scope) for part in inner)), position
    if name == "after":
        return lambda scope: _without(inner[0](scope), inner[1](scope)), position
    if name == "with":
        return lambda scope: _with(inner[0](scope), inner[1](scope)), position
    if name in ASKING:
        ask = ASKING[name]
        return lambda scope: ask(inner[0](scope), scope.run, scope.site.place), position
    if name == "unknown":
        return lambda scope: UnknownValue(_word(inner[0](scope)).replace("_", " "), scope.site.place), position
    if name == "verbs":
        return lambda scope: join(*map(Const, verbs(["", "", *scope.names][-2], _word(inner[0](scope))))), position
    if name == "object":
        return lambda scope: Object({_word(inner[0](scope)): inner[1](scope) or Const(None)}), position
    if name == "any":
        return lambda scope: _joined([part(scope) for part in inner]), position
    if name == "get":
        return lambda scope: _got(inner[0](scope), inner[1](scope), scope), position
    if name == "located":
        return lambda scope: located(inner[0](scope), inner[1](scope)), position
    if name == "missing":
        return lambda scope: Const(not _present(inner[0](scope))), position
    if name == "own":
        return lambda scope: _kept_objects(inner[0](scope)), position
    if name == "filled":
        return lambda scope: _filled_object(inner[0](scope), scope), position
    if name in ("lazily", "result"):
        return lambda scope: _result(tuple(part(scope) for part in inner), scope), position
    if name not in _FUNCTIONS or len(inner) != 1:
        raise ValueError(f"{name} is not a function of one value")
    return _applied(_FUNCTIONS[name], tuple(inner)), position


def _result(values: tuple[Value | None, ...], scope: Scope) -> Value | None:
    function, *arguments = values
    if function is None or (not arguments and not isinstance(function, FunctionValue)):
        return function
    given = tuple(Const(None) if argument is None else argument for argument in arguments)
    return scope.run.call(function, given, scope.site.place)


def _filled_object(functions: Value | None, scope: Scope) -> Value:
    made = Object()
    for function in _present(functions):
        scope.run.call_value(function, CallSite((made,), {}, scope.site.place))
    return made


def _constant(value: str | bool) -> Expression:
    known = Const(value)
    return lambda scope: known


def _name(scope: Scope) -> Value | None:
    return Const(scope.names[-1] if scope.names else "")


def _filled(template: str, names: tuple[str, ...]) -> str:
    last, before = ["", "", *names][-1], ["", "", *names][-2]
    return template.replace("{*}", last).replace("{^}", before)


def _argument(index: str, keyword: str | None) -> Expression:
    # A parameter of PHP has its $ in the name.
    position, names = int(index) if index else -1, (keyword, f"${keyword}") if keyword else ()
    return lambda scope: scope.site.argument(position, *names)


def _everything(scope: Scope) -> Value | None:
    found: list[Value] = []
    for value in scope.site.positional:
        found += [value.element()] if isinstance(value, Sequence) else [value]
    return join(*found) if found else None


def _member(owner: Expression, name: Expression) -> Expression:
    def member(scope: Scope) -> Value | None:
        wanted = name(scope)
        if not isinstance(wanted, Const):
            return None if wanted is None else UnknownValue("a field with a computed name", scope.site.place)
        found = [_field(value, str(wanted.value), scope) for value in _present(owner(scope))]
        known = [value for value in found if value is not None]
        return join(*known) if known else None

    return member


def _present(value: Value | None) -> list[Value]:
    if value is None:
        return []
    return [option for option in options(value) if not (isinstance(option, Const) and option.value is None)]


def _field(owner: Value, name: str, scope: Scope) -> Value | None:
    kept: Mapping[str, Value] | None = getattr(owner, "kept", None)
    if kept is not None:
        return kept.get(name)
    if isinstance(owner, Object):
        return owner.fields.get(name, owner.rest)
    if isinstance(owner, UnknownValue):
        return owner
    if isinstance(owner, Const | TextValue | Sequence | Native):
        return None  # nothing that the library would read has a field of this name
    return scope.run.attribute(owner, name, scope.site.place)


def _applied(function: Callable[[Value], Value | None], inner: tuple[Expression, ...]) -> Expression:
    def apply(scope: Scope) -> Value | None:
        found = inner[0](scope)
        return None if found is None else function(found)

    return apply


def _element(value: Value) -> Value:
    return join(*(one for option in options(value) for one in options(_elements(option))))


def _elements(value: Value) -> Value:
    if isinstance(value, Sequence):
        return value.element()
    if isinstance(value, Object) and (value.fields or value.rest is not None):
        return join(*value.held())
    return value


def _kept_objects(value: Value | None) -> Value | None:
    found = [one for one in _present(value) if getattr(one, "kept", None) is not None]
    return join(*found) if found else None


def _word(value: Value | None) -> str:
    return str(value.value) if isinstance(value, Const) else ""


def _joined(values: Iterable[Value | None]) -> Value | None:
    found = [one for value in values for one in _present(value)]
    return join(*found) if found else None


def _got(name: Value | None, owner: Value | None, scope: Scope) -> Value | None:
    if owner is None or not isinstance(name, Const):
        return None
    return scope.run.attribute(owner, str(name.value), scope.site.place)


def _first(value: Value) -> Value | None:
    return _joined(one.held()[0] if isinstance(one, Sequence) and one.held() else one for one in options(value))


def _rest(value: Value) -> Value | None:
    return _joined(held for one in options(value) if isinstance(one, Sequence) for held in one.held()[1:])


def _functions(value: Value) -> Value | None:
    return _joined(one for one in options(value) if _is_function(one))


def _is_function(value: Value) -> bool:
    return isinstance(value, FunctionValue) or (isinstance(value, Native) and value.callable_when_escaped)


def _is_method(value: Value) -> Value:
    functions = [one.function for one in options(value) if isinstance(one, FunctionValue)]
    return Const(any(one.receiver in ("first", "class") for one in functions))


def _names(value: Value) -> Value | None:
    known = [one for one in options(value) if isinstance(one, Object)]
    names: list[Value] = [Const(name) for one in known for name in one.fields]
    whole = len(known) == len(options(value)) and all(one.rest is None and not one.symbolic for one in known)
    return Sequence(names, None if whole else UnknownValue("a name"))


def _with(name: Value | None, value: Value | None) -> Value | None:
    """Members that have a member of a name, with those that may."""
    found: dict[str, Value] = {}
    rest: Value | None = value if isinstance(value, UnknownValue) else None
    for one in options(value) if value is not None else ():
        if isinstance(one, Object) and isinstance(name, Const):
            found |= {key: held for key, held in one.fields.items() if _may_have(held, str(name.value))}
            rest = one.rest if one.rest is not None and _may_have(one.rest, str(name.value)) else rest
    return Object(found, rest) if found or rest is not None else None


def _may_have(value: Value, name: str) -> bool:
    return any(not isinstance(one, Object) or name in one.fields or one.rest is not None for one in options(value))


def _clients(value: Value) -> Value | None:
    found = [one for one in options(value) if isinstance(one, Native) and one.service_of_client() is not None]
    return join(*found) if found else None


def _texts(value: Value) -> Value:
    found = [option for option in options(value) if isinstance(option, TextValue) or _is_text(option)]
    return join(*found)


def _settings(keys: tuple[Value | None, ...]) -> Value | None:
    named = zip(("aws_access_key_id", "api_key", "region"), keys, strict=False)
    return Object({name: key for name, key in named if key is not None})


def _without(prefix: Value | None, value: Value | None) -> Value | None:
    if value is None or not isinstance(prefix, Const):
        return value
    return join(*(_shortened(option, str(prefix.value)) for option in options(value)))


def _shortened(value: Value, prefix: str) -> Value:
    text = as_text(value)
    first = text.parts[0] if text is not None and text.parts else None
    if text is None or not isinstance(first, Literal) or not first.value.startswith(prefix):
        return value
    return from_text(Text.of(first.value.removeprefix(prefix), *text.parts[1:]))


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)


def _is_list(value: Value) -> Value:
    return Const(any(isinstance(option, Sequence) for option in options(value)))


_FUNCTIONS: dict[str, Callable[[Value], Value | None]] = {
    "clients": _clients,
    "first": _first,
    "functions": _functions,
    "host": lambda value: _joined(map(service_of_host, options(value))),
    "method": _is_method,
    "names": _names,
    "bucket": bucket_of,
    "key": key_of,
    "objects": uris_under,
    "under": keys_under,
    "rest": _rest,
    "s3": is_uri,
    "list": _is_list,
    "text": _texts,
}
