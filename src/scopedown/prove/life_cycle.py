"""The commands that a service is proven with, in the order of its life, and what each needs before it can be run.

In: the commands that the user asked for. Out: the steps, each run by a :class:`~.runner.Runner`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scopedown.project.model import Function, Project

USUAL: Final = ("deploy", "info", "remove")
"""What is run where the user names no commands."""
USUAL_OF: Final = {"sam": ("deploy", "list", "delete"), "cdk": ("deploy", "diff", "destroy")}
"""The same for frameworks with other commands."""
AGAIN, CHANGED = "deploy (nothing changed)", "deploy (code changed)"
ORDER: Final = (
    "package", "deploy", "deploy function", "info", "list", "diff", "deploy list", "deploy list functions", "invoke",
    "invoke local", "remote invoke", "logs", "metrics", "rollback", "rollback function", "remove", "delete",
    "destroy",
)  # fmt: skip
OF_FUNCTION: Final = {
    "deploy function": "-f", "invoke": "-f", "invoke local": "-f", "logs": "-f", "remote invoke": "",
}  # fmt: skip
"""Commands about one function, with the option that names it (sam logs: -n)."""
_STAMP = re.compile(r"/(\d{13})-")
CHANGES: Final = {
    ".py": b"\n# another deployment\n",
    **dict.fromkeys(
        (".js", ".cjs", ".mjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"), b"\nprocess.env.ANOTHER_DEPLOYMENT;\n"
    ),
}
"""What makes other code of a file, for a bundler too: a comment would be gone from what it writes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step before it is run: its label, the command's words, and whether code is changed first."""

    label: str
    command: str
    changes: bool = False


def stages(commands: Sequence[str]) -> list[Stage]:
    """The steps for these commands. A deployment comes three times: at first, with nothing changed, with other code."""
    found: list[Stage] = []
    for command in sorted(commands, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER) - 2):
        if command == "deploy":
            found += [Stage("deploy", "deploy"), Stage(AGAIN, "deploy"), Stage(CHANGED, "deploy", True)]
        else:
            found.append(Stage(command, command, command == "deploy function"))
    return found


def words(stage: Stage, project: Project, admin: Any, region: str) -> tuple[str, str]:
    """The command with what it must be told (a function, a time stamp), and else why it cannot be run."""
    function = next(iter(project.functions), None)
    if stage.command in OF_FUNCTION:
        if function is None:
            return "", "the service has no functions"
        option = "-n" if project.framework == "sam" and stage.command == "logs" else OF_FUNCTION[stage.command]
        return " ".join(filter(None, (stage.command, option, function.key))), ""
    if stage.command == "rollback":
        found = deployments(admin("s3", region))
        if len(found) < 2:
            return "", "a rollback needs two deployments"
        return f"rollback -t {found[0]}", ""
    if stage.command == "rollback function":
        if function is None or (version := _version(admin("lambda", region), function)) is None:
            return "", "no function has an earlier version"
        return f"rollback function -f {function.key} -v {version}", ""
    return stage.command, ""


def deployments(s3: Any) -> list[str]:
    """The time stamps of what was deployed, the oldest first."""
    found = set()
    for bucket in s3.list_buckets()["Buckets"]:
        for one in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            if match := _STAMP.search(one["Key"]):
                found.add(match[1])
    return sorted(found)


def _version(functions: Any, function: Function) -> str | None:
    if (name := function.name.literal) is None:
        return None
    try:
        found = functions.list_versions_by_function(FunctionName=name)["Versions"]
    except functions.exceptions.ClientError:
        return None
    numbers = [one["Version"] for one in found if one["Version"].isdecimal()]
    return min(numbers, key=int, default=None)


def has_run(project: Project, logs: Any) -> None:
    """The first function leaves a log stream, as it does when Lambda runs it, for the command that reads it."""
    for function in project.functions[:1]:
        if (name := function.name.literal) is None:
            continue
        group, stream = f"/aws/lambda/{name}", "2026/01/01/[$LATEST]0"
        try:
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
            event = {"timestamp": 1767225600000, "message": "START"}
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])
        except logs.exceptions.ClientError:
            continue  # it has no log group of that name, or the stream is there from an earlier step


def change_code(project: Project, folder: Path) -> tuple[str, ...]:
    """Other code for each function whose source is known and can be changed; the files, relative to the folder."""
    changed: dict[str, None] = {}
    for function in project.functions:
        file = function.handler.file if function.handler and function.handler.inline is None else None
        if file is None or file in changed or Path(file).suffix not in CHANGES:
            continue
        path = folder / file
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            with path.open("ab") as handle:
                handle.write(CHANGES[Path(file).suffix])
            changed[file] = None
    return tuple(changed)
