"""The grammar of the framework's variables: ``${type(params):address, fallback…}``.

In: a string of the configuration. Out: the variables in it, in order (:func:`parse`), or None where there is
none; :class:`VariableSyntaxError` where the framework would refuse to read it. What is not a variable stays
text: ``${AWS::Region}``, ``${Foo}``, ``${}``. A backslash before ``${`` escapes it.

The shape follows what the framework accepts (osls 4.3.1, serverless 3), its corners included: a ``$`` swallows
the character after it unless that opens a variable; a literal may only be the last fallback; ``$${x:y}`` drops
the first dollar. Every corner is held against the framework's own parser by generated strings.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

_TYPE_START: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
_TYPE: Final = re.compile(r"[a-z][a-zA-Z0-9]*\Z")
_NUMBER: Final = re.compile(
    r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\Z|0[xX][0-9a-fA-F]+\Z|0[oO][0-7]+\Z|0[bB][01]+\Z"
)
_SPACE: Final = (
    " \t\n\v\f\r\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript's ``trim`` removes."""


class VariableSyntaxError(Exception):
    """A variable that the framework refuses to parse; the message says what and where in the string."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place to take a value from. ``type`` is None for a literal, whose value is ``literal``."""

    type: str | None
    params: tuple[Fragment, ...] | None = None
    address: Fragment | None = None
    literal: Any = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable (or an escape) at ``start:end`` of its string.

    ``whole`` tells that it is the entire string, whose value then keeps its type. An escape has no ``sources``;
    ``literal`` is the text that it stands for.
    """

    start: int
    end: int
    sources: tuple[Source, ...] = ()
    literal: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """A parameter or an address: a value, or text with variables in it."""

    value: Any
    variables: tuple[Variable, ...] = ()


def parse(text: str) -> tuple[Variable, ...] | None:
    """The variables of a string, None where it has none.

    >>> [source.type for source in parse("${opt:stage, 'dev'}")[0].sources]
    ['opt', None]
    >>> parse("arn:aws:s3:::${AWS::AccountId}") is None
    True
    """
    if "$" not in text:
        return None
    reader = _Reader(text)
    reader.outside()
    return _whole(text, reader.found) if reader.found is not None else None


def _whole(text: str, variables: list[Variable]) -> tuple[Variable, ...]:
    if len(variables) == 1:
        only = variables[0]
        if only.start == 0 and only.end == len(text):
            return (Variable(only.start, only.end, only.sources, only.literal, whole=True),)
    return tuple(variables)


class _Unterminated(Exception):
    """The string ended inside a ``${`` that had not become a variable: what was found stands."""


class _Reader:
    """Reads one string from left to right. ``found`` is None until a variable or an escape is seen."""

    __slots__ = ("at", "end", "found", "inside_foreign", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.found: list[Variable] | None = None
        self.inside_foreign = 0

    def peek(self, in_source: bool) -> str:
        """The character here; the end of the text ends everything."""
        if self.at >= self.end:
            if in_source:
                raise VariableSyntaxError(f"missing closing bracket in {self.text!r}")
            raise _Unterminated
        return self.text[self.at]

    def fail(self, what: str, at: int) -> VariableSyntaxError:
        return VariableSyntaxError(f"invalid variable {what} at index {at} in {self.text!r}")

    def add(self, variable: Variable) -> None:
        if self.found is None:
            self.found = []
        self.found.append(variable)

    # Outside of variables

    def outside(self) -> None:
        """Text around variables, with escapes."""
        slashes: int | None = None  # where a run of backslashes began
        try:
            while self.at < self.end:
                char = self.text[self.at]
                if char == "\\":
                    slashes = self.at if slashes is None else slashes
                    self.at += 1
                    slashes = self._escape(slashes)
                elif char == "$":
                    start = self.at
                    if self.opens():
                        if slashes is not None and start == self.at - 2:
                            self.add(Variable(slashes, start, literal="\\" * ((start - slashes) // 2)))
                        slashes = None
                        self.variable(start, self, 0, in_source=False)
                    slashes = None
                else:
                    slashes = None
                    self.at += 1
        except _Unterminated:
            return

    def _escape(self, slashes: int) -> int | None:
        """After an odd number of backslashes: what follows; gives where the run began while it lasts."""
        char = self.peek(False)
        if char != "$":
            self.at += 1
            return slashes if char == "\\" else None
        dollar = self.at
        self.at += 1
        if self.peek(False) == "{":
            self.add(Variable(slashes, dollar + 1, literal="\\" * ((dollar - slashes) // 2) + "$"))
            self.at += 1
            return None
        # "\$" and another character: that one may itself begin an escape or a variable.
        if self.text[self.at] not in "\\$":
            self.at += 1
        return None

    def opens(self) -> bool:
        """From a ``$``: whether ``{`` follows it (and further dollars); the character after it is consumed."""
        self.at += 1
        while self.at < self.end and self.text[self.at] == "$":
            self.at += 1
        if self.at >= self.end:
            return False
        self.at += 1
        return self.text[self.at - 1] == "{"

    # Variables

    def variable(self, start: int, into: _Reader | _Nested, base: int, in_source: bool) -> None:
        """After ``${``: a variable for ``into`` (positions counted from ``base``), or text that only looks like one."""
        char = self.peek(in_source)
        if char not in _TYPE_START:
            if in_source:
                raise self.fail("type", self.at)
            self.foreign(into, base)
            return
        begin = self.at
        while (char := self.peek(in_source)) in _WORD:
            self.at += 1
        if char not in ":(":
            if in_source:
                raise self.fail("type", begin)
            self.foreign(into, base)
            return
        sources: list[Source] = []
        more = self.source(begin, sources, may_be_foreign=not in_source)
        if more is None:
            self.foreign(into, base)
            return
        while more:
            more = self.fallback(sources, may_be_foreign=not in_source)
        if more is None:  # "${a:b, c::d}": text inside of other text, else a source without an end
            if not self.inside_foreign:
                raise self.fail("address", self.at)
            self.foreign(into, base)
            return
        into.add(Variable(start - base, self.at - base, tuple(sources)))

    def foreign(self, into: _Reader | _Nested, base: int) -> None:
        """``${Foo}``, ``${AWS::Region}``: text up to its bracket; a variable may still stand inside."""
        self.inside_foreign += 1
        while (char := self.peek(False)) != "}":
            if char == "$":
                start = self.at
                if self.opens():
                    self.variable(start, into, base, in_source=False)
            else:
                self.at += 1
        self.at += 1
        self.inside_foreign -= 1

    def source(self, begin: int, sources: list[Source], may_be_foreign: bool) -> bool | None:
        """At the ``:`` or ``(`` after a type: reads the source. True: a fallback follows; None: not a variable."""
        kind = self.text[begin : self.at]
        params: tuple[Fragment, ...] | None = None
        if self.text[self.at] == "(":
            self.at += 1
            params = tuple(self.params())
            self.skip_spaces()
            char = self.peek(True)
            if char in "},":
                self.at += 1
                sources.append(Source(kind, params))
                return char == ","
            if char != ":":
                raise self.fail("address", self.at)
        self.at += 1
        self.skip_spaces()
        char = self.peek(True)
        if char in "},":
            self.at += 1
            sources.append(Source(kind, params))
            return char == ","
        if char == ":":
            if params is None and may_be_foreign:
                self.at += 1
                return None
            raise self.fail("address", self.at)
        if char in "\"'":
            value, begin = self.quoted(char)
            self.skip_spaces()
            char = self.peek(True)
            if char not in "},":
                raise self.fail("address", begin)
            address = Fragment(self.string(begin, value))
        else:
            address = self.fragment("},", "", begin=self.at)
            char = self.text[self.at]
        self.at += 1
        sources.append(Source(kind, params, address))
        return char == ","

    def fallback(self, sources: list[Source], may_be_foreign: bool) -> bool | None:
        """After a comma: another source, or a literal that ends the variable. True: yet another follows."""
        self.skip_spaces()
        begin = self.at
        char = self.peek(True)
        if char in "\"'":
            end, _ = self.quoted(char)
            self.skip_spaces()
            if self.peek(True) != "}":
                raise self.fail("source", begin)
            sources.append(Source(None, literal=self.string(begin, end)))
            self.at += 1
            return False
        if char not in _WORD:
            raise self.fail("source", begin)
        while (char := self.peek(True)) in _WORD or char == " ":
            self.at += 1
        if char == "}":
            word = self.text[begin : self.at].strip(_SPACE)
            known, value = _literal(word)
            if not known:
                raise VariableSyntaxError(
                    f"invalid literal {word!r} at index {begin} in {self.text!r}: quote it, or name a source"
                )
            sources.append(Source(None, literal=value))
            self.at += 1
            return False
        if char not in ":(" or not _TYPE.match(self.text[begin : self.at]):
            raise self.fail("source", begin)
        return self.source(begin, sources, may_be_foreign)

    def params(self) -> list[Fragment]:
        """After ``(``: the parameters, up to and with ``)``."""
        params: list[Fragment] = []
        while True:
            self.skip_spaces()
            char = self.peek(True)
            if char == ")":
                self.at += 1
                return params
            if char == ",":
                params.append(Fragment(None))
                self.at += 1
                continue
            if char == "}":
                raise self.fail("param", self.at)
            if char in "\"'":
                end, begin = self.quoted(char)
                self.skip_spaces()
                char = self.peek(True)
                if char not in "),":
                    raise self.fail("param", begin)
                params.append(Fragment(self.string(begin, end)))
            else:
                begin = self.at
                fragment = self.fragment("),", "}", begin)
                char = self.text[self.at]
                if char == "," or self.text[begin : self.at].strip(_SPACE):
                    params.append(fragment)
            self.at += 1
            if char == ")":
                return params

    def fragment(self, stops: str, refused: str, begin: int) -> Fragment:
        """Text with variables, up to one of ``stops`` (not consumed)."""
        nested: _Nested | None = None
        while (char := self.peek(True)) not in stops:
            if char in refused:
                raise self.fail("param", begin)
            if char == "$":
                start = self.at
                nested = nested or _Nested([])
                if self.opens():
                    self.variable(start, nested, begin, in_source=True)
                elif self.at >= self.end:
                    self.peek(True)
            else:
                self.at += 1
        text = self.text[begin : self.at].strip(_SPACE)
        if nested is None:
            value: Any = text
            if refused:  # a parameter's bare word may be a number or true, false, null
                known, literal = _literal(text)
                value = literal if known else text
            return Fragment(value or None)
        return Fragment(text or None, _whole(text, nested.found) if nested.found else ())

    def quoted(self, quote: str) -> tuple[int, int]:
        """A quoted string, from its opening quote: (where it ended, where it began)."""
        begin = self.at
        self.at += 1
        while (char := self.peek(True)) != quote:
            if char == "\\" and quote == '"':
                self.at += 1
                self.peek(True)
            self.at += 1
        self.at += 1
        return self.at, begin

    def string(self, begin: int, end: int) -> str:
        """The value of the quoted string at ``begin:end``."""
        raw = self.text[begin:end]
        if raw[0] == "'":
            return raw[1:-1]
        try:
            value = json.loads(raw)
        except ValueError as error:
            raise VariableSyntaxError(f"invalid string at index {begin} in {self.text!r}: {error}") from error
        return str(value)

    def skip_spaces(self) -> None:
        while self.at < self.end and self.text[self.at] == " ":
            self.at += 1


@dataclass(slots=True)
class _Nested:
    """The variables inside a parameter or an address."""

    found: list[Variable]

    def add(self, variable: Variable) -> None:
        self.found.append(variable)


def _literal(word: str) -> tuple[bool, Any]:
    """Whether a bare word is a literal, and its value."""
    if word in ("true", "false", "null"):
        return True, {"true": True, "false": False, "null": None}[word]
    if not _NUMBER.match(word):
        return (True, 0) if not word else (False, None)
    if word[1:2] in ("x", "X", "o", "O", "b", "B") and word[0] == "0":
        return True, int(word, 0)
    value = float(word)
    return True, int(value) if value.is_integer() and abs(value) <= 2**53 else value
