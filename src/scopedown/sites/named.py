"""Which words of a text name an operation of an SDK, and what they may need.

One rule serves the SDKs of all languages, which write the operation PutItem as ``put_item``, ``putItem``,
``PutItemAsync``, ``PutItemCommand``, ``paginateQuery``: the word without what an SDK puts before and behind it has the
letters of the operation. ``words.tsv`` lists words of SDKs that are not made of an operation's name; the tables of
``calls/libraries/rows`` and their like say what the methods of libraries call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from scopedown.catalog.model import Catalog, Operation, Service
from scopedown.core.tables import read_rows
from scopedown.source.language import languages

_PACKAGE: Final = Path(__file__).parent.parent
_TABLE: Final = Path(__file__).with_name("words.tsv")
_MEMBER: Final = re.compile(rb"(?:\.|->|::|\[:)\s*([A-Za-z_]\w*)")
_OTHER_MENTIONS: Final = (
    (re.compile(rb"new\s+(?:[\w$.]+\.)?([A-Za-z_]\w*)\s*\("), re.compile(rb"\w"), True),
    (re.compile(rb"['\"`]([A-Za-z][a-z0-9]*[_A-Z]\w{2,80})(?=['\"`])"), None, False),
    (re.compile(rb":([a-z]+_\w{2,80})"), re.compile(rb"[:\w]"), False),
    (
        re.compile(rb"\b((?:paginate|waitUntil|getSigned|wait_until)[A-Z_]\w*|[A-Z]\w*Command|get\w+|Upload)\s*\("),
        re.compile(rb"[.>:$]"), True,
    ),
)  # fmt: skip
"""Where else than as a member a word may name an operation: a command that is made, a text, a symbol of Ruby, a
function; each with what may not be before it, and whether it is called. Patterns that begin with a literal are found
ten times as fast as one pattern of all."""
_ENDS: Final = (b",", b")", b"]")
"""What is behind an argument, or the item of a list."""
_BEFORE: Final = re.compile(r"^(?:paginate|waituntil|waitfor|new|begin)")
_BEHIND: Final = re.compile(
    r"(?:command|async|asyncwithresponse|withcontext|paginator|pages|pageswithcontext|paginated|paginatediterator"
    r"|iterator|responsehandler|unmarshaller|withresponse|waiter|asbytes|withblock|single)$"
)
_MOST_WORDS: Final = 200_000
"""So many words are kept at most: those of a thousand large projects."""
_SHORT: Final = 3
"""Names of services of so few letters count only as words of their own or at the beginning of one (``S3Client``)."""
_COMPUTED_CLIENT: Final = re.compile(
    rb"\b(?:client|resource)\(\s*(?:service_name\s*=\s*)?(?![\s'\"({\[])[\w.]+\s*[,)\[]|\bAWS\[|\bconst_get\b"
)
"""A client of a service that a value names."""
_IMPORT: Final = re.compile(rb"['\"`]([@\w./-]{2,100})['\"`]|\b(?:import|from|use|using)\s+([\w.:\\]{2,100})")
_SEPARATOR: Final = re.compile(r"([./\\:]+)")
_AS_WORD: Final = (
    r"(?<![a-z0-9])(?:amazon|aws|aws_?sdk_?)?%s(?![a-z])"
    r"|(?<![a-z])%s(?:v[12]|client|async|resource|control|service|ext|facade|api)"
)


class Mention(NamedTuple):
    """A word at an offset of a text; ``is_call``: it is called; ``is_passed``: it is a member that is an argument."""

    word: str
    offset: int
    is_call: bool
    is_passed: bool


class Meaning(NamedTuple):
    """The IAM actions that a word may need, and the operations that it names."""

    actions: tuple[str, ...]
    operations: frozenset[str]


_NOTHING: Final = Meaning((), frozenset())


def mentions(source: bytes) -> Iterator[Mention]:
    """The words of a text that may name an operation by where they are written."""
    for match in _MEMBER.finditer(source):
        end = match.end()
        behind = source[end : end + 1]
        if behind.isspace():
            behind = source[end : end + 80].lstrip()[:1]
        yield Mention(match[1].decode("ascii", "replace"), match.start(1), behind in (b"(", b"<"), behind in _ENDS)
    for pattern, not_before, is_call in _OTHER_MENTIONS:
        for match in pattern.finditer(source):
            start = match.start()
            if start and not_before is not None and not_before.match(source, start - 1):
                continue
            yield Mention(match[1].decode("ascii", "replace"), match.start(1), is_call, False)


def letters(word: str) -> tuple[str, ...]:
    """The letters that an operation's name may have which a word is made of, the longest first.

    >>> letters("paginateListObjectsV2"), letters("put_item")
    (('paginatelistobjectsv2', 'listobjectsv2'), ('putitem',))
    """
    if word.startswith("_") or word.isupper():
        return ()  # a private member, a constant
    whole = word.replace("_", "").lower()
    short = _BEFORE.sub("", whole)
    return tuple(dict.fromkeys((whole, _BEHIND.sub("", whole), short, _BEHIND.sub("", short))))


class Names:
    """Which words have the letters of an operation's name: asked of the catalog once for each word, whatever the
    project."""

    def __init__(self, there: Callable[[Sequence[str]], set[str]]) -> None:
        self._there = there
        self._known: dict[str, str] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Ask for many words at once."""
        if len(self._known) > _MOST_WORDS:
            self._known.clear()
        new = {word: letters(word) for word in words if word not in self._known}
        if not new:
            return
        wanted = sorted({one for each in new.values() for one in each})
        there = {name.lower() for name in self._there(wanted)} if wanted else set()
        for word, fits in new.items():
            self._known[word] = next((one for one in fits if one in there), "")

    def fitting(self, word: str) -> str:
        """The letters of the operation that a word names; empty where it names none."""
        if word not in self._known:
            self.learn((word,))
        return self._known[word]


@cache
def names_of(there: Callable[[Sequence[str]], set[str]]) -> Names:
    """The names of a catalog, by its look-up, for all projects that are read with it."""
    return Names(there)


@lru_cache(maxsize=2_000)
def _operations_of(load: Callable[[str], tuple[Operation, ...]], fits: str) -> tuple[Operation, ...]:
    return load(fits)


class Vocabulary:
    """What words may name in the code of one function, by all ``words`` of its files and the ``libraries`` that they
    import; ``is_computed``: they make clients of services that a value names."""

    def __init__(
        self, catalog: Catalog, names: Names, words: frozenset[bytes], libraries: frozenset[str], is_computed: bool
    ) -> None:  # fmt: skip
        self._catalog = catalog
        self._names = names
        self._is_computed = is_computed
        self._text = b" ".join(words).lower().decode("ascii", "replace")
        self._made: dict[str, bool] = {}
        self._known: dict[str, Meaning] = {}
        self._others: dict[str, set[str]] = {}
        for need, rows in _words().items():
            if need.encode() in words:
                for word, call in rows:
                    self._others.setdefault(word, set()).add(call)
        for file in libraries:
            for word, call in _methods(file):
                self._others.setdefault(word, set()).add(call)

    def meaning(self, word: str) -> Meaning:
        """What a word may name; no actions where it names no operation that the code could call."""
        known = self._known.get(word)
        if known is None:
            calls = self._calls(word)
            known = self._known[word] = _meaning(calls) if calls else _NOTHING
        return known

    def _calls(self, word: str) -> list[Operation | str]:
        """The operations, or actions, that a word names."""
        others, fits = self._others.get(word.lower(), ()), self._names.fitting(word)
        found: list[Operation | str] = []
        for call in sorted(others):
            service, _, name = call.partition(".")
            operation = call if ":" in call else self._catalog.operation(service, name)
            if operation is not None:
                found.append(operation)
        if not fits:
            return found
        operations = _operations_of(self._catalog.operations_of_letters, fits)
        made = [one for one in operations if self._makes(one.service)]
        if not made and self._is_computed and sum(map(str.isupper, operations[0].name)) > 1:
            return [*found, *operations]  # which client it is of cannot be decided, but it is no everyday word
        return [*found, *made]

    def _makes(self, name: str) -> bool:
        """Whether the code names a service."""
        if name not in self._made:
            service = self._catalog.service(name)
            self._made[name] = service is not None and any(map(self._has, _called(service)))
        return self._made[name]

    def _has(self, name: str) -> bool:
        if len(name) > _SHORT:
            return name in self._text
        return re.search(_AS_WORD % (name, name), self._text) is not None


def _meaning(calls: Iterable[Operation | str]) -> Meaning:
    actions: set[str] = set()
    names: set[str] = set()
    for call in calls:
        if isinstance(call, str):
            actions.add(call)
        else:
            actions.update(mapping.action for mapping in call.actions)
            names.add(call.name)
    return Meaning(tuple(sorted(actions)), frozenset(names))


@cache
def _called(service: Service) -> tuple[str, ...]:
    """What code calls a service, in small letters without separators."""
    names = (service.name, service.prefix, service.service_id, service.v2_class or "",
             (service.v3_package or "").rpartition("client-")[2], service.signing_name)  # fmt: skip
    return tuple(dict.fromkeys(re.sub(r"[^a-z0-9]", "", name.lower()) for name in names if name))


@cache
def _words() -> dict[str, list[tuple[str, str]]]:
    """(word in small letters, call), by what the code must name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows(_TABLE, ("needs", "words", "calls", "source")):
        for need in row["needs"].split():
            rows = found.setdefault(need, [])
            rows += ((word.lower(), call) for word in row["words"].split() for call in row["calls"].split())
    return found


def libraries(source: bytes, language: str) -> frozenset[str]:
    """The tables of the libraries that a text imports."""
    known, first = _tables(), _first_parts()
    found: set[str] = set()
    for name in {match[match.lastindex or 0] for match in _IMPORT.finditer(source)}:
        parts = _SEPARATOR.split(name.decode("ascii", "replace"))
        if parts[0] not in first:
            continue
        for length in range(1, min(len(parts), 9) + 1, 2):
            if (file := known.get((language, "".join(parts[:length])))) is not None:
                found.add(file)
    return frozenset(found)


@cache
def _first_parts() -> frozenset[str]:
    return frozenset(_SEPARATOR.split(name)[0] for _, name in _tables())


@cache
def _tables() -> dict[tuple[str, str], str]:
    """The tables of libraries by language and package."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(_PACKAGE.glob("calls/libraries/rows/*.tsv")):
        head = dict(re.findall(r"^# (\w+): (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))
        for language in head.keys() & languages().keys():
            found |= {(language, name): str(path) for name in head[language].split()}
    return found


@cache
def _methods(table: str) -> tuple[tuple[str, str], ...]:
    """(word in small letters, call) of a library's methods."""
    return tuple(
        dict.fromkeys(
            (name.lower(), call)
            for row in read_rows(Path(table))
            if row.get("call") and not row["call"].startswith(("signed.", "container.")) and "*" not in row["call"]
            for word in row["member"].split()
            if (name := word.removesuffix("()").rpartition(".")[2]).isidentifier()
            for call in _operations(row["call"])
        )
    )


def _operations(written: str) -> Iterator[str]:
    """``service.Operation`` of a cell, where only the first of several names the service."""
    service = ""
    for part in written.split(","):
        service = part.rpartition(".")[0] or service
        yield f"{service}.{part.rpartition('.')[2]}"


def makes_computed_clients(source: bytes) -> bool:
    """Whether a text makes a client of a service that a value names."""
    return _COMPUTED_CLIENT.search(source) is not None
