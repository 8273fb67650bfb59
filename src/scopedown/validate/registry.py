"""The checks: those of the modules of :mod:`.findings`, found by their files; and the codes that none decides."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.tables import read_rows
from scopedown.validate.model import Check, Type

_FOLDER = Path(__file__).parent
_ORDER = tuple(Type)


@cache
def checks() -> tuple[Check, ...]:
    """Every check, by type and code."""
    modules = pkgutil.iter_modules([str(_FOLDER / "findings")])
    found = [import_module(f"scopedown.validate.findings.{module.name}").CHECK for module in modules]
    return tuple(sorted(found, key=lambda check: (_ORDER.index(check.type), check.code)))


@cache
def undecided() -> dict[str, tuple[Type, str]]:
    """The codes that cannot be decided offline → their type and the reason."""
    rows = read_rows(_FOLDER / "undecided.tsv", ("code", "type", "reason"))
    return {row["code"]: (Type(row["type"]), row["reason"]) for row in rows}


def chosen(names: list[str] | tuple[str, ...]) -> tuple[Check, ...]:
    """The checks that are named by code (in any spelling), by type, or by the beginning of codes (``PASS_ROLE``).

    Raises ScopedownError for a name that is none of them.
    """
    found: dict[str, Check] = {}
    for name in names:
        folded = name.upper().replace("-", "_")
        fits = [check for check in checks() if folded in (check.code, check.type)]
        fits = fits or [check for check in checks() if check.code.startswith(folded)]
        if not fits:
            reason = undecided().get(folded)
            remedy = f"scopedown does not decide it: {reason[1]}" if reason else "scopedown rule lists the findings"
            raise ScopedownError(f"no finding is named {name!r}", None, remedy)
        found |= {check.code: check for check in fits}
    return tuple(found.values())
