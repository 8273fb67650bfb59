"""What is told of functions that may need more than is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.compare.doubt import needs_of
from scopedown.core.finding import Finding
from scopedown.scan import ProjectScan

_SHOWN: Final = 3


def unsure(scan: ProjectScan) -> Iterator[Finding]:
    """The functions that may need more than they are given, and what to do about it. Packages are named once, for all
    functions together."""
    for function in scan.functions:
        told = {str(call.place) for call in function.report.possible}
        whats = [
            what
            for what in dict.fromkeys(what for _, what in needs_of(function, scan.project))
            if not {word.strip(",") for word in what.split()} & set(function.report.not_analysed)
            and not (what.endswith(")") and what[what.rindex("(") + 1 : -1] in told)
        ]
        if whats and function.is_searched:
            more = f", and {len(whats) - _SHOWN} more" if len(whats) > _SHOWN else ""
            yield Finding(
                "write-unsure",
                f"{function.function.key} may need more permissions: {'; '.join(whats[:_SHOWN])}{more}",
                function.function.place,
                'say what the code needs with the comment "# scopedown: needs ACTION on TARGET"',
            )
    modules = sorted(
        {name for function in scan.functions if function.is_searched for name in function.report.not_analysed}
    )
    if modules:
        yield Finding(
            "write-unsure", f"scopedown did not read these modules: {', '.join(modules)}", None,
            'say what they need with the comment "# scopedown: needs ACTION on TARGET"',
        )  # fmt: skip
