"""Upper and lower case, as IAM ignores it: the letters A to Z and no others.

Python's own folding knows more: the Kelvin sign (U+212A) becomes ``k``, and ``ß`` becomes ``ss``. A policy that names
``kms:Decrypt`` or the tag ``strasse`` would then fit a request that nobody meant, so only ASCII is folded.
"""

from __future__ import annotations

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def fold(text: str) -> str:
    """A text with its ASCII letters in lower case.

    >>> fold("S3:GetObject"), fold("\\u212ams:Decrypt") == "kms:decrypt"
    ('s3:getobject', False)
    """
    return text.lower() if text.isascii() else text.translate(_LOWER)


def cases_of(char: str) -> frozenset[str]:
    """The characters that are the same where case is ignored."""
    if not char.isascii():
        return frozenset((char,))
    return frozenset((char, char.lower(), char.upper()))
