"""Whether a request is signed with a key's secret, by AWS Signature Version 4 in the Authorization header.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote, unquote

from moto.core.request import Request

_FORM = re.compile(
    r"Credential=[^/]+/(?P<scope>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<given>\w+)"
)


def is_signed_with(secret: str, request: Request, body: bytes) -> bool:
    """Whether the signature is the one that ``secret`` makes."""
    found = _FORM.search(request.headers.get("Authorization", ""))
    if found is None:
        return False
    day, region, service, _ = found["scope"].split("/")
    path = quote(unquote(request.raw_path), safe="/-_.~")  # clients differ in what they send encoded
    path = path if service == "s3" else quote(path, safe="/-_.~")
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(request.query_string.decode(), keep_blank_values=True)
    )
    names = found["headers"].split(";")
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in names)
    digest = request.headers.get("X-Amz-Content-Sha256") or hashlib.sha256(body).hexdigest()
    canonical = "\n".join([
        request.method, path, "&".join(f"{name}={value}" for name, value in pairs), headers, ";".join(names), digest,
    ])  # fmt: skip
    time = request.headers.get("X-Amz-Date", "")
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", time, found["scope"], hashed])
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), found["given"])
