"""APIs' documents are what the translator makes with copies of its own, in the same order, with fewer copies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sam_projects import plain, read_at, resources, write

from scopedown.documents.document import parse_yaml
from scopedown.project.sam import api_documents, engine

ORDERS = """
  Orders:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Cors: "'*'"
      Auth:
        DefaultAuthorizer: Users
        Authorizers: {Users: {UserPoolArn: "arn:aws:cognito-idp:eu-west-1:1:userpool/p"}}
"""
METHODS = ("get", "post")


def function(number: int) -> str:
    """A function with events of three APIs, some on a path that others have too."""
    path, method = number // len(METHODS), METHODS[number % len(METHODS)]
    return f"""
  Work{number}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: s3://bucket/key
      Events:
        Http: {{Type: HttpApi, Properties: {{Path: "/h/{path}/{{id}}", Method: {method}}}}}
        Rest:
          Type: Api
          Properties: {{Path: /r/{path}, Method: {method}, RequestParameters: [method.request.header.X]}}
        Own:
          Type: Api
          Properties: {{RestApiId: !Ref Orders, Path: /o/{path}, Method: {method}, Auth: {{ApiKeyRequired: true}}}}
"""


def template(functions: int, more: str = "") -> Callable[[], dict[str, Any]]:
    text = resources("".join(map(function, range(functions))) + ORDERS + more)
    return lambda: plain(parse_yaml(text, "template.yaml", template=True).tree)  # type: ignore[no-any-return]


def translated(tree: Callable[[], dict[str, Any]]) -> engine.Translated:
    return engine.translate(tree, {}, "aws", lambda id, type, properties: None)


def test_the_documents_are_those_of_whole_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = template(12)
    short = translated(tree)
    monkeypatch.setattr(api_documents.Copies, "of", lambda self, document: api_documents.copy.deepcopy(document))
    whole = translated(tree)
    assert short.tree is not None
    assert json.dumps(short.tree) == json.dumps(whole.tree)


def test_what_no_event_changed_is_not_copied_again(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = 0
    alike = api_documents._is_alike

    def count(before: Any, after: Any) -> bool:
        nonlocal copied
        copied += 1
        return alike(before, after)

    monkeypatch.setattr(api_documents, "_is_alike", count)
    work = []
    for size in (10, 40):
        copied = 0
        assert translated(template(size)).tree is not None
        work.append(copied)
    assert work[1] < 5 * work[0]


def test_an_event_that_is_refused_leaves_the_path_of_another_one_as_it_was(tmp_path: Path) -> None:
    wrong = function(0).replace("Work0", "Aside").replace("Method: get", "Method: any").replace("header", "nothing")
    text = resources("".join(map(function, range(2))) + ORDERS + wrong)
    write(tmp_path, {"template.yaml": text})
    project = read_at(tmp_path / "template.yaml")
    assert [finding.code for finding in project.findings if finding.code == "sam-refused"] == ["sam-refused"]
    assert {one.key: len(one.events) for one in project.functions} == {"Work0": 3, "Work1": 3, "Aside": 2}
