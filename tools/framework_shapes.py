"""Write ``src/scopedown/project/serverless/shapes.tsv``: every key that the framework knows, and what it may hold.

usage: OSLS_DIR=FOLDER python tools/framework_shapes.py

The keys come from the JSON schema that osls 4.3.1 itself assembles from its core and its plugins
(``lib/config-schema.js``, ``defineFunctionEvent`` and its like), flattened: one path a line, with the kinds of value
that some branch of the schema takes there. ``BESIDE`` adds what that schema does not hold.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from oracle.harness import ROOT, VERSION, missing, osls_folder

TARGET = ROOT / "src" / "scopedown" / "project" / "serverless" / "shapes.tsv"

BESIDE = {
    # What v1 to v3 accept, and this project reads (serverless 3.40 lib/plugins/aws/provider.js, lib/config-schema.js).
    "provider.iamRoleStatements": "list",
    "provider.iamRoleStatements[]": "mapping",
    "provider.iamManagedPolicies": "list",
    "provider.rolePermissionsBoundary": "function text",
    "provider.role": "function text",
    "package.include": "list",
    "package.include[]": "text",
    "package.exclude": "list",
    "package.exclude[]": "text",
    # serverless-iam-roles-per-function 3.2.0, README
    "functions.*.iamRoleStatements": "list",
    "functions.*.iamRoleStatements[]": "mapping",
    "functions.*.iamRoleStatementsInherit": "boolean",
    "functions.*.iamRoleStatementsName": "function text",
    # An event that has no settings is its name alone (lib/plugins/aws/package/compile/events/alexa-skill.js).
    "functions.*.events[]": "mapping name",
    # v4: stages, iam of a function (its other settings stand in shapes.py)
    "stages": "mapping",
    "stages.*": "mapping",
    "stages.*.params": "mapping",
    "functions.*.iam": "mapping",
    "functions.*.iam.inheritStatements": "boolean",
    "functions.*.iam.role": "function mapping text",
    "functions.*.iam.role.statements": "list",
    "functions.*.iam.role.statements[]": "mapping",
    "functions.*.iam.role.managedPolicies": "list",
    "provider.iam.role.mode": "text",
    # The framework joins these lists before it checks them (lib/classes/service.js, mergeArrays).
    "functions": "list mapping",
    "resources": "list mapping",
    "plugins": "list mapping",
}

DUMP = """
const path = require('path');
const osls = path.join(process.env.OSLS_DIR, 'node_modules', 'osls', 'lib');
process.argv = ['node', 'serverless', 'package'];
const Serverless = require(path.join(osls, 'serverless'));
require(path.join(osls, 'cli', 'resolve-input')).clear();
const configuration = {
  service: 's',
  provider: { name: 'aws', runtime: 'nodejs20.x', stage: 'dev', region: 'us-east-1' },
  functions: { f: { handler: 'a.b' } },
};
const serverless = new Serverless({
  configuration, serviceDir: process.cwd(), configurationFilename: 'serverless.yml', commands: ['package'], options: {},
  isConfigurationResolved: true, hasResolvedCommandsExternally: true, isTelemetryReportedExternally: true,
});
serverless.init().then(() => console.log(JSON.stringify(serverless.configSchemaHandler.schema)));
"""

_TYPES = {
    "string": "text", "object": "mapping", "array": "list", "number": "number", "integer": "integer",
    "boolean": "boolean", "null": "null",
}  # fmt: skip


class Shapes:
    """Collects the kinds of every path of a schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.definitions: dict[str, Any] = schema["definitions"]
        self.kinds: dict[str, set[str]] = {}
        self.walk(schema, "", ())

    def walk(self, schema: Any, path: str, seen: tuple[str, ...]) -> None:
        kinds = self.kinds.setdefault(path, set())
        if not isinstance(schema, dict) or not schema:
            kinds.add("any")
            return
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name in seen:
                kinds.add("any")
            else:
                self.walk(self.definitions[name], path, (*seen, name))
            return
        properties = schema.get("properties", {})
        if any(name == "Ref" or name.startswith("Fn::") for name in properties) and not path.endswith("Resources"):
            kinds.add("function")
            return
        branches = [branch for name in ("anyOf", "oneOf", "allOf") for branch in schema.get(name, ())]
        for branch in branches:
            if not isinstance(branch, dict) or set(branch) - {"required", "not", "if", "then"}:
                self.walk(branch, path, seen)
        kinds |= self.own_kinds(schema, bool(branches))
        below = f"{path}." if path else ""
        for name, one in properties.items():
            if not name.startswith("__"):
                self.walk(one, below + name, seen)
        rest = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
        for one in rest:
            if isinstance(one, dict):
                self.walk(one, f"{below}*", seen)
        items = schema.get("items")
        for one in items if isinstance(items, list) else [items]:
            if one is not None:
                self.walk(one, f"{path}[]", seen)

    def own_kinds(self, schema: dict[str, Any], branches: bool) -> set[str]:
        if "type" in schema:
            types = schema["type"]
            return {_TYPES[one] for one in (types if isinstance(types, list) else [types])}
        values = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if values:
            return {
                "boolean" if isinstance(one, bool) else "text" if isinstance(one, str) else "number" for one in values
            }
        if "properties" in schema or "patternProperties" in schema:
            return {"mapping"}
        if "items" in schema:
            return {"list"}
        if "pattern" in schema or "regexp" in schema:
            return {"text"}
        return set() if branches else {"any"}


def main() -> None:
    """Ask the framework and write the table."""
    if reason := missing():
        sys.exit(reason)
    environment = {**os.environ, "OSLS_DIR": str(osls_folder()), "AWS_ACCESS_KEY_ID": "none"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["node", "--no-warnings", "-e", DUMP], cwd=folder, env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
    shapes = Shapes(json.loads(done.stdout)).kinds
    lines = {path: " ".join(sorted(kinds)) for path, kinds in shapes.items() if path and kinds and "any" not in kinds}
    lines |= BESIDE
    head = f"# Generated by tools/framework_shapes.py from osls {VERSION} and BESIDE\n"
    head += "path\tkinds\n"
    TARGET.write_text(head + "".join(f"{path}\t{lines[path]}\n" for path in sorted(lines)), encoding="utf-8")
    print(f"{len(lines)} keys")


if __name__ == "__main__":
    main()
