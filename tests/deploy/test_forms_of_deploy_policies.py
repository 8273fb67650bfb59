"""CloudFormation, Terraform and CDK say what the JSON documents say: each is read back by a parser of its own."""

from __future__ import annotations

import json
from typing import Any

import hcl2
import tree_sitter
import tree_sitter_typescript
import yaml

from scopedown.cli.forms import renderer
from scopedown.deploy.account_resources import BOUNDARY, POLICY, ROLE_POLICY, Bundle, bundle
from scopedown.deploy.trust import trust_of

FIRST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": ['arn:aws:s3:::shop-*/a"b\\c', "arn:aws:s3:::x/${aws:username}/%{y}"],
            "Condition": {
                "StringEquals": {"aws:RequestedRegion": ["eu-west-1"], "iam:PassedToService": ["a.b", "c.d"]},
                "ArnLike": {"lambda:FunctionArn": ["arn:aws:lambda:eu-west-1:123456789012:function:a-*"]},
            },
        },
        {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": ["*"]},
    ],
}
SECOND = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["s3:*"], "NotResource": ["a", "b"]}]}


def whole() -> Bundle:
    documents = {POLICY: [FIRST, SECOND], ROLE_POLICY: [SECOND], BOUNDARY: [FIRST]}
    trust = trust_of("github:acme/shop:environment:prod")
    return bundle("shop-dev-eu-west-1", documents, trust, "aws", "123456789012", "shop-cloudformation", "shop-roles")


def wanted(found: Bundle) -> tuple[dict[str, Any], dict[str, tuple[Any, list[str]]]]:
    """Documents by policy; trust and policies by role."""
    return {one.name: one.document for one in found.policies}, {
        one.name: (one.trust, list(one.policies)) for one in found.roles
    }


def test_the_cloudformation_template_holds_the_same_documents() -> None:
    found = yaml.load(renderer("deployment", "cloudformation")(whole()), Loader=_Template)
    resources = found["Resources"]
    policies = {
        one["Properties"]["ManagedPolicyName"]: one["Properties"]["PolicyDocument"]
        for one in resources.values() if one["Type"] == "AWS::IAM::ManagedPolicy"
    }  # fmt: skip
    names = {id: one["Properties"].get("ManagedPolicyName") for id, one in resources.items()}
    roles = {
        one["Properties"]["RoleName"]: (
            one["Properties"]["AssumeRolePolicyDocument"],
            [names[ref["!Ref"]] for ref in one["Properties"]["ManagedPolicyArns"]],
        )
        for one in resources.values() if one["Type"] == "AWS::IAM::Role"
    }  # fmt: skip
    assert (policies, roles) == wanted(whole())
    provider = resources["OidcProvider"]
    assert provider["Properties"]["Url"] == "https://token.actions.githubusercontent.com"
    assert found["Parameters"][provider["Condition"]]["Default"] == "no"


class _Template(yaml.SafeLoader):
    """Short tags as mappings of their name."""


def _short(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{tag}": loader.construct_scalar(node)}
    assert isinstance(node, yaml.SequenceNode)
    return {f"!{tag}": loader.construct_sequence(node, deep=True)}


_Template.add_multi_constructor("!", _short)


def test_terraform_holds_the_same_documents() -> None:
    found = hcl2.loads(renderer("deployment", "terraform")(whole()))
    documents = {
        _text(label): _document(body)
        for block in found["data"] for kind, labels in block.items() if not kind.startswith("__")
        for label, body in labels.items()
    }  # fmt: skip
    made = [(_text(kind), _text(label), body) for block in found["resource"] for kind, labels in block.items()
            if not kind.startswith("__") for label, body in labels.items()]  # fmt: skip
    policies = {
        _text(body["name"]): documents[_last(body["policy"])] for kind, _, body in made if kind == "aws_iam_policy"
    }
    labels = {label: _text(body["name"]) for _, label, body in made if "name" in body}
    attached = [(labels[_last(body["role"])], labels[_last(body["policy_arn"])]) for kind, _, body in made
                if kind == "aws_iam_role_policy_attachment"]  # fmt: skip
    roles = {
        _text(body["name"]): (
            documents[_last(body["assume_role_policy"])],
            [policy for role, policy in attached if role == _text(body["name"])],
        )
        for kind, _, body in made if kind == "aws_iam_role"
    }  # fmt: skip
    assert (policies, roles) == wanted(whole())


def test_terraforms_equals_signs_are_where_its_formatter_puts_them() -> None:
    lines = renderer("deployment", "terraform")(whole()).splitlines()
    at = lines.index('  name        = "shop-roles"')
    assert lines[at + 1].startswith("  description = ")
    assert lines[at + 2].startswith("  policy      = ")
    assert '    effect = "Allow"' in lines  # what several lines follow stands alone
    assert renderer("deployment", "terraform")(whole()).count("\n\n\n") == 0


def _text(value: str) -> str:
    """What a literal means: the parser keeps its quotes and escapes."""
    if not value.startswith('"'):
        return value
    read = json.loads(value)
    assert isinstance(read, str)
    return read.replace("&{", "${").replace("%%{", "%{")


def _last(reference: str) -> str:
    """The label in ``${data.aws_iam_policy_document.LABEL.json}``."""
    return reference.strip("${}").split(".")[-2]


def _document(body: dict[str, Any]) -> dict[str, Any]:
    return {"Version": _text(body["version"]), "Statement": [_statement(one) for one in body["statement"]]}


def _statement(one: dict[str, Any]) -> dict[str, Any]:
    names = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
    made: dict[str, Any] = {"Effect": _text(one["effect"])}
    for who in one.get("principals", []):
        values = [_text(value) for value in who["identifiers"]]
        made["Principal"] = {_text(who["type"]): values[0] if len(values) == 1 else values}
    made |= {element: [_text(value) for value in one[name]] for name, element in names.items() if name in one}
    for condition in one.get("condition", []):
        keys = made.setdefault("Condition", {}).setdefault(_text(condition["test"]), {})
        keys[_text(condition["variable"])] = [_text(value) for value in condition["values"]]
    return made


def test_the_cdk_program_is_typescript_with_the_same_documents() -> None:
    text = renderer("deployment", "cdk")(whole()).encode()
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
    root = parser.parse(text).root_node
    assert not root.has_error
    objects = {}
    for node in _all(root):
        if node.type == "pair":
            name, value = (
                text[part.start_byte : part.end_byte].decode() for part in (node.children[0], node.children[2])
            )
            objects.setdefault(name, []).append(value)
    documents = [value.removeprefix("iam.PolicyDocument.fromJson(").removesuffix(")") for value in objects["document"]]
    names = [json.loads(name) for name in objects["managedPolicyName"]]
    policies = dict(zip(names, map(json.loads, documents), strict=True))
    trusts = map(json.loads, objects["assumeRolePolicyDocument"])
    variables = {f"policy{number}": name for number, name in enumerate(names, 1)}
    held = [
        [variables[arn.strip().removesuffix(".managedPolicyArn")] for arn in value.strip("[]").split(",")]
        for value in objects["managedPolicyArns"]
    ]
    roles = dict(zip(map(json.loads, objects["roleName"]), zip(trusts, held, strict=True), strict=True))
    assert (policies, roles) == wanted(whole())


def _all(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    found, rest = [], [node]
    while rest:
        one = rest.pop()
        found.append(one)
        rest += reversed(one.children)
    return found
