"""What a command printed, as a tool's answer: one JSON object that is never larger than a model can be given.

Where it is, whole items are left out from the end of its lists, and ``cut`` says how many, which, and how to ask for
them. What has no list to shorten is refused instead, with the same advice: half a policy is no policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from scopedown.core.finding import ScopedownError

_SEVERITIES = ("error", "warning", "note")
SHARE_OF_NAMES = 4
"""The names of what is left out take one such part of the room at most."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How an answer is made smaller: lists of which the n-th items belong together, and what to ask instead."""

    lists: tuple[str, ...]
    advice: str
    name: str = ""
    """The key of an item that names it among what is left out."""
    severest_first: bool = False
    """Whether items have a severity, by which those that are shown are chosen."""


def text_of(answer: Mapping[str, Any]) -> str:
    """The answer as one line of JSON."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def read(output: str) -> dict[str, Any]:
    """The object that a command printed. Raises ScopedownError where it is none."""
    try:
        found = json.loads(output)
        # A lone surrogate, escaped in JSON, is no text that UTF-8 can carry.
        text = json.dumps(found, ensure_ascii=False)
        if not text.isascii():
            found = json.loads(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise ScopedownError(f"the command did not print valid JSON: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise ScopedownError("the command did not print a JSON object")
    return found


def fitted(answer: dict[str, Any], most: int, cut: Cut) -> dict[str, Any]:
    """The answer within ``most`` characters of JSON. Raises ScopedownError where no cut makes it fit."""
    length = len(text_of(answer))
    if length <= most:
        return answer
    lists = [answer[name] for name in cut.lists if isinstance(answer.get(name), list)]
    if cut.severest_first:
        lists = [sorted(one, key=lambda item: _SEVERITIES.index(item["severity"])) for one in lists]
    count = len(lists[0]) if lists else 0
    if lists and all(len(one) == count for one in lists):
        names = [name for name in cut.lists if isinstance(answer.get(name), list)]
        empty = {**answer, **{name: [] for name in names}}
        for shown in range(_most_items(lists, most - len(text_of(empty))), 0, -1):
            made = {**answer, **{name: one[:shown] for name, one in zip(names, lists, strict=True)}}
            made["cut"] = _told(lists[0], names[0], shown, cut, most // SHARE_OF_NAMES)
            if len(text_of(made)) <= most:
                return made
    raise ScopedownError(f"the answer has {length} characters, more than the limit of {most}", remedy=cut.advice)


def _most_items(lists: list[list[Any]], room: int) -> int:
    """How many items fit at most, before anything is said of the others."""
    for number, items in enumerate(zip(*lists, strict=True)):
        room -= sum(len(json.dumps(item, ensure_ascii=False, separators=(",", ":"))) + 1 for item in items)
        if room < 0:
            return number
    return len(lists[0])


def _told(items: list[Any], of: str, shown: int, cut: Cut, room: int) -> dict[str, Any]:
    order = ", the severest first" if cut.severest_first else ""
    said = f"{shown} of {len(items)} {of} are shown{order}, because the whole answer is too large; {cut.advice}"
    told: dict[str, Any] = {"said": said, "shown": shown, "of": len(items)}
    if cut.name:
        left = [str(item.get(cut.name, ""))[:200] if isinstance(item, dict) else "" for item in items[shown:]]
        lengths = accumulate(len(json.dumps(fromkey, ensure_ascii=False)) + 1 for fromkey in dict.fromkeys(left))
        told["leftOut"] = [one for one, end in zip(dict.fromkeys(left), lengths, strict=True) if end <= room]
    return told
