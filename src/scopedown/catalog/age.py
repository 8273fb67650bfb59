"""How old the bundled AWS data is, and of which packages it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from scopedown.catalog import AWS_DATA

OLD: Final = 90
"""Days after which commands advise an upgrade. AWS adds operations every week."""


def today() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


def days(on: date) -> int:
    """The age of the data in days; a clock that is behind it makes it new.

    >>> days(date.fromisoformat(AWS_DATA))
    0
    """
    return max((on - date.fromisoformat(AWS_DATA)).days, 0)


def advice(age: int) -> str:
    """What to do about data of this age in days; empty where it is young enough."""
    if age <= OLD:
        return ""
    return f"the AWS data of this scopedown is {age} days old; upgrade scopedown for what AWS added since {AWS_DATA}"


def as_text(age: int) -> Iterator[str]:
    """The age of the data, and what to do about it."""
    yield f"AWS data of {AWS_DATA}, {age} {'day' if age == 1 else 'days'} old"
    if text := advice(age):
        yield text


def as_json(age: int) -> dict[str, Any]:
    """The same as one object."""
    return {"schema": "scopedown.catalog-age/1", "date": AWS_DATA, "days": age, "old": age > OLD}
