"""``static-website``, ``single-page-app`` and ``server-side-website``: a bucket behind a distribution of CloudFront.

Sources: ``constructs/aws/abstracts/StaticWebsiteAbstract.js``, ``StaticWebsite.js``, ``SinglePageApp.js`` and
``ServerSideWebsite.js``. The code of CloudFront's functions is not read, since it calls nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.lift.model import REMOVED, Construct, at_most, attribute, below
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import is_text


def domains(settings: Mapping[str, Any]) -> list[Any]:
    """The domains of a website, the main one first."""
    written = settings.get("domain")
    return [written] if is_text(written) and written else as_list(written)


def make_static(construct: Construct) -> None:
    """Add what a static website makes."""
    redirects = construct.settings.get("redirectToMainDomain") is True and len(domains(construct.settings)) > 1
    _make_static(construct, True, redirects)


def make_app(construct: Construct) -> None:
    """Add what a single page app makes."""
    _make_static(construct, False, True)


def _make_static(construct: Construct, hosted: bool, requests: bool) -> None:
    """A website of files: ``hosted`` by S3, or read by CloudFront alone; ``requests`` go through a function too."""
    settings, bucket, cdn = construct.settings, construct.id("Bucket"), construct.id("CDN")
    construct.add(bucket, "AWS::S3::Bucket", {
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": False, "BlockPublicPolicy": False, "IgnorePublicAcls": False,
            "RestrictPublicBuckets": False,
        } if hosted else None,
        "WebsiteConfiguration": {"IndexDocument": "index.html"} if hosted else None,
        "LifecycleConfiguration": _expiring(settings),
    }, REMOVED)  # fmt: skip
    reader: dict[str, Any] = {"AWS": "*"}
    if not hosted:
        identity = construct.id("CDN/Origin1/S3Origin")
        construct.add(identity, "AWS::CloudFront::CloudFrontOriginAccessIdentity", {})
        reader = {"CanonicalUser": attribute(identity, "S3CanonicalUserId")}
    read = {"Action": "s3:GetObject", "Effect": "Allow", "Principal": reader, "Resource": below(attribute(bucket))}
    _policy(construct, "Bucket", read)
    _function(construct, "Response")
    if requests:
        _function(construct, "Request")
    construct.add(cdn, "AWS::CloudFront::Distribution", {})
    construct.extensible |= {"distribution": cdn, "bucket": bucket}


def make_server_side(construct: Construct) -> None:
    """Add what a website makes whose pages a function writes."""
    settings, bucket, cdn = construct.settings, construct.id("Assets"), construct.id("CDN")
    construct.add(bucket, "AWS::S3::Bucket", {"LifecycleConfiguration": _expiring(settings)}, REMOVED)
    if as_map(settings.get("assets")) or isinstance(settings.get("errorPage"), str):
        construct.add(construct.id("S3OriginAccessControl"), "AWS::CloudFront::OriginAccessControl", {})
        parts = ["arn:", {"Ref": "AWS::Partition"}, ":cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/"]
        distribution = {"Fn::Join": ["", [*parts, {"Ref": cdn}]]}
        _policy(construct, "Assets", {
            "Action": "s3:GetObject", "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
            "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Resource": below(attribute(bucket)),
        })  # fmt: skip
    _function(construct, "Request")
    construct.add(cdn, "AWS::CloudFront::Distribution", {})
    construct.extensible |= {"distribution": cdn, "bucket": bucket}


def _expiring(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """Files of earlier deployments are tagged, and go after a day."""
    if settings.get("versionedAssets") is not True:
        return None
    tagged = {"ExpirationInDays": 1, "Status": "Enabled", "TagFilters": [{"Key": "Obsolete", "Value": "true"}]}
    return {"Rules": [tagged]}


def _policy(construct: Construct, bucket: str, statement: Mapping[str, Any]) -> None:
    document = {"Statement": [statement], "Version": "2012-10-17"}
    construct.add(construct.id(f"{bucket}/Policy"), "AWS::S3::BucketPolicy", {
        "Bucket": {"Ref": construct.id(bucket)}, "PolicyDocument": document,
    })  # fmt: skip


def _function(construct: Construct, kind: str) -> None:
    """Add a function of CloudFront."""
    region = construct.service.region
    name = at_most(concat(construct.stack, f"-{region}-{construct.name}-{kind.lower()}"), 64)
    properties = {"AutoPublish": True, "Name": name}
    construct.add(construct.id(f"{kind}Function"), "AWS::CloudFront::Function", properties)
