"""What v1 and v2 of the framework accept and later versions refuse, brought into today's form.

Public projects still hold these notations; each is read, with a finding that says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError, Severity
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.findings import reported
from scopedown.project.serverless.variables import Variable, VariableSyntaxError, parse

LEGACY_DEFAULTS: Final = {"provider.stage": "dev", "provider.region": "us-east-1"}
"""What v1 and v2 filled in by themselves; v3 refuses ``${self:provider.stage}`` where it is not set."""

_INNER_FALLBACK: Final = re.compile(r",\s*\$\{([^{}$]*)\}")


def modernize(tree: MapNode, file: str) -> list[Finding]:
    """Bring what v1 and v2 accept into today's form: a service as a mapping, a provider as a word."""
    findings: list[Finding] = []
    top = Place(file)
    service = tree.get("service")
    if isinstance(service, Mapping):
        tree["service"] = service.get("name")
        key, provider = service.get("awsKmsKeyArn"), tree.get("provider")
        if key is not None and isinstance(provider, MapNode):
            provider.setdefault("kmsKeyArn", key)
        findings.append(reported("legacy-service", place_of(tree, "service")))
    if isinstance(tree.get("provider"), str) and "${" not in tree["provider"]:
        place = place_of(tree, "provider") or top
        provider = MapNode({"name": tree["provider"]}, place)
        provider.keys_at["name"] = provider.values_at["name"] = place
        tree["provider"] = provider
        findings.append(reported("legacy-provider", place))
    for key in ("service", "provider"):
        if tree.get(key) in (None, "", {}, []):
            raise ScopedownError(
                f"{file} has no {key}", place_of(tree, key) or top,
                f"set {key}, or scan another file if this is not a service of the Serverless Framework",
            )  # fmt: skip
    return findings


def without_inner_fallbacks(text: str) -> tuple[str, tuple[Variable, ...]] | None:
    """``${opt:stage, ${self:custom.stage}}`` as today's ``${opt:stage, self:custom.stage}``; None: it is not that."""
    for _ in range(10):
        changed = _INNER_FALLBACK.sub(r", \1", text)
        if changed == text:
            return None
        text = changed
        try:
            variables = parse(text)
        except VariableSyntaxError:
            continue
        return None if variables is None else (text, variables)
    return None


# Settings of v1 and v2 that moved or went away: each is told where it stands, and read as what it is today. Where
# ``frameworkVersion`` asks for v1 or v2, those that moved are put where today's framework looks for them, unless
# something stands there already. What today's versions still read, or what no permission depends on, is a note; what
# they do not read is a warning.


OLD_SETTING: Final = "legacy-setting"


@dataclass(frozen=True, slots=True)
class Old:
    """One old setting: its path (``*`` is any function, ``[]`` any event), and what to write today (or ``remove it``).

    ``moved``: the path, from the same root, to which the value is taken; ``read``: today's versions still read it.
    """

    path: str
    instead: str
    read: bool = False
    moved: str = ""


_OLD_VERSION: Final = re.compile(r"[^0-9]*[12](?:[.\s<]|\Z)")
"""Versions of the framework that know the old settings, as ``frameworkVersion`` writes them."""


@cache
def old_settings() -> tuple[Old, ...]:
    """Every old setting that is reported: the rows of ``deprecated.tsv``."""
    rows = read_rows(Path(__file__).with_name("deprecated.tsv"))
    return tuple(Old(row["path"], row["instead"], row["read"] == "yes", row["moved"]) for row in rows)


def deprecated(tree: MapNode, top: Place) -> list[Finding]:
    """A finding for every old setting of a configuration, which is changed in place where a setting moved."""
    findings: list[Finding] = []
    of_old = _OLD_VERSION.match(str(tree.get("frameworkVersion") or "")) is not None
    for old in old_settings():
        for holder, key, trail in list(_found(tree, old.path.split("."), ())):
            moves = bool(old.moved) and of_old
            effect = (
                "" if old.read else "; scopedown reads it as the new setting" if moves else " and has no effect today"
            )
            remedy = old.instead if old.instead.startswith("remove it") else f"write {old.instead}"
            findings.append(Finding(
                OLD_SETTING, f"{'.'.join((*trail, key))} is a setting of framework v1 and v2{effect}",
                place_of(holder, key) or top, remedy, Severity.NOTE if old.read else Severity.WARNING,
            ))  # fmt: skip
            if moves:
                _move(tree, holder, key, trail, old)
    return findings


def _found(node: Any, path: list[str], trail: tuple[str, ...]) -> Iterator[tuple[MapNode, str, tuple[str, ...]]]:
    """Where a path leads to: the mapping, the key in it, and the names on the way."""
    name, *rest = path
    if name == "[]":
        for index, item in enumerate(node if isinstance(node, list) else ()):
            yield from _found(item, rest, (*trail, str(index)))
    elif isinstance(node, MapNode):
        for key in list(node) if name == "*" else [name]:
            if key not in node or node[key] is None:
                continue
            if rest:
                yield from _found(node[key], rest, (*trail, key))
            else:
                yield node, key, trail


def _move(tree: MapNode, holder: MapNode, key: str, trail: tuple[str, ...], old: Old) -> None:
    """Put a value where it is looked for today; what stands there already stays."""
    names = old.moved.split(".")
    node: Any = tree
    for position, name in enumerate(names[:-1]):
        name = trail[position] if name in ("*", "[]") else name
        if isinstance(node, list):
            node = node[int(name)]
            continue
        if not isinstance(node, MapNode):
            return
        if node.get(name) is None:
            node[name] = MapNode(None, holder.place)
            node.keys_at[name] = node.values_at[name] = holder.keys_at.get(key, holder.place)
        node = node[name]
    if isinstance(node, MapNode) and node.get(names[-1]) is None:
        node[names[-1]] = holder.pop(key)
        node.keys_at[names[-1]] = holder.keys_at.get(key, holder.place)
        node.values_at[names[-1]] = holder.values_at.get(key, holder.place)
