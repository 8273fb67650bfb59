"""Where serverless 3.40.0 compiles an event to something else than osls.

The expected templates are what serverless 3.40.0 itself packages of these services.
"""

from __future__ import annotations

from typing import Any

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list
from scopedown.project.intrinsics import Scope
from scopedown.project.serverless.custom_resources import custom_resources_role
from scopedown.project.serverless.events import event_bridge, schedule
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def service(
    events: list[Any], framework: str = "v3", provider: dict[str, Any] | None = None, **settings: Any
) -> Service:
    return Service(
        name="shop", stage="dev", region="us-east-1", place=Place("serverless.yml"), provider=provider or {},
        functions={"f": {"handler": "a.b", "events": events, **settings}}, resources={}, custom={}, plugins=(),
        framework=framework,
    )  # fmt: skip


def compiled(module: Any, of: Service) -> dict[str, Any]:
    template = Template(of, Scope({}, {}, {}), {})
    module.compile(template)
    return {id: resource.properties for id, resource in template.resources.items()}


OWN_BUSES = {"eventBridge": {"useCloudFormation": False}}


def test_buses_and_rules_are_made_by_a_function_of_its_own_where_the_provider_says_so() -> None:
    events = [
        {"eventBridge": {"eventBus": "orders", "schedule": "rate(1 day)", "enabled": False, "input": {"a": "b"}}},
    ]
    assert compiled(event_bridge, service(events, provider=OWN_BUSES)) == {
        "FCustomEventBridge1": {
            "ServiceToken": {"Fn::GetAtt": ["CustomDashresourceDasheventDashbridgeLambdaFunction", "Arn"]},
        }
    }


def test_that_function_may_create_buses_only_where_an_event_names_one() -> None:
    def actions(bus: str | None) -> list[Any]:
        role = custom_resources_role(
            service([{"eventBridge": {"eventBus": bus, "pattern": {"source": ["x"]}}}], provider=OWN_BUSES)
        )
        assert role is not None
        return [action for one in role[2] for action in as_list(one.statement["Action"])]

    rules = ["events:PutRule", "events:RemoveTargets", "events:PutTargets", "events:DeleteRule"]
    permissions = ["lambda:AddPermission", "lambda:RemovePermission"]
    assert actions("orders") == ["events:CreateEventBus", "events:DeleteEventBus", *rules, *permissions]
    assert actions("default") == [*rules, *permissions]
    assert actions(None) == [*rules, *permissions]


def test_osls_makes_buses_and_rules_in_the_template_whatever_the_provider_says() -> None:
    events = [{"eventBridge": {"eventBus": "orders", "pattern": {"source": ["x"]}}}]
    osls = service(events, "osls", OWN_BUSES)
    assert list(compiled(event_bridge, osls)) == [
        "OrdersEventBridgeEventBus",
        "Shopdevfrule1EventBridgeRule",
        "FEventBridgeLambdaPermission1",
    ]
    assert custom_resources_role(osls) is None


def test_a_rule_of_the_default_bus_is_called_by_the_bus_and_its_own_name() -> None:
    def path(framework: str) -> Any:
        events = [{"eventBridge": {"eventBus": "default", "pattern": {"source": ["x"]}}}]
        arn = compiled(event_bridge, service(events, framework))["FEventBridgeLambdaPermission1"]["SourceArn"]
        return arn["Fn::Join"][1][-1]["Fn::Join"][1]

    assert path("v3") == ["rule", "default", "shop-dev-f-rule-1"]
    assert path("osls") == ["rule", "shop-dev-f-rule-1"]


def test_settings_that_came_with_osls_have_no_effect() -> None:
    rate = {
        "rate": ["rate(1 day)"], "method": "scheduler", "groupName": "nightly", "roleArn": "arn:aws:iam::1:role/r",
    }  # fmt: skip

    def of(framework: str) -> tuple[Any, ...]:
        made = compiled(schedule, service([{"schedule": rate}], framework))["FSchedulerSchedule1"]
        return made.get("GroupName"), made["Target"].get("RoleArn")

    assert of("v3") == (None, None)
    assert of("osls") == ("nightly", "arn:aws:iam::1:role/r")
