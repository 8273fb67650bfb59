"""The services' names in the SDKs of further languages: languages/*/services.tsv, by each SDK's own naming rules;
``generate.py`` writes them.

The rules work on what botocore says of each service (``serviceId`` and its like); services that an SDK names otherwise
are next to its rule, with their source. A language is added as one function under :data:`RULES`, which gives the rows
of one service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "src" / "scopedown" / "languages"


@dataclass(frozen=True)
class Service:
    """One service as botocore has it: ``name`` is its folder there (``stepfunctions``)."""

    name: str
    metadata: Mapping[str, Any]

    @property
    def id(self) -> str:
        """``SFN``, ``Cognito Identity Provider``."""
        return str(self.metadata["serviceId"])

    @property
    def short(self) -> str:
        """Its abbreviation, else its full name, without the vendor's name: what SDKs were named by that are older than
        ``serviceId``."""
        written = str(self.metadata.get("serviceAbbreviation") or self.metadata["serviceFullName"]).strip()
        for vendor in ("Amazon", "AWS"):
            written = written.removeprefix(vendor).strip()
        return written


@dataclass(frozen=True)
class Rule:
    """``columns`` beside ``service``; the cells of a service, once for each row; further rows, with the service first;
    ``about`` says by which rules of the SDK, with their sources."""

    columns: tuple[str, ...]
    cells: Callable[[Service], Iterator[tuple[str, ...]]]
    further: tuple[tuple[str, ...], ...]
    about: str


def services() -> Iterator[Service]:
    """All services."""
    from botocore.loaders import Loader

    loader = Loader()
    for name in loader.list_available_services("service-2"):
        yield Service(name, loader.load_service_model(name, "service-2")["metadata"])


def letters(written: str) -> str:
    """``Cognito Identity Provider`` as ``cognitoidentityprovider``."""
    return re.sub(r"[^a-z0-9]", "", written.lower())


def _go(service: Service) -> Iterator[tuple[str, ...]]:
    yield letters(service.id), letters(service.short)


def _csharp(service: Service) -> Iterator[tuple[str, ...]]:
    full = service.metadata.get("serviceAbbreviation") or service.metadata["serviceFullName"]
    for written in (str(full), service.id):
        name = re.sub(r"[^A-Za-z0-9]", "", written.replace("AWS", "").replace("Amazon", ""))
        yield name[:1].upper() + name[1:], name[:1].upper() + name[1:]


@cache
def _ids() -> frozenset[str]:
    return frozenset(letters(service.id) for service in services())


def _as_added(service: Service) -> Iterator[tuple[str, ...]]:
    yield (letters(service.id),)
    for written in (service.short, str(service.metadata["serviceFullName"])):
        name = letters(written).removeprefix("amazon").removeprefix("aws")
        if name not in _ids():  # what another service is called now
            yield (name,)


_JAVA_1: Mapping[str, str] = {
    "acm": "certificatemanager", "amp": "prometheus", "ce": "costexplorer", "cloudcontrol": "cloudcontrolapi",
    "cloudsearch": "cloudsearchv2", "connectcampaigns": "connectcampaign", "cur": "costandusagereport",
    "databrew": "gluedatabrew", "discovery": "applicationdiscovery", "dms": "databasemigrationservice",
    "ds": "directory", "dynamodb": "dynamodbv2", "dynamodbstreams": "dynamodbv2.streams", "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing", "elbv2": "elasticloadbalancingv2", "emr": "elasticmapreduce",
    "es": "elasticsearch", "events": "cloudwatchevents", "firehose": "kinesisfirehose", "grafana": "managedgrafana",
    "iam": "identitymanagement", "iot-jobs-data": "iotjobsdataplane",
    "kinesis-video-archived-media": "kinesisvideo.archivedmedia",
    "kinesis-video-media": "kinesisvideo.media", "kinesis-video-signaling": "kinesisvideosignalingchannels",
    "lex-models": "lexmodelbuilding", "lexv2-models": "lexmodelsv2", "lexv2-runtime": "lexruntimev2",
    "m2": "mainframemodernization", "meteringmarketplace": "marketplacemetering", "mgh": "migrationhub",
    "migrationhubstrategy": "migrationhubstrategyrecommendations", "rbin": "recyclebin",
    "redshift-data": "redshiftdataapi", "rum": "cloudwatchrum", "sagemaker-a2i-runtime": "augmentedairuntime",
    "sagemaker-edge": "sagemakeredgemanager", "sdb": "simpledb", "serverlessrepo": "serverlessapplicationrepository",
    "servicecatalog-appregistry": "appregistry", "ses": "simpleemail", "sesv2": "simpleemailv2",
    "sms": "servermigration", "ssm": "simplesystemsmanagement", "sts": "securitytoken", "swf": "simpleworkflow",
    "waf-regional": "waf.regional", "wisdom": "connectwisdom",
}  # fmt: skip
"""The packages of services in version 1 for Java that are not named as botocore's folder. A name with a dot is not a
package: the service shares the package before the dot with another, and is known by its client's class
(languages/java/sdk_v1.py). Looked up as folders of aws/aws-sdk-java (tests/languages/sdk_names_checked.tsv)."""


def _java(service: Service) -> Iterator[tuple[str, ...]]:
    name = letters(service.id).removeprefix("amazon").removeprefix("aws")
    shared = {"dynamodbstreams": "dynamodb.streams", "waf-regional": "waf.regional"}
    v2 = shared.get(service.name, name.removesuffix("service") or name)
    yield v2, _JAVA_1.get(service.name, letters(service.name))


def _rust(service: Service) -> Iterator[tuple[str, ...]]:
    name = letters(service.id)
    yield (name,)
    for ending in ("service", "api"):
        if name.endswith(ending):
            yield (name.removesuffix(ending),)


def _kotlin(service: Service) -> Iterator[tuple[str, ...]]:
    yield (letters(service.id),)


RULES: Mapping[str, Rule] = {
    "csharp": Rule(
        ("namespace", "name"),
        _csharp,
        (
            ("acm", "CertificateManager", "CertificateManager"),
            ("cur", "CostAndUsageReport", "CostAndUsageReport"),
            ("dynamodb", "DynamoDBv2", "DynamoDB"),
            ("dynamodbstreams", "DynamoDBv2", "DynamoDBStreams"),
            ("efs", "ElasticFileSystem", "ElasticFileSystem"),
            ("elbv2", "ElasticLoadBalancingV2", "ElasticLoadBalancingV2"),
            ("emr", "ElasticMapReduce", "ElasticMapReduce"),
            ("es", "Elasticsearch", "Elasticsearch"),
            ("events", "CloudWatchEvents", "CloudWatchEvents"),
            ("firehose", "KinesisFirehose", "KinesisFirehose"),
            ("health", "AWSHealth", "AWSHealth"),
            ("iam", "IdentityManagement", "IdentityManagementService"),
            ("iot-data", "IotData", "IotData"),
            ("kms", "KeyManagementService", "KeyManagementService"),
            ("lex-runtime", "Lex", "Lex"),
            ("marketplacecommerceanalytics", "AWSMarketplaceCommerceAnalytics", "AWSMarketplaceCommerceAnalytics"),
            ("meteringmarketplace", "AWSMarketplaceMetering", "AWSMarketplaceMetering"),
            ("ses", "SimpleEmail", "SimpleEmailService"),
            ("sesv2", "SimpleEmailV2", "SimpleEmailServiceV2"),
            ("sns", "SimpleNotificationService", "SimpleNotificationService"),
            ("ssm", "SimpleSystemsManagement", "SimpleSystemsManagement"),
            ("stepfunctions", "StepFunctions", "StepFunctions"),
            ("sts", "SecurityToken", "SecurityTokenService"),
            ("support", "AWSSupport", "AWSSupport"),
            ("swf", "SimpleWorkflow", "SimpleWorkflow"),
        ),
        "namespace: what follows Amazon.; name: what a client is called between Amazon and Client, an interface after "
        "IAmazon. Both are the serviceId, in older services the abbreviation or the full name, without the vendor "
        "(aws/aws-sdk-net@092225afb277d80c466c18a37a21808d9fc9c485 "
        "generator/ServiceClientGeneratorLib/ServiceConfiguration.cs, ClassName); what a metadata.json there names "
        "otherwise: generator/ServiceModels/_sdk-versions.json@0015a303eeba3e74c0c5bdf06003182a36a3c582",
    ),
    "go": Rule(
        ("v2", "v1"),
        _go,
        (
            ("elb", "", "elb"),
            ("elbv2", "", "elbv2"),
            ("events", "cloudwatchevents", "cloudwatchevents"),
        ),
        "v2: the serviceId in small letters (aws/aws-sdk-go-v2@0b6e601f54f1c6d7c84b72a6ca478840deaa5743 "
        "codegen/sdk-codegen/build.gradle.kts); v1: the same of the abbreviation or the full name (aws/aws-sdk-go@"
        "8d203ccff393340d080be0417d091cc60354449b private/model/api/api.go, StructName), or as in v2; names that both "
        "have otherwise: private/model/api/legacy_struct_names.go there",
    ),
    "php": Rule(
        ("namespace",),
        _as_added,
        (("events", "cloudwatchevents"),),
        "namespace: the letters of the serviceId, of the abbreviation or of the full name, as namespaces were named "
        "when they were added; names that no rule gives: https://docs.aws.amazon.com/aws-sdk-php/v3/api/",
    ),
    "ruby": Rule(
        ("module",),
        _as_added,
        (("events", "cloudwatchevents"), ("lex-runtime", "lex"), ("stepfunctions", "states")),
        "module: the letters of the serviceId, of the abbreviation or of the full name, as modules were named when "
        "they were added; names that no rule gives: "
        "aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347 services.json",
    ),
    "java": Rule(
        ("v2", "v1"),
        _java,
        (("events", "cloudwatchevents", "cloudwatchevents"), ("events", "eventbridge", "eventbridge")),
        "v2: below software.amazon.awssdk.services, the serviceId in small letters without the vendor and without "
        "'service' at its end (aws/aws-sdk-java-v2@00875dea0c6f6c13d2d1de17e6769201d121ac4e codegen/src/main/java/"
        "software/amazon/awssdk/codegen/naming/DefaultNamingStrategy.java, getServiceName); v1: below "
        "com.amazonaws.services, the letters of botocore's folder or a name of its own "
        "(https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/overview-summary.html)",
    ),
    "kotlin": Rule(
        ("package",),
        _kotlin,
        (("events", "cloudwatchevents"),),
        "package: below aws.sdk.kotlin.services, the letters of the serviceId (awslabs/aws-sdk-kotlin@05ea93b92, "
        "packageNameForService)",
    ),
    "rust": Rule(
        ("crate",),
        _rust,
        (),
        "crate: the name behind aws-sdk-, which is the serviceId in small letters, mostly without a last word service "
        "or api (https://docs.rs/aws-sdk-databasemigration, https://docs.rs/aws-sdk-apigatewaymanagement)",
    ),
}
"""By the language's folder."""


def table(language: str) -> str:
    """The table of a language."""
    rule = RULES[language]
    rows = {(service.name, *cells) for service in services() for cells in rule.cells(service)}
    lines = [f"# Generated by tools/sdk_names.py. {rule.about}.", "\t".join(("service", *rule.columns))]
    lines += ["\t".join(row).rstrip("\t") for row in sorted(rows | set(rule.further))]
    return "\n".join(lines) + "\n"


def files() -> dict[Path, str]:
    return {FOLDER / language / "services.tsv": table(language) for language in RULES}
