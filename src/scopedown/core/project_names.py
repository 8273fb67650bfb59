"""The names of the files that a project is found by."""

from __future__ import annotations

from typing import Final

SERVERLESS_NAMES: Final = tuple(f"serverless.{suffix}" for suffix in ("yml", "yaml", "json", "js", "mjs", "cjs", "ts"))
"""The names that the framework looks for, in its order."""

TEMPLATE_NAMES: Final = ("template.yaml", "template.yml", "template.json")
"""The names that ``sam`` looks for, in its order (https://docs.aws.amazon.com/serverless-application-model/)."""

CDK_NAME: Final = "cdk.json"
