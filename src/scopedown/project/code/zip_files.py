"""The handler's file in an archive that stands in the repository; read, never unpacked.

In: an archive and a handler. Out: :class:`Zipped`. The size of an archive, the number of its entries and the size of
what is read are bounded; an entry whose name leads out of the archive is none of its files.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MAX_ARCHIVE: Final = 50_000_000
"""Lambda takes archives of 50 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""
_MAX_ENTRIES: Final = 20_000
_MAX_TEXT: Final = 1_000_000
_NODE: Final = (".js", ".mjs", ".cjs")


@dataclass(frozen=True, slots=True)
class Zipped:
    """``name`` and ``text`` of the handler's file; ``wrong`` says why there is none, ``hollow`` that its entries are
    empty or broken, so that the archive only stands in for another."""

    name: str = ""
    symbol: str = ""
    text: str = ""
    wrong: str = ""
    hollow: bool = False


def find_zipped(path: Path, declared: str, language: str | None) -> Zipped | None:
    """The handler's file in the archive at ``path``; None where there is no such archive."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > _MAX_ARCHIVE:
            return Zipped(wrong="is larger than Lambda allows")
        with zipfile.ZipFile(path) as archive:
            return _find(archive, declared, language)
    except (OSError, ValueError):
        return None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, UnicodeError):
        return Zipped(wrong="is broken", hollow=True)
    except Exception as error:  # each decompressor has errors of its own
        return Zipped(wrong=f"cannot be read ({type(error).__name__})", hollow=True)


def _find(archive: zipfile.ZipFile, declared: str, language: str | None) -> Zipped:
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        return Zipped(wrong=f"holds more than {_MAX_ENTRIES:,} files")
    files = {posixpath.normpath(info.filename): info for info in entries if _is_file(info)}
    if not any(file.file_size for file in files.values()):
        return Zipped(wrong="holds only empty files", hollow=True)
    for name, symbol in _names(declared, language):
        entry = files.get(name)
        if entry is None:
            continue
        if entry.file_size > _MAX_TEXT:
            return Zipped(wrong=f"holds {name}, which is too large to read")
        with archive.open(entry) as stream:
            data = stream.read(_MAX_TEXT + 1)
        if len(data) > _MAX_TEXT:
            return Zipped(wrong=f"holds {name}, which is too large to read")
        if b"\0" in data:
            return Zipped(wrong=f"holds {name}, which is not text")
        text = data.decode("utf-8-sig", "replace")
        if not text.strip():
            return Zipped(wrong=f"holds {name}, which is empty", hollow=True)
        return Zipped(name, symbol, text)
    return Zipped(wrong="does not hold the handler's file")


def _is_file(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    return not entry.is_dir() and not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def _names(declared: str, language: str | None) -> Iterator[tuple[str, str]]:
    """The names that the handler's file may have, with the symbol in it."""
    path = posixpath.normpath(declared.strip().lstrip("/"))
    if language in ("python", None):
        module, _, symbol = path.rpartition(".")
        base = module.replace(".", "/")
        yield f"{base}.py", symbol
        yield f"{base}/__init__.py", symbol
    if language in ("javascript", None):
        head, name = posixpath.split(path)
        for stem, symbol in ((name.partition(".")[0], name.partition(".")[2]), name.rpartition(".")[::2]):
            for ending in _NODE:
                yield posixpath.join(head, stem + ending), symbol
