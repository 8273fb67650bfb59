"""Log files: which of a folder are logs, and their records, one file at a time and with flat memory.

CloudTrail writes ``{"Records": […]}``, gzipped and on one line. Read are also arrays of records, one record a line,
EventBridge's events (the record is their ``detail``), and what ``lookup-events`` prints (the record is the text in
``CloudTrailEvent``). A file may hold several such documents one after another (``zcat *.json.gz``).

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

PARQUET = b"PAR1"
"""The first bytes of every Parquet file, which the extra ``lake`` reads
(https://parquet.apache.org/docs/file-format/)."""
ENDINGS = (".parquet", ".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".log", ".log.gz")
_NO_LOGS = (".md", ".csv")
"""Endings of what people keep with logs: notes, and the table of uses."""
_SKIPPED = ("CloudTrail-Digest", "CloudTrail-Insight")
"""Folders beside the logs: signatures of files, and unusual activity, which asks for no permission."""
BEGINNING = '{"Records":[{"'
"""Of a file as CloudTrail writes it."""
WHOLE = 16 * 1024 * 1024
"""Bytes up to which a file is parsed at once; a longer one is read record by record."""
_LISTS = ("Records", "Events")
"""Members of a document that list its records."""
_LIST_NAMES = tuple(f'"{name}"'.encode() for name in _LISTS)
_OF_A_RECORD = frozenset(("eventVersion", "eventTime", "eventSource", "eventName", "eventType"))
"""Members of which every record of CloudTrail has one at least."""
_FOREIGN = object()
"""In place of an object that is no record, and no form that holds records."""
_LISTED = re.compile(r'\[|\{\s*"(?:Records|Events)"\s*:\s*\[')
_MEMBER = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"\s*:\s*(\S)')
_ENDS = {"[": "]", "{[": "]", "{": "}"}
_BETWEEN = re.compile("[ \t\r\n,\ufeff]*")
_PIECE = 1024 * 1024
_LONGEST = 8 * 1024 * 1024
"""Characters of one record, at most: CloudTrail's have 256 KB."""
_GROWTH = 300
"""How many times as large a compressed file may become, at most. CloudTrail's become 10 to 60 times as large, and what
repeats one byte 1,000 times (https://www.zlib.net/zlib_tech.html, Maximum Compression Factor)."""


class UnreadableError(Exception):
    """A file that is no log, or is damaged: why, in words. What was read of it before counts."""


def log_files(paths: Iterable[Path], unreadable: dict[str, str] | None = None) -> list[Path]:
    """The files that the user means: a file as it is, of a folder every log below it, by name. Links to folders are not
    followed. ``unreadable`` gets the folders and files below them that cannot be read, with the reason. Raises
    ScopedownError where a path does not exist, or is neither a file nor a folder."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_below(path, {} if unreadable is None else unreadable)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            # a pipe would be empty after its beginning was read to tell what it is
            raise ScopedownError("this is neither a file nor a folder", Place(str(path)), "write the logs to a file")
        else:
            raise ScopedownError("this file or folder does not exist", Place(str(path)), "give the folder of the logs")
    return list(found)


def _below(folder: Path, unreadable: dict[str, str]) -> Iterator[Path]:
    def failed(error: OSError) -> None:
        unreadable[str(error.filename)] = error.strerror or "this folder cannot be listed"

    for current, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            path = Path(current, name)
            if not name.lower().endswith(ENDINGS):
                if not name.startswith(".") and not name.lower().endswith(_NO_LOGS):
                    unreadable[str(path)] = "its name does not end as those of logs do: name the file itself"
            else:
                why = _why_not(path)
                if why:
                    unreadable[str(path)] = why
                else:
                    yield path


def _why_not(path: Path) -> str:
    """Why a path cannot be read as a file; empty where it can. To open a pipe would wait for its other end."""
    try:
        return "" if stat.S_ISREG(path.stat().st_mode) else "it is not a regular file"
    except OSError as error:
        return error.strerror or "it cannot be read"


def records(path: Path, taken: Callable[[str], bool] = lambda text: False) -> Iterator[list[Any]]:
    """The records of a file, in lists; none of a text that is ``taken``. Raises UnreadableError, at the place where it
    can be read no further, and at its end where objects in it are not records."""
    foreign = 0
    for some in _of_file(path, taken):
        own = [one for one in some if one is not _FOREIGN]
        foreign += len(some) - len(own)
        yield own
    if foreign:
        raise UnreadableError(f"{foreign:,} of the objects in it are not records of CloudTrail")


def _of_file(path: Path, taken: Callable[[str], bool]) -> Iterator[list[Any]]:
    try:
        with _opened(path) as file:
            first = file.read(WHOLE)
            if len(first) < WHOLE:
                if not _is_taken(first, taken):
                    yield from _whole(first)
            else:
                if first.startswith(PARQUET):
                    yield from _whole(first)
                yield from _streamed(first, file, path.stat().st_size)
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
    """The records of a document, of several one after another, or of one document a line."""
    if not data.strip():
        raise UnreadableError("it is empty")
    if data.startswith(PARQUET):
        raise UnreadableError("it is Parquet: pass --engine duckdb, which needs the extra lake")
    if sum(data.count(name) for name in _LIST_NAMES) < 2:  # of a member that is there twice, json takes the last
        try:
            yield list(_records(json.loads(data)))
            return
        except (ValueError, RecursionError):
            pass
    try:
        several = list(_streamed(data, io.BytesIO()))
    except UnreadableError:
        yield from _lines(data.splitlines())
    else:
        yield from several


def _lines(lines: Sequence[bytes]) -> Iterator[list[Any]]:
    """The records of one document a line, where not every line is one."""
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


def _streamed(first: bytes, file: BinaryIO, size: int = 0) -> Iterator[list[Any]]:
    """The records of documents one after another, of which none has to fit into memory. ``size`` is that of the file
    as it is stored, in bytes, or 0."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    documents = _Documents()
    piece, length = first, 0
    while piece:
        length += len(piece)
        if size and length > size * _GROWTH:
            raise UnreadableError(f"its compressed data become over {_GROWTH} times as large as the file")
        yield documents.take(decode(piece))
        piece = file.read(_PIECE)
        if piece and documents.rest > _LONGEST:
            raise UnreadableError("a record in it is longer than 8 MB, or damaged")
    if documents.rest or documents.within:
        raise UnreadableError("it ends within a record")


class _Documents:
    """JSON documents whose text comes in pieces. Of a list, or of an object with ``Records`` or ``Events``, every
    record is given once its text is complete; any other document, once it is complete itself.

    ``within`` says where the text has been read to: ``[`` in a list, ``{`` between the members of an object, ``{[`` in
    the list of an object, and empty between documents. ``rest`` counts the characters that are not yet read.
    """

    def __init__(self) -> None:
        self.within = ""
        self._text = ""
        self._at = 0
        self._decode = json.JSONDecoder().raw_decode

    @property
    def rest(self) -> int:
        return len(self._text) - self._at

    def take(self, piece: str) -> list[Any]:
        """The records that are complete with this piece of the text."""
        self._text, self._at = self._text[self._at :] + piece, 0
        found: list[Any] = []
        while self._is_more() and self._step(found):
            pass
        return found

    def _is_more(self) -> bool:
        """Pass over what is between values; False at the end of the text."""
        between = _BETWEEN.match(self._text, self._at)
        self._at = between.end() if between else self._at
        return self._at < len(self._text)

    def _step(self, found: list[Any]) -> bool:
        """Read on by one value or bracket; False where the text is not complete, or is no JSON."""
        text, at = self._text, self._at
        if text[at] == _ENDS.get(self.within):
            self.within, self._at = self.within[:-1], at + 1
            return True
        if self.within == "{":
            return self._member()
        if not self.within:
            listed = _LISTED.match(text, at)
            if listed:
                self.within, self._at = "{[" if text[at] == "{" else "[", listed.end()
                return True
        try:
            document, self._at = self._decode(text, at)
        except (ValueError, RecursionError):
            return not self.within and text[at] == "{" and self._enter()
        found += _records(document)
        return True

    def _enter(self) -> bool:
        """Go into an object whose text is not complete, up to its records; False where these do not come yet."""
        begin = self._at
        self.within, self._at = "{", begin + 1
        while self.within == "{" and self._is_more() and self._member():
            pass
        if self.within == "{[":
            return True
        self.within, self._at = "", begin
        return False

    def _member(self) -> bool:
        """Pass over a member of an object, or go into its list of records; False where it is not complete."""
        key = _MEMBER.match(self._text, self._at)
        if not key:
            return False
        if key[1] in _LISTS and key[2] == "[":
            self.within, self._at = "{[", key.end()
            return True
        try:
            _, end = self._decode(self._text, key.start(2))
        except (ValueError, RecursionError):
            return False
        if end == len(self._text):
            return False  # of a number, more digits may follow
        self._at = end
        return True


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
                yield _FOREIGN
        elif isinstance(document.get("detail"), dict) and "detail-type" in document:
            yield document["detail"]
        else:
            yield _FOREIGN if _OF_A_RECORD.isdisjoint(document) else document
