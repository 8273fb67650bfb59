"""Why functions need an action, as people read it: the lines of each function, further inside what says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console

from scopedown.emit.lines import count, function_heading, print_line, safe
from scopedown.scan.forms.explanation import Explanation


def render(shown: Explanation) -> Callable[[Console], None] | Iterator[str]:
    """What prints the lines, or that no function needs the action."""

    def draw(console: Console) -> None:
        for number, (_, function, lines) in enumerate(shown.functions):
            if number:
                console.print()
            print_line(console, function_heading(function.function))
            for line in lines:
                print_line(console, f"{'  ' * (line.depth + 1)}{safe(line.text)}")

    return draw if shown.functions else _none(shown)


def _none(shown: Explanation) -> Iterator[str]:
    unseen = sum(not function.coverage.is_whole for scan in shown.scans for function in scan.functions)
    left = f", but scopedown did not read all code of {count(unseen, 'function')} (scopedown scan shows why)"
    yield f"no function needs {shown.action}{left if unseen else ''}"
