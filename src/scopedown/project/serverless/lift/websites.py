"""``static-website``, ``single-page-app`` and ``server-side-website``: a bucket behind a distribution of CloudFront.

Sources: ``constructs/aws/abstracts/StaticWebsiteAbstract.js``, ``StaticWebsite.js``, ``SinglePageApp.js`` and
``ServerSideWebsite.js``. The code of CloudFront's functions is not read, since it calls nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.lift.model import REMOVED, Construct, at_most, attribute, below
from scopedown.project.serverless.lift.names import unique_id
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.service import is_text

_CACHED: Final = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_NOT_CACHED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_WITHOUT_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""The policies of CloudFront that AWS manages
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html)."""
_READS: Final = ["GET", "HEAD", "OPTIONS"]


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
    error = _error_path(settings)
    document = {"ErrorDocument": error} if error is not None else {}
    construct.add(bucket, "AWS::S3::Bucket", {
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": False, "BlockPublicPolicy": False, "IgnorePublicAcls": False,
            "RestrictPublicBuckets": False,
        } if hosted else None,
        "WebsiteConfiguration": {**document, "IndexDocument": "index.html"} if hosted else None,
        "LifecycleConfiguration": _expiring(settings),
    }, REMOVED)  # fmt: skip
    origin = unique_id(f"{construct.name}/CDN/Origin1")
    if hosted:
        reader: dict[str, Any] = {"AWS": "*"}
        address = {"Fn::Select": [2, {"Fn::Split": ["/", attribute(bucket, "WebsiteURL")]}]}
        protocol = {"OriginProtocolPolicy": "http-only", "OriginSSLProtocols": ["TLSv1.2"]}
        source: dict[str, Any] = {"CustomOriginConfig": protocol, "DomainName": address, "Id": origin}
    else:
        identity = construct.id("CDN/Origin1/S3Origin")
        construct.add(identity, "AWS::CloudFront::CloudFrontOriginAccessIdentity", {
            "CloudFrontOriginAccessIdentityConfig": {"Comment": f"Identity for {origin}"[:128]},
        })  # fmt: skip
        reader = {"CanonicalUser": attribute(identity, "S3CanonicalUserId")}
        access = {"Fn::Join": ["", ["origin-access-identity/cloudfront/", {"Ref": identity}]]}
        address = attribute(bucket, "RegionalDomainName")
        source = {"DomainName": address, "Id": origin, "S3OriginConfig": {"OriginAccessIdentity": access}}
    read = {"Action": "s3:GetObject", "Effect": "Allow", "Principal": reader, "Resource": below(attribute(bucket))}
    _policy(construct, "Bucket", read)
    functions = [_function(construct, "Response", "viewer-response")]
    if requests:
        functions.append(_function(construct, "Request", "viewer-request"))
    answer = (
        {"ResponseCode": 200, "ResponsePagePath": "/index.html"}
        if error is None
        else {"ResponseCode": 404, "ResponsePagePath": error}
    )
    _distribution(construct, cdn, {
        "CustomErrorResponses": [{"ErrorCachingMinTTL": 0, "ErrorCode": 404, **answer}],
        "DefaultCacheBehavior": {**_behavior(origin), "FunctionAssociations": functions},
        "DefaultRootObject": "index.html", "HttpVersion": "http2", "Origins": [source],
    })  # fmt: skip
    construct.output("BucketName", {"Ref": bucket}, "Name of the bucket that stores the static website.")
    _tell(construct, bucket, cdn)


def make_server_side(construct: Construct) -> None:
    """Add what a website makes whose pages a function writes."""
    settings, bucket, cdn = construct.settings, construct.id("Assets"), construct.id("CDN")
    construct.add(bucket, "AWS::S3::Bucket", {"LifecycleConfiguration": _expiring(settings)}, REMOVED)
    rest = settings.get("apiGateway") == "rest"
    host = f"execute-api.{construct.service.region}.amazonaws.com"
    first = unique_id(f"{construct.name}/CDN/Origin1")
    origins: list[dict[str, Any]] = [
        {
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
            "DomainName": {"Fn::Join": [".", [{"Ref": "ApiGatewayRestApi" if rest else "HttpApi"}, host]]},
            "Id": first, **({"OriginPath": f"/{construct.service.stage}"} if rest else {}),
        }
    ]  # fmt: skip
    error = settings.get("errorPage")
    page = f"/{posixpath.basename(error)}" if isinstance(error, str) else None
    patterns = list(dict.fromkeys([*as_map(settings.get("assets")), *([page] if page else [])]))
    behaviors = []
    if patterns:
        control = construct.id("S3OriginAccessControl")
        construct.add(control, "AWS::CloudFront::OriginAccessControl", {
            "OriginAccessControlConfig": {
                "Name": at_most(construct.named("-oac"), 64), "OriginAccessControlOriginType": "s3",
                "SigningBehavior": "always", "SigningProtocol": "sigv4",
            },
        })  # fmt: skip
        for number, pattern in enumerate(patterns, 2):
            origin = unique_id(f"{construct.name}/CDN/Origin{number}")
            behaviors.append({**_behavior(origin), "PathPattern": pattern})
            origins.append({
                "DomainName": attribute(bucket, "RegionalDomainName"), "Id": origin,
                "OriginAccessControlId": attribute(control, "Id"), "S3OriginConfig": {"OriginAccessIdentity": ""},
            })  # fmt: skip
        parts = ["arn:", {"Ref": "AWS::Partition"}, ":cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/"]
        distribution = {"Fn::Join": ["", [*parts, {"Ref": cdn}]]}
        _policy(construct, "Assets", {
            "Action": "s3:GetObject", "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
            "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Resource": below(attribute(bucket)),
        })  # fmt: skip
    default = {
        **_behavior(first), "AllowedMethods": [*_READS, "PUT", "PATCH", "POST", "DELETE"],
        "CachePolicyId": _NOT_CACHED, "OriginRequestPolicyId": _WITHOUT_HOST,
        "FunctionAssociations": [_function(construct, "Request", "viewer-request")],
    }  # fmt: skip
    answers = [
        {
            "ErrorCachingMinTTL": 0,
            "ErrorCode": code,
            **({"ResponseCode": code, "ResponsePagePath": page} if page else {}),
        }
        for code in (500, 504)
    ]
    _distribution(construct, cdn, {
        "CacheBehaviors": behaviors or None, "CustomErrorResponses": answers, "DefaultCacheBehavior": default,
        "HttpVersion": "http2and3", "Origins": origins,
    })  # fmt: skip
    construct.output("AssetsBucketName", {"Ref": bucket}, "Name of the bucket that stores the website assets.")
    _tell(construct, bucket, cdn)


def _error_path(settings: Mapping[str, Any]) -> Name | None:
    """The page for what is not there, from the root of the website."""
    page = settings.get("errorPage")
    if isinstance(page, str):
        return page if page.startswith("/") else f"/{page}"
    return page if isinstance(page, Text) else None


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


def _function(construct: Construct, kind: str, event: str) -> dict[str, Any]:
    """Add a function of CloudFront; its association with an event."""
    id = construct.id(f"{kind}Function")
    region = construct.service.region
    name = at_most(concat(construct.stack, f"-{region}-{construct.name}-{kind.lower()}"), 64)
    construct.add(id, "AWS::CloudFront::Function", {
        "AutoPublish": True, "Name": name,
        "FunctionCode": Text.unknown("the code of a CloudFront function is not read"),
        "FunctionConfig": {"Comment": name, "Runtime": "cloudfront-js-1.0"},
    })  # fmt: skip
    return {"EventType": event, "FunctionARN": attribute(id, "FunctionARN")}


def _behavior(origin: str) -> dict[str, Any]:
    return {
        "AllowedMethods": list(_READS), "CachePolicyId": _CACHED, "Compress": True, "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
    }  # fmt: skip


def _distribution(construct: Construct, id: str, settings: Mapping[str, Any]) -> None:
    certificate = construct.settings.get("certificate")
    config = {
        **settings,
        "Aliases": domains(construct.settings) or None,
        "Comment": concat(construct.stack, f" {construct.name} website CDN"),
        "Enabled": True,
        "IPV6Enabled": True,
        "ViewerCertificate": {
            "AcmCertificateArn": certificate, "MinimumProtocolVersion": "TLSv1.2_2021", "SslSupportMethod": "sni-only",
        } if certificate else None,
    }  # fmt: skip
    known = {key: value for key, value in config.items() if value is not None}
    construct.add(id, "AWS::CloudFront::Distribution", {"DistributionConfig": known})


def _tell(construct: Construct, bucket: str, cdn: str) -> None:
    name = attribute(cdn, "DomainName")
    main = next(iter(domains(construct.settings)), name)
    construct.output("Domain", main, "Website domain name.")
    construct.output("CloudFrontCName", name, "CloudFront CNAME.")
    construct.output("DistributionId", {"Ref": cdn}, "ID of the CloudFront distribution.")
    construct.extensible |= {"distribution": cdn, "bucket": bucket}
