"""Transfers of S3 in both versions of the SDK for Java: uploads may be sent in parts, directories are listed first.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html (permissions of multipart uploads),
https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/transfer/s3/S3TransferManager.html,
https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/s3/transfer/TransferManager.html.
"""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, find_operation, in_parts
from scopedown.calls.values import Value
from scopedown.core.place import Place
from scopedown.languages.java.emission import emitted


def upload(run: Machine, target: Target, params: Value | None, place: Place) -> None:
    """An upload: one PutObject, or parts under the same permission."""
    send(run, in_parts(target), "PutObject", params, place)


def send(run: Machine, target: Target, name: str, params: Value | None, place: Place) -> None:
    """Any operation of S3."""
    operation = find_operation(run, "s3", name)
    if operation is not None:
        emitted(run, target, operation, params, place)
