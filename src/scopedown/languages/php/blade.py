"""Laravel's templates as PHP: what stands in ``{{ … }}``, ``{!! … !!}`` and ``@php … @endphp`` runs where the page is
shown (https://laravel.com/docs/blade#displaying-data)."""

from __future__ import annotations

import re
from typing import Final

ENDING: Final = ".blade.php"
_PARTS: Final = re.compile(
    rb"(?P<comment>\{\{--.*?--\}\})|@?\{\{(?P<shown>.*?)\}\}|\{!!(?P<raw>.*?)!!\}|@php\b(?!\s*\()(?P<code>.*?)@endphp\b",
    re.DOTALL,
)


def as_php(source: bytes) -> bytes:
    """The template with its expressions as PHP, line by line where they were.

    >>> as_php(b"<p>{{ Storage::url('x') }}</p>")
    b"<p><?php echo  Storage::url('x') ; ?></p>"
    """
    return _PARTS.sub(_replaced, source)


def _replaced(match: re.Match[bytes]) -> bytes:
    if match["comment"] is not None or match[0].startswith(b"@{{"):
        return b"\n" * match[0].count(b"\n")
    if match["code"] is not None:
        return b"<?php " + match["code"] + b" ?>"
    return b"<?php echo " + (match["shown"] if match["shown"] is not None else match["raw"]) + b"; ?>"
