"""Hints: what a person says in a comment where no analysis can know.

``# scopedown: needs ACTION[, ACTION…] on TARGET`` belongs to the function that it stands in or right above, and counts
for an entry that reaches that function (at a module's top level: that loads the module).
``# scopedown: ignore REASON`` leaves out the calls of its own line, or of the statement below it. Either answers
what was not followed of that statement's calls. In JavaScript and TypeScript the comment is ``//`` or ``/* */``.
docs/hints.md tells it to users.

Only files that seem to hold a hint are looked at (:attr:`~scopedown.source.sources.Sources.hinted`), in their syntax
tree, so that the same words in a text are no hint. What an action or a target means is known to the permissions stage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scopedown.calls.hints.places import Owner, Tree, tree_of
from scopedown.calls.model import Hint, IdleHint, IgnoredCall, PossibleCall, SdkCall
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.sites.model import CallSite
from scopedown.source import ir
from scopedown.source.sources import HINT, Sources

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_HINTS = 500
"""Hints that are read of one file."""
MAX_TARGET = 2048
"""Characters of a target, as many as IAM takes for an ARN (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html)."""

_COMMENT = re.compile(r"(?:^|\s(?:#|//)\s*)scopedown:\s*(.*)$", re.DOTALL)
"""A hint is the comment's first word, or stands in a further comment behind it (``# noqa  # scopedown: …``)."""
_NEEDS = re.compile(r"needs\s+(?P<actions>[^\s,]+(?:\s*,\s*[^\s,]+)*)\s+on\s+(?P<target>\S+)")
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
_TARGET = re.compile(r"\*|arn:\S+|ref:[A-Za-z0-9]+(?:[/:]\S*)?|env:[A-Za-z_]\w*(?:[/:]\S*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Needs:
    actions: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class _Ignore:
    reason: str


@dataclass(slots=True)
class Heard:
    """What the hints of the loaded files come to for one entry."""

    calls: list[SdkCall]
    possible: list[PossibleCall]
    unseen: list[Unseen]
    sites: list[CallSite] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    ignored: list[IgnoredCall] = field(default_factory=list)
    idle: list[IdleHint] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def hear(
    sources: Sources,
    loaded: Iterable[str],
    entered: Iterable[tuple[str, ir.At]],
    calls: list[SdkCall],
    possible: list[PossibleCall],
    unseen: list[Unseen],
    sites: Iterable[CallSite] = (),
) -> Heard:
    """Read the hints of the ``loaded`` files and of those with ``sites``; ``entered`` are the functions that were run:
    (file, start)."""
    heard = Heard(calls, possible, unseen, [*sites])
    with_sites = {site.place.file for site in heard.sites}
    hinted = [file for file in sorted({*loaded, *with_sites}) if file in sources.hinted]
    if not hinted:
        return heard
    starts: dict[str, set[ir.At]] = {}
    for file, at in entered:
        starts.setdefault(file, set()).add(at)
    for file in hinted:
        _hear_file(heard, sources, file, starts.get(file, set()))
    return heard


def _hear_file(heard: Heard, sources: Sources, file: str, entered: Collection[ir.At]) -> None:
    tree = tree_of(sources.hinted[file], file)
    for number, (comment, text) in enumerate(_comments(tree)):
        at = sources.place(file, *tree.at(comment))
        first, last = (sources.place(file, line) for line in tree.lines(comment))
        if number >= MAX_HINTS:
            message = f"the file has more than {MAX_HINTS} hints; scopedown did not read this hint and those below it"
            heard.findings.append(Finding("hint-syntax", message, at, "move code to another file"))
            return
        match _read(text):
            case _Needs(actions, target):
                if _reached(tree.owner(comment), entered):
                    heard.hints.append(Hint(actions, target, at))
                    _answer(heard, _among(first, last))
                else:
                    heard.idle.append(
                        IdleHint(at, f"no handler reaches the function with the hint {', '.join(actions)}")
                    )
            case _Ignore(reason):
                _ignore(heard, reason, at, _among(first, last))
            case str(problem):
                heard.findings.append(Finding("hint-syntax", problem, at, REMEDY))


REMEDY = (
    "write 'scopedown: needs ACTION[, ACTION] on ref:LOGICALID[/SUFFIX] (or arn:…, env:NAME, *)' or "
    "'scopedown: ignore REASON'"
)


def _comments(tree: Tree) -> Iterator[tuple[Node, str]]:
    """The comments of a file that hold a hint, in order, with what follows ``scopedown:``."""
    at, seen = tree.source.find(HINT), -1
    while at >= 0:
        node = tree.comment_at(at)
        if node is not None and node.start_byte != seen:
            seen = node.start_byte
            for text in tree.texts(node):
                if match := _COMMENT.search(text):
                    yield node, match[1].strip()
        at = tree.source.find(HINT, at + len(HINT))


def _read(text: str) -> _Needs | _Ignore | str:
    """What a hint says, or what is wrong with it."""
    verb, _, rest = text.partition(" ")
    if verb == "ignore":
        return _Ignore(rest.strip()) if rest.strip() else "the hint has no reason for ignoring the call"
    if verb != "needs":
        return f"unknown hint {verb!r}" if verb else "the hint is empty"
    match = _NEEDS.fullmatch(text)
    if match is None:
        return "the hint needs has the wrong form"
    actions = tuple(dict.fromkeys(part.strip() for part in match["actions"].split(",")))
    for action in actions:
        if not _ACTION.fullmatch(action):
            return f"{action!r} is not an IAM action"
    if len(match["target"]) > MAX_TARGET or not _TARGET.fullmatch(match["target"]):
        return f"{match['target'][:80]!r} is not a valid target of a hint"
    return _Needs(actions, match["target"])


def _reached(owner: Owner, entered: Collection[ir.At]) -> bool:
    if owner.end is None:
        return owner.start is None or owner.start in entered
    return owner.start is None or any(owner.start <= at < owner.end for at in entered)


def _among(first: Place, last: Place) -> Callable[[Place | None], bool]:
    return lambda place: place is not None and place.file == first.file and first.line <= place.line <= last.line


def _answer(heard: Heard, is_meant: Callable[[Place | None], bool]) -> bool:
    """Leave out the calls at the places that are meant which were not followed; whether there were any."""
    before = len(heard.possible) + len(heard.unseen) + len(heard.sites)
    heard.possible = [call for call in heard.possible if not is_meant(call.place)]
    heard.unseen = [one for one in heard.unseen if one.cause is not Cause.DISPATCH or not is_meant(one.place)]
    heard.sites = [site for site in heard.sites if not is_meant(site.place)]
    return len(heard.possible) + len(heard.unseen) + len(heard.sites) < before


def _ignore(heard: Heard, reason: str, at: Place, is_meant: Callable[[Place | None], bool]) -> None:
    everything: list[SdkCall | PossibleCall] = [*heard.calls, *heard.possible]
    found = [one for one in everything if is_meant(one.place)]
    if not _answer(heard, is_meant) and not found:
        heard.idle.append(IdleHint(at, "the hint ignores no call on this line or the next line"))
        return
    for one in found:
        ignored = IgnoredCall(one.service, one.operation, one.place, reason, at)
        if ignored not in heard.ignored:
            heard.ignored.append(ignored)
    heard.calls = [call for call in heard.calls if not is_meant(call.place)]
