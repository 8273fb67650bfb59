"""The URLs that answers are sent to which nobody waits for in a connection: those of custom resources.

In: a request with such a URL. Out: its body, for whoever opened the URL. CloudFormation gives a function a presigned
URL of S3; here it has the same form and a secret of its own, so that code which takes it apart (``cfn-response`` asks
for port 443 of its host) works, and the network of a function's process leads it to the guard.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from moto.core.request import Request
from werkzeug.wrappers import Response

HOST = "cloudformation-custom-resource-response"
LARGEST = 4096
"""Bytes of an answer (the page above: "The total size of the response body can't exceed 4096 bytes")."""


@dataclass
class Waiting:
    """An answer that is waited for; ``body`` is None until it is there, and at most one byte over :data:`LARGEST`."""

    url: str
    body: bytes | None = None


class ResponseUrls:
    """All URLs that are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Waiting] = {}

    @contextmanager
    def opened(self, name: str, region: str) -> Iterator[Waiting]:
        """A URL that takes one answer while the block runs; ``name`` is the object that it seems to be."""
        token = secrets.token_urlsafe(32)
        host = f"{HOST}-{region.replace('-', '')}.s3.{region}.amazonaws.com"
        signed = f"AWSAccessKeyId=AKIA&Expires=2147483647&Signature={token}"
        waiting = Waiting(f"https://{host}/{quote(name, safe='')}?{signed}")
        with self._lock:
            self._open[token] = waiting
        try:
            yield waiting
        finally:
            with self._lock:
                del self._open[token]

    def answer(self, request: Request) -> Response | None:
        """The answer to a request for such a URL; None for all others. What comes late, twice or with another secret
        is dropped."""
        token = request.args.get("Signature", "") if request.method == "PUT" else ""
        if not token or not request.host.startswith(f"{HOST}-"):
            return None
        with self._lock:
            waiting = self._open.get(token)
            if waiting is not None and waiting.body is None:
                waiting.body = request.get_data()[: LARGEST + 1]
        return Response("", 200, {"ETag": '"00000000000000000000000000000000"'})
