"""The ARNs of a statement's resources, field by field, and the forms that the service reference has for them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scopedown.core.arn import parse_arn
from scopedown.core.place import Place
from scopedown.iam.language import is_token
from scopedown.validate.document import Statement
from scopedown.validate.facts import Facts
from scopedown.validate.values import Found, is_known

_IN_VARIABLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class ResourceArn:
    """A resource of a statement that is an ARN of six fields. ``text`` is as written; in the fields, policy variables
    and parts that only the deployment knows are ``*``."""

    text: str
    place: Place
    partition: str
    service: str
    region: str
    account: str
    resource: str
    is_known: bool

    def found(self, message: str) -> Found:
        """What a check finds of the ARN."""
        return Found(message, self.place, self.text)

    def is_literal(self, field: str) -> bool:
        """Whether a field has no wildcard."""
        return not set(field) & set("*?")


def arns_of(statement: Statement) -> Iterator[ResourceArn]:
    """The resources that are ARNs with all fields. Other entries are what other checks are about."""
    for value in statement.resources:
        arn = arn_of(value.text or "", value.place)
        if arn is not None:
            yield arn


def arn_of(text: str, place: Place) -> ResourceArn | None:
    """A text as a resource's ARN; None where it has not six fields, as far as they are known."""
    blurred = "".join("*" if is_token(char) else char for char in _IN_VARIABLE.sub("*", text))
    found = parse_arn(blurred)
    if found is None:
        return None
    return ResourceArn(text, place, *found[1:], is_known(text))


def forms(arn: ResourceArn, facts: Facts) -> tuple[tuple[str, ...], ...] | None:
    """The forms of its service's resources that its last field may have; None where the reference lists none of the
    service, or the service is not known."""
    listed = facts.formats.get(arn.service)
    if not listed:
        return None
    return tuple(form for form in listed if overlap(arn.resource, form[5]))


@lru_cache(maxsize=65536)
def overlap(one: str, other: str) -> bool:
    """Whether some text fits both of two patterns; ``*`` is any characters, ``?`` is one.

    >>> overlap("function:a*", "function:*"), overlap("table/x", "index/*")
    (True, False)
    """
    head = re.split(r"[*?]", one)[0]
    other_head = re.split(r"[*?]", other)[0]
    if not (head.startswith(other_head) or other_head.startswith(head)):
        return False
    reached = {0}  # positions in the other pattern that the part of the first so far can have reached
    for char in one:
        reached = _closed(reached, other)
        if char == "*":
            first = min(reached, default=len(other) + 1)
            reached = set(range(first, len(other) + 1))
        else:
            after = {at for at in reached if at < len(other) and other[at] == "*"}
            after |= {at + 1 for at in reached if at < len(other) and (other[at] in (char, "?") or char == "?")}
            reached = after
        if not reached:
            return False
    return len(other) in _closed(reached, other)


def _closed(reached: set[int], other: str) -> set[int]:
    """Also the positions after stars that take nothing."""
    out = set(reached)
    for at in sorted(reached):
        while at < len(other) and other[at] == "*":
            at += 1
            out.add(at)
    return out
