"""The checks: the texts and examples of ``findings/findings.toml``, each with the function that is registered for its
code; and the codes that none decides."""

from __future__ import annotations

import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.core.tables import read_rows
from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.finders import FINDERS
from scopedown.validate.model import Check, Example, Type
from scopedown.validate.values import Found

_FOLDER = Path(__file__).parent
_FINDINGS = _FOLDER / "findings"
_ORDER = tuple(Type)


@cache
def checks() -> tuple[Check, ...]:
    """Every check, by type and code."""
    for module in pkgutil.iter_modules([str(_FINDINGS)]):
        import_module(f"scopedown.validate.findings.{module.name}")
    sections = tomllib.loads((_FINDINGS / "findings.toml").read_text(encoding="utf-8"))
    found = [_check(code, **section) for code, section in sections.items()]
    return tuple(sorted(found, key=lambda check: (_ORDER.index(check.type), check.code)))


def _check(
    code: str, *, type: str, bad: str | list[str], good: str | list[str], kind: str = "identity",
    resource_type: str = "", repeat: int = 0, **texts: Any,
) -> Check:  # fmt: skip
    """The check of one section. ``repeat``: how often the text with # in ``bad`` is there, each with a number for #."""
    if repeat:
        bad = re.sub(
            '"[^"]*#.*?"', lambda text: ", ".join(text[0].replace("#", f"{at}") for at in range(repeat)), f"{bad}"
        )
    reported, silent = (Example(_document(text), Kind(kind), resource_type) for text in (bad, good))
    return Check(code, Type(type), reported, silent, FINDERS[code], **texts)


def _document(written: str | list[str]) -> str:
    """The text of an example, which is written as a whole document or as its statements.

    >>> print(_document('{"Effect": "Allow"}'))
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow"}
    ]}
    """
    if isinstance(written, str) and '"Statement"' in written:
        return written
    statements = ",\n".join(f"  {one}" for one in ([written] if isinstance(written, str) else written))
    return f'{{"Version": "2012-10-17", "Statement": [\n{statements}\n]}}'


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


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found of a document."""

    check: Check
    document: PolicyDocument
    found: Found


def findings(document: PolicyDocument, chosen: Iterable[Check] | None = None) -> Iterator[Finding]:
    """What the chosen checks (all by default) find of one document, by place."""
    every = [
        Finding(check, document, found)
        for check in (checks() if chosen is None else chosen)
        for found in dict.fromkeys(check.find(document))
    ]
    yield from sorted(every, key=lambda one: (one.found.place, one.check.code, one.found.about))
