"""The bucket that a deployment puts its artifacts into, and the policy of that bucket.

v4 makes no bucket in the stack unless ``provider.enableLegacyDeploymentBucket`` asks for it: one bucket of the region,
whose name stands in an SSM parameter, serves all services (except where the stack has one from an earlier version).

Sources: osls 4.3.1 ``lib/plugins/aws/package/lib/generate-core-template.js`` and its core template; serverless at
b9d7ea5 (v4), the same file, ``getServerlessDeploymentBucketName`` of ``lib/plugins/aws/provider.js``, and
``packages/util/src/globalBucket/deployment.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

BUCKET: Final = "ServerlessDeploymentBucket"
POLICY: Final = "ServerlessDeploymentBucketPolicy"
SHARED_BUCKET: Final = "serverless-framework-deployments"
"""How the name of the bucket begins that services of v4 share; the region follows, then a random end."""
SHARED_BUCKET_PARAMETER: Final = "/serverless-framework/deployment/s3-bucket"
"""The SSM parameter that holds that bucket's name."""


def own_bucket(service: Service) -> Any:
    """The name of the bucket that ``provider.deploymentBucket`` gives; None where the framework makes one."""
    written = service.provider.get("deploymentBucket")
    if is_text(written) and written:
        return written
    return as_map(written).get("name") or None


def shares_bucket(service: Service) -> bool:
    """Whether artifacts go to the bucket that services of v4 share."""
    legacy = service.provider.get("enableLegacyDeploymentBucket")
    return service.framework == V4 and not own_bucket(service) and not legacy


def runs_from_bucket(service: Service) -> bool:
    """Whether Lambda runs the code right from the bucket (v4, ``codeStorageMode: reference``)."""
    settings = as_map(service.provider.get("deploymentBucket"))
    return service.framework == V4 and settings.get("codeStorageMode") == "reference"


def bucket_of(service: Service) -> Any:
    """Where artifacts of the service are: the name of a bucket, or a reference to the one that is made."""
    if shares_bucket(service):
        end = Text.unknown(f"its end is random; the SSM parameter {SHARED_BUCKET_PARAMETER} holds it", service.place)
        return Text.of(f"{SHARED_BUCKET}-{service.region}-", end)
    return own_bucket(service) or {"Ref": BUCKET}


def stored(service: Service) -> dict[str, Any]:
    """Where the archive of a function or a layer is."""
    mode = {"S3ObjectStorageMode": "REFERENCE"} if runs_from_bucket(service) else {}
    return {"S3Bucket": bucket_of(service), **mode}


def compile_bucket(template: Template) -> None:
    """The bucket, encrypted, and its policy, which refuses requests without TLS."""
    service = template.service
    if own_bucket(service) or shares_bucket(service):
        return
    settings = as_map(service.provider.get("deploymentBucket"))
    place = service.place_in(service.provider, "deploymentBucket")
    tags = settings.get("tags")
    listed = [{"Key": key, "Value": value} for key, value in tags.items()] if isinstance(tags, Mapping) else []
    template.add_fragment(
        "deployment.yml", "bucket", place,
        tags=listed or None, blocks=settings.get("blockPublicAccess"), versioning=settings.get("versioning"),
    )  # fmt: skip
    if not settings.get("skipPolicySetup"):
        template.add_fragment("deployment.yml", "policy", place, runs=runs_from_bucket(service))
