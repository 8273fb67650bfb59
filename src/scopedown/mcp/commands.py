"""What a tool's arguments become: the command line that answers them, and the files that it finds.

A value of the client's never becomes an option: it stands behind the ``=`` of an option that is named here, or behind
``--``. Policies are given as objects and become files in the command's own folder, so that a command is told no name of
a client's. All arguments fit their tool's schema when they come here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.mcp.answer import read
from scopedown.mcp.places import Places
from scopedown.mcp.run import Command, Done

Given = Mapping[str, Any]
MOST_POLICY = 1_000_000
"""Characters of one policy; AWS's largest quota is a hundredth of it."""


def _project(given: Given) -> Iterator[str]:
    for name in ("stage", "region", "account", "framework"):
        if name in given:
            yield f"--{name}={given[name]}"
    for key, value in given.get("params", {}).items():
        yield f"--param={key}={value}"


def _of_functions(given: Given) -> Iterator[str]:
    yield "--jobs=1"  # one process: it ends whole when its call does
    for name in given.get("functions", ()):
        yield f"--function={name}"


def _path(given: Given, places: Places) -> str:
    return str(places.resolve(given.get("path", ".")))


def _policy(document: Any) -> str:
    text = json.dumps(document)
    if len(text) > MOST_POLICY:
        raise ScopedownError(f"a policy has {len(text)} characters, more than {MOST_POLICY}")
    return text


def scan(given: Given, places: Places) -> Command:
    """``scan`` of one project."""
    return Command(
        ("scan", "--format=json", *_project(given), *_of_functions(given), "--", _path(given, places)),
    )


def check(given: Given, places: Places) -> Command:
    """``check`` of one project."""
    rules = [f"--{name}={rule}" for name in ("select", "ignore") for rule in given.get(name, ())]
    fail = [f"--fail-on={given['fail_on']}"] if "fail_on" in given else []
    return Command(
        ("check", "--format=json", *_project(given), *_of_functions(given), *rules, *fail, "--", _path(given, places)),
    )


def explain(given: Given, places: Places) -> Command:
    """``explain`` of an action in one project."""
    asked = ("--", given["action"], _path(given, places))
    return Command(("explain", "--format=json", *_project(given), *_of_functions(given), *asked))


def deploy_policy(given: Given, places: Places) -> Command:
    """``deploy-policy``: the policy, with ``explain`` its reasons, with ``audit`` the comparison."""
    commands = [f"--commands={','.join(given['commands'])}"] if given.get("commands") else []
    strict = ["--strict"] if given.get("strict") else []
    files: dict[str, str] = {}
    if "audit" in given:
        files["policy.json"] = _policy(given["audit"])
        form = ["--audit=policy.json", "--format=json"]
    else:
        form = ["--explain"] if given.get("explain") else ["--output=-"]
    return Command(("deploy-policy", *form, *_project(given), *commands, *strict, "--", _path(given, places)), files)


def deploy_answer(done: Done) -> dict[str, Any]:
    """The documents one after another, or the lines of the explanation; an audit is an object of its own."""
    notes = [line for line in done.notes.splitlines() if line]
    if not done.output.startswith("{"):
        lines = done.output.splitlines()
        return {"schema": "scopedown.mcp-deploy-policy/1", "explanation": lines, "notes": notes}
    documents = list(_objects(done.output))
    if "schema" in documents[0]:
        return read(done.output)
    return {"schema": "scopedown.mcp-deploy-policy/1", "policies": documents, "notes": notes}


def _objects(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    while text:
        try:
            found, end = decoder.raw_decode(text)
        except ValueError:
            raise ScopedownError("the command did not print valid JSON") from None
        yield found
        text = text[end:].lstrip()


def simulate(given: Given, places: Places) -> Command:
    """``simulate``: each layer of policies in files of its own."""
    files: dict[str, str] = {}
    options: list[str] = []
    for key, option in _LAYERS.items():
        value = given.get(key, [])
        for number, document in enumerate(value if isinstance(value, list) else [value], 1):
            name = f"{option}-{number}.json"
            levels = isinstance(document, list)
            files[name] = _policy([{"level": key, "policies": document}] if levels else document)
            options.append(f"--{option}={name}")
    options += [f"--action={one}" for one in given["actions"]]
    options += [f"--resource={one}" for one in given.get("resources", ())]
    for key in ("principal", "resource_account", "management_account"):
        if key in given:
            options.append(f"--{key.replace('_', '-')}={given[key]}")
    for key, value in given.get("context", {}).items():
        if "=" in key:
            raise ScopedownError(f"{key!r} is not a condition key", remedy="write it as AWS does: aws:SourceIp")
        options += [f"--context={key}={_word(one)}" for one in (value if isinstance(value, list) else [value])]
    if given.get("derive_context"):
        options.append("--derive-context")
    return Command(("simulate", "--format=json", *options), files)


def denied(given: Given, places: Places) -> Command:
    """``denied``: the message in a file of its own, and the project where a path is given."""
    path = ("--", _path(given, places)) if "path" in given else ()
    asked = (*_project(given), *_of_functions(given))
    return Command(("denied", "--format=json", "--from=message.txt", *asked, *path), {"message.txt": given["message"]})


def validate(given: Given, places: Places) -> Command:
    """``validate`` of policies, each in a file of its own."""
    files = {f"policy-{number}.json": _policy(one) for number, one in enumerate(given["policies"], 1)}
    options = [f"--{name.replace('_', '-')}={given[name]}" for name in ("type", "resource_type") if name in given]
    return Command(("validate", "--format=json", *options, "--", *files), files)


def compare(given: Given, places: Places) -> Command:
    """``compare`` of two policies or sets, each in a file of its own."""
    files = {f"{side}.json": _policy(given[side]) for side in ("old", "new") if side in given}
    options = [f"--kind={given['type']}"] if "type" in given else []
    options += [f"--not-granted={one}" for one in given.get("not_granted", ())]
    options += ["--no-public"] if given.get("no_public") else []
    options += ["--equivalent"] if given.get("equivalent") else []
    return Command(("compare", "--format=json", *options, "--", *files), files)


_LAYERS = {
    "policies": "policy",
    "boundary": "boundary",
    "session_policies": "session",
    "resource_policy": "resource-policy",
    "service_control_policies": "scp",
    "resource_control_policies": "rcp",
    "vpc_endpoint_policy": "vpce",
}
"""Argument → option of the command."""


def _word(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def catalog(given: Given, places: Places) -> Command:
    """``catalog`` of one name."""
    return Command(("catalog", "--format=json", "--", given["name"]))
