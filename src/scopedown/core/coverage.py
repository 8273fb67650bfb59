"""How much of a function's code was seen: a value that travels with what was found, as provenance does.

Whatever takes a right away, narrows one, or calls one missing or unused reads it first (docs/coverage.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from scopedown.core.place import Place

HINT: Final = "add a comment that lists what it needs: # scopedown: needs ACTION on TARGET"
"""The remedy where code was not read, or not understood."""


class Cause(Enum):
    """Why a part of a function's code was not seen."""

    SOURCE = "source"
    """The handler's source was not found: an image, an archive, a language that is not analysed."""
    PLACEHOLDER = "placeholder"
    """The source in the repository stands in for code that is deployed later."""
    SYNTAX = "syntax"
    """A file could not be read or parsed whole."""
    IMPORT = "import"
    """An import of the project's own code leads nowhere."""
    PACKAGE = "package"
    """A package that was not read may call AWS."""
    LAYER = "layer"
    """A layer or an extension whose code is not in the project."""
    WRAPPER = "wrapper"
    """The handler is another one's, which runs the project's own."""
    PLUGIN = "plugin"
    """A plugin of the framework that was not read may change the function or its role."""
    DISPATCH = "dispatch"
    """A call on a value that is not known may be one of the SDK's."""
    CREDENTIALS = "credentials"
    """Under a condition the code uses the credentials of another role."""
    OPERATION = "operation"
    """The AWS data does not know a service or an operation."""
    LIMIT = "limit"
    """The analysis reached one of its limits."""
    FAULT = "fault"
    """A fault of scopedown ended the analysis."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of a function's code that was not seen, so that its rights may serve it.

    ``what`` is a clause for people (``./lib/store was not found``). ``may_call`` are patterns of IAM actions
    (``s3:*``) that evidence limits it to; ``*`` where there is none.

    >>> Unseen(Cause.IMPORT, "./lib/store was not found").may_call
    ('*',)
    """

    cause: Cause
    what: str
    place: Place | None = None
    may_call: tuple[str, ...] = ("*",)
    remedy: str = ""
    called: tuple[str, str] = ("", "")
    """Of an operation that the AWS data does not know: the service and the name in the code (``s3``, ``copyAll``);
    of an unknown service, nothing and its plain name (``orbit`` of ``@aws-sdk/client-orbit``)."""


class Verdict(Enum):
    """How much of a function's code was seen."""

    WHOLE = "whole"
    PARTLY = "partly"
    NONE = "not at all"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a function's code was seen, and each part that was not.

    >>> Coverage().verdict, Coverage((Unseen(Cause.LIMIT, "too deep"),)).verdict
    (<Verdict.WHOLE: 'whole'>, <Verdict.PARTLY: 'partly'>)
    """

    unseen: tuple[Unseen, ...] = ()
    nothing: bool = False
    """Whether no line of the handler was read."""

    @property
    def verdict(self) -> Verdict:
        """Whole only where nothing was left out."""
        if self.nothing:
            return Verdict.NONE
        return Verdict.PARTLY if self.unseen else Verdict.WHOLE

    @property
    def is_whole(self) -> bool:
        """Whether all of the code was seen."""
        return self.verdict is Verdict.WHOLE
