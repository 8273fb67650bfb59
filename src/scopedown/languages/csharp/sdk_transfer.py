"""S3's TransferUtility of the AWS SDK for .NET

``sdk.tsv`` says what it calls.
"""

from __future__ import annotations

from scopedown.calls.values import Value
from scopedown.languages.csharp.clients import NET, ClientType
from scopedown.languages.csharp.requests import RequestType

LANGUAGE = "csharp"
PACKAGES = ("Amazon.S3.Transfer",)


def module(name: str) -> Value | None:
    """A class by its whole name."""
    written = name.rpartition(".")[2]
    if written in ("TransferUtility", "ITransferUtility"):
        return ClientType(NET, "s3", "transfer", written)
    return RequestType(written) if written.endswith("Request") else None
