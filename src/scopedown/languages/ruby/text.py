"""The methods of Ruby's strings and symbols, numbers and nil (https://docs.ruby-lang.org/en/3.3/String.html): what text
alone decides is worked out, the rest is data that is not known."""

from __future__ import annotations

from typing import Final

from scopedown.calls.builtins import python_text
from scopedown.calls.interpreter.operators import concatenate, percent
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Sequence, TextValue, UnknownValue, Value, as_text, from_text
from scopedown.core.digits import is_count
from scopedown.languages.ruby.native import NOTHING, Method, block_of, first_of, method, run_block

_AS_PYTHON: Final = {
    "strip": "strip", "lstrip": "lstrip", "rstrip": "rstrip", "downcase": "lower", "upcase": "upper",
    "capitalize": "capitalize", "swapcase": "swapcase", "start_with?": "startswith", "end_with?": "endswith",
    "delete_prefix": "removeprefix", "delete_suffix": "removesuffix", "partition": "partition",
    "rpartition": "rpartition", "lines": "splitlines", "ljust": "ljust", "rjust": "rjust", "center": "center",
    "chomp": "rstrip", "downcase!": "lower", "strip!": "strip", "upcase!": "upper",
}  # fmt: skip
"""Methods that Python has under another name."""
_SAME: Final = frozenset(
    [
        "to_s",
        "to_sym",
        "to_str",
        "intern",
        "inspect",
        "encode",
        "force_encoding",
        "unicode_normalize",
        "b",
        "scrub",
        "html_safe",
        "presence",
        "dump",
        "-@",
        "+@",
        "squish",
        "chomp!",
        "freeze",
        "itself",
        "read",
    ]
)


def text_method(value: Const | TextValue, name: str) -> Value | None:
    """A method of a text."""
    if name in _SAME:
        return method(value, name, lambda text, site, run: text)
    if name in _AS_PYTHON:
        found = python_text.method(value, _AS_PYTHON[name])
        if found is not None:
            return found
    body = _METHODS.get(name)
    return None if body is None else method(value, name, body)


def _python(value: Value, name: str, site: CallSite, run: Machine, *given: Value) -> Value:
    found = python_text.method(value, name) if isinstance(value, Const | TextValue) else None
    return UnknownValue("a text") if found is None else run.call(found, given, site.place)


def _split(value: Value, site: CallSite, run: Machine) -> Value:
    separator = first_of(site)
    if separator is NOTHING or (isinstance(separator, Const) and separator.value == " "):
        return _python(value, "split", site, run)
    if isinstance(separator, Const) and isinstance(separator.value, str) and separator.value:
        return _python(value, "split", site, run, separator)
    return Sequence([], UnknownValue("part of a text"))


def _gsub(every: bool) -> Method:
    def body(value: Value, site: CallSite, run: Machine) -> Value:
        if block_of(site) is not None:
            run_block(run, site, UnknownValue("a match", inert=True))
        if len(site.positional) == 2 and all(isinstance(one, Const) for one in site.positional):
            further = () if every else (Const(1),)
            return _python(value, "replace", site, run, *site.positional, *further)
        return UnknownValue("a changed text")

    return body


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


def _is_empty(value: Value, site: CallSite, run: Machine) -> Value:
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
    (_gsub(True), "gsub gsub! tr delete"),
    (_gsub(False), "sub sub!"),
    (_plus, "+ << concat"),
    (_percent, "%"),
    (_length, "length size bytesize"),
    (_is_empty, "empty? blank?"),
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
        return None if text is None else method(value, name, lambda one, site, run: from_text(text))
    if name in ("to_i", "to_int", "round", "floor", "ceil", "abs", "dup") and isinstance(value.value, int):
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
    run_block(run, site, Const(0) if count == 1 else UnknownValue("a number", inert=True))
    return value


def _of_nil(name: str) -> Method:
    empty: dict[str, Value] = {"to_s": Const(""), "to_i": Const(0), "present?": Const(False), "blank?": Const(True)}

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        if name == "to_a":
            return Sequence()
        return empty.get(name, NOTHING)

    return body
