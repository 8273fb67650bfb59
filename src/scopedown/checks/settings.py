"""What a project says of its checks: ``[check]`` of .scopedown.toml, or ``[tool.scopedown.check]`` of pyproject.toml.

The nearest of them counts, from the project's folder up to its repository's; where both are in one folder, the former.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scopedown.checks.rules import named, rules
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

OWN = ".scopedown.toml"
SHARED = "pyproject.toml"
FAIL_ON = ("missing", "error", "warning", "note", "none")
_KEYS = ("fail-on", "select", "ignore", "baseline")


@dataclass(frozen=True, slots=True)
class Settings:
    """``baseline`` is absolute. Each is None where nothing is said."""

    fail_on: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    baseline: Path | None = None


def settings(folder: Path, top: Path) -> Settings:
    """The settings for a project in ``folder``, of a repository in ``top``. Raises ScopedownError for wrong ones."""
    folder = folder.resolve()
    for one in (folder, *folder.parents):
        for name, keys in ((OWN, ("check",)), (SHARED, ("tool", "scopedown", "check"))):
            path = one / name
            if path.is_file() and (found := _section(path, keys)) is not None:
                return _read(path, found)
        if one == top:
            break
    return Settings()


def _section(path: Path, keys: tuple[str, ...]) -> Mapping[str, Any] | None:
    """The section of a file; None where a file that is not for scopedown alone has none."""
    try:
        text = path.read_text("utf-8")
        section: Any = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if path.name != OWN:
            return None  # another program's file, and not ours to judge
        raise ScopedownError(f"{path.name} is no TOML: {error}", Place(str(path)), "mend it") from error
    if path.name == OWN and (unknown := [key for key in section if key != keys[0]]):
        raise ScopedownError(
            f"{unknown[0]!r} is no section of it", _place(path, unknown[0]), "there is [check]: settings stand in it"
        )
    for key in keys:
        if key not in section:
            return {} if path.name == OWN else None
        section = section[key]
        whole = f"[{'.'.join(keys)}]"
        if not isinstance(section, Mapping):
            raise ScopedownError(f"{key!r} is no section", _place(path, key), f"write {whole}")
        if key == "scopedown" and (unknown := [one for one in section if one != keys[-1]]):
            message = f"{unknown[0]!r} is no section of [tool.scopedown]"
            raise ScopedownError(message, _place(path, unknown[0]), f"there is {whole}: settings stand in it")
    found: Mapping[str, Any] = section
    return found


def _read(path: Path, section: Mapping[str, Any]) -> Settings:
    for key, value in section.items():
        place = _place(path, key)
        if key not in _KEYS:
            raise ScopedownError(f"{key!r} is no setting of check", place, f"there are {', '.join(_KEYS)}")
        if key == "fail-on" and value not in FAIL_ON:
            raise ScopedownError(f"fail-on is {value!r}", place, f"write one of {', '.join(FAIL_ON)}")
        if key == "baseline" and not isinstance(value, str):
            raise ScopedownError("baseline is no text", place, "name a file")
        if key in ("select", "ignore"):
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise ScopedownError(f"{key} is no list of rules", place, 'write ["SD201"]')
            chosen(value, place)
    listed = {key: chosen(section[key], None) if key in section else None for key in ("select", "ignore")}
    baseline = path.parent / section["baseline"] if "baseline" in section else None
    return Settings(section.get("fail-on"), listed["select"], listed["ignore"], baseline)


def chosen(names: list[str] | tuple[str, ...], place: Place | None) -> tuple[str, ...]:
    """The ids of rules that are named by id, name or the beginning of an id (``SD2``). Raises ScopedownError."""
    found: list[str] = []
    for name in names:
        fits = named(name)
        if not fits:
            raise ScopedownError(f"no rule is named {name!r}", place, f"there are {', '.join(r.id for r in rules())}")
        found += fits
    return tuple(dict.fromkeys(found))


def failing(fail_on: str) -> frozenset[str]:
    """The rules at which a run fails."""
    levels = {"error": ("error",), "warning": ("error", "warning"), "note": ("error", "warning", "note")}
    if fail_on == "none":
        return frozenset()
    return frozenset(rule.id for rule in rules() if rule.denied or str(rule.severity) in levels.get(fail_on, ()))


def _place(path: Path, key: str) -> Place:
    """Where a key is written, by its text: the TOML reader tells no places."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", line.split("#")[0])
        if found:
            return Place(str(path), number, found.start() + 1)
    return Place(str(path))
