"""docs/scopedown.schema.json, and the table in docs/settings.md, from the table that the settings are read by;
``generate.py`` writes both.

Comes in: ``scopedown.cli.settings.table``. Goes out: a JSON Schema (draft 7, as editors take it for TOML) and Markdown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scopedown.cli.settings.table import LIMITS, PARAMETERS, SETTINGS, TOP, Kind, Setting, sections, settings_of
from scopedown.core.gates import WITH_RULES, names_of

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEMA = DOCS / "scopedown.schema.json"
PAGE = DOCS / "settings.md"
MARK = "<!-- made by tools/settings_pages.py -->"
_RULE = r"^(SD\d{0,3}|[a-z]+(-[a-z]+)*)$"
_CODE = "^[A-Za-z][A-Za-z_-]*$"


def schema() -> str:
    """The schema of .scopedown.toml."""
    found: dict[str, Any] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of scopedown (.scopedown.toml)",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _value(one) for name, one in settings_of(TOP).items()},
    }
    for section in sections():
        found["properties"][section] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: _value(one) for name, one in settings_of(section).items()},
        }
    found["properties"][PARAMETERS] = {
        "type": "object",
        "description": "Values of ${param:KEY}, and of a template's parameters.",
        "additionalProperties": {"type": "string"},
    }
    found["properties"][LIMITS] = {
        "type": "array",
        "description": "never and may-not-grow for some roles or paths.",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                **{name: _value(settings_of("check")[name]) for name in ("never", "may-not-grow")},
                "roles": _texts("Patterns of roles: their names, logical ids or functions."),
                "paths": _texts("Folders of projects, relative to the settings file."),
            },
        },
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _texts(about: str) -> dict[str, Any]:
    return {"description": about, "type": "array", "items": {"type": "string"}, "minItems": 1}


def _value(one: Setting) -> dict[str, Any]:
    about = {"description": one.about}
    if one.kind is Kind.SWITCH:
        return {**about, "type": "boolean"}
    if one.kind in (Kind.NAMES, Kind.GRANTS):
        return _texts(one.about)
    if one.kind is Kind.RULES:
        return {**about, "type": "array", "items": {"type": "string", "pattern": _pattern(one)}, "minItems": 1}
    if one.kind is Kind.GATES:
        words: dict[str, Any] = {"enum": [*names_of(one.section)]}
        word = {"anyOf": [words, {"type": "string", "pattern": _pattern(one)}]} if one.section in WITH_RULES else words
        return {**about, "anyOf": [{"type": "string"}, {"type": "array", "items": word, "minItems": 1}]}
    texts = {"enum": [*one.choices]} if one.choices else {"pattern": f"^{one.pattern}$"} if one.pattern else {}
    return {**about, "type": "string", **texts}


def _pattern(one: Setting) -> str:
    return _CODE if one.section == "validate" else _RULE


def page() -> str:
    """The page of settings, with its table made anew."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    _, _, after = rest.partition(MARK)
    rows = [f"| {_section(one)} | `{one.name}` | {_meaning(one)} | {one.about} |" for one in SETTINGS]
    table = ["| where | setting | value | what |", "|---|---|---|---|", *rows]
    return f"{before}{MARK}\n\n" + "\n".join(table) + f"\n\n{MARK}{after}"


def _section(one: Setting) -> str:
    return f"`[{one.section}]`" if one.section else "top"


def _meaning(one: Setting) -> str:
    if one.choices:
        return ", ".join(f"`{choice}`" for choice in one.choices)
    if one.kind is Kind.GATES:
        return f"a list of {', '.join(f'`{name}`' for name in names_of(one.section))}" + (
            ", rules" if one.section in WITH_RULES else ""
        )
    return f"{one.kind.value}, such as `{one.example}`" if one.example else one.kind.value


def files() -> dict[Path, str]:
    return {SCHEMA: schema(), PAGE: page()}
