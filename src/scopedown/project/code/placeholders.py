"""Source that stands in for the code that is deployed later.

The rule: what does nothing is a placeholder where its text says so. The text must import nothing through which AWS
could be called, and either be empty but for comments and one word, or speak of a placeholder, a stub, or of being
replaced or deployed. A small function that does something, and an empty one that says nothing, is code.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 1_500
"""Characters; nobody writes a longer placeholder."""

_COMMENTS: Final = re.compile(r"/\*.*?(?:\*/|\Z)|(?<![:'\"])//[^\n]*|#[^\n]*", re.DOTALL)
_WORD: Final = re.compile(r"[\s;'\"]*[\w.-]*[\s;'\"]*")
_IMPORTS: Final = re.compile(r"\b(?:import|require|fetch|__import__|globalThis|eval|exec)\b")
_HARMLESS: Final = re.compile(r"^[ \t]*import (?:json|logging|os|sys)[ \t]*$", re.MULTILINE)
_PHRASES: Final = (
    "placeholder", "place-holder", "dummy", "stub", "overwritten", "replaced", "replace (?:this|me|it)",
    "bootstrap code", "(?:real|actual) code", "code here", "(?:will|to) be (?:deployed|updated|uploaded)",
    "deployed (?:by|later|separately|from)", "not (?:yet )?deployed",
)  # fmt: skip
_SAYS_SO: Final = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b", re.IGNORECASE)


_GREETS: Final = re.compile(r"\bhello[\s,]*(?:world|from lambda|lambda)\b", re.IGNORECASE)


def is_greeting(text: str) -> bool:
    """Whether a source does nothing but say hello, as the code does with which AWS and tutorials make a function.

    >>> is_greeting("exports.handler = async () => ({statusCode: 200, body: 'Hello from Lambda!'})")
    True
    """
    if len(text) > LONGEST or _IMPORTS.search(_HARMLESS.sub("", _COMMENTS.sub("", text))):
        return False
    return _GREETS.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether a source stands in for another one.

    >>> is_placeholder("// replaced by the pipeline\\nexports.handler = async () => {}")
    True
    >>> is_placeholder("exports.handler = async () => ({statusCode: 200})")
    False
    """
    if len(text) > LONGEST:
        return False
    code = _COMMENTS.sub("", text)
    if _WORD.fullmatch(code):
        return True
    if _IMPORTS.search(_HARMLESS.sub("", code)):
        return False
    return _SAYS_SO.search(text) is not None
