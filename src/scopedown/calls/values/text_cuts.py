"""Cutting a text that is known in part: where the pieces are certain, and where they stop being so."""

from __future__ import annotations

from typing import assert_never

from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown

_WORDS = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName"})
_NAMES = frozenset({"AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION"})


def certain_pieces(text: Text, separator: str) -> tuple[list[Text], bool]:
    """The pieces between separators up to what may hold one, and whether that is all of the text.

    An account, a region or a function's name is a word of letters, digits, hyphens and underscores: a colon or a slash
    never cuts it (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, FunctionName). The last piece
    that is certain stands whole before the next separator.

    >>> certain_pieces(Text.of("arn:", Pseudo("AWS::Partition"), ":s3"), ":")
    ([Text('arn'), Text('${AWS::Partition}'), Text('s3')], True)
    """
    pieces: list[list[Part | str]] = [[]]
    for part in text.parts:
        if isinstance(part, Literal):
            first, *rest = part.value.split(separator)
            pieces[-1].append(first)
            pieces.extend([piece] for piece in rest)
        elif _is_word(part) and not any(one.isalnum() or one in "-_" for one in separator):
            pieces[-1].append(part)
        else:
            return [Text.of(*piece) for piece in pieces[:-1]], False
    return [Text.of(*piece) for piece in pieces], True


def _is_word(part: Part) -> bool:
    match part:
        case Pseudo(name):
            return name in _WORDS
        case EnvVar(name=name):
            return name in _NAMES
        case Literal() | Ref() | Att() | Param() | ImportValue() | AnyText() | Unknown():
            return False
        case _:
            assert_never(part)
