"""How much of a function's code was seen, in the words and the JSON that all reports share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scopedown.core.coverage import Coverage, Unseen
from scopedown.core.place import place_json
from scopedown.core.words import some_of
from scopedown.sites.model import CallSite

MAX_ACTIONS = 4
"""Patterns of actions shown of a part that was not seen; more are counted."""


def sentence(one: Unseen) -> str:
    """What was not seen, and what it may call.

    >>> from scopedown.core.coverage import Cause
    >>> sentence(Unseen(Cause.IMPORT, "./lib/store was not found", may_call=("s3:*",)))
    './lib/store was not found (may call s3:*)'
    """
    if "*" in one.may_call:
        return f"{one.what} (may call any action)"
    return f"{one.what} (may call {some_of(one.may_call, MAX_ACTIONS)})"


def coverage_json(coverage: Coverage, sites: Iterable[CallSite] = ()) -> dict[str, Any]:
    """The verdict, each part that was not seen, and each line that names an operation and was not seen to run.

    >>> coverage_json(Coverage())
    {'verdict': 'whole', 'unseen': [], 'notRun': []}
    """
    return {
        "verdict": coverage.verdict.value,
        "unseen": [
            {
                "cause": one.cause.value,
                "what": one.what,
                **place_json(one.place),
                "mayCall": list(one.may_call),
                "remedy": one.remedy,
            }
            for one in coverage.unseen
        ],
        "notRun": [
            {
                "names": site.word,
                **place_json(site.place),
                "mayCall": list(site.may_call),
            }
            for site in sites
        ],
    }
