"""Texts with wildcards, as regular expressions.

A pattern is a list of pieces: a piece is either `ANY` (the wildcard *), `ONE` (the wildcard ?) or one literal
character. Keeping the wildcards apart from the characters lets the value of a policy variable hold a star that is
only a star.
"""

import re

ANY = object()
ONE = object()

Piece = object
Pattern = list[Piece]


def pieces_of(text: str) -> Pattern:
    """Read the stars and question marks of `text` as wildcards, all else as itself."""
    return [ANY if character == "*" else ONE if character == "?" else character for character in text]


def literal_pieces(text: str) -> Pattern:
    """Read every character of `text` as itself."""
    return list(text)


def expression(pattern: Pattern, any_: str = ".*", one: str = ".") -> str:
    """The regular expression of a pattern."""
    written: list[str] = []
    for piece in pattern:
        if piece is ANY:
            # Two stars say what one star says, and only one keeps the regular expression from exploding.
            if not (written and written[-1] == any_):
                written.append(any_)
        elif piece is ONE:
            written.append(one)
        else:
            written.append(re.escape(str(piece)))
    return "".join(written)


def matches(pattern: Pattern, text: str) -> bool:
    """Whether the whole of `text` fits; a wildcard matches any character, a line feed too."""
    return re.fullmatch(expression(pattern), text, re.DOTALL) is not None


def equals(pattern: Pattern, text: str) -> bool:
    """Whether `text` is the pattern, its wildcards read as the characters * and ?."""
    return "".join("*" if piece is ANY else "?" if piece is ONE else str(piece) for piece in pattern) == text


def matches_ignoring_case(pattern: Pattern, text: str) -> bool:
    """As `matches`, upper and lower case being the same."""
    return re.fullmatch(expression(pattern), text, re.DOTALL | re.IGNORECASE | re.ASCII) is not None


def split_fields(pattern: Pattern) -> list[Pattern]:
    """Cut a pattern at its first five colons, as an ARN is cut; fewer fields come out when there are fewer colons."""
    fields: list[Pattern] = [[]]
    for piece in pattern:
        if piece == ":" and len(fields) < 6:
            fields.append([])
        else:
            fields[-1].append(piece)
    return fields


def arn_matches_field_by_field(pattern: Pattern, text: str) -> bool:
    """ARN operators: each of the six fields on its own, so that a wildcard never crosses a colon of the first five.

    Source: reference_policies_elements_condition_operators, "ArnEquals, ArnLike".
    A text that is no ARN (not six fields beginning with arn) matches nothing.
    """
    if not is_arn(text):
        return False
    fields = split_fields(pattern)
    if len(fields) != 6:
        return False
    return all(matches(field, part) for field, part in zip(fields, text.split(":", 5), strict=True))


def is_arn(text: str) -> bool:
    """Whether a text has the six fields of an ARN."""
    return text.startswith("arn:") and text.count(":") >= 5


def resource_arn_matches(pattern: Pattern, text: str) -> bool:
    """Resource elements: field by field.

    Source: reference_policies_elements_resource: wildcards stand within the segments; "If the * wildcard is the
    last character of a resource ARN segment, it can expand to match beyond the colon boundaries."
    Contested: the S3 guide says that wildcards cannot span segments, and Access Analyzer takes two patterns as disjoint
    that would meet if they did. A pattern with all six fields is taken so; a shorter one can only match with that
    sentence, so in it a star that ends a field runs over colons.
    """
    written = []
    fields = split_fields(pattern)
    for place, field in enumerate(fields):
        last_star_runs_on = bool(field) and field[-1] is ANY and len(fields) < 6
        inside, runs_on = ("[^:]", ".*") if place < 5 else (".", ".*")
        if last_star_runs_on:
            written.append(expression(field[:-1], inside + "*", inside) + runs_on)
        else:
            written.append(expression(field, inside + "*", inside))
    return re.fullmatch(":".join(written), text, re.DOTALL) is not None


def ascii_lower(text: str) -> str:
    """Case is ignored among the letters A to Z: the Kelvin sign is no k, and a sharp s is not ss."""
    return "".join(char.lower() if char.isascii() else char for char in text)
