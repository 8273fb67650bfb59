"""Sources that are cut off, or put together from pieces of others, never make the analysis fail or hang.

What was cut is a valid prefix of nothing in particular; what was spliced has a node of one tree in the place of a node
of another. Both are analysed to a report; how long that takes is bounded by steps, and a bound that is hit is told.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from calls.mutations import language_of, parse, replaced, text, walk
from scopedown.calls import bounds
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.resolve.node import JS_EXTENSIONS
from scopedown.source.sources import Sources

SOURCES = Path(__file__).parent / "sources"
SEED = 20251126
SECONDS = 20.0
"""Far above what the steps allow, for a machine that does other things."""

Damage = Callable[[str, str, random.Random], str]


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in SOURCES.rglob("*") if path.suffix in (".py", *JS_EXTENSIONS)))


def cut(source: str, language: str, chance: random.Random) -> str:
    """The beginning of a file, to any byte."""
    data = source.encode()
    return data[: chance.randrange(len(data) + 1)].decode("utf-8", "replace")


def holed(source: str, language: str, chance: random.Random) -> str:
    """A file without a stretch of its middle."""
    data = source.encode()
    start, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    return (data[:start] + data[end:]).decode("utf-8", "replace")


def spliced(source: str, language: str, chance: random.Random) -> str:
    """Up to four nodes replaced by nodes of other files of the language."""
    for _ in range(chance.randint(1, 4)):
        nodes = [node for node in walk(parse(source, language)) if node.is_named]
        others = [path for path in files() if language_of(path.name) == language]
        donor = [
            node for node in walk(parse(chance.choice(others).read_text(encoding="utf-8"), language)) if node.is_named
        ]
        place, piece = chance.choice(nodes), chance.choice(donor)
        source = replaced(source, [(place.start_byte, place.end_byte, text(piece))])
    return source


def nested(source: str, language: str, chance: random.Random) -> str:
    """A node of a file within itself, over and over."""
    nodes = [node for node in walk(parse(source, language)) if node.is_named and node.end_byte > node.start_byte + 1]
    node = chance.choice(nodes)
    whole = text(node)
    inner = [one for one in walk(node) if one.is_named and one.start_byte > node.start_byte]
    if not inner:
        return source
    within = chance.choice(inner)
    head = whole.encode()[: within.start_byte - node.start_byte].decode()
    tail = whole.encode()[within.end_byte - node.start_byte :].decode()
    times = chance.choice((3, 30, 300))
    return replaced(source, [(node.start_byte, node.end_byte, head * times + whole + tail * times)])


DAMAGES: dict[str, Damage] = {"cut": cut, "holed": holed, "spliced": spliced, "nested": nested}


def analysed(number: int, to: Path) -> CallReport:
    """The report on one damaged handler, by its number."""
    chance = random.Random(f"{SEED} {number}")
    path = chance.choice([path for path in files() if path.name.startswith("handler")])
    damage = DAMAGES[chance.choice(sorted(DAMAGES))]
    folder = SOURCES / path.relative_to(SOURCES).parts[0]
    copy = to / f"{number}"
    shutil.copytree(folder, copy)
    file = path.relative_to(folder).as_posix()
    source = damage(path.read_text(encoding="utf-8"), language_of(path.name), chance)
    (copy / file).write_text(source, encoding="utf-8", errors="replace")
    started = time.process_time()
    report = find_calls(Sources(str(copy)), catalog(), {}, file, "handler")
    assert time.process_time() - started < SECONDS, source
    return report


@pytest.mark.parametrize("number", range(60))
def test_a_damaged_source_gives_a_report(number: int, tmp_path: Path) -> None:
    assert analysed(number, tmp_path).files


@pytest.mark.slow
@pytest.mark.parametrize("start", range(60, 3060, 100))
def test_many_damaged_sources_give_reports(start: int, tmp_path: Path) -> None:
    for number in range(start, start + 100):
        assert analysed(number, tmp_path).files, number


@pytest.mark.parametrize("name", ["app.py", "app.js", "app.ts"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"(" * 50_000, b"[{(" * 20_000, b"'" * 9999]
)
def test_bytes_that_are_no_program_give_a_report(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, name, "handler")
    assert not report.calls
    assert [finding.code for finding in report.findings]


LOOPS = {
    "app.py": """
        def handler(event, context):
            total = event
            {body}
        def f(a, b, c):
            return [f(b, c, [a, 1]), f(c, a, {{"k": b}}), f(a, c, (lambda: b))]
        """,
    "app.js": """
        exports.handler = (event) => {{ {body} }}
        const f = (a, b, c) => [f(b, c, [a, 1]), f(c, a, {{k: b}}), f(a, c, () => b)]
        """,
}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("app.py", "f(total, event, context)"),
        ("app.py", "[[[[total for a in event] for b in event] for c in event] for d in event]"),
        ("app.js", "f(event, 1, 2)"),
        ("app.js", "let t = 'a'; for (const x of event) { t = t + t; t = `${t}${t}`; } return f(t, t, t)"),
    ],
)
def test_what_has_no_end_ends(name: str, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from textwrap import dedent

    monkeypatch.setattr(bounds.STEPS, "most", 50_000)
    (tmp_path / name).write_text(dedent(LOOPS[name]).format(body=body), encoding="utf-8")
    started = time.process_time()
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, name, "handler")
    assert time.process_time() - started < SECONDS
    assert report.functions_entered


def test_the_bound_of_steps_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds.STEPS, "most", 500)
    lines = "\n".join(f"    use({number})" for number in range(300))
    (tmp_path / "app.py").write_text(f"def use(x):\n    return x\n\ndef handler(event, context):\n{lines}\n")
    findings = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.py", "handler").findings
    assert {finding.code for finding in findings} == {"analysis-bound"}
    assert any("500 steps" in finding.message for finding in findings)


def test_the_bound_of_depth_is_told(tmp_path: Path) -> None:
    functions = "\n".join(f"def f{number}(x):\n    return f{number + 1}(x)" for number in range(60))
    (tmp_path / "app.py").write_text(f"{functions}\ndef handler(event, context):\n    f0(event)\n")
    findings = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.py", "handler").findings
    assert ["nested deeper than" in finding.message for finding in findings] == [True]
