"""The forms in which a :class:`~scopedown.checks.results.Report` is told: one module, one form.

Each has ``render(report)``, which gives the whole text, or the bytes of Parquet. :data:`FORMS` says which there
are. The options of the command are made of this module, which therefore imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopedown.checks.results import Report

FORMS = {
    "text": "text",
    "json": "json_report",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
    "ndjson": "ndjson",
    "parquet": "parquet",
}
"""A form's name, and its module."""


def form(name: str) -> Callable[[Report], str | bytes]:
    """The function that renders a form."""
    render: Callable[[Report], str | bytes] = import_module(f"{__name__}.{FORMS[name]}").render
    return render
