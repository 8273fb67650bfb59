"""Log files: which of a folder are logs, and their records, one file at a time and with flat memory.

CloudTrail writes ``{"Records": […]}``, gzipped and on one line. Read are also arrays of records, one record a line,
EventBridge's events (the record is their ``detail``), and what ``lookup-events`` prints (the record is the text in
``CloudTrailEvent``).

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
"""

from __future__ import annotations

import codecs
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

ENDINGS = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".log", ".log.gz")
_SKIPPED = ("CloudTrail-Digest", "CloudTrail-Insight")
"""Folders beside the logs: signatures of files, and unusual activity, which asks for no permission."""
BEGINNING = '{"Records":[{"'
"""Of a file as CloudTrail writes it."""
WHOLE = 16 * 1024 * 1024
"""Bytes up to which a document is parsed at once; a longer one is read record by record."""
_PIECE = 1024 * 1024
_LONGEST = 8 * 1024 * 1024
"""Characters of one record, at most: CloudTrail's have 256 KB."""


class UnreadableError(Exception):
    """A file that is no log, or is damaged: why, in words. What was read of it before counts."""


def log_files(paths: Iterable[Path]) -> list[Path]:
    """The files that the user means: a file as it is, of a folder every log below it, by name. Links to folders are not
    followed. Raises ScopedownError where a path does not exist."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_below(path)))
        elif path.exists():
            found[path] = None
        else:
            raise ScopedownError("this file or folder does not exist", Place(str(path)), "give the folder of the logs")
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for current, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            if name.lower().endswith(ENDINGS):
                yield Path(current, name)


def records(path: Path, taken: Callable[[str], bool] = lambda text: False) -> Iterator[list[Any]]:
    """The records of a file, in lists; none of a text that is ``taken``. Raises UnreadableError, at the place where it
    can be read no further."""
    try:
        with _opened(path) as file:
            first = file.read(WHOLE)
            if len(first) < WHOLE:
                if not _is_taken(first, taken):
                    yield from _whole(first)
            else:
                yield from _streamed(first, file)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(getattr(error, "strerror", None) or "its compressed data are damaged") from None


def _is_taken(data: bytes, taken: Callable[[str], bool]) -> bool:
    try:
        return taken(data.decode())
    except UnicodeDecodeError:
        return False


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if is_gzip else path.open("rb")


def _whole(data: bytes) -> Iterator[list[Any]]:
    """The records of a document, or of one document a line."""
    try:
        yield list(_records(json.loads(data)))
        return
    except (ValueError, RecursionError):
        lines = data.splitlines()
    if len(lines) < 2:
        raise UnreadableError("it is not JSON" if data.strip() else "it is empty")
    found: list[Any] = []
    bad = 0
    for line in lines:
        if line.strip():
            try:
                found += _records(json.loads(line))
            except (ValueError, RecursionError):
                bad += 1
    if not found:
        raise UnreadableError("it is not JSON")
    yield found
    if bad:
        raise UnreadableError(f"{bad} of its lines are not JSON")


def _streamed(first: bytes, file: BinaryIO) -> Iterator[list[Any]]:
    """The records of a document that is too long to be parsed at once: each object at the top, or in ``Records``."""
    decoder = json.JSONDecoder()
    text, at = first.decode("utf-8", "replace"), 0
    begin = text.find("[", 0, 4096)
    if text.lstrip()[:1] == "[" or '"Records"' in text[: max(begin, 0)] or '"Events"' in text[: max(begin, 0)]:
        at = begin + 1
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    while True:
        found: list[Any] = []
        while True:
            while at < len(text) and text[at] in " \t\r\n,":
                at += 1
            try:
                document, at = decoder.raw_decode(text, at)
            except (ValueError, RecursionError):
                break
            found += _records(document)
        yield found
        text, at = text[at:], 0
        if text[:1] == "]":
            return
        piece = file.read(_PIECE)
        if not piece:
            if text.strip():
                raise UnreadableError("it ends within a record")
            return
        if len(text) > _LONGEST:
            raise UnreadableError("a part of it is not a record")
        text += decode(piece)


def _records(document: Any) -> Iterator[Any]:
    """The records in a JSON value, by its form."""
    if isinstance(document, list):
        for one in document:
            yield from _records(one)
    elif isinstance(document, dict):
        if isinstance(document.get("Records"), list):
            yield from document["Records"]
        elif isinstance(document.get("Events"), list):
            yield from _records(document["Events"])
        elif isinstance(document.get("CloudTrailEvent"), str):
            try:
                yield json.loads(document["CloudTrailEvent"])
            except (ValueError, RecursionError):
                return
        elif isinstance(document.get("detail"), dict) and "detail-type" in document:
            yield document["detail"]
        else:
            yield document
