"""The ARN patterns of Resource, ArnLike and Principal.

Rules 22 to 28 and 45.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from scopedown.iam.variables import Template, template
from scopedown.iam.wildcard import ANYTHING, Glob, Predicate, Wild, glob, join, matcher


def resource_template(pattern: str, *, variables: bool, pad: bool) -> Template:
    """The pattern of a Resource or NotResource element.

    Rule 23 (contested): AWS's page on Resource says that a ``*`` which is the last character of a segment may go beyond
    the colon; the S3 guide says that wildcards cannot span segments. Access Analyzer takes two patterns
    ``arn:aws:cloudformation:*:*:stack/A/*`` and ``…/B/*`` for disjoint (aws-samples/
    iam-access-analyzer-custom-policy-check-samples, cloudformation-stack.md), which they are only where a ``*`` stays
    in its field. Read here so: in a pattern of six fields every wildcard of the first five stays inside its field. A
    pattern of fewer fields is none without that sentence of the IAM page, so there a ``*`` that ends a field, or the
    pattern, takes colons too. In the sixth field all wildcards take anything, ``/`` and ``:`` included (rule 22).

    Rule 28 (contested, undocumented): with ``pad`` (identity, boundary and session policies) a pattern of fewer than
    six fields is filled up with ``*``, unless a ``*`` of its own can already take the missing ones (rule 23); without
    it nothing is added, and a literal short ARN matches no ARN.

    Rule 30: variables only after the fifth colon; before it ``${…}`` is literal text.
    """
    if pattern == "*":
        return ANYTHING
    fields = pattern.split(":", 5)
    if pad and len(fields) < 6 and not any(field.endswith("*") for field in fields):
        fields += ["*"] * (6 - len(fields))
    parts: list[str | Wild] = []
    short = len(fields) < 6
    for at, field in enumerate(fields[:5]):
        parts += (":", *_field(field, short)) if at else _field(field, short)
    if len(fields) < 6:
        return join(parts)
    parts.append(":")
    head = join(parts)
    if variables:
        return _joined(head, template(fields[5], wildcards=True))
    return join((*head, *glob(fields[5])))


def _joined(head: Glob, tail: Template) -> Template:
    if head and tail and isinstance(head[-1], str) and isinstance(tail[0], str):
        return (*head[:-1], head[-1] + tail[0], *tail[1:])
    return (*head, *tail)


def _field(field: str, short: bool) -> list[str | Wild]:
    """One of the first five fields; in a ``short`` pattern a star at its end takes colons (rule 23)."""
    parts: list[str | Wild] = []
    for at, char in enumerate(field):
        if char == "*":
            parts.append(Wild.ANY if short and at == len(field) - 1 else Wild.ANY_IN_FIELD)
        elif char == "?":
            parts.append(Wild.ONE_IN_FIELD)
        else:
            parts.append(char)
    return parts


def arn_like(fields: tuple[Glob, ...]) -> Predicate:
    """A predicate over whole ARNs for ArnLike's six field patterns; no field's wildcard crosses a colon (rule 45)."""
    tests = [matcher(field) for field in fields]

    def matches(text: str) -> bool:
        given = text.split(":", 5)
        return len(given) == 6 and all(test(field) for test, field in zip(tests, given, strict=True))

    return matches


def split_fields(pattern: Glob) -> tuple[Glob, ...] | None:
    """A pattern cut at its first five colons, or None where there are fewer."""
    fields: list[list[str | Wild]] = [[]]
    for part in pattern:
        if isinstance(part, Wild):
            fields[-1].append(part)
            continue
        pieces = part.split(":", 6 - len(fields))
        fields[-1].append(pieces[0])
        fields.extend([piece] for piece in pieces[1:])
    return tuple(join(field) for field in fields) if len(fields) == 6 else None
