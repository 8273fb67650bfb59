"""Regular expressions that end quickly: those without groups that repeat, on short texts; others are not known.

JavaScript's notation of the pieces that are taken (classes, escapes, quantifiers, alternatives, plain groups) means the
same to Python's ``re``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.programs.members import is_callable
from scopedown.project.programs.values import UNDEFINED, Regex, Value, string

if TYPE_CHECKING:
    from scopedown.project.programs.evaluate import Evaluator

MAX_SUBJECT: Final = 4000
MAX_PATTERN: Final = 200
MAX_UNBOUNDED: Final = 2
MAX_COST: Final = 50_000
"""Steps that one use of a pattern may take at the worst."""
_TOKEN: Final = re.compile(
    r"(?P<escape>\\(?:[dDwWsSbBnrtfv0]|[^\w\s]|/))|(?P<class>\[\^?(?:\\.|[^\]\\\[])*\])|(?P<open>\((?:\?:)?(?!\?))|"
    r"(?P<close>\))|(?P<many>[*+]\??)|(?P<few>\?\??|\{\d{1,3}(?:,\d{1,3})?\})|(?P<plain>[^\\\[\]()*+?{}])"
)


def compiled(regex: Regex) -> re.Pattern[str] | None:
    """The pattern for Python, None where it may take long or means something else there.

    >>> compiled(Regex(r"\\\\", "g")) is not None, compiled(Regex("(a+)+", ""))
    (True, None)
    """
    if len(regex.pattern) > MAX_PATTERN or set(regex.flags) - set("gimsu"):
        return None
    position = unbounded = 0
    last = ""
    while position < len(regex.pattern):
        token = _TOKEN.match(regex.pattern, position)
        if token is None:
            return None
        kind = token.lastgroup or ""
        if kind in ("many", "few") and last not in ("escape", "class", "plain"):
            return None
        unbounded += kind == "many"
        last, position = kind, token.end()
    if unbounded > MAX_UNBOUNDED:
        return None
    flags = re.ASCII | (re.IGNORECASE if "i" in regex.flags else 0) | (re.MULTILINE if "m" in regex.flags else 0)
    pattern = regex.pattern
    if pattern.endswith("$") and not pattern.endswith("\\$") and "m" not in regex.flags:
        pattern = pattern[:-1] + r"\Z"
    try:
        return re.compile(pattern, flags | (re.DOTALL if "s" in regex.flags else 0))
    except (re.error, OverflowError, RecursionError):
        return None


def _ready(e: Evaluator, regex: Regex, subject: str, at: Place) -> re.Pattern[str] | None:
    """The pattern, where it reads this text quickly; what that may cost is counted."""
    pattern = compiled(regex)
    if pattern is None or len(subject) > MAX_SUBJECT:
        return None
    many = len(re.findall(r"[*+]", regex.pattern))
    cost = len(subject) ** (min(many, MAX_UNBOUNDED) + 1) // 5000
    if cost > MAX_COST:
        return None
    e.charge(at, cost)
    return pattern


def _not_read(regex: Regex, at: Place) -> Text:
    return Text.unknown(f"the regular expression /{regex.pattern[:60]}/ is not read", at)


def test(e: Evaluator, regex: Regex, subject: str, at: Place) -> Value:
    """``/x/.test(subject)``."""
    pattern = _ready(e, regex, subject, at)
    if pattern is None:
        return _not_read(regex, at)
    return pattern.search(subject) is not None


def split(e: Evaluator, regex: Regex, subject: str, at: Place) -> list[str] | Text:
    """``subject.split(/x/)``."""
    pattern = _ready(e, regex, subject, at)
    if pattern is None or pattern.groups or pattern.match(""):
        return _not_read(regex, at)
    return pattern.split(subject)


def match(e: Evaluator, regex: Regex, subject: str, at: Place) -> Value:
    """``subject.match(/x/)``: a list, or None for JavaScript's null."""
    pattern = _ready(e, regex, subject, at)
    if pattern is None:
        return _not_read(regex, at)
    if "g" in regex.flags:
        found = [item[0] for item in pattern.finditer(subject)]
        return found or None
    first = pattern.search(subject)
    return [first[0], *(UNDEFINED if group is None else group for group in first.groups())] if first else None


def literal_template(by: Value, word: str) -> Value:
    """A replacement of a plain word: ``$$`` is a dollar, ``$&`` the word."""
    if not isinstance(by, str) or "$" not in by:
        return by
    return re.sub(r"\$([$&])", lambda found: "$" if found[1] == "$" else word[:MAX_SUBJECT], by[:MAX_SUBJECT])


def replace(e: Evaluator, regex: Regex, subject: str, by: Value, at: Place) -> Value:
    """``subject.replace(/x/g, by)``; ``by`` is text or a function."""
    pattern = _ready(e, regex, subject, at)
    if pattern is None:
        return _not_read(regex, at)
    parts: list[str | Text] = []
    position = 0
    for found in pattern.finditer(subject):
        parts.append(subject[position : found.start()])
        groups: list[Value] = [UNDEFINED if group is None else group for group in found.groups()]
        if is_callable(by):
            parts.append(string(e.call(by, [found[0], *groups, found.start(), subject], at)))
        else:
            new = string(by)
            parts.append(_expanded(new, found) if isinstance(new, str) else new)
        position = found.end()
        e.charge(at, 1)
        if "g" not in regex.flags:
            break
    parts.append(subject[position:])
    return Text.of(*parts) if any(isinstance(part, Text) for part in parts) else "".join(map(str, parts))


def _expanded(template: str, found: re.Match[str]) -> str:
    def group(reference: re.Match[str]) -> str:
        word = reference[1]
        if word == "$":
            return "$"
        if word == "&":
            return found[0]
        index = int(word)
        return (found[index] or "") if 1 <= index <= len(found.groups()) else reference[0]

    return re.sub(r"\$([$&]|\d)", group, template[:MAX_SUBJECT])
