"""What long work and long diffs do on a terminal, and without one."""

from __future__ import annotations

import io

import pytest

from scopedown.cli import terminal


class Stream(io.StringIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    monkeypatch.setenv("TERM", "xterm-256color")
    return now


def told(monkeypatch: pytest.MonkeyPatch, clock: list[float], seconds: int, is_terminal: bool) -> str:
    stream = Stream(is_terminal)
    monkeypatch.setattr("sys.stderr", stream)
    with terminal.progress() as tell:
        for second in range(seconds + 1):
            clock[0] = float(second)
            tell(f"{second + 1}/99 orders ", "create")
    return stream.getvalue()


@pytest.mark.parametrize("is_terminal", [True, False])
def test_work_of_a_moment_tells_nothing(monkeypatch: pytest.MonkeyPatch, clock: list[float], is_terminal: bool) -> None:
    assert told(monkeypatch, clock, 1, is_terminal) == ""


def test_a_terminal_shows_a_bar_with_what_is_worked_on(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    shown = told(monkeypatch, clock, 4, is_terminal=True)
    assert "4/99" in shown and "orders create" in shown


def test_without_a_terminal_there_is_a_line_each_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    lines = told(monkeypatch, clock, 25, is_terminal=False).splitlines()
    assert lines == ["scopedown: now at 11 of 99, orders create", "scopedown: now at 21 of 99, orders create"]


@pytest.mark.parametrize(
    ("is_terminal", "lines", "pager", "is_paged"),
    [
        (True, 200, "less", True),
        (True, 200, "cat", False),
        (True, 200, "", False),
        (True, 3, "less", False),
        (False, 200, "less", False),
    ],
)
def test_only_a_long_text_on_a_terminal_is_paged(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, lines: int, pager: str, is_paged: bool
) -> None:
    paged: list[str] = []
    monkeypatch.setattr("sys.stdin", Stream(is_terminal))
    monkeypatch.setattr("sys.stdout", Stream(is_terminal))
    monkeypatch.setenv("PAGER", pager)
    monkeypatch.setenv("LESS", "FRX")
    monkeypatch.setattr(terminal, "_through", lambda pager, text: paged.append(text) or True)
    terminal.paged("a line\n" * lines)
    assert bool(paged) is is_paged


@pytest.mark.parametrize("pager", ["false", "no-such-pager", "'"])
def test_a_text_is_printed_where_the_pager_fails(monkeypatch: pytest.MonkeyPatch, pager: str) -> None:
    shown = Stream(is_terminal=True)
    monkeypatch.setattr("sys.stdin", Stream(is_terminal=True))
    monkeypatch.setattr("sys.stdout", shown)
    monkeypatch.setenv("PAGER", pager)
    terminal.paged("a line\n" * 1000)
    assert shown.getvalue() == "a line\n" * 1000
