"""What v1 and v2 of the framework accept and later versions refuse, brought into today's form.

Public projects still hold these notations; each is read, with a finding that says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.serverless.variables import Variable, VariableSyntaxError, parse

LEGACY_DEFAULTS: Final = {"provider.stage": "dev", "provider.region": "us-east-1"}
"""What v1 and v2 filled in by themselves; v3 refuses ``${self:provider.stage}`` where it is not set."""

_INNER_FALLBACK: Final = re.compile(r",\s*\$\{([^{}$]*)\}")


def modernize(tree: MapNode, file: str) -> list[Finding]:
    """Bring what v1 and v2 accept into today's form: a service as a mapping, a provider as a word."""
    findings: list[Finding] = []
    top = Place(file)
    service = tree.get("service")
    if isinstance(service, Mapping):
        tree["service"] = service.get("name")
        key, provider = service.get("awsKmsKeyArn"), tree.get("provider")
        if key is not None and isinstance(provider, MapNode):
            provider.setdefault("kmsKeyArn", key)
        findings.append(Finding(
            "legacy-service", "service is a mapping, which the framework no longer accepts since v3",
            place_of(tree, "service"), "write service: NAME",
        ))  # fmt: skip
    if isinstance(tree.get("provider"), str) and "${" not in tree["provider"]:
        place = place_of(tree, "provider") or top
        provider = MapNode({"name": tree["provider"]}, place)
        provider.keys_at["name"] = provider.values_at["name"] = place
        tree["provider"] = provider
        findings.append(Finding(
            "legacy-provider", "provider is a word, which the framework no longer accepts since v3", place,
            "write provider: with name: aws below it",
        ))  # fmt: skip
    for key in ("service", "provider"):
        if tree.get(key) in (None, "", {}, []):
            raise ScopedownError(
                f"{file} has no {key}", place_of(tree, key) or top,
                f"set {key}, or scan another file if this is not a service of the Serverless Framework",
            )  # fmt: skip
    return findings


def without_inner_fallbacks(text: str) -> tuple[str, tuple[Variable, ...]] | None:
    """``${opt:stage, ${self:custom.stage}}`` as today's ``${opt:stage, self:custom.stage}``; None: it is not that."""
    for _ in range(10):
        changed = _INNER_FALLBACK.sub(r", \1", text)
        if changed == text:
            return None
        text = changed
        try:
            variables = parse(text)
        except VariableSyntaxError:
            continue
        return None if variables is None else (text, variables)
    return None
