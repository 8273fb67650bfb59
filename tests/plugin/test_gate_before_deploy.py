"""The gate before a deployment: what stops it, what does not, and what the user is told."""

from __future__ import annotations

import json
import subprocess

import pytest

from .installed import Service

pytestmark = [pytest.mark.oracle, pytest.mark.slow]
PASSED = "no problems"
STOPPED = "scopedown check found problems in the roles of this service"
NO_CREDENTIALS = "credentials"
"""How a deployment ends here that the gate lets through: it comes as far as AWS."""


def told(ended: subprocess.CompletedProcess[str]) -> str:
    text = ended.stdout + ended.stderr
    assert "    at " not in text, text  # a stack
    return text


def test_a_deployment_goes_on_where_the_roles_suffice(service: Service) -> None:
    ended = service.run("deploy")
    assert PASSED in ended.stdout
    assert NO_CREDENTIALS in told(ended)


def test_a_deployment_is_stopped_before_packaging_and_before_aws_where_a_function_will_be_denied(
    service: Service,
) -> None:
    ended = service.lacking().run("deploy")
    assert ended.returncode == 1
    assert "SD101 missing-permission: create will be denied dynamodb:PutItem" in ended.stdout
    assert "create.js:4" in ended.stdout
    assert STOPPED in told(ended)
    assert NO_CREDENTIALS not in told(ended)
    assert not (service.folder / ".serverless").exists()


def test_the_deployment_of_one_function_is_stopped_for_that_function(service: Service) -> None:
    ended = service.lacking().run("deploy", "function", "-f", "create")
    assert (ended.returncode, "SD101" in ended.stdout, NO_CREDENTIALS in told(ended)) == (1, True, False)


def test_packaging_alone_has_no_gate_unless_it_is_asked_for(service: Service) -> None:
    ended = service.lacking().run("package")
    assert (ended.returncode, "SD101" in told(ended)) == (0, False)
    service.set("gate: check", "gateOn: package")
    ended = service.run("package")
    assert (ended.returncode, "SD101" in ended.stdout) == (1, True)
    assert STOPPED in told(ended)


def test_packaging_with_its_gate_succeeds_where_the_roles_suffice(service: Service) -> None:
    ended = service.set("gate: check", "gateOn: package").run("package")
    assert (ended.returncode, ended.stdout.count(PASSED)) == (0, 1)


def test_a_gate_that_warns_goes_on(service: Service) -> None:
    ended = service.lacking().set("gate: warn", "gateOn: package").run("package")
    assert (ended.returncode, "SD101" in ended.stdout) == (0, True)
    assert f"Warning: {STOPPED}" in ended.stderr


def test_the_environment_goes_before_the_setting(service: Service) -> None:
    ended = service.lacking().set("gate: check", "gateOn: package").run("package", SCOPEDOWN_GATE="off")
    assert (ended.returncode, "SD101" in told(ended)) == (0, False)


def test_the_gate_fails_on_what_the_settings_say_and_knows_the_baseline(service: Service) -> None:
    service.change("dynamodb:PutItem", "[dynamodb:PutItem, dynamodb:GetItem]")
    service.set("gate: check", "gateOn: package", "failOn: warning", "baseline: known.json")
    service.run("scopedown", "check", "--write-baseline")
    assert service.run("package").returncode == 0
    (service.folder / "known.json").unlink()
    service.change("    baseline: known.json\n", "")
    ended = service.run("package")
    assert (ended.returncode, "SD201" in ended.stdout) == (1, True)


def test_the_gate_can_read_what_the_framework_has_compiled(service: Service) -> None:
    ended = service.lacking().set("gate: check", "compiled: true").run("deploy")
    assert ended.returncode == 1
    assert ".serverless/cloudformation-template-update-stack.json:" in ended.stdout
    assert NO_CREDENTIALS not in told(ended)


def test_a_package_elsewhere_is_not_read_as_compiled(service: Service) -> None:
    service.lacking().set("gate: check", "compiled: true")
    assert service.run("package", "--package", "out").returncode == 0
    ended = service.run("deploy", "--package", "out")
    assert (ended.returncode, "custom.scopedown.compiled" in told(ended)) == (2, True)


def test_what_was_packaged_before_passes_the_gate_too(service: Service) -> None:
    assert service.lacking().run("package", "--package", "out").returncode == 0
    ended = service.run("deploy", "--package", "out")
    assert (ended.returncode, ended.stdout.count("error SD101")) == (1, 1)


def test_a_framework_that_scopedown_runs_has_no_gate(service: Service) -> None:
    service.lacking().set("gate: check", "gateOn: package")
    ended = service.run("scopedown", "scan", "--run-framework", "--format", "json")
    assert ended.returncode == 0, told(ended)
    (function,) = json.loads(ended.stdout)["functions"]
    assert "dynamodb:PutItem" in [one["action"] for one in function["permissions"]]


def test_a_setting_that_is_not_known_stops_also_where_the_framework_only_warns(service: Service) -> None:
    service.change("service: orders\n", "service: orders\nconfigValidationMode: warn\n")
    ended = service.set("gate: chekc").run("package")
    assert ended.returncode == 2
    assert 'custom.scopedown.gate is "chekc": use off, warn, check' in told(ended)
    assert "at 'custom.scopedown.gate'" in told(ended)  # the framework's own validation
