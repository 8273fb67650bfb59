"""A fault of scopedown in the analysis of one function: a finding of that function, and no matter of the others.

In: the exception. Out: the function's report, which has no calls and says that nothing of its code was seen.
"""

from __future__ import annotations

import os
from pathlib import Path
from traceback import extract_tb

from scopedown.calls.model import CallReport
from scopedown.core.finding import Finding, Severity, printable
from scopedown.core.place import Place

TRACEBACK = "SCOPEDOWN_TRACEBACK"
"""The environment variable that shows where a fault happened: the exception ends the command then."""
_PACKAGE = str(Path(__file__).resolve().parent.parent)


def report_of_fault(key: str, place: Place | None, error: Exception) -> CallReport:
    """The report of a function whose analysis raised ``error``; raises it where the user wants to see its traceback."""
    if isinstance(error, MemoryError) or os.environ.get(TRACEBACK):
        raise error
    what = f"a fault of scopedown ended the analysis of the function {printable(key)} ({described(error)})"
    remedy = f"report it to scopedown; {TRACEBACK}=1 shows the whole traceback"
    return CallReport(findings=(Finding("internal-error", what, place, remedy, Severity.ERROR),), fault=what)


def described(error: Exception) -> str:
    """The type of an exception, and the last line of scopedown that it passed: ``KeyError at calls/find.py:60``."""
    places = [
        f"{os.path.relpath(frame.filename, _PACKAGE).replace(os.sep, '/')}:{frame.lineno}"
        for frame in extract_tb(error.__traceback__)
        if frame.filename.startswith(_PACKAGE)
    ]
    return f"{type(error).__name__} at {places[-1]}" if places else type(error).__name__
