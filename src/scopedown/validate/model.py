"""What a check of policies is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from scopedown.core.finding import Severity
from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.values import Found

REFERENCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


class Type(StrEnum):
    """AWS's four types of findings."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    SECURITY_WARNING = "SECURITY_WARNING"
    SUGGESTION = "SUGGESTION"

    @property
    def severity(self) -> Severity:
        """What gates and forms count it as."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Type.ERROR: Severity.ERROR,
    Type.WARNING: Severity.WARNING,
    Type.SECURITY_WARNING: Severity.WARNING,
    Type.SUGGESTION: Severity.NOTE,
}
_ANCHORS = {
    Type.ERROR: "error",
    Type.WARNING: "general-warning",
    Type.SECURITY_WARNING: "security-warning",
    Type.SUGGESTION: "suggestion",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A document, as text, and what it is: of which kind, and of which resource (AWS's name of the type)."""

    text: str
    kind: Kind = Kind.IDENTITY
    resource_type: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of AWS's policy validation: its code and type, our words for it, and the function that finds it.

    ``bad`` is a document on which this check alone finds something, ``good`` the same corrected. ``by_aws`` says that
    both are examples of AWS's reference. ``reading`` is empty where AWS's reference says when the finding is reported;
    else it says what scopedown takes the code to mean, and ``source`` on which page that rests.
    """

    code: str
    type: Type
    bad: Example
    good: Example
    find: Callable[[PolicyDocument], Iterator[Found]]
    summary: str
    explanation: str
    remedy: str
    by_aws: bool = False
    reading: str = ""
    source: str = ""

    @property
    def id(self) -> str:
        """What reports call it: AWS's code."""
        return self.code

    @property
    def name(self) -> str:
        """The code in kebab case: ``invalid-action``."""
        return self.code.lower().replace("_", "-")

    @property
    def severity(self) -> Severity:
        """What gates and forms count it as."""
        return self.type.severity

    @property
    def security(self) -> float:
        """The severity from 0 to 10 that GitHub shows for security findings; 0 for others."""
        return 6.0 if self.type is Type.SECURITY_WARNING else 0.0

    @property
    def codes(self) -> tuple[str, ...]:
        """Its one code, as the rules of ``scopedown check`` name theirs."""
        return (self.code,)

    @property
    def link(self) -> str:
        """AWS's own text about it."""
        return f"{REFERENCE}#access-analyzer-reference-policy-checks-{_ANCHORS[self.type]}-{self.name}"
