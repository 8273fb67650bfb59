"""Layers of others that are known: what each needs of a function's role, and whether it is an unseen part of the code.

In: a function with its :attr:`~scopedown.project.model.Function.foreign_layers`. Out: the row of each that is known,
and what it needs. A layer that only holds packages which the code imports is seen where they are imported; one that
holds an extension runs by itself. Every row has its source; a layer without a row is code that was not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scopedown.core.text import ANY, Literal, Text
from scopedown.permissions.log_groups import actions_on
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.project.model import ForeignLayer, Function, Project

_LOGS: Final = ("logs:PutLogEvents",)
"""What a layer that writes to a log group needs beside what the group itself takes."""
_XRAY: Final = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
_LOG_GROUPS: Final = Text.of(
    "arn:", PSEUDO["Partition"], ":logs:", PSEUDO["Region"], ":", PSEUDO["Account"], ":log-group:"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownLayer:
    """``name`` is a pattern of the layer's name, ``account`` the one that publishes it (empty: several, one a region).

    ``needs`` are (actions, the log group that they act on; None: every resource). ``given`` are (a variable of the
    function that holds an ARN, the action on it). ``may_call``: what it can be set up to call beside that.
    """

    name: str
    account: str
    source: str
    needs: tuple[tuple[tuple[str, ...], str | None], ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    may_call: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    """The variables that set it up so; with none, it always may."""


_DATADOG: Final = "https://docs.datadoghq.com/serverless/aws_lambda/installation/"
_NEW_RELIC: Final = "https://docs.newrelic.com/docs/serverless-function-monitoring/aws-lambda-monitoring/"
_BREF: Final = "https://bref.sh/docs/runtimes"
"""The runtime of PHP; an account for each major version: 873528684822 of the third (plugin/layers.js of
brefphp/bref@7005946e676581713d9d7329a06abb04c0f00b88), 534081306603 of the second
(@d08ac1fa253ff9fac8abb58b7ffb3333a47ebbb6), 209497400698 of the first (layers in public templates)."""
_ADOT: Final = "https://aws-otel.github.io/docs/getting-started/lambda"

KNOWN: Final = (
    KnownLayer(
        r"LambdaInsightsExtension(-Arm64)?", "",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-Getting-Started.html",
        needs=((_LOGS, "/aws/lambda-insights"),),
    ),
    KnownLayer(
        r"AWS-Parameters-and-Secrets-Lambda-Extension(-Arm64)?", "",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html",
    ),
    KnownLayer(
        r"AWS-AppConfig-Extension(-Arm64)?", "",
        "https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-lambda-extensions-versions.html",
    ),
    KnownLayer(r"AWSSDKPandas-Python\d+(-Arm64)?", "336392948345", "https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html"),
    KnownLayer(
        r"AWSLambdaPowertoolsPythonV?\d*(-.+)?", "017000801446",
        "https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/",
    ),
    KnownLayer(
        r"AWSLambdaPowertoolsTypeScript(V\d+)?", "094274105915",
        "https://docs.aws.amazon.com/powertools/typescript/latest/getting-started/lambda-layers/",
    ),
    KnownLayer(
        r"AWSOpenTelemetryDistro(Js|Python|Java|DotNet)", "615299751070",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Application-Signals-Enable-Lambda.html",
        needs=((_XRAY, None), (_LOGS, "/aws/application-signals/data")),
    ),
    KnownLayer(
        r"aws-otel-.+", "901920570463", _ADOT, needs=((_XRAY, None),),
        may_call=("aps:*", "cloudwatch:*", "logs:*", "s3:GetObject", "xray:*"),
        settings=("OPENTELEMETRY_COLLECTOR_CONFIG_FILE", "OPENTELEMETRY_COLLECTOR_CONFIG_URI"),
    ),
    KnownLayer(
        r"AWSCodeGuruProfiler.+", "", "https://docs.aws.amazon.com/codeguru/latest/profiler-ug/python-lambda-layers.html",
        needs=((("codeguru-profiler:ConfigureAgent", "codeguru-profiler:PostAgentProfile"), None),),
    ),
    *(
        KnownLayer(
            r"(Datadog-(Extension|Node\d+-x|Python\d+|Ruby\d+-\d+)|dd-trace-(java|dotnet))(-ARM|-FIPS)*", account,
            _DATADOG,
            given=(
                ("DD_API_KEY_SECRET_ARN", "secretsmanager:GetSecretValue"), ("DD_API_KEY_SSM_ARN", "ssm:GetParameter"),
            ),
            may_call=("kms:Decrypt",), settings=("DD_KMS_API_KEY",),
        )
        for account in ("464622532012", "002406178527")
    ),
    KnownLayer(
        r"Dynatrace_OneAgent_.+", "725887861453", "https://docs.dynatrace.com/docs/shortlink/aws-lambda-extension",
        given=(("DT_CONNECTION_AUTH_TOKEN_SECRETS_MANAGER_ARN", "secretsmanager:GetSecretValue"),),
    ),
    KnownLayer(
        r"NewRelic.+", "451483290750", _NEW_RELIC, may_call=("secretsmanager:GetSecretValue", "ssm:GetParameter"),
    ),
    KnownLayer(r"lumigo-(node|python)-tracer", "114300393969", "https://docs.lumigo.io/docs/lambda-layers"),
    KnownLayer(
        r"Sentry(Node|Python)ServerlessSDK.*", "943013980633",
        "https://docs.sentry.io/platforms/python/integrations/aws-lambda/manual-layer/",
    ),
    KnownLayer(r"LambdaAdapterLayer(X86|Arm64)", "753240598075", "https://github.com/awslabs/aws-lambda-web-adapter"),
    KnownLayer(r"(arm-)?php-\d+(-fpm|-console)?|console", "209497400698", _BREF),
    KnownLayer(r"(arm-)?php-\d+(-fpm|-console)?|console", "534081306603", _BREF),
    KnownLayer(r"(arm-)?php-\d+(-fpm|-console)?|console", "873528684822", _BREF),
    KnownLayer(r".+-php-\d+", "403367587399", "https://github.com/brefphp/extra-php-extensions"),
    KnownLayer(r"git(-lambda2)?", "553035198032", "https://github.com/lambci/git-lambda-layer"),
    KnownLayer(r"chrome-aws-lambda", "764866452798", "https://github.com/shelfio/chrome-aws-lambda-layer"),
    KnownLayer(r"ghostscript", "764866452798", "https://github.com/shelfio/ghostscript-lambda-layer"),
    KnownLayer(r"libreoffice-.+", "764866452798", "https://github.com/shelfio/libreoffice-lambda-layer"),
    KnownLayer(r"Klayers-.+", "770693421928", "https://github.com/keithrozario/Klayers"),
)  # fmt: skip
"""Needs of the rows of Datadog, Dynatrace, New Relic and CodeGuru Profiler are by their documentation, unverified by a
run."""

_ARN: Final = re.compile(r"arn:[^:]*:lambda:[^:]*:([^:]*):layer:([^:]+)(?::.*)?\Z")
_STORED: Final = (
    ("/aws/service/powertools/", "AWSLambdaPowertoolsPythonV3-python312-x86_64", "017000801446"),
    ("/aws/service/aws-parameters-and-secrets-lambda-extension/", "AWS-Parameters-and-Secrets-Lambda-Extension", ""),
)  # fmt: skip
"""Public parameters that hold a layer's ARN
(https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/)."""


def known_layer(layer: ForeignLayer) -> KnownLayer | None:
    """The row of a layer; None where it is not known, or of another account than the one that publishes it."""
    written = "".join(part.value if isinstance(part, Literal) else "*" for part in layer.arn.parts)
    account, name = "", ""
    for parameter, stored, owner in _STORED:
        if parameter in written:
            account, name = owner, stored
    match = _ARN.match(written)
    if match is not None:
        account, name = match[1], match[2]
    for row in KNOWN:
        if re.fullmatch(row.name, name) and (not row.account or account in (row.account, "*")):
            return row
    return None


def needs_of(function: Function, project: Project) -> Iterator[tuple[tuple[str, ...], Text, ForeignLayer]]:
    """What the known layers of a function need: actions, their resource, and the layer that needs them."""
    for layer in function.foreign_layers:
        row = known_layer(layer)
        if row is None:
            continue
        for actions, group in row.needs:
            if group is None:
                yield actions, Text.of(ANY), layer
                continue
            on_group = actions_on((Text.of(group),), function, project)
            yield (*on_group, *actions), Text.of(_LOG_GROUPS, f"{group}:*"), layer
        for variable, action in row.given:
            arn = function.environment.get(variable)
            if arn is not None:
                yield (action,), arn, layer
