"""``scopedown write`` on generated roles of which each deployment has another form: none may get more in any of them.

    python bench/stages_and_effects.py [--roles 2000] [--seed 1] [--keep FOLDER]

Effects, actions, resources, whole statements and the names that the code uses hang on the stage: by ``Fn::If``,
mappings and parameters (SAM), by the framework's variables (Serverless), by conditionals, ``lookup`` and variables
(Terraform). The roles as they were and as they are written are then worked out for each stage, from the files alone,
by the evaluator below, which shares nothing with scopedown: PyYAML, python-hcl2, and the few expressions that the
generator makes. Counted are roles that allow more in some stage than they did (but for needs that were lacking), needs
that were allowed and are not, and what is left of the excess that no condition touches.
"""

from __future__ import annotations

import argparse
import fnmatch
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hcl2
import yaml

STAGES = ("dev", "prod", "test")
EACH = 25
"""Roles of one project."""
PSEUDO = {"AWS::Region": "us-east-1", "AWS::AccountId": "111122223333", "AWS::Partition": "aws", "AWS::StackName": "s"}
MANAGED = {"AmazonSQSFullAccess": ("sqs:*",), "AmazonDynamoDBFullAccess": ("dynamodb:*",)}
BUCKETS, TABLES, QUEUES = ("b0", "b1", "b2"), ("t0", "t1", "t2"), ("q0", "q1")
RESOURCES = (
    *(f"arn:aws:s3:::{name}/k" for name in BUCKETS),
    *(f"arn:aws:dynamodb:us-east-1:111122223333:table/{name}" for name in TABLES),
    *(f"arn:aws:sqs:us-east-1:111122223333:{name}" for name in QUEUES),
)
ACTIONS = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem",
    "sqs:SendMessage", "sqs:PurgeQueue",
)  # fmt: skip
PAIRS = [(action, arn) for action in ACTIONS for arn in RESOURCES if f":{action.partition(':')[0]}:" in arn]
CALLS = {
    "s3:GetObject": 'boto3.client("s3").get_object(Bucket={}, Key="k")',
    "s3:PutObject": 'boto3.client("s3").put_object(Bucket={}, Key="k", Body=b"")',
    "dynamodb:PutItem": 'boto3.client("dynamodb").put_item(TableName={}, Item={{}})',
    "dynamodb:GetItem": 'boto3.client("dynamodb").get_item(TableName={}, Key={{}})',
    "sqs:SendMessage": 'boto3.client("sqs").send_message('
    'QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/" + {}, MessageBody="x")',
}


@dataclass
class Varied:
    """A value that each stage has its own of."""

    values: tuple[Any, Any, Any]

    def at(self, stage: str) -> Any:
        """The value of a stage."""
        return self.values[STAGES.index(stage)]


@dataclass
class Case:
    """One role with the function that assumes it."""

    statements: list[dict[str, Any]]
    """``effect``, ``actions``, ``resources`` (each may be :class:`Varied`) and ``when``: the stage that it is for."""
    needs: list[tuple[str, str | Varied]]
    """Actions of the code, each with the name that it uses."""
    managed: list[tuple[str, str]] = field(default_factory=list)
    """Managed policies, each with the stage that it is for (empty: all)."""


def arn_of(action: str, name: str) -> str:
    """The ARN that a call for a name is on."""
    return next(arn for arn in RESOURCES if f":{action.partition(':')[0]}:" in arn and re.search(rf"\b{name}\b", arn))


def case(chance: random.Random) -> Case:
    """A role."""

    def resources(service: str) -> Any:
        fitting = [arn for arn in RESOURCES if f":{service}:" in arn]
        match chance.random():
            case number if number < 0.5:
                return ["*"]
            case number if number < 0.75:
                return chance.sample(fitting, chance.randint(1, 2))
            case _:
                return [Varied(tuple(chance.choice(fitting) for _ in STAGES))]  # type: ignore[arg-type]

    def statement(varied: float) -> dict[str, Any]:
        service = chance.choice(("s3", "dynamodb", "sqs"))
        fitting = [action for action in ACTIONS if action.startswith(f"{service}:")]
        actions: list[Any] = [f"{service}:*"] if chance.random() < 0.6 else chance.sample(fitting, 2)
        if chance.random() < varied:
            actions = [Varied(tuple(chance.choice(fitting) for _ in STAGES))]  # type: ignore[arg-type]
        effect: Any = "Allow"
        if chance.random() < varied:
            effect = Varied(tuple(chance.choice(("Allow", "Deny")) for _ in STAGES))  # type: ignore[arg-type]
        elif chance.random() < 0.1:
            effect = "Deny"
        given = resources(service)
        if not varied:
            given = ["*"] if isinstance(given[0], Varied) else given
        when = chance.choice(("prod", "dev")) if chance.random() < varied else ""
        return {"effect": effect, "actions": actions, "resources": given, "when": when}

    statements = [statement(0.0) for _ in range(chance.randint(1, 2))]
    statements += [statement(0.35) for _ in range(chance.randint(0, 2))]
    chance.shuffle(statements)
    needs: list[tuple[str, str | Varied]] = []
    for action in chance.sample(sorted(CALLS), chance.randint(1, 3)):
        names = {"s3": BUCKETS, "dynamodb": TABLES, "sqs": QUEUES}[action.partition(":")[0]]
        name: str | Varied = chance.choice(names)
        if chance.random() < 0.4:
            name = Varied(tuple(chance.choice(names) for _ in STAGES))  # type: ignore[arg-type]
        needs.append((action, name))
    managed = [(chance.choice(sorted(MANAGED)), chance.choice(("", "prod")))] if chance.random() < 0.2 else []
    return Case(statements, needs, managed)


# The files


@dataclass
class Writer:
    """What the forms have in common: how a value that varies is written, with what it needs elsewhere in the file."""

    chance: random.Random
    kept: dict[str, Varied] = field(default_factory=dict)
    """What maps and parameters hold, by their names."""

    def name(self, value: Varied) -> str:
        """A name for a value in a map or a parameter."""
        key = f"k{len(self.kept)}"
        self.kept[key] = value
        return key


def code(cases: list[Case]) -> str:
    """The module with all handlers."""
    lines = ["import os", "import boto3"]
    for number, one in enumerate(cases):
        lines.append(f"def f{number}(event, context):")
        for at, (action, name) in enumerate(one.needs):
            said = f'os.environ["N{at}"]' if isinstance(name, Varied) else f'"{name}"'
            lines.append("    " + CALLS[action].format(said))
    return "\n".join(lines) + "\n"


class Sam(Writer):
    """A SAM template."""

    file = "template.yaml"

    def value(self, value: Any) -> str:
        if not isinstance(value, Varied):
            return f'"{value}"'
        dev, prod, test = value.values
        match self.chance.choice(("if", "map", "parameter")):
            case "if" if dev == test:
                return f'!If [Prod, "{prod}", "{dev}"]'
            case "parameter":
                return f"!Ref P{self.name(value)}"
            case _:
                return f"!FindInMap [M, !Ref Env, {self.name(value)}]"

    def text(self, cases: list[Case]) -> str:
        """The template."""
        functions = []
        for number, one in enumerate(cases):
            listed = []
            for statement in one.statements:
                written = (
                    f"{{Effect: {self.value(statement['effect'])}, "
                    f"Action: [{', '.join(map(self.value, statement['actions']))}], "
                    f"Resource: [{', '.join(map(self.value, statement['resources']))}]}}"
                )
                if statement["when"]:
                    written = f"!If [{statement['when'].title()}, {written}, !Ref 'AWS::NoValue']"
                listed.append(f"            - {written}\n")
            managed = "".join(
                f"        - {f'!If [{when.title()}, {name}, !Ref AWS::NoValue]' if when else name}\n"
                for name, when in one.managed
            )
            names = [(at, name) for at, (_, name) in enumerate(one.needs) if isinstance(name, Varied)]
            variables = ", ".join(f"N{at}: {self.value(name)}" for at, name in names)
            functions.append(
                f"  F{number}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n"
                f"      Handler: app.f{number}\n      CodeUri: .\n"
                f"      Environment: {{Variables: {{{variables}}}}}\n"
                f"      Policies:\n        - Statement:\n{''.join(listed)}{managed}"
            )
        defaults = {key: one.at("dev") for key, one in self.kept.items()}
        parameters = "".join(f"  P{key}: {{Type: String, Default: '{one}'}}\n" for key, one in defaults.items())
        rows = "".join(
            f"    {stage}: {{none: x, {', '.join(f'{key}: {one.at(stage)!r}' for key, one in self.kept.items())}}}\n"
            for stage in STAGES
        )
        return (
            "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Env: {Type: String, Default: dev}\n"
            f"{parameters}Mappings:\n  M:\n{rows}Conditions:\n  Prod: !Equals [!Ref Env, prod]\n"
            f"  Dev: !Equals [!Ref Env, dev]\nResources:\n{''.join(functions)}"
        )

    def roles(self, folder: Path, count: int) -> Callable[[int, str], list[dict[str, Any]]]:
        """The statements of a role in a stage, by the file."""
        tree = yaml.load((folder / self.file).read_text(), _Tags)
        kept = self.kept

        def statements(number: int, stage: str) -> list[dict[str, Any]]:
            given = {"Env": stage, **{f"P{key}": one.at(stage) for key, one in kept.items()}, **PSEUDO}
            policies = tree["Resources"][f"F{number}"]["Properties"].get("Policies", [])
            return [*_documents(_intrinsic(policies, given, tree))]

        return statements


class Serverless(Writer):
    """A Serverless project with a role for each function."""

    file = "serverless.yml"

    def value(self, value: Any) -> str:
        if not isinstance(value, Varied):
            return f'"{value}"'
        key = self.name(value)
        match self.chance.choice(("map", "param", "env", "fallback")):
            case "map":
                return f"'${{self:custom.m.{key}.${{sls:stage}}}}'"
            case "param":
                return f"'${{param:{key}}}'"
            case "env":
                return f"\"${{env:E{key}, '{value.at('dev')}'}}\""
            case _:
                return f"\"${{self:custom.only.{key}.${{sls:stage}}, '{value.at('dev')}'}}\""

    def text(self, cases: list[Case]) -> str:
        """The project file. What is there in one stage only is denied in the others on a resource of nobody's."""
        functions = []
        for number, one in enumerate(cases):
            listed = []
            for statement in one.statements:
                if statement["when"]:
                    first = statement["actions"][0]
                    values = {stage: first.at(stage) if isinstance(first, Varied) else first for stage in STAGES}
                    chosen = [
                        values[stage] if stage == statement["when"] else "s3:ListAllMyBuckets" for stage in STAGES
                    ]
                    statement = {**statement, "actions": [Varied(tuple(chosen))]}  # type: ignore[arg-type]
                listed.append(
                    f"      - {{Effect: {self.value(statement['effect'])}, "
                    f"Action: [{', '.join(map(self.value, statement['actions']))}], "
                    f"Resource: [{', '.join(map(self.value, statement['resources']))}]}}\n"
                )
            names = [(at, name) for at, (_, name) in enumerate(one.needs) if isinstance(name, Varied)]
            variables = ", ".join(f"N{at}: {self.value(name)}" for at, name in names)
            functions.append(
                f"  f{number}:\n    handler: app.f{number}\n    environment: {{{variables}}}\n"
                f"    iamRoleStatements:\n{''.join(listed)}"
            )
        maps = "".join(
            f"    {key}: {{{', '.join(f'{stage}: {one.at(stage)!r}' for stage in STAGES)}}}\n"
            for key, one in self.kept.items()
        )
        only = "".join(
            f"    {key}: {{prod: {one.at('prod')!r}, test: {one.at('test')!r}}}\n" for key, one in self.kept.items()
        )
        params = "".join(
            f"  {stage}: {{none: x, {', '.join(f'{key}: {one.at(stage)!r}' for key, one in self.kept.items())}}}\n"
            for stage in STAGES
        )
        return (
            "service: s\nframeworkVersion: '3'\nplugins: [serverless-iam-roles-per-function]\n"
            "provider: {name: aws, runtime: python3.12, stage: \"${opt:stage, 'dev'}\"}\n"
            f"functions:\n{''.join(functions)}params:\n{params}custom:\n  m:\n    none: x\n{maps}"
            f"  only:\n    none: x\n{only}"
        )

    def roles(self, folder: Path, count: int) -> Callable[[int, str], list[dict[str, Any]]]:
        """The statements of a role in a stage, by the file."""
        tree = yaml.load((folder / self.file).read_text(), _Tags)
        kept = self.kept

        def statements(number: int, stage: str) -> list[dict[str, Any]]:
            def variable(text: str) -> str:
                while "${sls:stage}" in text:
                    text = text.replace("${sls:stage}", stage)
                return re.sub(
                    r"\$\{(?:self:custom\.(?:m|only)\.|param:|env:E)(k\d+)(?:\.\w+)?(?:, '[^']*')?\}",
                    lambda match: str(kept[match[1]].at(stage)),
                    text,
                )

            own = tree["functions"][f"f{number}"].get("iamRoleStatements", [])
            return [*_documents([{"Statement": _intrinsic(_texts(own, variable), PSEUDO, tree)}])]

        return statements


class Terraform(Writer):
    """A configuration of Terraform."""

    file = "main.tf"

    def value(self, value: Any) -> str:
        if not isinstance(value, Varied):
            return f'"{value}"'
        dev, prod, test = value.values
        key = self.name(value)
        match self.chance.choice(("conditional", "lookup", "variable", "local")):
            case "conditional" if dev == test:
                return f'var.env == "prod" ? "{prod}" : "{dev}"'
            case "lookup":
                return f'lookup({{ dev = "{dev}", prod = "{prod}", test = "{test}" }}, var.env)'
            case "variable":
                return f"var.{key}"
            case _:
                return f"local.m.{key}[var.env]"

    def text(self, cases: list[Case]) -> str:
        """The configuration."""
        blocks = []
        for number, one in enumerate(cases):
            statements = []
            for statement in one.statements:
                inside = (
                    f"    effect    = {self.value(statement['effect'])}\n"
                    f"    actions   = [{', '.join(map(self.value, statement['actions']))}]\n"
                    f"    resources = [{', '.join(map(self.value, statement['resources']))}]\n"
                )
                if statement["when"]:
                    statements.append(
                        f'  dynamic "statement" {{\n    for_each = var.env == "{statement["when"]}" ? [1] : []\n'
                        f"    content {{\n{inside}    }}\n  }}\n"
                    )
                else:
                    statements.append(f"  statement {{\n{inside}  }}\n")
            for at, (name, when) in enumerate(one.managed):
                counted = f'  count      = var.env == "{when}" ? 1 : 0\n' if when else ""
                blocks.append(
                    f'resource "aws_iam_role_policy_attachment" "m{number}_{at}" {{\n{counted}'
                    f"  role       = aws_iam_role.r{number}.name\n"
                    f'  policy_arn = "arn:aws:iam::aws:policy/{name}"\n}}\n'
                )
            names = [(at, name) for at, (_, name) in enumerate(one.needs) if isinstance(name, Varied)]
            variables = "".join(f"      N{at} = {self.value(name)}\n" for at, name in names)
            blocks.append(
                f'data "aws_iam_policy_document" "d{number}" {{\n{"".join(statements)}}}\n'
                f'resource "aws_iam_role_policy" "p{number}" {{\n  name   = "p"\n  role   = aws_iam_role.r{number}.id\n'
                f"  policy = data.aws_iam_policy_document.d{number}.json\n}}\n"
                f'resource "aws_iam_role" "r{number}" {{\n  name = "r{number}"\n  assume_role_policy = jsonencode({{\n'
                '    Version = "2012-10-17"\n    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
                'Principal = { Service = "lambda.amazonaws.com" } }]\n  })\n}\n'
                f'resource "aws_lambda_function" "f{number}" {{\n  function_name = "f{number}"\n'
                f'  handler = "app.f{number}"\n  runtime = "python3.12"\n  filename = data.archive_file.z.output_path\n'
                f"  role = aws_iam_role.r{number}.arn\n"
                f"  environment {{\n    variables = {{\n{variables}    }}\n  }}\n}}\n"
            )
        declared = "".join(f'variable "{key}" {{ default = "{one.at("dev")}" }}\n' for key, one in self.kept.items())
        held = {key: ", ".join(f'{stage} = "{one.at(stage)}"' for stage in STAGES) for key, one in self.kept.items()}
        rows = "".join(f"    {key} = {{ {values} }}\n" for key, values in held.items())
        return (
            'variable "env" { default = "dev" }\n'
            'data "archive_file" "z" {\n  type = "zip"\n  source_file = "app.py"\n  output_path = "z.zip"\n}\n'
            f"{declared}locals {{\n  m = {{\n{rows}  }}\n}}\n{''.join(blocks)}"
        )

    def roles(self, folder: Path, count: int) -> Callable[[int, str], list[dict[str, Any]]]:
        """The statements of a role in a stage, by the files."""
        trees = [hcl2.loads(path.read_text()) for path in sorted(folder.glob("*.tf"))]
        documents = dict(_blocks(trees, "data", "aws_iam_policy_document"))
        policies = [body for _, body in _blocks(trees, "resource", "aws_iam_role_policy")]
        attached = [body for _, body in _blocks(trees, "resource", "aws_iam_role_policy_attachment")]
        kept = self.kept

        def value(text: Any, stage: str) -> Any:
            return _hcl(text, stage, kept)

        def statements(number: int, stage: str) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            for policy in policies:
                if f"aws_iam_role.r{number}." not in policy["role"]:
                    continue
                name = re.search(r"aws_iam_policy_document\.(\w+)\.json", policy["policy"])
                assert name is not None, policy
                body = documents[name[1]]
                blocks = [*body.get("statement", [])]
                for dynamic in body.get("dynamic", []):
                    for inner in dynamic.values():
                        if isinstance(inner, dict) and value(inner["for_each"], stage) == "[1]":
                            blocks += inner["content"]
                for block in blocks:
                    effect = value(block.get("effect", '"Allow"'), stage)
                    actions, resources = ([value(one, stage) for one in block[key]] for key in ("actions", "resources"))
                    found.append({"Effect": effect, "Action": actions, "Resource": resources})
            for one in attached:
                if f"aws_iam_role.r{number}." in one["role"] and value(one.get("count", "1"), stage) in ("1", 1):
                    arn = value(one["policy_arn"], stage)
                    found.append({"Effect": "Allow", "Action": [*MANAGED[arn.rpartition("/")[2]]], "Resource": ["*"]})
            return found

        return statements


# The evaluator


class _Tags(yaml.SafeLoader):
    """Short forms of intrinsic functions as mappings."""


def _tag(loader: Any, suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


_Tags.add_multi_constructor("!", _tag)
_GONE = object()


def _intrinsic(tree: Any, given: dict[str, str], template: Any) -> Any:
    """A tree as CloudFormation deploys it."""
    if isinstance(tree, list):
        return [one for item in tree if (one := _intrinsic(item, given, template)) is not _GONE]
    if not isinstance(tree, dict):
        return tree
    if len(tree) == 1:
        name, argument = next(iter(tree.items()))
        if name == "Ref":
            return _GONE if argument == "AWS::NoValue" else given[argument]
        if name == "Fn::Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda match: given[match[1]], argument)
        if name == "Fn::If":
            equals = template["Conditions"][argument[0]]["Fn::Equals"]
            truth = _intrinsic(equals[0], given, template) == equals[1]
            return _intrinsic(argument[1 if truth else 2], given, template)
        if name == "Fn::FindInMap":
            key = _intrinsic(argument[1], given, template)
            return template["Mappings"][argument[0]][key][argument[2]]
    return {key: one for key, item in tree.items() if (one := _intrinsic(item, given, template)) is not _GONE}


def _texts(tree: Any, change: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, list):
        return [_texts(one, change) for one in tree]
    return {key: _texts(one, change) for key, one in tree.items()} if isinstance(tree, dict) else tree


def _documents(policies: list[Any]) -> Iterator[dict[str, Any]]:
    for policy in policies:
        if isinstance(policy, str):
            yield {"Effect": "Allow", "Action": [*MANAGED[policy]], "Resource": ["*"]}
        else:
            yield from policy["Statement"]


def _blocks(trees: list[Any], kind: str, type: str) -> Iterator[tuple[str, Any]]:
    for tree in trees:
        for one in tree.get(kind, []):
            for found, named in one.items():
                if found.strip('"') == type:
                    for name, body in named.items():
                        if isinstance(body, dict):
                            yield name.strip('"'), body


def _hcl(text: Any, stage: str, kept: dict[str, Varied]) -> Any:
    """One of the generator's expressions, or a text with references, in a stage."""
    if not isinstance(text, str):
        return text
    text = text.removeprefix('"').removesuffix('"') if text.startswith('"') else text

    def known(match: re.Match[str]) -> str:
        inside = match[1].strip()
        if found := re.fullmatch(r'var\.env == "(\w+)" \? (\S+) : (\S+)', inside):
            return (found[2] if found[1] == stage else found[3]).strip('"')
        if found := re.fullmatch(r"lookup\(\{(.*)\}, var\.env\)", inside):
            return str(dict(re.findall(r'(\w+) = "([^"]*)"', found[1]))[stage])
        if found := re.fullmatch(r"local\.m\.(k\d+)\[var\.env\]", inside) or re.fullmatch(r"var\.(k\d+)", inside):
            return str(kept[found[1]].at(stage))
        for name, value in (("partition", "aws"), ("region", "us-east-1"), ("caller_identity", "111122223333")):
            if inside.startswith(f"data.aws_{name}."):
                return value
        raise AssertionError(inside)

    return re.sub(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}", known, text)


def _matches(patterns: Any, value: str) -> bool:
    listed = patterns if isinstance(patterns, list) else [patterns]
    return any(fnmatch.fnmatchcase(value.lower(), one.lower()) for one in listed)


def allowed(statements: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The pairs of the world that statements allow."""
    found = set()
    for action, arn in PAIRS:
        effects = {
            one["Effect"] for one in statements if _matches(one["Action"], action) and _matches(one["Resource"], arn)
        }
        if effects == {"Allow"}:
            found.add((action, arn))
    return found


def untouched(one: Case) -> set[tuple[str, str]]:
    """The excess that no condition touches: what plain statements allow, and no need or condition is about."""
    plain: list[dict[str, Any]] = []
    varied: list[dict[str, Any]] = []
    for statement in one.statements:
        is_plain = not statement["when"] and not any(
            isinstance(part, Varied) for part in (statement["effect"], *statement["actions"], *statement["resources"])
        )
        (plain if is_plain else varied).append(statement)
    shown = [{"Effect": s["effect"], "Action": s["actions"], "Resource": s["resources"]} for s in plain]
    services = {str(part if not isinstance(part, Varied) else part.at("dev")).partition(":")[0]
                for s in varied for part in s["actions"]}  # fmt: skip
    services |= {action.partition(":")[0] for name, _ in one.managed for action in MANAGED[name]}
    needed = {action for action, name in one.needs if isinstance(name, Varied)}
    exact = {(action, arn_of(action, name)) for action, name in one.needs if isinstance(name, str)}
    return {
        pair for pair in allowed(shown)
        if pair[0] not in needed and pair not in exact and pair[0].partition(":")[0] not in services
    }  # fmt: skip


def judge(number: int, one: Case, before: Any, after: Any, count: Counter[str]) -> Iterator[str]:
    """What became of one role, in every stage."""
    excess = untouched(one)
    wider = lost = False
    for stage in STAGES:
        had, has = allowed(before(number, stage)), allowed(after(number, stage))
        needs = {
            (action, arn_of(action, name.at(stage) if isinstance(name, Varied) else name)) for action, name in one.needs
        }
        if more := has - had - needs:
            wider = True
            yield f"wider in {stage}: {sorted(more)[:2]}"
        if less := (needs & had) - has:
            lost = True
            yield f"lost in {stage}: {sorted(less)[:2]}"
        count["excess that no condition touches"] += len(excess & had)
        count["of it removed"] += len((excess & had) - has)
    count["roles"] += 1
    count["roles wider"] += wider
    count["roles with a need lost"] += lost


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--roles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the projects")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    base = asked.keep or Path(tempfile.mkdtemp())
    count: Counter[str] = Counter()
    forms = (Sam, Serverless, Terraform)
    for number in range((asked.roles + EACH - 1) // EACH):
        form = forms[number % 3](chance)
        cases = [case(chance) for _ in range(EACH)]
        for one in cases if form.file == "serverless.yml" else ():
            one.managed = []
        folder = base / f"p{number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / form.file).write_text(form.text(cases))
        (folder / "app.py").write_text(code(cases))
        before = form.roles(folder, EACH)
        command = [sys.executable, "-m", "scopedown", "write", "--yes", "--no-cache", "--jobs", "1", str(folder)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if ran.returncode not in (0, 1):
            print(f"FAILED: {folder}: {ran.stderr[-500:]}")
            count["failed"] += 1
            continue
        after = form.roles(folder, EACH)
        for at, one in enumerate(cases):
            for line in judge(at, one, before, after, count):
                print(f"{folder}/{form.file} role {at}: {line}", flush=True)
    if asked.keep is None:
        shutil.rmtree(base)
    share = count["of it removed"] / max(count["excess that no condition touches"], 1)
    print(dict(count), f"{share:.1%} of the excess that no condition touches removed")
    return 1 if count["roles wider"] or count["roles with a need lost"] or count["failed"] or share < 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
