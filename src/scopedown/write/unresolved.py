"""What a function may need beside what is known: its rights that may serve that are not taken away.

A call on a receiver that nobody knows names a service: statements about that service stay. Code that could not be read
whole may call anything: every statement stays. What a module of others calls is not known either, but most call nothing
of AWS; that is told, and nothing is kept for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from scopedown.catalog.load import catalog
from scopedown.core.finding import Finding
from scopedown.iam.language import intersects
from scopedown.iam.wildcard import expand, glob
from scopedown.scan import FunctionScan, ProjectScan

_CUT: Final = frozenset(
    {"source-syntax", "source-too-large", "source-unreadable", "source-binary", "analysis-bound", "handler-missing"}
)
"""Findings of a function's code after which some of it was not read."""
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Doubt:
    """What functions of a role may need: patterns of actions, each with what may need it, in words."""

    needs: tuple[tuple[str, str], ...] = ()

    def why(self, actions: Any) -> str:
        """Why a statement of these actions is kept; empty where nothing speaks for it."""
        for one in actions if isinstance(actions, list | tuple) else [actions]:
            for pattern, what in self.needs:
                if isinstance(one, str) and intersects(expand(glob(one.lower())), expand(glob(pattern))):
                    return what
        return ""


CERTAIN: Final = Doubt()


def doubt_of(functions: Iterable[FunctionScan]) -> Doubt:
    """What these functions may need beside what is known."""
    return Doubt(tuple(dict.fromkeys(need for one in functions for need in _needs(one))))


def _needs(function: FunctionScan) -> Iterator[tuple[str, str]]:
    for finding in function.report.findings:
        if finding.code in _CUT:
            yield "*", f"the code of {function.function.key} was not read whole ({finding})"
    for call in function.report.possible:
        operation = catalog().operation(call.service, call.operation)
        services = {mapping.action.partition(":")[0] for mapping in operation.actions} if operation else {call.service}
        for service in sorted(services):
            yield f"{service.lower()}:*", f"{call.service}.{call.operation} at {call.place} may need it: {call.reason}"


def unsure(scan: ProjectScan) -> Iterator[Finding]:
    """The functions that may need more than they are given, and what to do about it."""
    for one in scan.functions:
        whats = list(dict.fromkeys(what for _, what in _needs(one)))
        if whats and one.is_searched:
            more = f", and {len(whats) - _SHOWN} more" if len(whats) > _SHOWN else ""
            yield Finding(
                "write-unsure", f"{one.function.key} may need more than is written: {'; '.join(whats[:_SHOWN])}{more}",
                one.function.place, "say what the code needs with a comment: # scopedown: needs ACTION on TARGET",
            )  # fmt: skip
    modules = sorted({name for one in scan.functions if one.is_searched for name in one.report.not_analysed})
    if modules:
        yield Finding(
            "write-unsure", f"what these modules call was not looked into: {', '.join(modules)}", None,
            "say what they need of AWS with a comment: # scopedown: needs ACTION on TARGET",
        )  # fmt: skip
