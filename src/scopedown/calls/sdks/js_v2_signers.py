"""``AWS.Signers`` of version 2 of the SDK for JavaScript: code that signs requests by itself.

``new AWS.Signers.V4(request, 'es').addAuthorization(credentials, date)`` signs a request for a service by its signing
name (aws-sdk 2.1692.0, lib/signers/v4.js). What the request asks is not followed: the function may need any action of
that service.
"""

from __future__ import annotations

from scopedown.calls.builtins.javascript_native import Quiet, function
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Value, options
from scopedown.core.coverage import Cause, Unseen

_CLASSES = ("Presign", "RequestSigner", "S3", "V2", "V3", "V3Https", "V4")


def signers() -> Value:
    """``AWS.Signers``."""
    return Quiet("AWS.Signers", {name: function(name, _signer) for name in _CLASSES})


def _signer(site: CallSite, run: Machine) -> Value:
    service = site.argument(1)
    for option in options(service) if service is not None else (None,):
        name = option.value if isinstance(option, Const) and isinstance(option.value, str) else ""
        prefixes = {one.prefix for one in run.catalog.services() if name and name in (one.signing_name, one.prefix)}
        may_call = tuple(f"{prefix}:*" for prefix in sorted(prefixes | ({name} if name else set())) if prefix) or ("*",)
        what = f"a request that the code signs for {name or 'a service that is not known'}"
        unseen = Unseen(
            Cause.DISPATCH, what, site.place, may_call, "add the comment # scopedown: needs ACTION on TARGET"
        )
        run.found.unseen.setdefault((Cause.DISPATCH, what), unseen)
    return Quiet("a signer")
