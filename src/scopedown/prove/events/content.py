"""A small valid content for a file of an ending, as the object that an S3 event names."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

_PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""A picture (PNG) of one point; libraries tell a picture's kind from its content."""
_CONTENT: Final[Mapping[str, bytes]] = {
    ".csv": b"id,name\nsample-1,sample name\n",
    ".gif": _PICTURE,
    ".jpeg": _PICTURE,
    ".jpg": _PICTURE,
    ".json": b'{"id": "sample-1", "name": "sample name"}',
    ".png": _PICTURE,
    ".xml": b"<sample/>",
}


def content_for(suffix: str) -> bytes:
    """The content; a line of text where the ending is another."""
    return _CONTENT.get("." + suffix.lower().rpartition(".")[2], b"sample text\n")
