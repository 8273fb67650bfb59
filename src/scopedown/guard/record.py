"""Decisions as lines of JSON, in a file that is whole whenever it is looked at.

In: :class:`~.model.Decided`, from any thread. Out: a first line that says what the file is, a line for each decision,
and a last line with their number, so that a reader knows whether something is missing (docs/json.md). Each line goes to
the system in one call before the request that it tells of is answered: whatever ends the process, no line is torn and
none that was answered for is lost. A queue and a thread would save some 20 µs of a request, and lose both.
"""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.guard.model import ACCOUNT, REGION, Check, Decided

SCHEMA = "scopedown.guard/1"


class RecordError(ScopedownError):
    """A record that cannot be written, or is none."""


def as_json(one: Decided) -> dict[str, Any]:
    """One decision as an object; what is empty is left out, but for the first eight keys."""
    always = {
        "number": one.number,
        "time": round(one.time, 3),
        "principal": one.principal,
        "operation": one.operation,
        "action": one.check.action,
        "resource": one.check.resource,
        "allowed": one.allowed,
        "statement": one.statement,
    }
    sometimes = {
        "message": one.message,
        "during": one.during,
        "via": one.via,
        "logicalId": one.logical_id,
        "modelled": one.modelled,
        "context": dict(one.check.context),
    }
    return always | {key: value for key, value in sometimes.items() if value}


def from_json(one: Mapping[str, Any]) -> Decided:
    """The decision that :func:`as_json` wrote. Raises KeyError, TypeError where it is none."""
    return Decided(
        one.get("during", ""), one["operation"], Check(one["action"], one["resource"], one.get("context", {})),
        bool(one["allowed"]), one.get("via", ""), one["principal"], one["number"], one["time"],
        one.get("logicalId", ""), bool(one.get("modelled")), one.get("statement", ""), one.get("message", ""),
    )  # fmt: skip


class Record:
    """A file that decisions are written to. An existing one is replaced. Raises RecordError where it cannot be made."""

    def __init__(self, file: Path, mode: str = "enforce") -> None:
        try:
            self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise RecordError(f"the record cannot be written: {error.strerror}", Place(str(file))) from None
        self.file = file
        self.written = 0
        self.failed = ""
        """Why lines are missing: the first failure to write one."""
        self._lock = threading.Lock()
        self._end = 0
        self._is_file = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
        self._ended = False
        first = {"schema": SCHEMA, "account": ACCOUNT, "region": REGION, "mode": mode, "started": round(time.time(), 3)}
        self._line(first)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __call__(self, one: Decided) -> None:
        """Write one decision."""
        line = as_json(one)
        with self._lock:
            if self._line(line):
                self.written += 1

    def close(self) -> None:
        """Write the last line. Decisions that come later are not written."""
        with self._lock:
            if self._ended:
                return
            self._line({"ended": round(time.time(), 3), "decisions": self.written})
            self._ended = True
            os.close(self._descriptor)

    def _line(self, one: Mapping[str, Any]) -> bool:
        if self._ended:
            return False
        data = (
            json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace") + b"\n"
        )
        end = self._end + len(data)
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            self.failed = self.failed or error.strerror or str(error)
            if self._is_file:  # a disk that is full took a part of the line
                os.ftruncate(self._descriptor, self._end)
                os.lseek(self._descriptor, self._end, os.SEEK_SET)
            return False
        self._end = end
        return True


def read(file: Path) -> Iterator[Decided]:
    """The decisions of a record, one at a time. A last line that is torn is left out; any other is a RecordError."""
    try:
        lines = file.open("rb")
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror}", Place(str(file))) from None
    with lines:
        for number, line in enumerate(lines, 1):
            place = Place(str(file), number, 1)
            try:
                one = json.loads(line)
            except (ValueError, RecursionError):
                if number > 1 and not line.endswith(b"\n"):
                    return
                raise RecordError("is not a line of JSON", place, "give a file that --record wrote") from None
            if number == 1:
                _require_schema(one, file)
                continue
            if isinstance(one, dict) and "ended" in one:
                return
            try:
                yield from_json(one)
            except (KeyError, TypeError, AttributeError) as error:
                raise RecordError(f"is not a decision of the guard ({type(error).__name__} {error})", place) from None


def mode_of(file: Path) -> str:
    """``learn`` or ``enforce``: what the guard did that wrote a record. Raises RecordError."""
    try:
        with file.open("rb") as lines:
            first = json.loads(lines.readline(65_536))
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror}", Place(str(file))) from None
    except (ValueError, RecursionError):
        first = None
    return str(_require_schema(first, file).get("mode", ""))


def _require_schema(first: Any, file: Path) -> dict[str, Any]:
    """A record's first line. Raises RecordError for another file's."""
    if isinstance(first, dict) and first.get("schema") == SCHEMA:
        return first
    message = f"is not a record of the guard, because its schema is not {SCHEMA}"
    raise RecordError(message, Place(str(file), 1, 1), "give a file that --record wrote")
