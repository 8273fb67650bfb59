"""A baseline: the fingerprints of problems that are known and do not count. Lines do not matter to it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from scopedown.checks.results import Result
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

SCHEMA = "scopedown.check-baseline/1"
BASELINE = ".scopedown-baseline.json"
"""The name of a baseline where no option or setting names another."""
_REMEDY = "write it with scopedown check --write-baseline"


@dataclass(frozen=True, slots=True)
class Known:
    """A problem of the baseline; ``project`` is its configuration file, relative to the repository."""

    fingerprint: str
    rule: str
    project: str
    about: str = ""


def text_of(results: Iterable[Result], others: Iterable[Known] = ()) -> str:
    """The file of a baseline: one problem a line, in an order that makes for small changes. ``others`` stay in it."""
    found = [Known(one.fingerprint, one.rule.id, one.project, one.problem.about) for one in results]
    known = sorted({*found, *others}, key=lambda one: (one.project, one.rule, one.about, one.fingerprint))
    lines = ",\n".join(f"    {json.dumps(asdict(one))}" for one in known)
    return f'{{\n  "schema": "{SCHEMA}",\n  "problems": [{f"{chr(10)}{lines}{chr(10)}  " if known else ""}]\n}}\n'


def gone(known: Iterable[Known], found: Collection[Result], projects: Collection[str], rules: Collection[str]) -> int:
    """How many known problems of these projects and rules were not found: they have been mended, or changed."""
    there = {result.fingerprint for result in found}
    return sum(one.project in projects and one.rule in rules and one.fingerprint not in there for one in known)


def known_of(path: Path) -> tuple[Known, ...]:
    """The problems that a file knows. Raises ScopedownError for one that is no baseline."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ScopedownError(f"the baseline cannot be read: {reason}", Place(str(path)), _REMEDY) from error
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise ScopedownError(f"the baseline is not valid JSON ({error.msg})", place, _REMEDY) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or deep nesting
        raise ScopedownError(f"the baseline cannot be read: {error}", Place(str(path)), _REMEDY) from error
    listed = data.get("problems") if isinstance(data, dict) and data.get("schema") == SCHEMA else None
    if not isinstance(listed, list):
        raise ScopedownError(f"this is not a baseline: its schema is not {SCHEMA}", Place(str(path)), _REMEDY)
    if not all(isinstance(one, dict) and isinstance(one.get("fingerprint"), str) for one in listed):
        raise ScopedownError("a problem of the baseline has no fingerprint", Place(str(path)), _REMEDY)
    return tuple(
        Known(one["fingerprint"], str(one.get("rule")), str(one.get("project")), str(one.get("about", "")))
        for one in listed
    )


def usual_baseline(folder: Path, top: Path) -> Path | None:
    """The baseline that needs no setting: ``.scopedown-baseline.json`` in the folder or above it in the repository
    ``top``; a link is not followed, since it may lead out of the repository."""
    folder, top = folder.resolve(), top.resolve()
    for one in (folder, *folder.parents):
        path = one / BASELINE
        with suppress(OSError):  # a folder above that may not be read
            if path.is_file() and not path.is_symlink():
                return path
        if one == top:
            break
    return None
