"""``scopedown test``: a team's own tests of its policies, written in YAML (docs/policy-tests.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from scopedown.cli.decision_text import decision_lines
from scopedown.cli.forms import format_option, show
from scopedown.cli.output import output_option
from scopedown.core.place import Place
from scopedown.iam import Decision, PolicyError, PolicySet, Request, RequestError, compile
from scopedown.iam.cases import read_policies, read_request, without_repeats

_TOP = {"policies", "tests", "principal", "resource_account", "context", "description"}
_TEST = {
    "name", "expect", "action", "resource", "principal", "resource_account", "context", "policies",
    "principal_tags", "resource_tags", "groups", "role_arn", "service_linked_role", "aws_managed_key",
}  # fmt: skip
_LAYERS = {
    "identity", "boundary", "session", "resource", "scp", "rcp", "vpce", "groups", "management_account",
}  # fmt: skip
_EXPECT: dict[str, tuple[str, ...]] = {
    "allowed": ("allowed",),
    "denied": ("implicitDeny", "explicitDeny"),
    "implicitDeny": ("implicitDeny",),
    "explicitDeny": ("explicitDeny",),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request of one test, and what it came to."""

    file: Path
    name: str
    expected: str
    decision: Decision

    @property
    def passed(self) -> bool:
        """Whether the decision is one that the test expects."""
        return self.decision.value in _EXPECT[self.expected]


@click.command("test")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option("tests")
@output_option
@click.pass_context
def test_command(ctx: click.Context, files: tuple[Path, ...], form: str) -> None:
    """Run tests of policies: what they must allow and must deny.

    Exit code 0: all passed. 1: a test failed. 2: a file is wrong.

    \b
    Example:
      scopedown test policies/*.test.yml
    """
    outcomes = [outcome for file in files for outcome in run_file(file)]
    show("tests", form, outcomes)
    ctx.exit(0 if all(one.passed for one in outcomes) else 1)


def as_text(outcomes: list[Outcome]) -> Iterator[str]:
    """The tests that failed, and how many passed."""
    failed = [one for one in outcomes if not one.passed]
    for one in failed:
        yield f"FAILED {one.file}: {one.name}: expected {one.expected}"
        yield from (f"  {line}" for line in decision_lines(one.decision))
    yield f"{len(outcomes) - len(failed)} passed, {len(failed)} failed"


def as_json(outcomes: list[Outcome]) -> dict[str, object]:
    """All tests as one object."""
    return {
        "schema": "scopedown.test/1",
        "passed": sum(outcome.passed for outcome in outcomes),
        "failed": sum(not outcome.passed for outcome in outcomes),
        "tests": [
            {
                "file": outcome.file.as_posix(),
                "name": outcome.name,
                "action": outcome.decision.request.action,
                "resource": outcome.decision.request.resource,
                "expected": outcome.expected,
                "decision": outcome.decision.value,
                "pass": outcome.passed,
                "message": outcome.decision.message or None,
            }
            for outcome in outcomes
        ],
    }


def run_file(file: Path) -> Iterator[Outcome]:
    """Run a file's tests in order. Raises RequestError with the file (and the test's name) where it is wrong."""
    top = _load(file)
    _known(top, _TOP, file, "")
    tests = top.get("tests")
    if not isinstance(tests, list) or not tests:
        raise RequestError("tests must be a list of at least one test", Place(file.as_posix()))
    for number, test in enumerate(tests, 1):
        where = f"test {number}"
        if not isinstance(test, Mapping):
            raise RequestError(f"{where} must be a mapping", Place(file.as_posix()))
        where = str(test.get("name") or where)
        _known(test, _TEST, file, where)
        try:
            yield from _run(file, top, test, where)
        except (PolicyError, RequestError) as error:
            raise RequestError(
                f"{where}: {error.message}", error.place or Place(file.as_posix()), error.remedy
            ) from None
        except RecursionError:
            raise RequestError(
                f"{where}: is nested too deeply",
                Place(file.as_posix()),
                "remove the anchor that contains its own alias",
            ) from None


def _load(file: Path) -> Mapping[str, Any]:
    try:
        text = file.read_bytes()
        _keys_once(yaml.compose(text, Loader=yaml.SafeLoader))
        data = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file.as_posix(), mark.line + 1, mark.column + 1) if mark else Place(file.as_posix())
        raise RequestError(f"is not YAML: {getattr(error, 'problem', None) or error}", place) from None
    if not isinstance(data, Mapping):
        raise RequestError("must be a mapping with policies and tests", Place(file.as_posix()))
    return data


def _keys_once(root: yaml.Node | None) -> None:
    """Raises YAMLError where a mapping has a key twice, of which the loader would lose one."""
    left, met = [root], set[int]()
    while left:
        node = left.pop()
        if id(node) in met or not isinstance(node, yaml.MappingNode | yaml.SequenceNode):
            continue
        met.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            left += node.value
            continue
        seen: set[str] = set()
        for key, value in node.value:
            left.append(value)
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    problem = f"the key {key.value!r} is written twice"
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                seen.add(key.value)


def _known(data: Mapping[str, Any], known: set[str], file: Path, where: str) -> None:
    for key in data:
        if key not in known:
            prefix = f"{where}: " if where else ""
            raise RequestError(
                f"{prefix}unknown key {key!r}", Place(file.as_posix()), f"known are {', '.join(sorted(known))}"
            )


def _run(file: Path, top: Mapping[str, Any], test: Mapping[str, Any], name: str) -> Iterator[Outcome]:
    expected = str(test.get("expect"))
    if expected not in _EXPECT:
        raise RequestError(f"expect must be one of {', '.join(_EXPECT)}, not {expected!r}")
    documents = {**_mapping(top, "policies"), **_mapping(test, "policies")}
    for layer in documents:
        if layer not in _LAYERS:
            raise RequestError(f"unknown kind of policy {layer!r}", remedy=f"known are {', '.join(sorted(_LAYERS))}")
    loaded = {layer: _documents(file, value) for layer, value in documents.items()}
    for action in _listed(test, "action"):
        for resource in _listed(test, "resource"):
            request = _request(top, test, action, resource)
            policies: PolicySet = read_policies(loaded, request)
            yield Outcome(file, name, expected, compile(policies).evaluate(request))


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name) or {}
    if not isinstance(value, Mapping):
        raise RequestError(f"{name} must be a mapping")
    return value


def _listed(test: Mapping[str, Any], name: str) -> list[str]:
    value = test.get(name, "*" if name == "resource" else None)
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str) for one in values):
        raise RequestError(f"{name} must be text or a list of texts")
    return values


def _request(top: Mapping[str, Any], test: Mapping[str, Any], action: str, resource: str) -> Request:
    fields = {key: test[key] for key in _TEST - {"name", "expect", "policies"} if key in test}
    for key in ("principal", "resource_account"):
        if key not in fields and key in top:
            fields[key] = top[key]
    if isinstance(fields.get("resource_account"), int):  # YAML reads bare digits as a number
        fields["resource_account"] = f"{fields['resource_account']:012d}"
    if "principal" not in fields:
        raise RequestError("principal is missing")
    fields["context"] = {**_mapping(top, "context"), **_mapping(test, "context")}
    return read_request({**fields, "action": action, "resource": resource})


def _documents(file: Path, value: Any) -> Any:
    """A policy as it stands, or the file that a text names, beside the test file; lists and levels likewise."""
    if isinstance(value, str) and not (value.isdigit() and len(value) == 12):
        path = file.parent / value
        try:
            return json.loads(path.read_bytes(), object_pairs_hook=without_repeats)
        except RequestError as error:
            raise RequestError(f"{path}: {error.message}", remedy=error.remedy) from None
        except OSError as error:
            raise RequestError(f"cannot read {path}: {error.strerror}") from None
        except (ValueError, RecursionError) as error:
            raise RequestError(f"{path} is not JSON: {error}") from None
    if isinstance(value, list):
        return [_documents(file, one) for one in value]
    if isinstance(value, Mapping) and "policies" in value and "Statement" not in value:
        return {**value, "policies": [_documents(file, one) for one in value["policies"] or ()]}
    if isinstance(value, Mapping) and "Statement" not in value:
        return {key: _documents(file, one) for key, one in value.items()}
    if isinstance(value, Mapping) and not isinstance(value.get("Version", ""), str):
        return {**value, "Version": str(value["Version"])}  # YAML reads a bare 2012-10-17 as a date
    return value
