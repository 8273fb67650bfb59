"""Every kind of event has all of its parts, in its one module."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.project import cloudformation
from scopedown.project.intrinsics import Scope
from scopedown.project.serverless.event_kinds import EventKind, event_kind, event_kinds, kinds_of
from scopedown.project.serverless.event_names import event_names
from scopedown.project.serverless.frameworks import OSLS, V3, V4
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

KINDS = pytest.mark.parametrize("kind", event_kinds(), ids=lambda kind: kind.name)


@KINDS
def test_a_module_is_the_kind_of_its_name(kind: EventKind) -> None:
    assert event_kind(kind.name) is kind and kind.name in event_names()


def test_no_two_kinds_have_one_place_in_the_order() -> None:
    orders = [kind.order for kind in event_kinds()]
    assert orders == sorted(set(orders))
    positions = [kind.in_role_of_v4.position for kind in event_kinds() if kind.in_role_of_v4]
    positions.remove(event_kind("rabbitmq").in_role_of_v4.position)  # type: ignore[union-attr]  # as activemq has
    assert len(positions) == len(set(positions)) and 0 not in positions


@KINDS
def test_a_kind_compiles_to_resources_unless_only_templates_have_it(kind: EventKind) -> None:
    is_written = kind.compile is not _default("compile")
    assert is_written or kind.name == "documentDb"


@KINDS
def test_what_the_framework_grants_for_a_kind_lambda_needs(kind: EventKind) -> None:
    grants = kind.statements is not _default("statements")
    assert not grants or kind.needs is not _default("needs") or kind.name == "websocket"  # its code answers


@KINDS
def test_templates_have_the_kind_too(kind: EventKind) -> None:
    readers = "".join(path.read_text(encoding="utf-8") for path in Path(cloudformation.__path__[0]).glob("*.py"))
    assert f'"{kind.name}"' in readers or kind.name == "cloudwatchEvent"  # there it is an eventBridge event


@KINDS
@pytest.mark.parametrize("framework", [OSLS, V3, V4])
def test_a_kind_that_a_service_has_no_events_or_settings_of_changes_nothing(kind: EventKind, framework: str) -> None:
    others = [name for name in sorted(event_names()) if name != kind.name]
    service = Service(
        "s", "dev", "eu-west-1", Place("serverless.yml"),
        provider={"logs": {"restApi": True, "httpApi": True, "websocket": True}, "apiGateway": {"apiKeys": ["k"]}},
        functions={"one": {"handler": "a.b", "events": [{name: {"existing": True}} for name in others]}},
        resources={}, custom={}, plugins=(), framework=framework,
    )  # fmt: skip
    used = kinds_of(service)
    assert [one.name for one in used] == [one.name for one in event_kinds() if one is not kind]
    template = Template(service, Scope({}, {}, {}), {}, {"one": "role"})
    kind.compile(template)
    assert (template.resources, service.findings) == ({}, [])
    assert [*kind.statements(service), *kind.of_plugin(service)] == []
    assert kind.in_role_of_v4 is None or [*kind.in_role_of_v4.statements(service)] == []
    own = kind.own_function
    assert own is None or own in [one.own_function for one in used] or [*own.statements(service)] == []


def test_an_unknown_kind_has_no_parts() -> None:
    kind = event_kind("ses")
    assert (kind.shown, kind.compile, kind.sample) == ("ses", _default("compile"), "")


def test_a_template_loads_only_the_events_that_it_has() -> None:
    code = """
import sys
from scopedown.project import load
from scopedown.project.serverless.event_kinds import event_kind
event_kind("sqs"), event_kind("kafka")
print(*(name for name in sys.modules if name.startswith("scopedown.project.serverless.events.")))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in run.stdout.split() if ".parts" not in name}
    assert loaded == {"kafka"}


def _default(part: str) -> object:
    return next(field.default for field in fields(EventKind) if field.name == part)
