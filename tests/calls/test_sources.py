"""Whole small sources, with the calls that are expected written on their lines.

A folder under ``sources/`` is a project; every file in it named ``handler*`` is an entry whose symbol is ``handler``.
A comment ``#? service.Operation Param=value …`` (``//?`` in JavaScript) on a line says that exactly this call is found
there, and a file without such a comment must stay silent. Values: known text as it is, ``env:NAME``, ``?`` for what is
unknown, ``a|b`` for alternatives. Parameters that are not named are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import Alternatives, Argument, CallReport
from scopedown.catalog.load import catalog
from scopedown.core.text import EnvVar, Literal, Pseudo, Text, Unknown
from scopedown.source.resolve.node import JS_EXTENSIONS
from scopedown.source.sources import Sources

ROOT = Path(__file__).parent / "sources"
EXPECTATION = re.compile(r"(?:#|//)\? (.+)$")


def shown(argument: Argument) -> str:
    """An argument as the comments write it."""
    match argument:
        case Text(parts=parts):
            return "".join(_part(part) for part in parts)
        case Alternatives(options=options):
            return "|".join(sorted(shown(option) for option in options))
        case _:
            return str(argument)


def _part(part: object) -> str:
    match part:
        case Literal(value=value):
            return value
        case EnvVar(name=name):
            return f"env:{name}"
        case Unknown():
            return "?"
        case Pseudo(name=name):
            return f"${{{name}}}"
        case _:
            return str(part)


def expectations(folder: Path) -> set[tuple[str, int, str]]:
    """(file, line, expectation) of every comment below a folder."""
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", *JS_EXTENSIONS):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if match := EXPECTATION.search(line):
                    for one in match[1].split(" & "):
                        found.add((path.relative_to(folder).as_posix(), number, one.strip()))
    return found


def found_calls(reports: list[CallReport], expected: set[tuple[str, int, str]]) -> set[tuple[str, int, str]]:
    """The calls in the shape of the expectations: with the parameters that the line's expectations name."""
    named: dict[tuple[str, int, str], list[list[str]]] = {}
    for file, line, text in expected:
        name, *pairs = text.split()
        named.setdefault((file, line, name), []).append([pair.partition("=")[0] for pair in pairs])
    result = set()
    for report in reports:
        for call in report.calls:
            place = call.place
            choices = named.get((place.file, place.line, call.name), [[]])
            texts = [
                " ".join([call.name, *(f"{key}={shown(call.arguments.get(key))}" for key in keys)]) for keys in choices
            ]
            result.add(
                (place.file, place.line, next((t for t in texts if (place.file, place.line, t) in expected), texts[0]))
            )
    return result


def cases() -> Iterator[Path]:
    yield from sorted(path for path in ROOT.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", list(cases()), ids=lambda path: path.name)
def test_exactly_the_expected_calls_are_found(folder: Path) -> None:
    sources = Sources(str(folder))
    handlers = [path for path in sorted(folder.rglob("handler*")) if path.suffix in (".py", *JS_EXTENSIONS)]
    reports = [find_calls(sources, catalog(), {}, path.relative_to(folder).as_posix(), "handler") for path in handlers]
    assert handlers, "a case has at least one handler"
    expected = expectations(folder)
    assert found_calls(reports, expected) == expected
    assert [str(finding) for report in reports for finding in report.findings] == []


def test_the_sources_are_many() -> None:
    """Expectations, the files that hold them, and projects that must stay silent."""
    expected = [(folder, *one) for folder in cases() for one in expectations(folder)]
    assert len(expected) >= 400
    assert len({(folder, file) for folder, file, *_ in expected}) >= 150
    assert len([folder for folder in cases() if not expectations(folder)]) >= 40
