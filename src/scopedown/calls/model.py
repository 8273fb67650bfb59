"""What call analysis hands to the next stage: the SDK calls that a handler can make.

An argument is what is known of a value: :class:`~scopedown.core.text.Text` for strings, plain
scalars, sequences and mappings, :class:`Alternatives` where several values can arrive, and a Text with an
``Unknown`` part where the value is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scopedown.core.coverage import Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.sites.model import CallSite

DECLARED = "<declared>"
"""Under this name, which no variable has, a run is told of a function's variables that are not set to known text:
``NAME=beginning NAME= …``, with how the text of each begins."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several arguments, depending on the path taken at run time (at most eight)."""

    options: tuple[Argument, ...]


Argument = Text | bool | int | float | None | tuple["Argument", ...] | Mapping[str, "Argument"] | Alternatives


@dataclass(frozen=True, slots=True)
class SdkCall:
    """One API operation that can be called.

    ``service`` is botocore's service name, ``operation`` the API operation (``PutItem``, not ``put_item``);
    ``arguments`` are by API parameter name; ``path`` names the functions from the handler to the call.
    ``sdk`` is what made it: ``boto3``, ``js-v2``, ``js-v3`` or a library's name.
    ``credentials`` is the role's ARN where the call is made with other credentials than the
    function's own (AssumeRole), else None.
    """

    service: str
    operation: str
    arguments: Mapping[str, Argument]
    place: Place
    path: tuple[str, ...]
    sdk: str
    credentials: Text | None = None
    switches: tuple[str, ...] = ()
    """Environment variables that the function leaves unset or sets otherwise, and without which it does not make the
    call; empty where it may."""

    @property
    def name(self) -> str:
        """``service.Operation``, as the reports print it."""
        return f"{self.service}.{self.operation}"


@dataclass(frozen=True, slots=True)
class PossibleCall:
    """A call on a receiver of unknown type that fits an SDK operation: told, never granted."""

    service: str
    operation: str
    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a comment says that the code needs: ``actions`` and the ``target`` as written (``ref:Table/index/*``)."""

    actions: tuple[str, ...]
    target: str
    place: Place

    @property
    def said(self) -> str:
        """The hint in its own words."""
        return f"needs {', '.join(self.actions)} on {self.target}"


@dataclass(frozen=True, slots=True)
class IgnoredCall:
    """A call that a comment at ``hint`` leaves out."""

    service: str
    operation: str
    place: Place
    reason: str
    hint: Place

    @property
    def name(self) -> str:
        """``service.Operation``, as the reports print it."""
        return f"{self.service}.{self.operation}"


@dataclass(frozen=True, slots=True)
class IdleHint:
    """A hint that comes to nothing for this entry; for another one of the project it may."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class CallReport:
    """All that was found from one entry point."""

    calls: tuple[SdkCall, ...] = ()
    possible: tuple[PossibleCall, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Unparsable files, bounds that were hit, handlers that do not exist."""
    not_analysed: tuple[str, ...] = ()
    """External modules that may call AWS and that were not looked into; each is among ``unseen``."""
    files: tuple[str, ...] = ()
    functions_entered: int = 0
    statistics: Mapping[str, int] = field(default_factory=dict)
    hints: tuple[Hint, ...] = ()
    """Those of functions that are reached."""
    ignored: tuple[IgnoredCall, ...] = ()
    """Calls that are not in ``calls`` or ``possible`` because a comment says so."""
    idle: tuple[IdleHint, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    """Parts of the code that were not seen."""
    sites: tuple[CallSite, ...] = ()
    """Lines that name an operation and that the analysis did not evaluate (``scopedown/sites``)."""
    fault: str = ""
    """Which fault of scopedown ended the analysis, so that nothing of the code was seen; empty where none did."""
    harmless: tuple[str, ...] = ()
    """External packages that were not read because they cannot call AWS."""
