"""The handler behind a vendor's: the configured one is the vendor's own, and a variable names the project's.

In: a handler as it is configured, the function's environment. Out: :class:`Wrapped`, or None where the handler is the
project's own. What ``AWS_LAMBDA_EXEC_WRAPPER`` starts (OpenTelemetry, Dynatrace, Splunk) leaves the handler as it is;
of that kind only the Lambda Web Adapter matters (:mod:`~scopedown.project.code.start_commands`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.core.text import Text


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """``begins``: how a vendor's handler begins, without the folder of a layer; ``variables``: what names the project's
    handler; ``source``: where that is documented."""

    vendor: str
    begins: tuple[str, ...]
    variables: tuple[str, ...]
    source: str


_WRAPPERS: Final = (
    _Wrapper(
        "Datadog", ("datadog_lambda.handler.", "datadog-lambda-js/handler.", "datadog-lambda-js/dist/handler."),
        ("DD_LAMBDA_HANDLER",), "https://docs.datadoghq.com/serverless/aws_lambda/installation/nodejs/",
    ),
    _Wrapper(
        "New Relic",
        (
            "newrelic_lambda_wrapper.", "newrelic-lambda-wrapper.", "newrelic-esm-lambda-wrapper/", "newrelic-lambda/",
            "com.newrelic.java.HandlerWrapper::",
        ),
        ("NEW_RELIC_LAMBDA_HANDLER",), "https://github.com/newrelic/newrelic-lambda-layers",
    ),
    _Wrapper(
        "Lumigo", ("lumigo-auto-instrument.", "lumigo_tracer._handler", "lumigo_tracer.auto_instrument_handler."),
        ("LUMIGO_ORIGINAL_HANDLER",), "https://github.com/lumigo-io/python_tracer",
    ),
    _Wrapper(
        "Epsagon", ("epsagon.wrapper", "epsagon.handler.wrapper", "epsagon/"), ("EPSAGON_HANDLER",),
        "https://github.com/epsagon/epsagon-python",
    ),
    _Wrapper(
        "Thundra", ("thundra.handler.", "thundra_handler.", "@thundra/core/dist/handler."),
        ("THUNDRA_AGENT_LAMBDA_HANDLER", "thundra_agent_lambda_handler"),
        "https://github.com/thundra-io/thundra-agent-python",
    ),
    _Wrapper(
        "Sentry", ("sentry_sdk.integrations.init_serverless_sdk.",), ("SENTRY_INITIAL_HANDLER",),
        "https://docs.sentry.io/platforms/python/integrations/aws-lambda/",
    ),
    _Wrapper(
        "Instana", ("instana-aws-lambda-auto-wrap.", "instana-aws-lambda-auto-wrap-esm.", "instana.lambda_handler"),
        ("LAMBDA_HANDLER",), "https://www.ibm.com/docs/en/instana-observability/current?topic=lambda-aws-native-tracing",
    ),
    _Wrapper(
        "CodeGuru Profiler", ("codeguru_profiler_agent.aws_lambda.",), ("HANDLER_ENV_NAME_FOR_CODEGURU",),
        "https://docs.aws.amazon.com/codeguru/latest/profiler-ug/python-lambda-layers.html",
    ),
)  # fmt: skip
_FOLDERS: Final = (
    "/opt/", "opt/", "nodejs/", "python/", "./", "node_modules/",
)  # fmt: skip
"""What a path to a package in a layer or in the function's own folder begins with."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """``vendor``: whose wrapper it is; ``handler``: the project's own, empty where no variable names it; ``variable``:
    the one that does, or should."""

    vendor: str
    handler: str
    variable: str


def wrapped(declared: str, environment: Mapping[str, Text]) -> Wrapped | None:
    """The project's handler behind a vendor's; None where ``declared`` is no wrapper.

    >>> wrapped("datadog_lambda.handler.handler", {"DD_LAMBDA_HANDLER": Text.of("app.run")}).handler
    'app.run'
    """
    inner = declared.strip()
    foreign = inner.startswith(("/opt/", "node_modules/", "./node_modules/"))
    while (folder := next((one for one in _FOLDERS if inner.startswith(one)), None)) is not None:
        inner = inner[len(folder) :]
    for wrapper in _WRAPPERS:
        if inner.startswith(wrapper.begins):
            return _named(wrapper.vendor, wrapper.variables, environment)
    if not foreign:
        return None
    # A package's handler that no row knows: a variable called so names the project's, as with all that are known.
    named = tuple(name for name in environment if name.upper().endswith("_HANDLER"))
    return _named(f"the package {inner.partition('/')[0]}", named if len(named) == 1 else ("",), environment)


def _named(vendor: str, variables: tuple[str, ...], environment: Mapping[str, Text]) -> Wrapped:
    for name in variables:
        value = environment.get(name)
        if value is not None and value.literal:
            return Wrapped(vendor, value.literal, name)
    return Wrapped(vendor, "", variables[0])
