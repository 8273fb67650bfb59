"""Reads ``.scopedown.toml``, or ``[tool.scopedown]`` of pyproject.toml.

The nearest of them counts, from the project's folder up to its repository's; where both are in one folder, the former.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scopedown.cli.options import fail_on
from scopedown.cli.settings.table import LIMITS, PARAMETERS, TOP, Kind, Setting, sections, settings_of
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.compare.access.limits import Limit

OWN = ".scopedown.toml"
SHARED = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says: by section and name the value as an option takes it. ``path`` is the file, None where
    there is none."""

    path: Path | None = None
    values: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()

    def of(self, section: str, name: str) -> Any:
        """A value; None where the file does not say it."""
        return self.values.get((section, name))

    def place_of(self, key: str) -> Place | None:
        """Where a key is written."""
        return _place(self.path, key) if self.path is not None else None


def settings(folder: Path, top: Path) -> Settings:
    """The settings for a project in ``folder``, of a repository in ``top``. Raises ScopedownError for wrong ones."""
    folder = folder.resolve()
    for one in (folder, *folder.parents):
        for name in (OWN, SHARED):
            if (found := _top(one / name, is_above=one != folder)) is not None:
                return _Reader(one / name).read(found)
        if one == top:
            break
    return Settings()


def _top(path: Path, is_above: bool) -> Mapping[str, Any] | None:
    """The settings in a file; None where there is no such file, or another program's that has none.

    ``is_above``: the file is not in the project's own folder, which is all that some may read.
    """
    try:
        if not path.is_file():
            return None
        found: Any = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        if path.name != OWN or (is_above and isinstance(error, PermissionError)):
            return None
        reason = error.strerror or str(error)
        raise ScopedownError(f"{path.name} cannot be read: {reason}", Place(str(path)), "correct its mode") from error
    except (ValueError, RecursionError) as error:  # of int() too, for thousands of digits
        if path.name != OWN:
            return None  # another program's file, and not ours to judge
        raise ScopedownError(f"{path.name} is not TOML: {error}", Place(str(path)), "correct it") from error
    if path.name == OWN:
        return dict(found)
    tools = found.get("tool")
    own = tools.get("scopedown") if isinstance(tools, Mapping) else None
    if own is not None and not isinstance(own, Mapping):
        raise ScopedownError("'scopedown' is not a section", _place(path, "scopedown"), "write [tool.scopedown]")
    return own


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, top: Mapping[str, Any]) -> Settings:
        values: dict[tuple[str, str], Any] = {}
        parameters: dict[str, str] = {}
        limits: tuple[Limit, ...] = ()
        for key, value in top.items():
            if key == PARAMETERS:
                parameters = dict(self._parameters(self._section(key, value)))
            elif key == LIMITS:
                limits = tuple(self._limits(value))
            elif key in sections():
                values.update(self._values(key, self._section(key, value)))
            else:
                values.update(self._values(TOP, {key: value}))
        return Settings(self.path, values, parameters, limits)

    def _section(self, key: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            head = "" if self.path.name == OWN else "tool.scopedown."
            raise self._error(f"'{key}' is not a section", key, f"write [{head}{key}], and its settings below it")
        return value

    def _values(self, section: str, given: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
        known = settings_of(section)
        for key, value in given.items():
            if key not in known:
                raise self._unknown(section, key, is_section=isinstance(value, Mapping))
            yield (section, key), self._value(known[key], value)

    def _parameters(self, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for key, value in given.items():
            if not isinstance(value, str):
                raise self._error(f"the parameter {key} is not text", key, "write its value in quotes")
            yield key, value

    def _limits(self, value: Any) -> Iterator[Limit]:
        from scopedown.compare.access.limits import Limit

        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise self._error("'limits' is not a list of tables", LIMITS, "write [[limits]], and its settings below it")
        for one in value:
            try:
                yield Limit.read(one)
            except ScopedownError as error:
                raise ScopedownError(error.message, self._place(LIMITS), error.remedy) from error

    def _value(self, one: Setting, value: Any) -> Any:
        """A value as an option takes it."""
        if one.kind is Kind.GRANTS:
            return self._grants(one, value)
        if one.kind in (Kind.RULES, Kind.NAMES, Kind.GATES):
            texts = value.split(",") if isinstance(value, str) and one.kind is Kind.GATES else value
            if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
                example = {Kind.RULES: '["SD201"]', Kind.NAMES: '["deploy"]', Kind.GATES: '["missing"]'}[one.kind]
                raise self._error(f"{one.name} is not {one.kind.value}", one.name, f"write {one.name} = {example}")
            if one.kind is Kind.RULES:
                return self._findings(one, texts) if one.section == "validate" else self._rules(one, texts)
            if one.kind is Kind.GATES:
                fail_on(one.section, texts, self._place(one.name))
            return ",".join(texts)
        if one.kind is Kind.SWITCH:
            if not isinstance(value, bool):
                raise self._error(f"{one.name} is {value!r}", one.name, "write true or false")
            return value
        if not isinstance(value, str):
            raise self._error(f"{one.name} is {value!r}, and not text", one.name, "write it in quotes")
        if one.choices and value not in one.choices:
            close = get_close_matches(value, one.choices, n=1)
            remedy = f"did you mean {close[0]}?" if close else f"write one of {', '.join(one.choices)}"
            raise self._error(f"{one.name} is {value!r}", one.name, remedy)
        if one.pattern and not re.fullmatch(one.pattern, value, re.ASCII):
            raise self._error(f"{one.name} is {value!r}", one.name, f"write it as {one.example}")
        return str(self.path.parent / value) if one.kind in (Kind.FILE, Kind.FOLDER) else value

    def _rules(self, one: Setting, texts: list[str]) -> list[str]:
        """Ids of rules."""
        from scopedown.checks.registry import chosen

        return list(chosen(texts, self._place(one.name)))

    def _findings(self, one: Setting, texts: list[str]) -> list[str]:
        """Codes of findings of policies."""
        from scopedown.validate.registry import chosen as chosen_findings

        try:
            return [check.code for check in chosen_findings(texts)]
        except ScopedownError as error:
            raise self._error(error.message, one.name, error.remedy) from error

    def _grants(self, one: Setting, value: Any) -> list[str]:
        from scopedown.compare.access.ask import NotGranted

        if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
            raise self._error(f"{one.name} is not {one.kind.value}", one.name, f'write {one.name} = ["iam:*"]')
        for text in value:
            try:
                NotGranted.read(text)
            except ScopedownError as error:
                raise self._error(error.message, one.name, error.remedy) from error
        return value

    def _unknown(self, section: str, key: str, is_section: bool) -> ScopedownError:
        if is_section and section == TOP:
            return self._error(f"unknown section '{key}'", key, _hint(key, (*sections(), LIMITS)))
        elsewhere = [one for one in ("", *sections()) if one != PARAMETERS and key in settings_of(one)]
        if elsewhere and key not in settings_of(section):
            places = " or ".join(f"[{one}]" if one else "the top of the file" for one in elsewhere)
            return self._error(f"{key} is not a setting of {_named(section)}", key, f"write it in {places}")
        return self._error(f"unknown setting '{key}' in {_named(section)}", key, _hint(key, settings_of(section)))

    def _error(self, message: str, key: str, remedy: str) -> ScopedownError:
        return ScopedownError(message, self._place(key), remedy)

    def _place(self, key: str) -> Place:
        return _place(self.path, key)


def _named(section: str) -> str:
    return f"[{section}]" if section else "the top of the file"


def _hint(key: str, known: Any) -> str:
    close = get_close_matches(key, list(known), n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"


def _place(path: Path, key: str) -> Place:
    """Where a key is written, by its text: the TOML reader tells no places."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", line.split("#")[0])
        if found:
            return Place(str(path), number, found.start() + 1)
    return Place(str(path))
