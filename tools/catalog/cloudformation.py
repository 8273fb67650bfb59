"""CloudFormation types: Ref, attributes, ARN, name. Sources: npm ``@aws-cdk/aws-service-spec``, ``cfn-lint``."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.sources import Sources
from catalog.write import Table

HANDLERS = ("create", "read", "update", "delete", "list")


def tables(sources: Sources) -> Iterator[Table]:
    """``cloudformation`` and ``cloudformation_handlers``."""
    handlers = dict(_handlers(sources))
    script = Path(__file__).with_suffix(".mjs")
    folder = sources.npm_installed("@aws-cdk/aws-service-spec")
    output = subprocess.run(["node", script, folder.resolve()], capture_output=True, text=True, check=True).stdout
    types = [json.loads(line) for line in output.splitlines()]
    rows = [
        (
            t["type"],
            "|".join([t["ref"]] if isinstance(t["ref"], str) else t["ref"]),
            name_property(t),
            t["arn"] or "",
            ",".join(sorted(t["attributes"])),
        )
        for t in types
    ]
    known = {t["type"] for t in types}
    rows += [(name, "", "", "", "") for name in handlers if name not in known]
    yield Table("cloudformation", ("type", "ref", "name_property", "arn", "attributes"), rows)
    yield Table(
        "cloudformation_handlers",
        ("type", "handler", "actions"),
        ((t, handler, ",".join(actions)) for t, by in handlers.items() for handler, actions in by.items()),
    )


def name_property(spec: dict[str, Any]) -> str:
    """The writable string property that names a resource.

    It is the one that its ARN ends with, else the one that identifies it, else the type's own name and ``Name``, else
    ``Name``.
    """
    strings = {name for name, kind in spec["properties"].items() if kind == "string"}
    variables = re.findall(r"\$\{(\w+)\}", spec["arn"] or "")
    kind = spec["type"].rsplit("::", 1)[-1]
    candidates = [*reversed(variables[-1:])]
    if len(spec["primary"]) == 1:
        candidates += spec["primary"]
    candidates += [f"{kind}Name", "Name"]
    return next((c for c in candidates if c in strings and not c.endswith(("Arn", "Id"))), "")


def _handlers(sources: Sources) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Handler permissions by type; names that are no actions are dropped, wildcards of known actions kept."""
    wheel = sources.wheel("cfn-lint")
    for name in sorted(wheel.names):
        if not re.match(r"cfnlint/data/schemas/resources/(?:[^/]+/)?[^/]+\.json$", name):
            continue
        schema = wheel.json(name)
        if "typeName" not in schema or not (handlers := schema.get("handlers")):
            continue
        found = {}
        for handler in HANDLERS:
            names = handlers.get(handler, {}).get("permissions", ())
            if actions := sorted({a for n in names if (a := _action(n, sources.actions))}):
                found[handler] = actions
        yield schema["typeName"], found


def _action(name: str, known: dict[str, str]) -> str | None:
    lower = name.strip().lower()
    if "*" not in lower:
        return known.get(lower)
    pattern = re.compile(re.escape(lower).replace(r"\*", ".*"))
    return name.strip() if ":" in lower and any(pattern.fullmatch(a) for a in known) else None
