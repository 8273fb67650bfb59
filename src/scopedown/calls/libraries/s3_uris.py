"""``s3://bucket/key``, as the libraries that read it take it apart. Texts in, texts out; lists give each element's."""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.machine.native import LocalPath
from scopedown.calls.values import (
    Const,
    EnvVar,
    Literal,
    Sequence,
    Text,
    Unknown,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.text import Part

SCHEMES = ("s3://", "s3a://", "s3n://")
"""s3a and s3n are Hadoop's names, which smart_open, s3fs and awswrangler take as well."""


def bucket_of(value: Value) -> Value:
    """The bucket."""
    return _each(value, lambda text: _split(text)[0])


def key_of(value: Value) -> Value:
    """The key; unknown where the URI names none."""
    return _each(value, lambda text: _split(text)[1])


def keys_under(value: Value) -> Value:
    """Any key that begins as the URI's (a folder, a prefix, or a pattern, of which the fixed beginning counts)."""
    return _each(value, lambda text: _open(_before_pattern(_split(text)[1])))


def uris_under(value: Value) -> Value:
    """Any URI that begins as this one, with a scheme or without: what a listing gives."""
    return _each(value, lambda text: _open(_before_pattern(text)))


def is_uri(value: Value) -> Value:
    """Whether a text is known to begin as an S3 URI does."""
    return Const(any(_begins(address) for address in _addresses(value)))


def _begins(value: Value) -> bool:
    text = as_text(value)
    first = text.parts[0] if text is not None and text.parts else None
    if isinstance(first, EnvVar):
        default = first.default.literal if first.default is not None else None
        return default is not None and default.startswith(SCHEMES)
    return isinstance(first, Literal) and first.value.startswith(SCHEMES)


def _addresses(value: Value) -> list[Value]:
    """The elements that may be addresses: a path is none, and where one is known, what was read of an object is none
    either (``read(opened if … else "s3://b/k")``)."""
    found = [element for element in _elements(value) if not isinstance(element, LocalPath)]
    if any(_begins(one) for one in found):
        return [one for one in found if not (isinstance(one, UnknownValue) and one.reason in _CONTENT)]
    return found


_CONTENT = ("result of s3.GetObject", "result of s3.SelectObjectContent")


def _elements(value: Value) -> list[Value]:
    found: list[Value] = []
    for option in options(value):
        found += options(option.element()) if isinstance(option, Sequence) else [option]
    return found


def _each(value: Value, part: Callable[[Text], Text]) -> Value:
    texts = [as_text(address) for address in _addresses(value)]
    return join(*(UnknownValue("an S3 URI") if text is None else from_text(part(text)) for text in texts))


def _split(text: Text) -> tuple[Text, Text]:
    parts = list(text.parts)
    if parts and isinstance(first := parts[0], Literal):
        for scheme in SCHEMES:
            if first.value.startswith(scheme):
                parts[0] = Literal(first.value.removeprefix(scheme))
    for position, part in enumerate(parts):
        if isinstance(part, Literal) and "/" in part.value:
            bucket, _, key = part.value.partition("/")
            return Text.of(*parts[:position], bucket), Text.of(key, *parts[position + 1 :])
    unknown: Part = next((part for part in parts if not isinstance(part, Literal)), Literal(""))
    return Text.of(*parts), Text.unknown("a key that depends on the path") if not isinstance(
        unknown, Literal
    ) else Text()


def _open(text: Text) -> Text:
    if text.parts and isinstance(text.parts[-1], Unknown):
        return text
    return Text.of(text, Text.unknown("an object's name"))


def _before_pattern(text: Text) -> Text:
    kept: list[Part] = []
    for part in text.parts:
        if isinstance(part, Literal) and (found := [n for n, one in enumerate(part.value) if one in "*?["]):
            return Text.of(*kept, part.value[: found[0]])
        kept.append(part)
    return Text.of(*kept)
