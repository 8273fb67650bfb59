"""What the readers by engines share: the columns of a record, its rows as the table ``used``, and odd files.

Files that are not as CloudTrail writes them are found by their first bytes: engines would misread them in silence.
Every engine leaves them to the reader of the standard library (:mod:`scopedown.observe.reading.cloudtrail`), which says
what of them cannot be read.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scopedown.observe.lake.expression import plain_event
from scopedown.observe.model import KEY, Did, Times, Used
from scopedown.observe.reading.files import BEGINNING

COLUMNS = """
  one.eventTime AS eventtime, one.eventCategory AS eventcategory, one.eventSource AS eventsource,
  one.eventName AS eventname, one.eventType AS eventtype, one.awsRegion AS awsregion,
  one.recipientAccountId AS recipientaccountid, one.sharedEventID AS sharedeventid, one.errorCode AS errorcode,
  one.errorMessage AS errormessage, one.userIdentity.type AS identitytype, one.userIdentity.arn AS identityarn,
  one.userIdentity.accountId AS identityaccount, one.userIdentity.invokedBy AS invokedby,
  one.userIdentity.sessionContext.sessionIssuer.arn AS issuerarn,
"""
"""The columns of a record in the words of every engine; ``arns`` and ``requestparameters`` are in those of each."""
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


def taken(rows: Sequence[Sequence[Any]]) -> tuple[Used, set[tuple[str, str]]]:
    """The table of rows with its columns, and their (source, event without its version)."""
    used = Used()
    pairs: set[tuple[str, str]] = set()
    for row in rows:
        did = Did(*row[:KEY])
        used.take(did, Times(*row[KEY:]))
        if did.event:
            pairs.add((did.source, plain_event(did.event)))
        elif not did.principal:
            used.records += row[-2]
    return used, pairs
