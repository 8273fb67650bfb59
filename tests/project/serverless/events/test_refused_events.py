"""Events that the framework refuses to compile: each is one error, at the event or at the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.finding import Finding, Severity
from scopedown.project.load import load_project
from scopedown.project.options import Options

HEAD = """service: s
provider:
  name: aws
  runtime: python3.12
  {provider}
functions:
  g: {{handler: h.main}}
  f:
    handler: h.main
    events:
"""
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2"
OTHER = LISTENER.replace("f2f7dc8efc522ab2", "a2f7dc8efc522ab2")
KEY = "arn:aws:kms:us-east-1:111122223333:key"


def errors(folder: Path, provider: str, *events: str) -> list[Finding]:
    (folder / "serverless.yml").write_text(HEAD.format(provider=provider) + "".join(f"      - {e}\n" for e in events))
    (folder / "h.py").write_text("def main(event, context): ...\n")
    project = load_project(folder, Options())
    return [finding for finding in project.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("code", "provider", "events"),
    [
        ("http-api-route-invalid", "", ["httpApi: FETCH /a"]),
        ("http-api-route-invalid", "", ["httpApi: {path: /a}"]),
        ("http-api-route-invalid", "", ["httpApi: {path: '*', method: get}"]),
        ("http-api-route-invalid", "", ["httpApi: {path: /a, method: fetch}"]),
        ("http-api-route-twice", "", ["httpApi: GET /a", "httpApi: {path: /a, method: get}"]),
        ("http-api-authorizer-unknown", "", ["httpApi: {path: /a, method: get, authorizer: nobody}"]),
        ("http-api-authorizer-unknown", "", ["httpApi: {path: /a, method: get, authorizer: {id: abc}}"]),
        ("http-api-authorizer-invalid", "httpApi: {authorizers: {a: {type: request}}}", ["httpApi: GET /a"]),
        (
            "http-api-authorizer-invalid",
            "httpApi: {authorizers: {a: {type: request, functionName: nobody}}}",
            ["httpApi: GET /a"],
        ),
        (
            "http-api-authorizer-invalid",
            "httpApi: {authorizers: {a: {type: request, functionName: g, functionArn: 'arn:aws:lambda:x'}}}",
            ["httpApi: GET /a"],
        ),
        (
            "http-api-authorizer-invalid",
            "httpApi: {authorizers: {a: {type: request, functionName: g, resultTtlInSeconds: 5}}}",
            ["httpApi: GET /a"],
        ),
        ("http-api-elsewhere", "httpApi: {id: abc, cors: true}", ["httpApi: GET /a"]),
        ("http-api-elsewhere", "httpApi: {id: abc}\n  logs: {httpApi: true}", ["httpApi: GET /a"]),
        ("websocket-route-invalid", "", ["websocket: {}"]),
        ("websocket-authorizer-invalid", "", ["websocket: {route: $connect, authorizer: nobody}"]),
        ("websocket-authorizer-invalid", "", ["websocket: {route: $connect, authorizer: {arn: {Ref: A}}}"]),
        ("websocket-log-level", "logs: {websocket: {level: DEBUG}}", ["websocket: $connect"]),
        ("alb-listener-invalid", "", ["alb: {listenerArn: 'arn:aws:x', priority: 1, conditions: {path: /}}"]),
        ("alb-listener-invalid", "", ["alb: {priority: 1, conditions: {path: /}}"]),
        ("alb-conditions-missing", "", [f"alb: {{listenerArn: '{LISTENER}', priority: 1, conditions: {{}}}}"]),
        (
            "alb-priority-taken",
            "",
            [
                f"alb: {{listenerArn: '{LISTENER}', priority: 1, conditions: {{path: /}}}}",
                f"alb: {{listenerArn: '{OTHER}', priority: 1, conditions: {{path: /}}}}",
            ],
        ),
        (
            "alb-authorizer-unknown",
            "",
            [f"alb: {{listenerArn: '{LISTENER}', priority: 1, conditions: {{path: /}}, authorizer: nobody}}"],
        ),
        (
            "alb-group-named-twice",
            "alb: {targetGroupPrefix: pre-}",
            [f"alb: {{listenerArn: '{LISTENER}', priority: 1, conditions: {{path: /}}, targetGroupName: mine}}"],
        ),
        ("user-pool-invalid", "", ["cognitoUserPool: {trigger: PreSignUp}"]),
        ("user-pool-key-missing", "", ["cognitoUserPool: {pool: p, trigger: CustomSMSSender}"]),
        (
            "user-pool-keys",
            "",
            [
                f"cognitoUserPool: {{pool: p, trigger: CustomSMSSender, kmsKeyId: '{KEY}/a'}}",
                f"cognitoUserPool: {{pool: p, trigger: CustomEmailSender, kmsKeyId: '{KEY}/b'}}",
            ],
        ),
        ("user-pool-version", "", ["cognitoUserPool: {pool: p, trigger: PreSignUp, lambdaVersion: V1_0}"]),
        ("user-pool-version", "", ["cognitoUserPool: {pool: p, trigger: PreTokenGeneration, lambdaVersion: V9_0}"]),
        (
            "user-pools-of-function",
            "",
            [
                "cognitoUserPool: {pool: p, trigger: PreSignUp, existing: true}",
                "cognitoUserPool: {pool: q, trigger: PreSignUp, existing: true}",
            ],
        ),
        (
            "provisioning-hook-twice",
            "",
            ["iotFleetProvisioning: {templateBody: {}, provisioningRoleArn: 'arn:aws:iam::111122223333:role/r'}"] * 2,
        ),
        ("event-inputs", "", ["cloudwatchEvent: {event: {source: [a]}, input: x, inputPath: $.b}"]),
        ("log-group-filters", "", ["cloudwatchLog: /a"] * 3),
    ],
)
def test_what_the_framework_refuses_is_one_error(code: str, provider: str, events: list[str], tmp_path: Path) -> None:
    found = errors(tmp_path, provider, *events)
    assert [finding.code for finding in found] == [code]
    assert found[0].remedy
    assert found[0].place is not None
    assert found[0].place.line > 1


def test_the_other_events_of_a_refused_one_are_compiled(tmp_path: Path) -> None:
    assert [finding.code for finding in errors(tmp_path, "", "httpApi: FETCH /a", "httpApi: GET /b")]
    project = load_project(tmp_path, Options())
    assert "HttpApiRouteGetB" in project.generated


@pytest.mark.parametrize(
    "event",
    [
        "httpApi: [GET /a, GET /b]",
        "httpApi: {path: [/a, /b], method: get}",
        "websocket: [a, b]",
        "alb: {listenerArn: [a, b], priority: 1, conditions: {path: /}}",
        "cognitoUserPool: {pool: [a, b], trigger: PreSignUp}",
        "iot: {sql: [a, b]}",
        "cloudwatchLog: [a, b]",
        "alexaSkill: [a, b]",
    ],
)
def test_a_value_of_a_wrong_type_is_told_once(event: str, tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(HEAD.format(provider="") + f"      - {event}\n")
    (tmp_path / "h.py").write_text("def main(event, context): ...\n")
    assert [finding.code for finding in load_project(tmp_path, Options()).findings] == ["wrong-type"]
