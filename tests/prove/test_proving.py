"""A service is proven: its framework deploys and removes it, its functions run, and the proof says what became of each.

Node and the frameworks are needed (:mod:`oracle.harness` says where they are looked for).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oracle.harness import OSLS, SERVERLESS_3

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

PACKAGES = {"osls": OSLS, "v3": SERVERLESS_3}
HELLO = Path(__file__).parents[1] / "enforcement" / "hello"
ORDERS = Path(__file__).with_name("services") / "orders"


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    for package in PACKAGES.values():
        if reason := package.missing():
            pytest.skip(reason)
    yield


def prove(folder: Path, framework: str, *options: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, the evidence and what was written to stderr."""
    command = [sys.executable, "-m", "scopedown", "prove", str(folder), "--format", "json", "--framework-program",
               str(PACKAGES[framework].folder), *options]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def actions(told: dict[str, Any], holder: str) -> dict[str, dict[str, Any]]:
    return {one["action"]: one for statement in told["statements"] if statement["holder"] == holder
            for one in statement["actions"]}  # fmt: skip


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_hello_world_is_proven_in_a_read_only_folder_that_stays_as_it_is(tmp_path: Path, framework: str) -> None:
    folder = shutil.copytree(HELLO, tmp_path / "greeter")
    greet = folder / "greet.js"
    greet.write_bytes(greet.read_bytes().replace(b"\n", b"\r\n"))
    before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir()}
    for one in (*before, folder):
        one.chmod(0o555)
    started = time.monotonic()
    code, told, progress = prove(folder, framework)
    print(f"hello-world by {told['framework']}: {time.monotonic() - started:.1f} s, load {os.getloadavg()[0]:.1f}")
    assert (code, told["proven"], told["failures"], told["denials"]) == (0, True, [], [])
    assert [one["step"] for one in told["steps"] if one["ok"] and not one["skipped"]] == [
        "deploy", "deploy (nothing changed)", "deploy (code changed)", "info", "remove",
    ]  # fmt: skip
    assert [(one["function"], one["ran"]) for one in told["functions"]] == [("greet", True)]
    assert {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir()} == before
    assert (told["unmapped"], told["unknownKeys"], told["standIns"]) == ([], [], [])
    deploying = actions(told, "the framework user")
    assert deploying["cloudformation:CreateChangeSet"]["needed"] and deploying["iam:CreateRole"]["modelled"]
    assert deploying["lambda:InvokeFunction"]["why"] == "asked by invoke, not run here"
    assert told["checks"]["real"] > 50 < told["checks"]["modelled"] + 50
    assert "deploy" in progress


def test_functions_run_under_their_own_generated_policies(tmp_path: Path) -> None:
    code, told, _ = prove(shutil.copytree(ORDERS, tmp_path / "orders"), "osls")
    assert code == 1  # for the call that no analysis sees
    ran = {one["function"]: one for one in told["functions"]}
    assert [one["outcome"] for one in ran["place"]["events"]] == ["ok"]
    assert [one["outcome"] for one in ran["ship"]["events"]] == ["ok"]
    assert actions(told, "place")["dynamodb:PutItem"]["by"] == ["place"]
    shipping = actions(told, "ship")
    assert shipping["sns:Publish"]["needed"]
    assert "orders.py:17 was not reached by the events that were run" in shipping["dynamodb:DeleteItem"]["why"]
    assert "Lambda itself asks for it" in shipping["sqs:ReceiveMessage"]["why"]
    (denied,) = (one for one in told["denials"] if not one["harmless"])
    assert (denied["holder"], denied["action"], denied["modelled"]) == ("hidden", "dynamodb:PutItem", False)
    assert ":table/orders-dev-Orders-" in denied["grant"]["Resource"][0]
    (missed,) = told["unforeseen"]
    assert (missed["function"], missed["action"], missed["resourceOnly"]) == ("hidden", "dynamodb:PutItem", False)
    assert [one["ok"] for one in told["steps"]] == [True] * 5


def test_a_policy_that_lacks_something_is_told_all_that_it_lacks_in_one_run(tmp_path: Path) -> None:
    folder, policy = shutil.copytree(HELLO, tmp_path / "greeter"), tmp_path / "mine.json"
    deny = {"Effect": "Deny", "Action": ["iam:CreateRole", "logs:CreateLogGroup", "s3:DeleteObject"], "Resource": "*"}
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]}))
    code, told, _ = prove(folder, "osls", "--deploy-policy", str(policy), "--no-functions")
    assert (code, told["proven"], told["allowedFrom"], told["functions"]) == (1, False, "deploy", [])
    assert {one["action"] for one in told["denials"]} == set(deny["Action"])
    assert not told["steps"][0]["ok"] and "is not authorized to perform" in told["steps"][0]["output"]
    assert told["policies"]["deploy"] == "mine.json"
    assert "explicit deny" in told["denials"][0]["message"]


def test_what_the_project_declares_is_proven_where_that_is_asked_for(tmp_path: Path) -> None:
    folder = shutil.copytree(ORDERS, tmp_path / "orders")
    code, told, _ = prove(folder, "osls", "--function-policies", "declared", "--commands", "deploy,remove")
    assert code == 1 and told["policies"]["functions"] == "declared"
    assert {one["holder"] for one in told["denials"]} == {"place", "ship", "hidden"}  # it declares nothing of its own
    assert [one["function"] for one in told["unforeseen"]] == ["hidden"]


def test_what_nothing_needed_is_taken_away_for_real(tmp_path: Path) -> None:
    code, told, _ = prove(shutil.copytree(HELLO, tmp_path / "greeter"), "osls", "--thorough", "--no-functions")
    assert code == 0
    spare = {name: one["rerun"] for name, one in actions(told, "the framework user").items() if not one["needed"]}
    assert spare and set(spare.values()) == {"ended well"}


def test_a_command_that_takes_too_long_is_ended_and_the_rest_is_not_run(tmp_path: Path) -> None:
    folder = shutil.copytree(HELLO, tmp_path / "greeter")
    code, told, _ = prove(folder, "osls", "--timeout", "1")
    assert code == 1 and told["failures"] == ["deploy did not end in time"]
    assert {one["skipped"] for one in told["steps"][1:]} == {"deploy had failed"}


PAGES = Path(__file__).with_name("services") / "pages"


def test_the_function_of_a_custom_resource_runs_from_its_creation_to_its_end(tmp_path: Path) -> None:
    code, told, _ = prove(shutil.copytree(PAGES, tmp_path / "pages"), "osls")
    assert (code, told["proven"], told["standIns"], told["denials"]) == (0, True, [], [])
    (ran,) = told["functions"]
    assert [(one["event"], one["outcome"]) for one in ran["events"]] == [
        ("Create of Home, by CloudFormation", "ok"), ("Delete of Home, by CloudFormation", "ok"),
    ]  # fmt: skip
    assert actions(told, "serves")["dynamodb:PutItem"]["needed"]
    assert actions(told, "serves")["dynamodb:DeleteItem"]["needed"]


def test_a_denial_of_a_custom_resources_function_is_the_functions(tmp_path: Path) -> None:
    code, told, _ = prove(shutil.copytree(PAGES, tmp_path / "pages"), "osls", "--function-policies", "declared")
    assert (code, told["allowedFrom"]) == (1, "deploy")
    assert {(one["holder"], one["action"], one["modelled"]) for one in told["denials"]} == {
        ("serves", "dynamodb:PutItem", False), ("serves", "dynamodb:DeleteItem", False),
    }  # fmt: skip
    assert "CloudFormation did not receive a response from your custom resource" in told["steps"][0]["output"]
