"""What the rows of ``commands/plugins.tsv`` ask of plugins whose configuration has several forms, as one tree each.

A row asks for ``plugins.NAME``. It is ``True`` for most plugins, whose rows ask the sections themselves
(``custom.prune.automatic``). The others are put in order here, as the plugin's own source does it:

- ``serverless-domain-manager``: ``all`` and ``auto`` (with ``autoDomain``), each with ``names``, ``v1`` and ``v2`` (by
  the version of API Gateway's interface), ``edge``, ``private``, ``zones``, ``records``, ``certificates``,
  ``truststores``, ``findZone``, ``findCertificate``
- ``serverless-s3-sync``: ``buckets``, ``objects`` (``bucket/prefix*``), ``tagged``, ``copied``
- ``serverless-certificate-creator``: ``zones``, ``records``
- ``serverless-lift``: ``buckets`` of its web sites, ``versioned``
- ``serverless-layers``: ``names`` of its layers, ``buckets``
- ``serverless-api-gateway-throttling``: ``rest``, ``http``
- ``serverless-ssm-fetch``, ``serverless-ssm-publish``: ``parameters``, without the leading slash; ``secure``
- ``serverless-single-page-app-plugin``: ``bucket``

A value that is not known may be anything: what depends on it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from scopedown.core.text import Text
from scopedown.deploy.names import generated_name
from scopedown.deploy.target import Target
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import Project
from scopedown.project.serverless.lift.model import logical_id

Tree = Mapping[str, Any]
ANY = "*"
BUCKET_LENGTH = 63


def plugin_settings(project: Project, target: Target) -> dict[str, Any]:
    """The tree of each plugin that the project names."""
    return {name: _FORMS[name](project, target) if name in _FORMS else True for name in project.plugins}


def _domain_manager(project: Project, target: Target) -> Tree:
    """serverless-domain-manager 10.3.1 ``src/index.ts`` (initializeVariables), ``src/models/domain-config.ts``."""
    custom = as_map(project.sections.get("custom"))
    written = [custom["customDomain"]] if custom.get("customDomain") else []
    written += as_list(custom.get("customDomains"))
    domains: list[Tree] = []
    for one in map(as_map, written):
        kinds = [(kind, as_map(one[kind])) for kind in ("http", "rest", "websocket") if one.get(kind)]
        domains += [{**settings, "apiType": kind} for kind, settings in kinds] or [one]
    domains = [one for one in domains if _may(one.get("enabled"), True)]
    return {"all": _domains(domains), "auto": _domains([one for one in domains if _may(one.get("autoDomain"), False)])}


def _domains(domains: list[Tree]) -> Tree:
    def names(test: Callable[[Tree], bool]) -> list[Any]:
        return [_or_any(one.get("domainName"), "domainName of customDomain") for one in domains if test(one)]

    recorded = [one for one in domains if _may(one.get("createRoute53Record"), True)]
    return {
        "names": names(lambda one: True),
        "v1": names(lambda one: _could_be(one.get("apiType"), "rest", True) and "/" not in str(one.get("basePath"))),
        "v2": names(lambda one: not _could_be(one.get("apiType"), "rest", True) or "/" in str(one.get("basePath"))),
        "edge": names(lambda one: _could_be(one.get("endpointType"), "edge", True)),
        "private": names(lambda one: _could_be(one.get("endpointType"), "private", False)),
        "certificates": [one["certificateArn"] for one in domains if one.get("certificateArn")],
        "findCertificate": any(not one.get("certificateArn") for one in domains),
        "truststores": [one["tlsTruststoreUri"] for one in domains if one.get("tlsTruststoreUri")],
        "zones": [one.get("hostedZoneId") or ANY for one in recorded],
        "findZone": any(not one.get("hostedZoneId") for one in recorded),
        "records": [_record(one.get("domainName")) for one in recorded],
    }


def _record(name: Any) -> Any:
    """A domain as Route 53's condition key names its record; ``*`` for its first label is the pattern ``*``."""
    return name.lower() if isinstance(name, str) else _or_any(name, "domainName of customDomain")


def _s3_sync(project: Project, target: Target) -> Tree:
    """serverless-s3-sync 3.5.1 ``index.js`` (sync, clear, syncMetadata, syncBucketTags)."""
    section = as_map(project.sections.get("custom")).get("s3Sync")
    if isinstance(section, Mapping):
        if section.get("noSync") in (True, "true"):
            return {}
        section = section.get("buckets")
    found: dict[str, list[Any]] = {"buckets": [], "objects": [], "tagged": [], "copied": []}
    for one in map(as_map, as_list(section)):
        if not _may(one.get("enabled"), True):
            continue
        bucket = one.get("bucketName") or _output(project, one.get("bucketNameKey"))
        objects = {"Fn::Join": ["", [bucket, "/", one.get("bucketPrefix") or "", ANY]]}
        found["buckets"].append(bucket)
        found["objects"].append(objects)
        if one.get("bucketTags"):
            found["tagged"].append(bucket)
        if one.get("params"):
            found["copied"].append(objects)
    return found if found["buckets"] else {}


def _output(project: Project, key: Any) -> Any:
    """The value of an output of the stack."""
    value = as_map(project.outputs.get(key)).get("Value") if isinstance(key, str) else None
    return value if value is not None else Text.unknown(f"the stack's output {key} is not known")


def _certificate_creator(project: Project, target: Target) -> Tree:
    """serverless-certificate-creator 1.6.0 ``index.js`` (initializeVariables, createRecordSetForDnsValidation)."""
    section = as_map(as_map(project.sections.get("custom")).get("customCertificate"))
    if not section or not _may(section.get("enabled"), True):
        return {}
    zones = section.get("hostedZoneIds") or section.get("hostedZoneId") or ANY
    domains = [section.get("certificateName"), *as_list(section.get("subjectAlternativeNames"))]
    records = [f"_*.{one.removeprefix('*.').lower()}" if isinstance(one, str) else ANY for one in domains]
    return {"zones": as_list(zones) or [zones], "records": records, "certificateName": section.get("certificateName")}


def _lift(project: Project, target: Target) -> Tree:
    """serverless-lift 1.37.7 ``constructs/aws/{StaticWebsite,SinglePageApp,ServerSideWebsite}``, which put files into
    buckets that their stack makes."""
    buckets: list[Any] = []
    versioned = False
    for name, construct in as_map(project.sections.get("constructs")).items():
        kind, settings = as_map(construct).get("type"), as_map(construct)
        if kind in ("static-website", "single-page-app", "server-side-website"):
            id = logical_id(name, "Assets" if kind == "server-side-website" else "Bucket")
            buckets.append(generated_name(target.stack, id, BUCKET_LENGTH, "lower"))
            versioned = versioned or _may(settings.get("versionedAssets"), False)
    return {"buckets": buckets, "versioned": versioned} if buckets else {}


def _layers(project: Project, target: Target) -> Tree:
    """serverless-layers 2.8.5 ``lib/index.js`` (getLayerName, getSettings)."""
    section = as_map(project.sections.get("custom")).get("serverless-layers")
    layers = [one for item in section for one in as_map(item).items()] if isinstance(section, list) else []
    if not isinstance(section, list):
        layers = [("default", as_map(section))]
    layers = [(name, as_map(settings)) for name, settings in layers if not as_map(settings).get("arn")]
    own = [settings["layersDeploymentBucket"] for _, settings in layers if settings.get("layersDeploymentBucket")]
    return {"names": [f"{_slug(target.stack)}-*-{_slug(name)}" for name, _ in layers], "buckets": own}


def _slug(name: str) -> str:
    """A name in the form that the plugin's ``slugify`` gives it; what is not known stays a pattern."""
    return re.sub(r"\s+", "-", name.strip()).lower()


def _throttling(project: Project, target: Target) -> Tree:
    """serverless-api-gateway-throttling 2.0.3 ``src/apiGatewayThrottlingPlugin.js``: it acts on the APIs of the
    template, and on those that the provider section names."""
    provider = as_map(project.provider)
    rest = project.of_type("AWS::ApiGateway::RestApi") or as_map(provider.get("apiGateway")).get("restApiId")
    http = project.of_type("AWS::ApiGatewayV2::Api") or as_map(provider.get("httpApi")).get("id")
    return {"rest": bool(rest), "http": bool(http)}


def _ssm_fetch(project: Project, target: Target) -> Tree:
    """serverless-ssm-fetch 2.0.0 ``src/serverless-ssm-fetch.js`` (getParameter)."""
    written = as_map(as_map(project.sections.get("custom")).get("serverlessSsmFetch")).values()
    names = [one.partition("~")[0] if isinstance(one, str) else one for one in written]
    secure = any(not isinstance(one, str) or one.endswith("~true") for one in written)
    return {"parameters": [_parameter(one) for one in names], "secure": secure} if names else {}


def _ssm_publish(project: Project, target: Target) -> Tree:
    """serverless-ssm-publish 1.7.0 ``src/index.ts`` (getAndCheckParams, updateParams)."""
    section = as_map(as_map(project.sections.get("custom")).get("ssmPublish"))
    written = [as_map(one) for one in as_list(section.get("params"))]
    if not written or not _may(section.get("enabled"), True):
        return {}
    secure = any(_may(one.get("secure"), True) or one.get("type") == "SecureString" for one in written)
    return {"parameters": [_parameter(one.get("path")) for one in written], "secure": secure}


def _parameter(path: Any) -> Any:
    """What stands behind ``parameter/`` in the ARN of a parameter."""
    return path.lstrip("/") if isinstance(path, str) else _or_any(path, "path of a parameter")


def _single_page_app(project: Project, target: Target) -> Tree:
    """serverless-single-page-app-plugin 1.0.4 ``index.js`` (syncDirectory)."""
    return {"bucket": _output(project, "WebAppS3BucketOutput")}


def _may(value: Any, default: bool) -> bool:
    """Whether a switch may be on. Only ``false`` and ``'false'`` are off; without a value it is the default."""
    return default if value is None else value not in (False, "false", "False", "FALSE")


def _could_be(value: Any, wanted: str, default: bool) -> bool:
    return default if value is None or value == "" else not isinstance(value, str) or value.lower() == wanted


def _additional_stacks(project: Project, target: Target) -> Tree:
    """serverless-plugin-additional-stacks 1.6.0 ``index.js``: a compiled template lacks the stacks' resources."""
    return {"unread": not any("/" in id for id in project.deployed)}


def _or_any(value: Any, what: str) -> Any:
    return value if value is not None else Text.unknown(f"{what} is not known")


_FORMS: Mapping[str, Callable[[Project, Target], Tree]] = {
    "serverless-api-gateway-throttling": _throttling,
    "serverless-certificate-creator": _certificate_creator,
    "serverless-domain-manager": _domain_manager,
    "serverless-layers": _layers,
    "serverless-lift": _lift,
    "serverless-plugin-additional-stacks": _additional_stacks,
    "serverless-s3-sync": _s3_sync,
    "serverless-single-page-app-plugin": _single_page_app,
    "serverless-ssm-fetch": _ssm_fetch,
    "serverless-ssm-publish": _ssm_publish,
}
