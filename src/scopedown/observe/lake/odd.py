"""Files that are not as CloudTrail writes them, found by their first bytes: engines would misread them in silence.

Every engine leaves them to the reader of the standard library (:mod:`scopedown.observe.reading.cloudtrail`), which says
what of them cannot be read.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from scopedown.observe.reading.files import BEGINNING

_GZIP = b"\x1f\x8b"
_FIRST = 256
_USUAL = BEGINNING.encode()


def longest_line(path: Path) -> int:
    """The bytes of a file's text if it begins as CloudTrail's files do, else 0. Of a compressed file it is the size
    that gzip's trailer says, which a damaged file does not have."""
    try:
        with path.open("rb") as file:
            first = file.read(_FIRST)
            file.seek(0, 2)
            size = file.tell()
            if not is_gzip(first):
                return size if first.startswith(_USUAL) else 0
            file.seek(-4, 2)
            size = int.from_bytes(file.read(4), "little")
            text = zlib.decompressobj(wbits=31).decompress(first, _FIRST)
            return size if text.startswith(_USUAL) else 0
    except (OSError, zlib.error):
        return 0


def is_gzip(first: bytes) -> bool:
    """Whether bytes begin a gzip file, whatever it is called."""
    return first[:2] == _GZIP
