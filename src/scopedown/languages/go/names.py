"""Which actions a call may need, by how it is written with the SDK for Go (:class:`~scopedown.calls.machine.SdkNames`).

Every method that sends a request takes an argument at least: the request, or a context before it.
"""

from __future__ import annotations

from scopedown.calls.machine.state import OpenCall
from scopedown.calls.sdks.typed_names import TypedNames
from scopedown.catalog.model import Catalog
from scopedown.source import ir

_PUT = (("s3", "PutObject"),)
_GET = (("s3", "GetObject"),)
_TRANSFERS = {"Upload": _PUT, "UploadWithContext": _PUT, "Download": _GET, "DownloadWithContext": _GET}
"""Methods of the SDK's transfer managers (https://docs.aws.amazon.com/sdk-for-go/api/service/s3/s3manager/)."""
_SUFFIXES = ("WithContext", "PagesWithContext", "Pages", "Request")
"""What the methods of version 1 end in, beside the operation's name."""


class GoNames(TypedNames):
    """Versions 1 and 2."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog, _SUFFIXES, _TRANSFERS)

    def of_open(self, call: OpenCall) -> tuple[str, ...]:
        """A method of a value that is not known."""
        if not call.site.positional and call.site.complete:
            return ()
        return super().of_open(call)

    def of_written(self, call: ir.Call, data: frozenset[str]) -> tuple[str, ...]:
        """The same by the call's text."""
        return super().of_written(call, data) if call.positional else ()
