"""A baseline: the fingerprints of problems that are known and do not count. Lines do not matter to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from scopedown.checks.results import Result
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

SCHEMA = "scopedown.check-baseline/1"
_REMEDY = "write it with scopedown check --write-baseline"


def text_of(results: Iterable[Result]) -> str:
    """The file of a baseline: one problem a line, in an order that makes for small changes."""
    known = sorted(
        ({"fingerprint": one.fingerprint, "rule": one.rule.id, "project": one.project, "about": one.problem.about}
         for one in results),
        key=lambda one: (one["project"], one["rule"], one["about"], one["fingerprint"]),
    )  # fmt: skip
    lines = ",\n".join(f"    {json.dumps(one)}" for one in known)
    return f'{{\n  "schema": "{SCHEMA}",\n  "problems": [{f"{chr(10)}{lines}{chr(10)}  " if known else ""}]\n}}\n'


def fingerprints(path: Path) -> frozenset[str]:
    """The fingerprints that a file knows. Raises ScopedownError for one that is no baseline."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ScopedownError(f"the baseline cannot be read: {reason}", Place(str(path)), _REMEDY) from error
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise ScopedownError(f"the baseline is no JSON: {error.msg}", place, _REMEDY) from error
    listed = data.get("problems") if isinstance(data, dict) and data.get("schema") == SCHEMA else None
    if not isinstance(listed, list):
        raise ScopedownError(f"this is no baseline ({SCHEMA})", Place(str(path)), _REMEDY)
    known = [one.get("fingerprint") if isinstance(one, dict) else None for one in listed]
    if not all(isinstance(one, str) for one in known):
        raise ScopedownError("a problem of the baseline has no fingerprint", Place(str(path)), _REMEDY)
    return frozenset(map(str, known))
