"""Shell commands as lists of words, read and never run.

In: the text of a script, or of one line of another file. Out: :class:`Line` after line, each with its commands split at
``;``, ``&&``, ``||`` and ``|``; the words ``(`` and ``)`` stand for a subshell's ends. Quotes are taken away; what a
``$(…)`` gives is one word that begins with ``$(``. Not a shell: what it does not know, it leaves as it is.
Reference: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

UNKNOWN: Final = "\x01"
"""Stands for a part of a word that is not known."""

_SUBSTITUTED: Final = re.compile(r"\$\(((?:[^()]|\([^()]*\))*)\)|`([^`]*)`")
_VARIABLE: Final = re.compile(r"\$(?:\{([^{}]*)\}|\(([A-Za-z_][\w.-]*)\)|([A-Za-z_]\w*|[0-9@*<^?]))")
_HEREDOC: Final = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
_LONGEST: Final = 5_000
_MOST_LINES: Final = 5_000
SEPARATORS: Final = frozenset({";", "&&", "||", "|", "&", ";;"})


def lines_of(text: str) -> Iterator[str]:
    """The lines of a script, continued ones joined; the bodies of here-documents are left out."""
    end = None
    for line in text.replace("\r\n", "\n").replace("\\\n", " ").split("\n")[:_MOST_LINES]:
        if end is not None:
            end = None if line.strip() == end else end
            continue
        match = _HEREDOC.search(line)
        end = match[1] if match is not None else None
        if len(line) <= _LONGEST:
            yield line


def words_of(line: str) -> list[str]:
    """A line's words and operators; none where its quotes do not close.

    >>> words_of('cd "a b" && zip -r x.zip . # all')
    ['cd', 'a b', '&&', 'zip', '-r', 'x.zip', '.']
    """
    return list(_words_of(line))


@lru_cache(maxsize=2048)
def _words_of(line: str) -> tuple[str, ...]:
    """The same; projects of one repository follow its scripts each, from every folder that they may be run from."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        if match[1] is not None and re.fullmatch(r"[A-Za-z_][\w.-]*|[@<^*?]", match[1]):
            return "${" + match[1] + "}"  # a variable, as Make writes it
        held.append(match[1] if match[1] is not None else match[2])
        return f"\x02{len(held) - 1}\x02"

    lexer = shlex.shlex(_SUBSTITUTED.sub(hold, line), posix=True, punctuation_chars="();|&<>")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:
        return ()
    found: list[str] = []
    for word in words:
        if word and set(word) <= set("();|&<>") and len(word) > 1 and set(word) & set("()"):
            found += list(word)  # `))` and `;)` are several operators
        else:
            found.append(re.sub("\x02(\\d+)\x02", lambda match: f"$({held[int(match[1])]})", word))
    return tuple(found)


def expand(word: str, variables: Mapping[str, str], depth: int = 0) -> str:
    """A word with its variables replaced; what is not known becomes :data:`UNKNOWN`.

    >>> expand("out/${NAME}.zip", {"NAME": "a"})
    'out/a.zip'
    """
    if "$" not in word or depth > 5:
        return word.replace("$", UNKNOWN) if depth > 5 else word

    def substituted(match: re.Match[str]) -> str:
        inner = words_of(match[1] if match[1] is not None else match[2])
        arguments = [expand(one, variables, depth + 1) for one in inner[1:]]
        match inner[:1], arguments:
            case ["basename"], [path, *suffix]:
                name = posixpath.basename(path.rstrip("/"))
                return name.removesuffix(suffix[0]) if suffix else name
            case ["dirname"], [path]:
                return posixpath.dirname(path.rstrip("/")) or "."
            case ["pwd"], _:
                return variables.get("PWD", UNKNOWN)
            case ["cd"], [path, "&&", "pwd", *_]:
                return path
            case ["realpath" | "readlink"], [*_, path]:
                return path
            case ["echo"], [*said]:
                return " ".join(said)
        return UNKNOWN

    def variable(match: re.Match[str]) -> str:
        written = match[1] if match[1] is not None else match[2] or match[3]
        return _valued(written, variables)

    return _VARIABLE.sub(variable, _SUBSTITUTED.sub(substituted, word))[:_LONGEST]


def _valued(written: str, variables: Mapping[str, str]) -> str:
    """``NAME``, ``NAME:-default``, ``NAME%/`` and ``NAME##*/``."""
    match = re.match(r"([A-Za-z_][\w.-]*|[0-9@<^*?])(.*)\Z", written, re.DOTALL)
    if match is None:
        return UNKNOWN
    name, operation = match[1], match[2]
    value = variables.get(name)
    if operation.startswith((":-", "-", ":=")):
        default = operation.partition("-" if "-" in operation[:2] else "=")[2]
        return value if value else expand(default, variables, 1)
    if value is None:
        return UNKNOWN
    if operation.startswith(("##*/", "#*/")):
        return value.rpartition("/")[2]
    if operation.startswith("%"):
        suffix = operation.lstrip("%")
        return value.removesuffix(suffix) if "*" not in suffix else value.rpartition(suffix[0])[0] or value
    return value if not operation or operation.startswith("[") else UNKNOWN
