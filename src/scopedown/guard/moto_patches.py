"""What of moto is replaced for this process: its own checks of policies, and a cache that threads spoil.

moto's checks of policies stand back: the gate has decided before, with conditions and principals, which they do not
know. moto keeps a bucket's policy and a key's where it did, so that they are read and answered. What is taken away: a
Deny of a bucket's policy without a look at its conditions, the object ACL of a request without a signature, and a Deny
of a key's policy for DescribeKey.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import moto.kms.responses
import moto.s3.models
import moto.s3.responses
from botocore.model import ServiceModel as BotocoreServiceModel
from botocore.utils import instance_cache
from moto.core.model import OperationModel, ServiceModel
from moto.iam.access_control import PermissionResult

from scopedown.guard.moto_aliases import patch_aliases

_PUT: Final[Callable[..., Any]] = moto.s3.responses.S3Response._bucket_response_put


def patch_moto() -> None:
    """For this process, whose moto is behind a gate."""
    patch_aliases()
    setattr(moto.s3.models.FakeBucket, "get_permission", _permitted)  # noqa: B010 - a method of moto's
    setattr(moto.kms.responses, "validate_policy", _not_asked)  # noqa: B010
    setattr(moto.s3.responses.S3Response, "_bucket_response_put", _put_in_bucket)  # noqa: B010
    setattr(ServiceModel, "operation_model", instance_cache(operation_model))  # noqa: B010


def operation_model(service: ServiceModel, operation_name: str) -> OperationModel:
    """moto's model of an operation, of which nothing is kept before it is whole. Raises OperationNotFoundError.

    moto's own cached method calls botocore's, which keeps botocore's plain model under the same key until moto's
    replaces it. A thread that asks in between gets a model without ``http_trait`` and cannot route its request, which
    then counts as unmapped (measured: 47 of 960 requests of 16 threads from a cold start, moto 5.2.5)."""
    plain = BotocoreServiceModel.operation_model.__wrapped__(service, operation_name)
    return OperationModel(plain._operation_model, service, operation_name)


def _put_in_bucket(*args: Any, **named: Any) -> Any:
    """moto answers PutBucketPolicy with the word True, where AWS answers with nothing and version 2 of the SDK for
    JavaScript expects XML (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html)."""
    found = _PUT(*args, **named)
    return "" if found == "True" else found


def _permitted(bucket: object, action: str, resource: str) -> PermissionResult:
    return PermissionResult.PERMITTED


def _not_asked(key: object, action: str) -> None:
    return None
