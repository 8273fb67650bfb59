"""PHP's functions on files, paths and programs (https://www.php.net/manual/en/ref.filesystem.php)."""

from __future__ import annotations

import posixpath
from typing import Final

from scopedown.calls.builtins.system_effects import changed
from scopedown.calls.interpreter.project_files import contents
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, Const, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php import sdk_s3
from scopedown.languages.php.native import (
    Body,
    Library,
    argument,
    first_of,
)


def _dirname(site: CallSite, run: Machine) -> Value:
    levels = argument(site, 1)
    count = levels.value if isinstance(levels, Const) and isinstance(levels.value, int) else 1

    def change(path: str) -> str:
        for _ in range(min(count, 20)):
            path = posixpath.dirname(path)
        return path

    return join(*(changed(path, change) for path in options(first_of(site))))


def _read(site: CallSite, run: Machine) -> Value:
    if _stream(run, first_of(site), ("GetObject",), site.place):
        return UnknownValue("an object of S3", site.place, inert=True)
    return contents(run, first_of(site), site.place)


def _stream(run: Machine, path: Value, operations: tuple[str, ...], place: Place) -> bool:
    """A file that is an object of S3, by the stream wrapper; what is done with it is a call
    (https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/s3-stream-wrapper.html)."""
    client = run.heap.globals.variables.get(sdk_s3.STREAMS)
    there = sdk_s3.s3_path(path)
    if there is None or not isinstance(client, ServiceObject):
        return False
    for name in operations:
        sdk_s3.call(run, client.target, name, {"Bucket": there[0], "Key": there[1]}, place)
    return True


def _on_stream(*operations: str) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        for path in options(first_of(site)):
            _stream(run, path, operations, site.place)
        return Library("a file")

    return body


def _open(site: CallSite, run: Machine) -> Value:
    """``fopen($path, $mode)``."""
    mode = argument(site, 1)
    written = str(mode.value) if isinstance(mode, Const) else "r+"
    reads = ("GetObject",) if "r" in written or "+" in written else ()
    writes = ("PutObject",) if set("waxc+") & set(written) else ()
    for path in options(first_of(site)):
        _stream(run, path, (*reads, *writes), site.place)
    return Library("a stream")


BODIES: Final[dict[str, Body]] = {
    "dirname": _dirname,
    "file_get_contents": _read,
    "file": _read,
    "readfile": _read,
    "fopen": _open,
    "file_put_contents": _on_stream("PutObject"),
    "unlink": _on_stream("DeleteObject"),
    "file_exists": _on_stream("HeadObject"),
    "is_file": _on_stream("HeadObject"),
    "filesize": _on_stream("HeadObject"),
    "opendir": _on_stream("ListObjects"),
    "scandir": _on_stream("ListObjects"),
    "is_dir": _on_stream("ListObjects"),
}
"""By name."""
