"""The API models of a botocore that is newer than the bundled AWS data: which names of operations it has.

AWS adds operations every week, and the data is rebuilt with each release only. In: folders where Python packages are
installed, a service's and an operation's name as code writes them. Out: the operation's own name, and the version of
the botocore that has it. The models are read as data (``botocore/data/SERVICE/DATE/service-2.json.gz``); nothing of
botocore is imported.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

_MOST_BYTES: Final = 64 * 1024 * 1024
"""More of a model is not read; the largest (EC2's) has 4 MB."""
_FOLDER: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}")
_VERSION: Final = re.compile(r"botocore-(\d{1,4}(?:\.\d{1,6}){1,3})\.dist-info")
_FORM: Final = re.compile(r"(?:command|request|async)$")
"""What SDKs put behind an operation's name (``PutItemCommand``, ``PutItemAsync``, ``PutItemRequest``)."""


@dataclass(frozen=True, slots=True)
class Newer:
    """What a botocore says of a name: ``operation`` is empty where only the service was asked for.

    >>> Newer("dynamodb", "PutItem", "1.50.0").operation
    'PutItem'
    """

    service: str
    operation: str
    version: str


@dataclass(slots=True)
class _Botocore:
    """One installed botocore; each model is read once."""

    data: Path
    version: str
    _names: dict[str, dict[str, str]] = field(default_factory=dict)

    def operations(self, service: str) -> Mapping[str, str]:
        """The service's operations, by their letters in lower case; none where it has no readable model."""
        if service not in self._names:
            self._names[service] = {letters(name): name for name in self._read(service)}
        return self._names[service]

    def _read(self, service: str) -> Iterable[str]:
        try:
            dates = sorted(path for path in (self.data / service).iterdir() if path.is_dir())
            for file in (dates[-1] / "service-2.json.gz", dates[-1] / "service-2.json") if dates else ():
                if file.is_file():
                    operations = _json(file).get("operations")
                    return (
                        [name for name in operations if isinstance(name, str)] if isinstance(operations, dict) else ()
                    )
        except (OSError, EOFError, ValueError, RecursionError):
            pass
        return ()


class Models:
    """The models of the first botocore that is found in ``folders``, in which Python packages are installed."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = folders

    @cached_property
    def _botocore(self) -> _Botocore | None:
        for folder in self._folders:
            try:
                if (folder / "botocore" / "data").is_dir():
                    found = [
                        match[1]
                        for path in folder.glob("botocore-*.dist-info")
                        if (match := _VERSION.fullmatch(path.name))
                    ]
                    return _Botocore(folder / "botocore" / "data", found[0] if found else "")
            except OSError:
                continue
        return None

    def find(self, service: str, name: str) -> Newer | None:
        """What is known of an operation of a service, or with an empty ``service`` of the service ``name``."""
        botocore = self._botocore
        folder = service or name.lower()
        if botocore is None or _FOLDER.fullmatch(folder) is None:
            return None
        known = botocore.operations(folder)
        if not service:
            return Newer(folder, "", botocore.version) if known else None
        operation = known.get(letters(name)) or known.get(_FORM.sub("", letters(name)))
        return None if operation is None else Newer(service, operation, botocore.version)


def letters(name: str) -> str:
    """A name in lower case, with its letters and digits alone.

    >>> letters("put_item"), letters("PutItem")
    ('putitem', 'putitem')
    """
    return "".join(one for one in name.lower() if one.isalnum())


def _json(file: Path) -> Mapping[str, Any]:
    with file.open("rb") as raw, gzip.open(raw) if file.suffix == ".gz" else raw as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError(f"{file.name} is too large")
    document = json.loads(content)
    return document if isinstance(document, dict) else {}
