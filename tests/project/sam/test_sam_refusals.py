"""What the translator refuses is told once, where it stands, and the rest of the template is read."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
from sam_projects import codes, line, read, resources, write

from scopedown.core.finding import ScopedownError, Severity
from scopedown.documents.document import Document, Files, parse_yaml
from scopedown.documents.nodes import ListNode, MapNode, clone
from scopedown.project.options import Options
from scopedown.project.sam import engine
from scopedown.project.sam.read import read_sam

GOOD = """
Good:
  Type: AWS::Serverless::Function
  Properties: {Runtime: python3.12, Handler: app.read, InlineCode: "def read(e, c): pass"}
"""


@pytest.mark.parametrize(
    ("bad", "marked"),
    [
        ("Bad: {Type: AWS::Serverless::Function, Properties: {Handler: [1], InlineCode: x}}", "Handler: [1]"),
        ("Bad: {Type: AWS::Serverless::StateMachine, Properties: {}}", "Bad:"),
        ("Bad: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Good}, Destination: {Id: No}}}", "Bad:"),
        ("Bad: {Type: AWS::Serverless::Api, Properties: {StageName: a, DefinitionBody: 5}}", "DefinitionBody: 5"),
        ("Bad: 5", "Bad:"),
        ("Bad-Name: {Type: AWS::Serverless::SimpleTable}", "Bad-Name"),
    ],
)
def test_a_resource_that_is_refused_is_one_finding_at_its_place(bad: str, marked: str, tmp_path: Path) -> None:
    template = resources(GOOD + bad)
    project = read(tmp_path, template)
    (finding,) = project.findings
    assert finding.place == line(template, marked)
    assert finding.remedy
    assert [function.key for function in project.functions] == ["Good"]


@pytest.mark.parametrize(
    ("bad", "marked"), [("Colour: red", "Colour"), ("Events: 5", "Events"), ("Layers: 5", "Layers")]
)
def test_a_property_that_is_refused_leaves_its_function_and_its_role(bad: str, marked: str, tmp_path: Path) -> None:
    template = resources(GOOD.rstrip("}\n") + f", {bad}, Policies: [{{SQSPollerPolicy: {{QueueName: q}}}}]}}")
    project = read(tmp_path, template)
    (finding,) = project.findings
    assert finding.place == line(template, marked) and finding.message.startswith(f"SAM rejects {marked} of Good: ")
    assert len(project.roles["GoodRole"].statements) == 1


def test_an_event_that_is_refused_leaves_its_function(tmp_path: Path) -> None:
    template = resources(GOOD.rstrip("}\n") + """, Events: {
      Right: {Type: Schedule, Properties: {Schedule: rate(1 day)}},
      Wrong: {Type: SQS, Properties: {}},
      Stranger: {Type: Telegram, Properties: {}}}}""")  # fmt: skip
    project = read(tmp_path, template)
    assert codes(project) == ["sam-refused", "sam-refused"]
    assert {finding.place for finding in project.findings} == {line(template, "Wrong:"), line(template, "Stranger:")}
    assert "GoodRight" in project.generated


def test_globals_that_are_refused_leave_the_functions(tmp_path: Path) -> None:
    template = "Globals: {Function: {Colour: red}}\n" + resources(GOOD)
    project = read(tmp_path, template)
    (finding,) = project.findings
    assert finding.severity == Severity.ERROR and finding.place == line(template, "Globals")
    assert len(project.functions) == 1


def test_a_template_of_which_everything_is_refused_is_an_empty_project(tmp_path: Path) -> None:
    project = read(tmp_path, resources("Bad: {Type: AWS::Serverless::Function, Properties: {Handler: 5}}"))
    assert project.functions == () and codes(project) == ["sam-refused"]


def test_a_translator_that_breaks_on_a_resource_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from samtranslator.model.sam_resources import SamSimpleTable

    def breaks(self: Any, **named: Any) -> Any:
        raise KeyError("x")

    monkeypatch.setattr(SamSimpleTable, "to_cloudformation", breaks)
    template = resources(GOOD + "Bad: {Type: AWS::Serverless::SimpleTable}")
    project = read(tmp_path, template)
    (finding,) = project.findings
    assert finding.place == line(template, "Bad:") and "KeyError" in finding.message


def test_a_translator_that_breaks_before_any_resource_is_searched_for_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from samtranslator.plugins.globals.globals_plugin import GlobalsPlugin

    def breaks(self: Any, tree: Any) -> Any:
        if "Bad" in tree["Resources"]:
            raise AttributeError("y")

    monkeypatch.setattr(GlobalsPlugin, "on_before_transform_template", breaks)
    project = read(tmp_path, resources(GOOD + "Bad: {Type: AWS::SQS::Queue}"))
    assert codes(project) == ["sam-refused"] and project.findings[0].message.startswith("SAM rejects Bad:")
    assert len(project.functions) == 1


@pytest.mark.parametrize("text", ["5", "[]", "Transform: AWS::Serverless-2016-10-31", "Resources: []", "Resources: {}"])
def test_a_file_that_is_no_template_ends_with_one_error_at_its_place(text: str, tmp_path: Path) -> None:
    with pytest.raises(ScopedownError) as caught:
        read(tmp_path, text)
    assert caught.value.place is not None and caught.value.remedy


def test_a_key_that_is_written_twice_is_told_and_the_last_one_counts(tmp_path: Path) -> None:
    project = read(tmp_path, resources(GOOD + "Q: {Type: AWS::SQS::Queue}\nQ: {Type: AWS::SNS::Topic}"))
    assert codes(project) == ["repeated-key"] and project.resources["Q"].type == "AWS::SNS::Topic"


def test_a_macro_of_the_user_s_own_is_named(tmp_path: Path) -> None:
    text = resources(GOOD).replace("AWS::Serverless-2016-10-31", "[AWS::Serverless-2016-10-31, Own]")
    assert codes(read(tmp_path, text)) == ["macro-not-run"]


SEED = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: dev}}
Globals: {Function: {Runtime: python3.12, Environment: {Variables: {S: !Ref Stage}}}, Api: {Cors: "'*'"}}
Resources:
  Q: {Type: AWS::SQS::Queue}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, Auth: {DefaultAuthorizer: AWS_IAM}}}
  T: {Type: AWS::Serverless::SimpleTable}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.read
      CodeUri: src
      Layers: [!Ref L]
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref T}}, {Statement: [{Effect: Allow, Action: 's3:*'}]}]
      Events:
        A: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
        S: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}
    Connectors: {C: {Properties: {Destination: {Id: Q}, Permissions: [Write]}}}
    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [a/b.ts]}}
  M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: d.json, Role: !GetAtt R.Arn}}
  N: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml}}
Outputs: {U: {Value: !GetAtt F.Arn}}
"""
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", "x", "../..", "s3://", "\0", "{{resolve:ssm:/a}}", [], {}, [[]], [None], {"Ref": []},
    {"Ref": "Nope"}, {"Fn::Sub": 1}, {"Fn::If": []}, {"Fn::If": ["c", 1, 2]}, {"a": None}, {"Ref": "AWS::NoValue"},
)  # fmt: skip


@pytest.mark.parametrize("times", [80, pytest.param(400, marks=pytest.mark.slow)])
def test_wrong_values_anywhere_are_findings_with_places_or_one_error(tmp_path: Path, times: int) -> None:
    seed = parse_yaml(SEED, "template.yaml", tmp_path / "template.yaml", template=True)
    choose = random.Random(7)
    for _ in range(times):
        tree = clone(seed.tree)
        for _ in range(choose.choice((1, 1, 2, 3))):
            holder, key = choose.choice(list(_holders(tree)))
            holder[key] = _nodes(choose.choice(VALUES), tree)
        started = time.process_time()
        try:
            project = read_sam(Document(seed.path, seed.file, tree), Files(tmp_path), Options())
        except ScopedownError as error:
            assert error.message
            continue
        finally:
            assert time.process_time() - started < 10
        assert all(finding.place is not None for finding in project.findings), project.findings


def _holders(node: Any) -> Any:
    for key in list(node) if isinstance(node, dict) else range(len(node) if isinstance(node, list) else 0):
        yield node, key
        yield from _holders(node[key])


def _nodes(value: Any, tree: MapNode) -> Any:
    if isinstance(value, dict):
        node = MapNode({key: _nodes(item, tree) for key, item in value.items()}, tree.place)
        node.keys_at = node.values_at = dict.fromkeys(value, tree.place)
        return node
    if isinstance(value, list):
        items = ListNode([_nodes(item, tree) for item in value], tree.place)
        items.items_at = [tree.place] * len(value)
        return items
    return value


def test_reading_is_fast_once_the_translator_is_loaded(tmp_path: Path) -> None:
    text = resources(GOOD)
    read(tmp_path, text)
    started = time.process_time()
    for _ in range(20):
        read(tmp_path, text)
    assert (time.process_time() - started) / 20 < 0.2  # about 2 ms; a validation of all policy templates takes 8


def test_the_policy_templates_are_validated_once() -> None:
    assert engine._policy_templates() is engine._policy_templates()


def test_a_scan_of_another_project_loads_neither_the_translator_nor_what_it_requires() -> None:
    import subprocess
    import sys

    program = (
        "import sys, scopedown.project.sam.read\n"
        "from scopedown.cli.main import cli\n"
        "cli(['scan', 'examples/todos', '--no-cache'], standalone_mode=False)\n"
        "sys.exit(str({'samtranslator', 'boto3', 'botocore', 'pydantic', 'jsonschema'} & set(sys.modules)))"
    )
    top = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", program], cwd=top, capture_output=True, text=True, check=False)
    assert "dynamodb:PutItem" in run.stdout and run.stderr == "set()\n"


def test_nothing_of_the_translator_s_talk_reaches_the_terminal(tmp_path: Path) -> None:
    import subprocess
    import sys

    write(
        tmp_path,
        {"template.yaml": resources(GOOD + "Bad: {Type: AWS::Serverless::Function, Properties: {Handler: 5}}")},
    )
    program = (
        "from pathlib import Path\nfrom scopedown.project.load import load_project, Options\n"
        f"load_project(Path({str(tmp_path)!r}), Options())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")


def test_a_template_larger_than_any_stack_ends_at_once(tmp_path: Path) -> None:
    events = "".join(f"        E{n}: {{Type: Api, Properties: {{Path: /{n}, Method: get}}}}\n" for n in range(1_600))
    text = resources("F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Events:\n") + events
    started = time.process_time()
    with pytest.raises(ScopedownError, match="1601 resources and events"):
        read(tmp_path, text)
    assert time.process_time() - started < 5


def test_refusals_that_never_end_end_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from samtranslator.model.exceptions import InvalidTemplateException
    from samtranslator.plugins.globals.globals_plugin import GlobalsPlugin

    from scopedown.project.sam import refusals

    def refuses(self: Any, tree: Any) -> Any:
        raise InvalidTemplateException(f"no {len(tree['Resources'])} {time.process_time_ns()}")

    monkeypatch.setattr(GlobalsPlugin, "on_before_transform_template", refuses)
    monkeypatch.setattr(refusals, "_SECONDS", 0.2)
    with pytest.raises(ScopedownError, match="SAM rejects this template"):
        read(tmp_path, resources("".join(f"Q{n}: {{Type: AWS::SQS::Queue}}\n" for n in range(500))))
