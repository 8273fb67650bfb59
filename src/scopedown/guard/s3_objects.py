"""Where S3 answers a request otherwise than by a plain yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.s3.models import s3_backends

from scopedown.guard.model import NO_OBJECT, REGION, Check, Principal
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError, denial


def require_seen(who: Principal, asked: Asked, check: Callable[[Principal, str, Check], str]) -> None:
    """Raise RefusedError for an object that is not there where its bucket may not be listed: only who may list it is
    told so (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)."""
    if asked.service != "s3" or asked.operation not in ("HeadObject", "GetObject"):
        return
    bucket, key = asked.parameters["Bucket"], asked.parameters["Key"]
    partition, account = s3_backends.bucket_accounts.get(bucket, ("", ""))
    if account:
        found = s3_backends[account][partition].get_object(bucket, key, asked.parameters.get("VersionId"))
        if found is not None:
            return
    listing = Check("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"aws:RequestedRegion": REGION})
    if why := check(who, f"s3.{asked.operation}{NO_OBJECT}", listing):
        raise denial(asked.protocol, why, service=asked.service)


def delete_allowed(client: Any, asked: Asked, refused: Mapping[str, str]) -> dict[str, Any]:
    """DeleteObjects where some keys are denied (by ARN, with the sentence): the others are deleted, and the answer
    tells of each (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)."""
    bucket, quiet = asked.parameters["Bucket"], asked.parameters["Delete"].get("Quiet")
    deleted, errors = [], []
    for one in asked.parameters["Delete"]["Objects"]:
        if not isinstance(one.get("Key"), str):
            raise RefusedError("MalformedXML", "Give each deleted object exactly one key.")
        if why := refused.get(f"arn:aws:s3:::{bucket}/{one['Key']}"):
            errors.append({"Key": one["Key"], "Code": "AccessDenied", "Message": why})
        else:
            client.delete_object(Bucket=bucket, **one)
            deleted.append({"Key": one["Key"]})
    return {"Errors": errors, **({} if quiet else {"Deleted": deleted})}
