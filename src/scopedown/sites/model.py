"""What this stage hands on: lines that name an operation of an SDK and that the analysis did not see run."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.core.place import Place


@dataclass(frozen=True, slots=True)
class CallSite:
    """A line that names an operation: ``word`` as it is written (``put_item``), ``may_call`` the IAM actions that it
    could need, as patterns.

    >>> CallSite("put_item", Place("store.py", 44, 9), ("dynamodb:PutItem",)).what
    'store.py:44:9 names put_item, and scopedown did not see that line run'
    """

    word: str
    place: Place
    may_call: tuple[str, ...]

    @property
    def what(self) -> str:
        """The site in a clause for people."""
        return f"{self.place} names {self.word}, and scopedown did not see that line run"
