"""Ruby's strings and symbols, numbers and nil (https://docs.ruby-lang.org/en/3.3/String.html): what the rows of
``builtins.tsv`` cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from scopedown.calls.builtins.builtin_call import Call
from scopedown.calls.builtins.text_effects import VERBS, known, pure
from scopedown.calls.interpreter.operators import percent
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, as_text, from_text
from scopedown.languages.ruby.native import NOTHING, PRECISE_ITEMS, Method, block_of, first_of, method, over, run_block

_WHITESPACE: Final = Const("\t\n\v\f\r ")
_ENDS: Final = frozenset({"strip", "lstrip", "rstrip"})
_ASCII_NAMES: Final = frozenset({"UTF-8", "US-ASCII", "ASCII", "utf-8"})
_CHANGED: Final = UnknownValue("a changed text")


def _python(call: Call, name: str, *arguments: Value) -> Value:
    return pure(name, call.value, replace(call.site, positional=arguments, keywords={}))


def _of_ascii(call: Call, name: str) -> Value:
    """A method that is certain for ASCII; a text of the environment is taken to be that. Languages have letters of
    their own, and encodings their signs."""
    text = known(call)
    if text is not None and not text.isascii():
        return _CHANGED
    if name in _ENDS:
        return _CHANGED if "\0" in (text or "") else _python(call, name, *([] if text is None else [_WHITESPACE]))
    if name == "same":
        names = [str(one.value) for one in call.site.positional if isinstance(one, Const)]
        return call.value if len(names) == len(call.site.positional) and _ASCII_NAMES.issuperset(names) else _CHANGED
    if call.site.positional:
        return _CHANGED
    return VERBS[name](call) if name == "reverse" else _python(call, name)


def _chomp(call: Call) -> Value:
    text, end = known(call), call.argument(0)
    if text is None:
        return call.value
    if end is None:
        return Const(text[: len(text) - (2 if text.endswith("\r\n") else text.endswith(("\n", "\r")))])
    return _python(call, "removesuffix", end) if isinstance(end, Const) and end.value else _CHANGED


def _chop(call: Call) -> Value:
    text = known(call)
    return _CHANGED if text is None else Const(text[: -2 if text.endswith("\r\n") else -1])


def _translated(call: Call) -> Value:
    """``tr("a", "b")`` of single letters; ``delete("a")``."""
    positional = call.site.positional
    given = [one.value for one in positional if isinstance(one, Const) and isinstance(one.value, str)]
    single = all(len(one) == 1 and one not in "^-\\" for one in given[:1]) and all(len(one) <= 1 for one in given[1:])
    if not given or len(given) != len(positional) or not single or len(given) > 2:
        return _CHANGED
    return _python(call, "replace", Const(given[0]), Const(given[1] if len(given) > 1 else ""))


def _split(call: Call) -> Value:
    separator = call.argument(0) or NOTHING
    if separator == NOTHING or separator == Const(" "):
        return _python(call, "split")
    if not isinstance(separator, Const) or not isinstance(separator.value, str) or not separator.value:
        return VERBS["pieces"](call)
    found = _python(call, "split", separator)
    while isinstance(found, Sequence) and found.rest is None and found.items and found.items[-1] == Const(""):
        found.items.pop()  # Ruby leaves out empty parts at the end
    return found if len(call.site.positional) == 1 else VERBS["pieces"](call)


def _substituted(call: Call, verb: str) -> Value:
    """``gsub``, ``sub``: of plain texts, the second without marks of a replacement."""
    if block_of(call.site) is not None:
        run_block(call.run, call.site, UnknownValue("a match", inert=True))
        return _CHANGED
    given = [one.value for one in call.site.positional if isinstance(one, Const) and isinstance(one.value, str)]
    plain = len(given) == len(call.site.positional) == 2 and "\\" not in given[1]
    return VERBS[verb](call) if plain else _CHANGED


def _percent(call: Call) -> Value:
    text = known(call)
    if text is None:
        return UnknownValue("a formatted text")
    return percent(text.replace("%{", "%(").replace("}", ")s") if "%{" in text else text, first_of(call.site))


def _each_part(call: Call) -> Value:
    run_block(call.run, call.site, UnknownValue("part of a text", inert=True))
    return VERBS["pieces"](call) if block_of(call.site) is None else call.value


OWN_VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "ascii": _of_ascii,
    "chomp": _chomp,
    "chop": _chop,
    "each-part": _each_part,
    "percent": _percent,
    "split-text": _split,
    "substitute": _substituted,
    "translate-text": _translated,
}


def number_method(value: Const, name: str) -> Value | None:
    """A method of a number, of true or false, or of nil."""
    if name in ("to_s", "inspect"):
        text = as_text(value)
        return (
            None
            if text is None
            else method(value, name, lambda one, site, run: _CHANGED if site.positional else from_text(text))
        )
    if name == "abs" and isinstance(value.value, int):
        return method(value, name, lambda one, site, run: Const(abs(value.value)))  # type: ignore[arg-type]
    if name in ("to_i", "to_int", "dup") and isinstance(value.value, int):
        return method(value, name, lambda one, site, run: one)
    if name == "times" or name in ("upto", "downto", "step"):
        return method(value, name, _times)
    if value.value is None:
        return method(value, name, _of_nil(name))
    return None


def _times(value: Value, site: CallSite, run: Machine) -> Value:
    count = value.value if isinstance(value, Const) and isinstance(value.value, int) else None
    if block_of(site) is None:
        return Sequence([], UnknownValue("a number", inert=True))
    counted = range(count) if count is not None and count <= PRECISE_ITEMS and not site.positional else None
    over(run, site, Sequence([], _NUMBER) if counted is None else Sequence([Const(number) for number in counted]))
    return value


_NUMBER: Final = UnknownValue("a number", inert=True)


def _of_nil(name: str) -> Method:
    empty: dict[str, Value] = {"to_s": Const(""), "to_i": Const(0), "present?": Const(False), "blank?": Const(True)}

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        if name == "to_a":
            return Sequence()
        return empty.get(name, NOTHING)

    return body
