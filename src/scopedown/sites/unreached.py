"""The call sites that count and that the analysis did not evaluate.

Names alone decide which functions count. The entry and the top level of every file do; any other function, method or
class does once one of its names occurs in what counts: as an identifier, a member, a decorator, or in a text. Code that
calls a member by a computed name makes every function of the files count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scopedown.catalog.model import Catalog
from scopedown.sites.bodies import ANY_FUNCTION, METHODS, OF_FILE, WORD, Bodies, Body
from scopedown.sites.closure import File, Files
from scopedown.sites.conditions import is_ruled_out
from scopedown.sites.model import CallSite
from scopedown.sites.named import Meaning, Mention, Vocabulary
from scopedown.source import ir
from scopedown.source.sources import Sources

_PLAIN_BASES: Final = frozenset(
    {b"ABC", b"Enum", b"Error", b"Exception", b"Object", b"Record", b"RuntimeException", b"Serializable", b"T", b"K",
     b"V", b"TypedDict", b"NamedTuple", b"Protocol", b"Generic", b"StandardError", b"IntEnum", b"StrEnum", b"Model",
     b"BaseModel"}
)  # fmt: skip
"""Classes of languages that call no method of a class below them by a name of its own."""


@dataclass(slots=True)
class Evaluated:
    """What the analysis evaluated in one file: ``calls`` by name (where each starts, whether it was evaluated)."""

    calls: dict[str, list[tuple[ir.At, bool]]] = field(default_factory=dict)
    starts: set[ir.At] = field(default_factory=set)
    """Where the calls start that were evaluated."""
    entered: set[int] = field(default_factory=set)
    """The lines on which functions start that were entered."""
    _in_order: dict[str, tuple[list[ir.At], list[bool]]] = field(default_factory=dict)

    def was_called(self, name: str, at: Callable[[], ir.At]) -> bool:
        """Whether a call of a name was evaluated: the last that starts before a place, which is only asked for where
        not all were."""
        if name not in self._in_order:
            done: dict[ir.At, bool] = {}
            for start, was_evaluated in self.calls.get(name, ()):
                done[start] = done.get(start, True) and was_evaluated
            starts = sorted(done)
            self._in_order[name] = starts, [done[start] for start in starts]
        starts, were = self._in_order[name]
        if all(were):
            return bool(were)
        before = bisect_right(starts, at())
        return before > 0 and were[before - 1]


@dataclass(frozen=True, slots=True)
class Most:
    """How many files are looked at and sites listed; where there are more, ``cut`` is called with what was cut:
    ``files`` or ``sites``. ``unread`` is called with each file that cannot be read."""

    files: int
    sites: int
    cut: Callable[[str], None]
    unread: Callable[[str], None]


def unreached(
    sources: Sources,
    catalog: Catalog,
    entry: tuple[str, str],
    loaded: Iterable[str],
    evaluated: Callable[[str], Evaluated],
    called: Iterable[str],
    settings: Iterable[str],
    is_standard: Callable[[str], bool],
    most: Most,
) -> tuple[CallSite, ...]:
    """The sites of one function, in order. ``entry``: its file and symbol; ``loaded``: the files that the analysis
    loaded; ``called``: the operations that it found called; ``settings``: names of environment variables that the
    project sets to a known text; ``is_standard``: whether a specifier names a module of JavaScript's runtime."""
    files = Files(sources, catalog, is_standard)
    reached = files.closure(entry[0], loaded, most.files)
    closure = reached.files
    if not reached.is_whole:
        most.cut("files")
    for name in reached.unread:
        most.unread(name)
    vocabulary = Vocabulary(
        catalog,
        files.names,
        frozenset().union(*(file.words for file in closure)),
        frozenset().union(*(file.libraries for file in closure)),
        any(file.is_computed for file in closure),
    )
    named = frozenset(called)
    candidates = [
        (file, mention, meaning, _is_understood(mention, meaning, named))
        for file in closure
        for mention in file.mentions
        if (meaning := vocabulary.meaning(mention.word)).actions
    ]
    candidates = [one for one in candidates if not (one[3] and _was_called(one[0], one[1], evaluated))]
    if not candidates:
        return ()
    counting = _Counting({file.name: bodies for file in closure if (bodies := files.bodies(file)) is not None})
    counting.run(entry[1])
    given = tuple(name.encode() for name in settings if name.isidentifier())
    found: list[CallSite] = []
    known: set[tuple[str, ...]] = set()
    for file, mention, meaning, is_understood in candidates:
        if len(found) >= most.sites and meaning.actions in known:
            most.cut("sites")
            continue
        if not counting.counts(file.name, mention.offset):
            continue
        bodies = counting.bodies.get(file.name)
        if bodies is not None and (
            (is_understood and _was_passed(file, mention, bodies, evaluated(file.name)))
            or is_ruled_out(bodies, mention.offset, given)
        ):
            continue
        known.add(meaning.actions)
        place = sources.place(file.name, *position(file.source, mention.offset))
        found.append(CallSite(mention.word, place, meaning.actions))
    return tuple(sorted(dict.fromkeys(found), key=lambda site: (site.place, site.word)))


def position(source: bytes, offset: int) -> ir.At:
    """Line and column (in characters) of an offset, from 1."""
    start = source.rfind(b"\n", 0, offset) + 1
    column = len(source[start:offset].decode("utf-8", "replace"))
    return source.count(b"\n", 0, offset) + 1, column + 1


def _is_understood(mention: Mention, meaning: Meaning, called: frozenset[str]) -> bool:
    """Whether the operation that a word names was found called anywhere. One plain word, or one that reads something,
    may name a member of anything where it is called; an operation that is passed on is a member of a client."""
    word = mention.word
    is_plain = "_" not in word and not any(map(str.isupper, word[1:]))
    if not mention.is_passed and (is_plain or word.lower().startswith("get")):
        return True
    return not meaning.operations or not called.isdisjoint(meaning.operations)


def _was_called(file: File, mention: Mention, evaluated: Callable[[str], Evaluated]) -> bool:
    """Whether a call that is written here was evaluated: the last of its name that starts before the word."""
    if not mention.is_call:
        return False
    return evaluated(file.name).was_called(mention.word, lambda: position(file.source, mention.offset))


def _was_passed(file: File, mention: Mention, bodies: Bodies, passed: Evaluated) -> bool:
    """Whether a word that is no call was evaluated: within a call that was, or else in a function that was entered."""
    if mention.is_call:
        return False
    body = bodies.listed[bodies.at(mention.offset)]
    node = bodies.root.descendant_for_byte_range(mention.offset, mention.offset + 1)
    is_in_call = False
    while node is not None and node.start_byte >= body.start and node.parent is not None:
        if "call" in node.type or "invocation" in node.type or node.type == "new_expression":
            is_in_call = True
            if position(file.source, node.start_byte) in passed.starts:
                return True
        node = node.parent
    if is_in_call:
        return False
    return body is bodies.listed[0] or position(file.source, body.start)[0] in passed.entered


class _Counting:
    """Which bodies count."""

    def __init__(self, bodies: Mapping[str, Bodies]) -> None:
        self.bodies = bodies
        self._counted: set[int] = set()
        self._words: set[bytes] = set()
        self._by_name: dict[bytes, list[Body]] = {}
        self._inside: dict[int, list[Body]] = {}
        self._computed: dict[tuple[str, int], list[Body]] = {}
        """What a computed name may mean, by the kind and the file's top level (0: of any file)."""
        classes = {name for each in bodies.values() for body in each.listed if body.is_class for name in body.names}
        for each in bodies.values():
            for number, body in enumerate(each.listed):
                for name in body.names:
                    self._by_name.setdefault(name, []).append(body)
                if number:
                    holder = each.listed[body.parent]
                    kinds = [
                        (ANY_FUNCTION, 0),
                        (OF_FILE, id(each.listed[0])),
                        *([(METHODS, 0)] if holder.is_class else []),
                    ]
                    for kind in kinds:
                        self._computed.setdefault(kind, []).append(body)
                    if body.follows or (holder.is_class and _has_unknown_base(holder, classes)):
                        self._inside.setdefault(id(holder), []).append(body)

    def run(self, symbol: str) -> None:
        """Begin with the entry's names and the files' top levels, and repeat until nothing is added."""
        tops = {id(body): id(each.listed[0]) for each in self.bodies.values() for body in each.listed}
        waiting = [each.listed[0] for each in self.bodies.values()]
        waiting += self._add_words(set(WORD.findall(symbol.encode("utf-8", "replace"))))
        while waiting:
            body = waiting.pop()
            if id(body) in self._counted:
                continue
            self._counted.add(id(body))
            waiting += self._inside.get(id(body), ())
            waiting += self._add_words(body.words)
            for kind in body.computed:
                waiting += self._computed.get((kind, tops[id(body)] if kind is OF_FILE else 0), ())

    def _add_words(self, words: set[bytes]) -> Iterator[Body]:
        new = words - self._words
        self._words |= new
        return (body for word in new for body in self._by_name.get(word, ()))

    def counts(self, file: str, offset: int) -> bool:
        """Whether what is written at an offset counts; all of a file does whose syntax is not known."""
        bodies = self.bodies.get(file)
        if bodies is None:
            return True
        return not bodies.is_silent(offset) and id(bodies.listed[bodies.at(offset)]) in self._counted


def _has_unknown_base(body: Body, classes: set[bytes]) -> bool:
    """Whether a class derives from one that is not in the files, which may call its methods."""
    return any(base[:1].isupper() and base not in classes and base not in _PLAIN_BASES for base in body.bases)
