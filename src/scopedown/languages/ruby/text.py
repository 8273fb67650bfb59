"""The methods of Ruby's strings and symbols, numbers and nil (https://docs.ruby-lang.org/en/3.3/String.html): what text
alone decides is worked out, the rest is data that is not known."""

from __future__ import annotations

from typing import Final

from scopedown.calls.builtins import python_text
from scopedown.calls.interpreter.operators import concatenate, percent
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Sequence, TextValue, UnknownValue, Value, as_text, from_text
from scopedown.core.digits import is_count
from scopedown.languages.ruby.native import NOTHING, PRECISE_ITEMS, Method, block_of, first_of, method, over, run_block
from scopedown.languages.ruby.rewriting import rewriting

_AS_PYTHON: Final = {
    "start_with?": "startswith", "end_with?": "endswith", "delete_prefix": "removeprefix",
    "delete_suffix": "removesuffix", "partition": "partition", "rpartition": "rpartition", "ljust": "ljust",
    "rjust": "rjust", "center": "center",
}  # fmt: skip
"""Methods that Python has under another name."""
_LETTERS: Final = {"downcase": "lower", "upcase": "upper", "capitalize": "capitalize", "swapcase": "swapcase"}
"""The same, of ASCII letters alone and without arguments: languages have rules of their own."""
_ENDS: Final = {"strip": "strip", "lstrip": "lstrip", "rstrip": "rstrip"}
_WHITESPACE: Final = Const("\t\n\v\f\r ")
_SAME: Final = frozenset(
    [
        "to_s",
        "to_sym",
        "to_str",
        "intern",
        "html_safe",
        "presence",
        "-@",
        "+@",
        "freeze",
        "itself",
        "read",
    ]
)
_SAME_ASCII: Final = frozenset({"encode", "unicode_normalize", "b", "scrub", "dup", "clone"})
_ASCII_NAMES: Final = frozenset({"UTF-8", "US-ASCII", "ASCII", "utf-8"})


def text_method(value: Const | TextValue, name: str) -> Value | None:
    """A method of a text."""
    if name in _SAME:
        return method(value, name, lambda text, site, run: text)
    if (changing := rewriting(value, name, lambda other: text_method(value, other))) is not None:
        return changing
    if name in _LETTERS or name in _ENDS or name in _SAME_ASCII:
        return method(value, name, _of_ascii(name))
    if name in _AS_PYTHON:
        found = python_text.method(value, _AS_PYTHON[name])
        if found is not None:
            return found
    body = _METHODS.get(name)
    return None if body is None else method(value, name, body)


def _of_ascii(name: str) -> Method:
    """A method that is certain for ASCII; a text of the environment is taken to be that."""

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        if isinstance(value, Const) and not str(value.value).isascii():
            return UnknownValue("a changed text")
        if name in _ENDS:
            if isinstance(value, Const) and "\0" in str(value.value):
                return _CHANGED
            return _python(value, name, site, run, *((_WHITESPACE,) if isinstance(value, Const) else ()))
        if name in _SAME_ASCII:
            names = [str(one.value) for one in site.positional if isinstance(one, Const)]
            return value if len(names) == len(site.positional) and _ASCII_NAMES.issuperset(names) else _CHANGED
        return _CHANGED if site.positional else _python(value, _LETTERS[name], site, run)

    return body


_CHANGED: Final = UnknownValue("a changed text")


def _chomp(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Const) or not isinstance(value.value, str):
        return value
    end = first_of(site) if site.positional else None
    if end is None:
        text = value.value
        cut = 2 if text.endswith("\r\n") else 1 if text.endswith(("\n", "\r")) else 0
        return Const(text[: len(text) - cut])
    return _python(value, "removesuffix", site, run, end) if isinstance(end, Const) and end.value else _CHANGED


def _chop(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Const) or not isinstance(value.value, str):
        return _CHANGED
    return Const(value.value[: -2 if value.value.endswith("\r\n") else -1])


def _reversed(value: Value, site: CallSite, run: Machine) -> Value:
    known = isinstance(value, Const) and isinstance(value.value, str) and value.value.isascii()
    return Const(str(value.value)[::-1]) if known and isinstance(value, Const) else _CHANGED


def _translated(value: Value, site: CallSite, run: Machine) -> Value:
    """``tr("a", "b")`` of single letters; ``delete("a")``."""
    given = [one.value for one in site.positional if isinstance(one, Const) and isinstance(one.value, str)]
    single = all(len(one) == 1 and one not in "^-\\" for one in given[:1]) and all(len(one) <= 1 for one in given[1:])
    if not given or len(given) != len(site.positional) or not single or len(given) > 2:
        return _CHANGED
    return _python(value, "replace", site, run, Const(given[0]), Const(given[1] if len(given) > 1 else ""))


def _python(value: Value, name: str, site: CallSite, run: Machine, *given: Value) -> Value:
    found = python_text.method(value, name) if isinstance(value, Const | TextValue) else None
    return UnknownValue("a text") if found is None else run.call(found, given, site.place)


def _split(value: Value, site: CallSite, run: Machine) -> Value:
    separator = first_of(site)
    if separator is NOTHING or (isinstance(separator, Const) and separator.value == " "):
        return _python(value, "split", site, run)
    if isinstance(separator, Const) and isinstance(separator.value, str) and separator.value:
        found = _python(value, "split", site, run, separator)
        while isinstance(found, Sequence) and found.rest is None and found.items and found.items[-1] == Const(""):
            found.items.pop()  # Ruby leaves out empty parts at the end
        return found if len(site.positional) == 1 else Sequence([], UnknownValue("part of a text"))
    return Sequence([], UnknownValue("part of a text"))


def _gsub(every: bool) -> Method:
    def body(value: Value, site: CallSite, run: Machine) -> Value:
        if block_of(site) is not None:
            run_block(run, site, UnknownValue("a match", inert=True))
        if block_of(site) is None and len(site.positional) == 2 and _are_plain(site.positional):
            further = () if every else (Const(1),)
            return _python(value, "replace", site, run, *site.positional, *further)
        return UnknownValue("a changed text")

    return body


def _are_plain(given: tuple[Value, ...]) -> bool:
    """Whether they are texts, and the second of them has no marks of a replacement."""
    return all(isinstance(one, Const) and isinstance(one.value, str) for one in given) and (
        "\\" not in str(getattr(given[1], "value", ""))
    )


def _plus(value: Value, site: CallSite, run: Machine) -> Value:
    return concatenate((value, first_of(site)))


def _percent(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return percent(value.value.replace("%{", "%(").replace("}", ")s") if "%{" in value.value else value.value,
                       first_of(site))  # fmt: skip
    return UnknownValue("a formatted text")


def _length(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(len(value.value))
    return UnknownValue("a length", inert=True)


def _bytes(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str) and value.value.isascii():
        return Const(len(value.value))
    return UnknownValue("a length", inert=True)


def _is_empty(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(not value.value)
    return UnknownValue("a test", inert=True)


def _is_blank(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(not value.value.strip())
    return UnknownValue("a test", inert=True)


def _is_present(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(bool(value.value.strip()))
    return UnknownValue("a test", inert=True)


def _to_i(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str) and is_count(value.value.strip()):
        return Const(int(value.value)) if len(value.value) < 16 else UnknownValue("a number", inert=True)
    return UnknownValue("a number", inert=True)


def _each_part(value: Value, site: CallSite, run: Machine) -> Value:
    run_block(run, site, UnknownValue("part of a text", inert=True))
    return value if block_of(site) is not None else Sequence([], UnknownValue("part of a text"))


def _test(value: Value, site: CallSite, run: Machine) -> Value:
    return UnknownValue("a test", inert=True)


_GROUPS: Final[tuple[tuple[Method, str], ...]] = (
    (_split, "split"),
    (_gsub(True), "gsub"),
    (_gsub(False), "sub"),
    (_translated, "tr delete"),
    (_chomp, "chomp"),
    (_chop, "chop"),
    (_reversed, "reverse"),
    (_plus, "+"),
    (_percent, "%"),
    (_length, "length size"),
    (_bytes, "bytesize"),
    (_is_empty, "empty?"),
    (_is_blank, "blank?"),
    (_is_present, "present?"),
    (_to_i, "to_i to_f to_d to_r"),
    (_each_part, "each_char each_line each_byte chars bytes scan"),
    (_test, "include? match? =~ eql? casecmp? casecmp match <=> ascii_only? valid_encoding?"),
)
_METHODS: Final[dict[str, Method]] = {name: body for body, names in _GROUPS for name in names.split()}


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
