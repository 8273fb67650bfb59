"""The environment of a function's process: what Lambda sets, and what the project declares, in deployed values.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.text import AnyText, EnvVar, Unknown
from scopedown.project.model import Function
from scopedown.prove.endpoint import Credentials, Endpoint
from scopedown.prove.functions.code import Code
from scopedown.prove.functions.runtimes import Interpreter

HERE: Final = Path(__file__).parent
_KEPT: Final = ("PATH", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "LD_LIBRARY_PATH")
"""What a program needs to run at all; nothing else of the user's environment goes on."""
DEFAULT_TIMEOUT: Final = 6
DEFAULT_MEMORY: Final = 1024
"""The Serverless Framework's own."""


def name_of(function: Function, where: Endpoint) -> str:
    """The function's name as it is deployed."""
    return where.resolve(function.name) or function.key


def declared(function: Function, where: Endpoint) -> tuple[dict[str, str], list[str]]:
    """The variables that the project sets, and a note for each whose value is not known."""
    values: dict[str, str] = {}
    notes = []
    for name, text in function.environment.items():
        values[name] = where.resolve(text)
        if text.has(Unknown, EnvVar, AnyText):
            reason = next((part.reason for part in text.unknowns), "it is set elsewhere")
            notes.append(f"the environment variable {name} has no known value: {reason}")
    return values, notes


def environment_of(
    function: Function, code: Code, with_what: Interpreter, where: Endpoint, who: Credentials, asked: Path, home: Path
) -> tuple[dict[str, str], list[str]]:
    """The whole environment, and notes on it. ``asked`` is the file that the bootstrap reads."""
    values, notes = declared(function, where)
    name = name_of(function, where)
    kept = {key: value for key, value in os.environ.items() if key.upper() in _KEPT}
    set_by_lambda = {
        "HOME": str(home), "USERPROFILE": str(home), "TMPDIR": str(home), "TMP": str(home), "TEMP": str(home),
        "LANG": "en_US.UTF-8", "TZ": ":UTC",
        "AWS_REGION": where.region, "AWS_DEFAULT_REGION": where.region,
        "AWS_ACCESS_KEY_ID": who.key_id, "AWS_SECRET_ACCESS_KEY": who.secret, "AWS_SESSION_TOKEN": who.token,
        "AWS_LAMBDA_FUNCTION_NAME": name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_of(function)), "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}", "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime or with_what.language}",
        "LAMBDA_TASK_ROOT": str(code.root), "_HANDLER": code.handler,
        "_X_AMZN_TRACE_ID": "Root=1-67748580-000000000000000000000001;Parent=0000000000000001;Sampled=0",
        "AWS_ENDPOINT_URL": where.address, "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_XRAY_CONTEXT_MISSING": "IGNORE_ERROR", "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1",
        "SCOPEDOWN_PROVE": str(asked),
    }  # fmt: skip
    if not who.token:
        del set_by_lambda["AWS_SESSION_TOKEN"]
    if with_what.language == "python":
        set_by_lambda |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    else:
        shim = json.dumps(str(HERE / "in_node" / "network.cjs"))
        set_by_lambda["NODE_OPTIONS"] = f"--require {shim} {values.get('NODE_OPTIONS', '')}".strip()
        major = with_what.version.partition(".")[0]
        modules = [
            layer / "nodejs" / place for layer in code.layers for place in (f"node{major}/node_modules", "node_modules")
        ]
        set_by_lambda["NODE_PATH"] = os.pathsep.join(map(str, modules))
        # What a function installs while it runs (the CDK's AwsCustomResource) fails at once, without npm's retries.
        set_by_lambda |= {"npm_config_offline": "true", "npm_config_update_notifier": "false"}
    return {**kept, **values, **set_by_lambda}, notes


def memory_of(function: Function) -> int:
    """In MB."""
    return _number(function.settings, "memorySize", DEFAULT_MEMORY)


def timeout_of(function: Function) -> int:
    """In seconds."""
    return _number(function.settings, "timeout", DEFAULT_TIMEOUT)


def _number(settings: Mapping[str, Any], key: str, otherwise: int) -> int:
    try:
        return int(str(settings.get(key, otherwise)))
    except ValueError:
        return otherwise
