"""The events that a user gives: ``DIR/FUNCTION.json`` or ``DIR/FUNCTION/*.json``."""

from __future__ import annotations

import json
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.prove.events.setting import Sample


def given_events(folder: Path, function: str) -> list[Sample]:
    """The events for a function, in the order of the files' names; none where the user gave none.

    Raises ScopedownError where a file holds no JSON.
    """
    files = [path for path in (folder / f"{function}.json",) if path.is_file()]
    if (folder / function).is_dir():
        files += sorted((folder / function).glob("*.json"))
    return [Sample(file.relative_to(folder).as_posix(), _read(file)) for file in files]


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        place = Place(file.name, error.lineno, error.colno)
        raise ScopedownError(f"the event {file} is not valid JSON: {error.msg}", place, "correct the file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ScopedownError(f"the event {file} cannot be read: {error}", None, "check --events") from error
