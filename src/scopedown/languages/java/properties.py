"""Configuration files of frameworks (``application.properties``, ``application.yml``): values by their dotted names.

A value may be made of variables (``${TABLE:orders}``). A name that no file has is an environment variable under the
name that frameworks give it.

Sources: https://docs.spring.io/spring-boot/reference/features/external-config.html ("Binding From Environment
Variables"), https://quarkus.io/guides/config-reference, https://docs.micronaut.io/latest/guide/#propertySource,
https://download.eclipse.org/microprofile/microprofile-config-3.1/microprofile-config-spec-3.1.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.values import Const, TextValue, Value
from scopedown.core.finding import ScopedownError
from scopedown.core.text import EnvVar, Text
from scopedown.documents.document import parse_yaml

_FILES: Final = (
    "application.properties", "application.yml", "application.yaml", "bootstrap.properties", "bootstrap.yml",
    "META-INF/microprofile-config.properties", "META-INF/application.properties",
)  # fmt: skip
_MAX_KEYS: Final = 5_000
_MAX_DEPTH: Final = 8
_MAX_VARIABLES: Final = 200
"""Variables that one text may lead to: those that name each other would multiply."""
_VARIABLE: Final = re.compile(r"\$\{([^${}]*)\}|#\{\s*systemEnvironment\[\s*'([^']+)'\s*\]\s*\}")


def value_of(run: Machine, file: str, name: str) -> Value:
    """The value of a property for the code of a file."""
    return _resolved(run, file, name, None, _MAX_DEPTH, [_MAX_VARIABLES])


def text_of(run: Machine, file: str, written: str) -> Value:
    """A text with variables in it (``${a.b:default}``, ``#{systemEnvironment['A']}``)."""
    return _text(run, file, written, _MAX_DEPTH, [_MAX_VARIABLES])


def _text(run: Machine, file: str, written: str, depth: int, left: list[int]) -> Value:
    parts: list[Value] = []
    last = 0
    for found in _VARIABLE.finditer(written):
        parts.append(Const(written[last : found.start()]))
        last = found.end()
        if found[2]:
            parts.append(_variable(found[2], None))
            continue
        name, colon, default = found[1].partition(":")
        parts.append(_resolved(run, file, name.strip(), default if colon else None, depth - 1, left))
    if not parts:
        return Const(written)
    rest = Const(written[last:])
    return parts[1] if len(parts) == 2 and parts[0] == Const("") == rest else concatenate((*parts, rest))


def _resolved(run: Machine, file: str, name: str, default: str | None, depth: int, left: list[int]) -> Value:
    left[0] -= 1
    known = properties(run, file).get(name)
    if known is not None and depth > 0 and left[0] > 0:
        return _text(run, file, known, depth, left)
    variable = re.sub(r"[^A-Za-z0-9]", "_", name)
    return _variable(variable if variable.isupper() else variable.upper(), default)


def _variable(name: str, default: str | None) -> Value:
    return TextValue(Text((EnvVar(name, Text.of(default) if default else None),)))


def properties(run: Machine, file: str) -> Mapping[str, str]:
    """All properties that the code of a file may read."""
    unit = run.sources.unit(file)
    folders = tuple(dict.fromkeys(unit.roots)) if unit is not None else ()
    ground = run.sources.ground
    found: Mapping[str, str] = ground.once.get(("java properties", folders), lambda: _all(run, folders))
    return found


def _all(run: Machine, folders: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in folders:
        resources = posixpath.join(posixpath.dirname(folder.replace("\\", "/")), "resources")
        for name in _FILES:
            text = run.sources.ground.read(posixpath.join(resources, name))
            if text is None or len(found) > _MAX_KEYS:
                continue
            pairs = of_properties(text) if name.endswith(".properties") else _of_yaml(text, name)
            for key, value in pairs:
                found.setdefault(key, value)
    return found


def of_properties(text: str) -> Iterator[tuple[str, str]]:
    """``a.b = c`` line by line
    (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader))."""
    for line in text.replace("\\\n", "").splitlines()[:_MAX_KEYS]:
        plain = line.strip()
        if plain and plain[0] not in "#!" and (found := re.match(r"([^=:\s]+)\s*[=:]\s*(.*)", plain)):
            yield found[1], found[2]


def _of_yaml(text: str, name: str) -> Iterator[tuple[str, str]]:
    first = re.split(r"(?m)^---\s*$", text.lstrip("-\n "), maxsplit=1)[0]
    try:
        tree = parse_yaml(first, name).tree
    except ScopedownError:
        return
    waiting: list[tuple[str, object, int]] = [("", tree, 0)]
    while waiting:
        prefix, node, depth = waiting.pop()
        if isinstance(node, dict) and depth < _MAX_DEPTH:
            waiting += [(f"{prefix}.{key}" if prefix else str(key), value, depth + 1) for key, value in node.items()]
        elif isinstance(node, str | int | float) and prefix:
            yield prefix, str(node)
