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

from scopedown.checks.registry import named, rules
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

OWN = ".scopedown.toml"
SHARED = "pyproject.toml"
FAIL_ON = ("missing", "error", "warning", "note", "none")
_KEYS = ("fail-on", "select", "ignore", "baseline")


@dataclass(frozen=True, slots=True)
class Settings:
    """``baseline`` is absolute, ``path`` the file that the project's settings stand in. Each is None where nothing is
    said."""

    fail_on: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    baseline: Path | None = None
    path: Path | None = None

    @property
    def chosen(self) -> frozenset[str]:
        """The ids of the rules that are looked for."""
        every = self.select if self.select is not None else tuple(rule.id for rule in rules())
        return frozenset(every) - frozenset(self.ignore or ())


def settings(folder: Path, top: Path) -> Settings:
    """The settings for a project in ``folder``, of a repository in ``top``. Raises ScopedownError for wrong ones."""
    folder = folder.resolve()
    for one in (folder, *folder.parents):
        for name, keys in ((OWN, ("check",)), (SHARED, ("tool", "scopedown", "check"))):
            path = one / name
            if (found := _section(path, keys, is_above=one != folder)) is not None:
                return _read(path, found)
        if one == top:
            break
    return Settings()


def baseline_to_write(own: Settings, top: Path) -> Path | None:
    """The baseline of the project's own settings, where it may be written for them: in the repository ``top``, or in
    the settings' folder where there is no repository.

    Whoever checks a repository that others wrote lets it name no file of his own. Raises ScopedownError for another.
    """
    if own.baseline is None or own.path is None:
        return None
    inside = (top if (top / ".git").exists() else own.path.parent).resolve()
    real = own.baseline.resolve()
    if not real.is_relative_to(inside) or ".git" in (part.casefold() for part in real.relative_to(inside).parts):
        raise ScopedownError(
            f"the baseline {own.baseline} is not among the files of {inside}: a setting has no other written",
            _place(own.path, "baseline"),
            "name it yourself: --baseline FILE",
        )
    return own.baseline


def _section(path: Path, keys: tuple[str, ...], is_above: bool) -> Mapping[str, Any] | None:
    """The section of a file; None where there is no such file, or one that is not for scopedown alone has none.

    ``is_above``: the file is not in the project's own folder, which is all that some may read.
    """
    try:
        if not path.is_file():
            return None
        section: Any = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        if path.name != OWN or (is_above and isinstance(error, PermissionError)):
            return None
        reason = error.strerror or str(error)
        raise ScopedownError(
            f"{path.name} cannot be read: {reason}", Place(str(path)), "let it be read, or take it away"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
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
    return Settings(section.get("fail-on"), listed["select"], listed["ignore"], baseline, path)


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
