"""Where variables of serverless 4 take their values from, beside what serverless 3 has.

Named resolvers (``stages.STAGE.resolvers.NAME``, and the same below ``default``) ask AWS, HashiCorp Vault and
Terraform, or Doppler; ``git``, ``output`` and ``aws`` ask the repository, the Serverless Dashboard and the account.
None of it is known here: ``--param-file`` gives such a value by the variable that asks for it, else it is unknown, and
the reason names the resolver. What v4 takes for no variable at all (``${iot:…}``, ``${PROP(…)}``) is left out by
:func:`without_foreign`.

Source: serverless at b9d7ea5 (v4), ``packages/sf-core/src/lib/resolvers``: placeholders.js, providers.js, registry and
providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from scopedown.core.text import Pseudo, Text
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.resolving import Answer, Request, Resolving
from scopedown.project.serverless.sources import SourceFunction, deployment_value, fail, given
from scopedown.project.serverless.variables import Fragment, Variable

GIT_KEYS: Final = (
    "describe", "describeLight", "sha1", "commit", "branch", "message", "messageSubject", "messageBody", "user",
    "email", "isDirty", "repository", "tags",
)  # fmt: skip
_ASKED: Final = {
    "aws": "AWS",
    "vault": "HashiCorp Vault",
    "terraform": "the Terraform state",
    "doppler": "Doppler",
}
"""What a resolver of each type asks."""
_OF_AWS: Final = {"ssm": "the SSM parameter", "s3": "the object in S3", "cf": "the stack's output"}
_FOREIGN: Final = frozenset({"iot", "PROP", "AWS"})
"""What stands in ``${…}`` for others: policy variables of AWS IoT, labels of CloudWatch, pseudo parameters."""


def without_foreign(variables: tuple[Variable, ...] | None) -> tuple[Variable, ...] | None:
    """The variables without those that v4 leaves alone, also inside of others; None where none is left."""
    if variables is None:
        return None
    kept = [
        replace(variable, sources=tuple(
            source if source.type is None else replace(
                source,
                params=None if source.params is None else tuple(_fragment(part) for part in source.params),
                address=None if source.address is None else _fragment(source.address),
            )
            for source in variable.sources
        ))
        for variable in variables
        if len(variable.sources) != 1 or variable.sources[0].type not in _FOREIGN
    ]  # fmt: skip
    return tuple(kept) or None


def _fragment(fragment: Fragment) -> Fragment:
    return replace(fragment, variables=without_foreign(fragment.variables) or ())


def source_of(resolver: Resolving, kind: str) -> SourceFunction | None:
    """The source of v4 by that name; None where v4 has none of its own."""
    if _configured(resolver, kind) is not None:
        return _named
    return _SOURCES.get(kind)


def _configured(resolver: Resolving, name: str) -> Mapping[str, Any] | None:
    """The settings of a named resolver: those of the stage, else those of ``default``."""
    stages = resolver.tree.get("stages")
    for stage in (resolver.stage(), "default"):
        section: Any = stages
        for key in (stage, "resolvers", name):
            section = section.get(key) if isinstance(section, Mapping) else None
        if isinstance(section, Mapping):
            return section
    return None


def _named(resolver: Resolving, request: Request) -> Answer:
    """``${NAME:…}``: a resolver of the configuration; for AWS with what is asked of it, ``${NAME:ssm:/path}``."""
    settings = _configured(resolver, request.kind) or {}
    kind = settings.get("type")
    address = js_text(request.address) if request.address is not None else ""
    if not isinstance(kind, str) or kind not in _ASKED:
        shown = js_text(kind)[:40] if kind is not None else "nothing"
        return fail(
            "variable-resolver", f"the resolver {request.kind} has the type {shown}, which the framework does not know",
            f"set its type to one of {', '.join(_ASKED)}",
        )  # fmt: skip
    if kind == "aws" and address == "region":
        region = settings.get("region")
        return Answer(region) if isinstance(region, str) and "${" not in region else _unknown(resolver, request, kind)
    if kind == "aws" and address == "partition":
        return _partition(resolver, request)
    return _unknown(resolver, request, kind)


def _unknown(resolver: Resolving, request: Request, kind: str) -> Answer:
    address = js_text(request.address) if request.address is not None else ""
    first, colon, rest = address.partition(":")
    what = f"{_OF_AWS[first]} {rest} is" if kind == "aws" and colon and first in _OF_AWS else f"{address} is"
    by = f"the resolver {request.kind} ({_ASKED[kind]})" if request.kind != kind else _ASKED[kind]
    return deployment_value(resolver, request, f"{what} read by {by} when the service is deployed")


def _of_type(resolver: Resolving, request: Request) -> Answer:
    """A resolver by its type alone, with no settings: ``${vault:…}``."""
    return _unknown(resolver, request, request.kind)


def aws(resolver: Resolving, request: Request) -> Answer:
    """``${aws:partition}``, and what AWS is asked by the credentials of the deployment: ``${aws:ssm:/path}``."""
    if request.address == "partition":
        return _partition(resolver, request)
    return _unknown(resolver, request, "aws")


def _partition(resolver: Resolving, request: Request) -> Answer:
    value = given(resolver, request)
    known = resolver.options.partition if value is None else value
    return Answer(Text.of(Pseudo("AWS::Partition")) if known is None else js_text(known))


def _git(resolver: Resolving, request: Request) -> Answer:
    key = js_text(request.address)
    if key not in GIT_KEYS:
        keys = ", ".join(GIT_KEYS)
        return fail("variable-not-found", f"the framework does not know ${{{request}}}", f"use one of git's {keys}")
    return deployment_value(resolver, request, f"git:{key} is read from the git repository at deployment")


def _output(resolver: Resolving, request: Request) -> Answer:
    """``${output:service.key}`` or ``${output:app:stage:region:service.key}``."""
    address = js_text(request.address) if request.address is not None else ""
    parts = address.split(":")
    if len(parts) not in (1, 4) or "." not in parts[-1] or not all(parts[-1].split(".")):
        return fail(
            "variable-syntax", f"${{{request}}} has no output name",
            "write ${output:SERVICE.KEY} or ${output:APP:STAGE:REGION:SERVICE.KEY}",
        )  # fmt: skip
    reason = f"the output {parts[-1]} is read from the Serverless Dashboard when the service is deployed"
    return deployment_value(resolver, request, reason)


_SOURCES: Final[Mapping[str, SourceFunction]] = {
    "git": _git,
    "output": _output,
    "vault": _of_type,
    "terraform": _of_type,
    "doppler": _of_type,
}


def asks_account(request: Request) -> bool:
    """Whether ``${aws:…}`` asks for more than serverless 3 knows there."""
    return request.kind == "aws" and isinstance(request.address, str) and request.address not in ("accountId", "region")
