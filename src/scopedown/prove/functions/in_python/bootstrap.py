"""Run one Lambda handler on one event, as Lambda's Python runtime does.

In: SCOPEDOWN_PROVE (the path of a JSON file). Out: the file ``result`` that it names: outcome, type, message, result.
How a handler is found: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html; its context:
https://docs.aws.amazon.com/lambda/latest/dg/python-context.html. Runs under the function's own interpreter, so it keeps
to what Python 3.8 knows and imports nothing of scopedown.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import json
import os
import sys
import time
import traceback
from typing import Any

PROVIDED = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
"""What the runtime brings along (https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html)."""


class Provided:
    """Finds the runtime's own packages, where the function's code has none of that name."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if path is None and name in PROVIDED:
            return importlib.machinery.PathFinder.find_spec(name, [self.folder])
        return None


class Identity:
    """Nobody of Cognito called."""

    cognito_identity_id = None
    cognito_identity_pool_id = None


class Context:
    """What a handler is told of its invocation."""

    def __init__(self, named: dict[str, Any]) -> None:
        self._deadline = time.time() + named["milliseconds"] / 1000
        self.aws_request_id = named["awsRequestId"]
        self.function_name = named["functionName"]
        self.function_version = named["functionVersion"]
        self.invoked_function_arn = named["invokedFunctionArn"]
        self.log_group_name = named["logGroupName"]
        self.log_stream_name = named["logStreamName"]
        self.memory_limit_in_mb = named["memoryLimitInMB"]
        self.tenant_id = None
        self.client_context = None
        self.identity = Identity()

    def get_remaining_time_in_millis(self) -> int:
        return max(int((self._deadline - time.time()) * 1000), 0)

    def log(self, message: str) -> None:
        sys.stdout.write(str(message))


def tell(path: str, outcome: str, error: BaseException | None = None, result: str = "null") -> None:
    """Write what came of it, whole."""
    told = {"outcome": outcome, "result": result}
    if error is not None:
        told.update(type=type(error).__name__, message=str(error))
        traceback.print_exception(type(error), error, error.__traceback__)
    with open(path + ".part", "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(told, file)
    os.replace(path + ".part", path)  # noqa: PTH105


def load(handler: str) -> Any:
    """The function that a handler's setting names."""
    module_name, _, symbol = handler.rpartition(".")
    if not module_name:
        raise ImportError("Bad handler '%s': not enough values to unpack" % handler)  # noqa: UP031
    module = importlib.import_module(module_name.lstrip("./").replace("/", "."))
    return getattr(module, symbol)


def main() -> None:
    """Run it."""
    with open(os.environ["SCOPEDOWN_PROVE"], encoding="utf-8") as file:  # noqa: PTH123
        asked = json.load(file)
    import layer_programs  # type: ignore[import-not-found]  # beside this file
    import network  # type: ignore[import-not-found]

    sys.path.pop(0)
    del sys.modules["network"], sys.modules["layer_programs"]  # the names are the function's
    sys.path[:0] = asked["paths"]
    sys.path += asked["more_paths"]
    if asked["provided"]:
        sys.meta_path.append(Provided(asked["provided"]))
    network.install(asked["guard"]["host"], asked["guard"]["port"], asked["refused"])
    layer_programs.install(asked["layers"], asked["missing"])
    try:
        handler = load(asked["handler"])
    except Exception as error:
        return tell(asked["result"], "load", error)
    with open(asked["started"], "w", encoding="utf-8"):  # noqa: PTH123
        pass
    try:
        result = json.dumps(handler(asked["event"], Context(asked["context"])))
    except Exception as error:
        return tell(asked["result"], "error", error)
    return tell(asked["result"], "ok", None, result[: asked["kept"]])


main()
