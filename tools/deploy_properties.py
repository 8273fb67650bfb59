"""Write ``tests/deploy/properties.tsv``: the properties that the tables of ``scopedown deploy-policy`` name, each found
in the type's schema.

usage: python tools/deploy_properties.py [--offline]

The schemas are those of CloudFormation's registry as the pinned cfn-lint ships them (``tools/catalog/sources.py``). A
name that no schema holds is told and ends in exit code 1; the tests then say so too.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "src"), str(ROOT / "tests")]

from catalog.sources import WHEELS, Sources  # noqa: E402
from deploy.named_properties import named_properties  # noqa: E402

TARGET = ROOT / "tests" / "deploy" / "properties.tsv"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="use what .cache/ holds, download nothing")
    schemas = dict(_schemas(Sources(ROOT / ".cache", offline=parser.parse_args().offline)))
    rows, missing = [], []
    for type_name, path in sorted(named_properties()):
        held = type_name in schemas and _holds(schemas[type_name], path)
        (rows if held else missing).append(f"{type_name}\t{path}")
    head = f"# from cfn-lint {WHEELS['cfn-lint']}, by tools/deploy_properties.py\ntype\tproperty\n"
    TARGET.write_text(head + "".join(f"{row}\n" for row in rows), "utf-8")
    for row in missing:
        print("no such property:", row)
    return 1 if missing else 0


def _schemas(sources: Sources) -> Iterator[tuple[str, dict[str, Any]]]:
    wheel = sources.wheel("cfn-lint")
    for name in sorted(wheel.names):
        if re.match(r"cfnlint/data/schemas/resources/(?:[^/]+/)?[^/]+\.json$", name):
            schema = wheel.json(name)
            if "typeName" in schema:
                yield schema["typeName"], schema


def _holds(schema: dict[str, Any], path: str) -> bool:
    """Whether a path (as in :mod:`scopedown.deploy.when`) leads to a property of the schema."""
    definitions = schema.get("definitions", {})

    def variants(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        while "$ref" in node and node["$ref"] not in seen:
            seen.add(node["$ref"])
            node = definitions.get(node["$ref"].rpartition("/")[2], {})
        yield node
        for key in ("oneOf", "anyOf", "allOf"):
            for one in node.get(key, ()):
                yield from variants(one)

    def leads(node: dict[str, Any], steps: list[str]) -> bool:
        if not steps:
            return True
        name = steps[0].removesuffix("[]")
        for variant in variants(node):
            properties = variant.get("properties", {})
            own = {**properties, **variant.get("patternProperties", {})}  # names of the user's own choice
            for one in own.values() if name == "*" else filter(None, [properties.get(name)]):
                inner = [one]
                if steps[0].endswith("[]"):
                    inner = [item["items"] for item in variants(one) if isinstance(item.get("items"), dict)]
                if any(leads(item, steps[1:]) for item in inner):
                    return True
        return False

    return leads({"properties": schema.get("properties", {})}, path.split("."))


if __name__ == "__main__":
    raise SystemExit(main())
