"""One grant is added to a project: does ``compare`` see it, or name it as not decided?

    python bench/compare_grants.py                 # 200 templates and 100 Terraform configurations
    python bench/compare_grants.py --seed 5 --templates 400 --terraform 200

Each project is made of a base (a function with a role, another role, a bucket, a queue) and one grant: a statement
of a role, a trust policy, a permission, or a property of a type that is drawn from all types of
``project/grants.tsv``, whose rows come from the schemas. A policy is written as an object, as a text, in an
``Fn::Sub`` or as what only the deployment knows; a limit goes; a resource gets another role. The controls change
each project without allowing more: tags, descriptions, order, lines, the grant taken away, a bucket removed with
its policy. Printed are the counts and what was missed or reported by mistake. The exit code is 1 if a grant is
missed. Needs nothing but the repository.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.compare.access.ask import compared
from scopedown.compare.access.pairs import paired
from scopedown.compare.access.states import compared_subjects
from scopedown.project.grants import GrantRow, grant_rows
from scopedown.project.load import load_project
from scopedown.project.options import Options

Json = dict[str, Any]
FULL: Json = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
PUBLIC: Json = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}],
}
TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
READ: Json = {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"], "Resource": "*"}
OUTSIDE = "arn:aws:iam::999988887777:role/outside"
IDENTITIES = ("AWS::IAM::", "AWS::SSO::", "aws_iam_", "aws_ssoadmin_")
COMPILED = ("AWS::Serverless::", "AWS::IAM::Role", "aws_iam_role")
"""Types that the grants of roles are made of."""
ALONE = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy")


def with_value(row: GrantRow, value: Any, draw: random.Random) -> Json:
    """Properties that have a value at the row's place, some of them lists."""
    for at, key in enumerate(reversed([*row.keys])):
        value = {"settings" if key == "**" else "k" if key == "*" else key: value}
        if at < len(row.keys) - 1 and draw.random() < 0.5:
            value = [value]
    return value if isinstance(value, dict) else {}


def template_grant(draw: random.Random) -> tuple[str, Json, Json, bool]:
    """A grant: its name, the resources before and after, and whether the way back allows no more."""
    if draw.random() < 0.2:
        return role_grant(draw)
    type = draw.choice([one for one in grant_rows() if one[0] == "A" and not one.startswith(COMPILED)])
    row = draw.choice(grant_rows()[type])
    name = f"{type} {'.'.join(row.keys)} ({row.holds})"

    def resource(properties: Json) -> Json:
        return {"Grant": {"Type": type, "Properties": properties}}

    if row.holds == "policy":
        document = FULL if type.startswith(IDENTITIES) else PUBLIC
        form = draw.choice([
            document, json.dumps(document), {"Fn::Sub": json.dumps(document)}, {"Fn::ImportValue": "Policy"},
            {"Fn::If": ["Always", document, {"Ref": "AWS::NoValue"}]},
        ])  # fmt: skip
        before = {} if draw.random() < 0.5 or type in ALONE else resource({})
        return name, before, resource(with_value(row, form, draw)), form != {"Fn::ImportValue": "Policy"}
    if row.holds == "role":
        old, new = draw.choice([
            ("PlainRole", "AdminRole"), ("PlainRole", OUTSIDE), ("arn:aws:iam::111122223333:role/a", OUTSIDE),
            (None, "AdminRole"), (None, OUTSIDE),
        ])  # fmt: skip
        states = [
            {}
            if one is None
            else resource(with_value(row, {"Fn::GetAtt": [one, "Arn"]} if ":" not in one else one, draw))
            for one in (old, new)
        ]
        return f"{name} {old} {new}", states[0], states[1], new == "AdminRole"
    value: Any = draw.choice(["999988887777", ["999988887777"], {"Ref": "Who"}])
    if row.nothing or "Block" in str(row.keys) or "Restrict" in str(row.keys) or "Ignore" in str(row.keys):
        value = draw.choice(["NONE" if "AuthType" in row.keys else "PublicRead", {"Ref": "Who"}])
        if row.holds == "limit":
            value = True
    given = resource(with_value(row, value, draw) if row.keys else whole(draw))
    if row.holds == "limit":
        return name, given, resource({}), True
    if type.startswith("AWS::IAM::") and type.endswith("Policy"):  # who it is attached to, of a policy that is there
        given["Grant"]["Properties"]["PolicyDocument"] = FULL
        return name, resource({"PolicyDocument": FULL}), given, True
    return name, {}, given, True


def whole(draw: random.Random) -> Json:
    """Properties of a type that does nothing but give access."""
    return draw.choice([
        {"PrincipalArn": OUTSIDE}, {"UserName": "u", "GroupName": "g"}, {"GroupName": "g", "Users": ["u", "v"]},
        {"Principals": ["999988887777"], "ResourceArns": ["arn:aws:ssm:eu-west-1:111122223333:parameter/x"]},
        {"user": "u", "groups": ["g"]}, {"principal": OUTSIDE, "permissions": ["ALL"]}, {"Url": "https://id.example.org"},
    ])  # fmt: skip


def role_grant(draw: random.Random) -> tuple[str, Json, Json, bool]:
    """A grant of a kind that most projects have."""
    more = {"Effect": "Allow", "Action": draw.choice(["s3:*", "dynamodb:GetItem"]), "Resource": "*"}
    trusting = {**TRUST, "Statement": [*TRUST["Statement"], {**TRUST["Statement"][0], "Principal": {"AWS": OUTSIDE}}]}
    who = draw.choice(["*", "999988887777", "s3.amazonaws.com"])
    kind, given = draw.choice([
        ("statement", {"PlainRole": role(READ, more)}), ("trust", {"PlainRole": role(READ, trust=trusting)}),
        ("managed policy", {"PlainRole": role(READ, managed=["arn:aws:iam::aws:policy/AmazonS3FullAccess"])}),
        ("policy", {"Own": {"Type": "AWS::IAM::Policy", "Properties": {
            "PolicyName": "p", "PolicyDocument": FULL, "Roles": [{"Ref": "PlainRole"}]}}}),
        ("permission", {"Call": {"Type": "AWS::Lambda::Permission", "Properties": {
            "Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": who}}}),
        ("user's policy", {"User": {"Type": "AWS::IAM::User", "Properties": {"ManagedPolicyArns": [
            "arn:aws:iam::aws:policy/AdministratorAccess"]}}}),
        ("unknown statement", {"PlainRole": role(READ, {**more, "Action": {"Fn::ImportValue": "Actions"}})}),
    ])  # fmt: skip
    return kind, {}, given, True


def role(*statements: Json, trust: Json = TRUST, managed: list[str] | None = None) -> Json:
    policies = [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [*statements]}}]
    properties = {"AssumeRolePolicyDocument": trust, "Policies": policies}
    return {"Type": "AWS::IAM::Role", "Properties": properties | ({"ManagedPolicyArns": managed} if managed else {})}


def base() -> Json:
    guarded = {**PUBLIC["Statement"][0], "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return {
        "PlainRole": role(READ),
        "AdminRole": role(FULL["Statement"][0]),
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "BucketRules": {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Statement": [guarded]}}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}},
    }  # fmt: skip


def write_template(folder: Path, kind: str, resources: Json) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text("def handler(event, context):\n    return None\n")
    if kind == "serverless":
        tree: Json = {
            "service": "shop", "frameworkVersion": "4",
            "provider": {"name": "aws", "runtime": "python3.12", "region": "eu-west-1"},
            "functions": {"main": {"handler": "app.handler", "role": "PlainRole"}},
            "resources": {"Parameters": {"Who": {"Type": "String"}}, "Conditions": CONDITIONS, "Resources": resources},
        }  # fmt: skip
        (folder / "serverless.yml").write_text(json.dumps(tree, indent=1))
        return
    function = {"Handler": "app.handler", "Runtime": "python3.12", "Role": {"Fn::GetAtt": ["PlainRole", "Arn"]}}
    code = (
        {"InlineCode": "def handler(e, c): pass"} if kind == "sam" else {"Code": {"ZipFile": "def handler(e, c): pass"}}
    )
    type = "AWS::Serverless::Function" if kind == "sam" else "AWS::Lambda::Function"
    tree = {
        "AWSTemplateFormatVersion": "2010-09-09",
        **({"Transform": "AWS::Serverless-2016-10-31"} if kind == "sam" else {}),
        "Parameters": {"Who": {"Type": "String"}},
        "Conditions": CONDITIONS,
        "Resources": {"Main": {"Type": type, "Properties": {**function, **code}}, **resources},
    }
    (folder / "template.json").write_text(json.dumps(tree, indent=1))


CONDITIONS: Json = {"Always": {"Fn::Equals": [{"Ref": "Who"}, "me"]}}


def template_controls(kind: str, old: Json, new: Json, back: bool) -> list[tuple[str, Json, Json]]:
    """Changes that allow nothing more."""
    tagged, described = copy.deepcopy(new), copy.deepcopy(new)
    tagged["Queue"]["Properties"]["Tags"] = [{"Key": "team", "Value": "shop"}]
    described["PlainRole"]["Properties"]["Description"] = "what the function runs with"
    moved = dict(reversed(new.items()))
    fewer = copy.deepcopy(new)
    fewer["PlainRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]["Action"] = ["sqs:SendMessage"]
    without = {key: one for key, one in new.items() if key not in ("Bucket", "BucketRules")}
    found = [
        ("tag", new, tagged), ("description", new, described), ("order", new, moved), ("narrowed", new, fewer),
        ("bucket with its policy", new, without),
    ]  # fmt: skip
    return [*found, ("grant taken away", new, old)] if back else found


def hcl(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"="}:
        return str(value["="])
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {hcl(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(hcl, value)) + "]"
    return json.dumps(value)


def block(type: str, name: str, arguments: Json) -> str:
    lines = [f'resource "{type}" "{name}" {{']
    for key, value in arguments.items():
        if isinstance(value, dict) and set(value) != {"="} and key == "settings":
            inner = "\n".join(f"    {one} = {hcl(held)}" for one, held in value.items())
            lines.append(f"  settings {{\n{inner}\n  }}")
        else:
            lines.append(f"  {key} = {hcl(value)}")
    return "\n".join([*lines, "}", ""])


def encoded(tree: Any) -> Json:
    return {"=": f"jsonencode({hcl(tree)})"}


def terraform_base() -> dict[str, str]:
    found = {}
    for name, statement in (("plain", READ), ("admin", FULL["Statement"][0])):
        found[f"{name}_role"] = block("aws_iam_role", name, {"name": name, "assume_role_policy": encoded(TRUST)})
        own = {"role": {"=": f"aws_iam_role.{name}.name"}, "policy": encoded({"Statement": [statement]})}
        found[f"{name}_policy"] = block("aws_iam_role_policy", name, own)
    found["bucket"] = block("aws_s3_bucket", "data", {"bucket": "data"})
    found["queue"] = block("aws_sqs_queue", "jobs", {"name": "jobs"})
    return found


def terraform_grant(draw: random.Random) -> tuple[str, dict[str, str], dict[str, str], bool]:
    if draw.random() < 0.1:
        own = {"role": {"=": "aws_iam_role.plain.name"}, "policy_arn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"}
        return "role's attachment", {}, {"more": block("aws_iam_role_policy_attachment", "more", own)}, True
    type = draw.choice([one for one in grant_rows() if one.startswith("aws_") and one != "aws_iam_role"])
    row = draw.choice(grant_rows()[type])
    name = f"{type} {'.'.join(row.keys)} ({row.holds})"

    def resource(value: Any) -> dict[str, str]:
        return {"grant": block(type, "grant", with_value(row, value, random.Random(1)) if row.keys else value)}

    nothing = {"grant": block(type, "grant", {})}
    if row.holds == "policy":
        document = FULL if type.startswith(IDENTITIES) else PUBLIC
        form = draw.choice([encoded(document), json.dumps(document), {"=": "var.policy"}])
        return name, draw.choice([{}, nothing]), resource(form), form != {"=": "var.policy"}
    if row.holds == "role":
        old, new = draw.choice([("plain", "admin"), ("plain", OUTSIDE), (None, "admin"), (None, OUTSIDE)])
        states = [
            {} if one is None else resource({"=": f"aws_iam_role.{one}.arn"} if ":" not in one else one)
            for one in (old, new)
        ]
        return f"{name} {old} {new}", states[0], states[1], new == "admin"
    value: Any = True if row.holds == "limit" else draw.choice(["999988887777", {"=": "var.who"}])
    given = resource(value if row.keys else draw.choice([{"user": "u", "groups": ["g"]}, {"principal": OUTSIDE}]))
    if row.holds == "limit":
        return name, given, draw.choice([{}, nothing]) if "block" in type or not row.keys else nothing, True
    if type in ("aws_iam_user_policy", "aws_iam_group_policy"):
        policy = {"policy": encoded(FULL)}
        other = {row.keys[0]: {"=": "var.who"}, **policy}
        return name, {"grant": block(type, "grant", policy)}, {"grant": block(type, "grant", other)}, True
    return name, draw.choice([{}, nothing]), given, True


def write_terraform(folder: Path, blocks: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    variables = 'variable "policy" {\n  type = string\n}\nvariable "who" {\n  type = string\n}\n'
    (folder / "main.tf").write_text(variables + "\n".join(blocks.values()))


def terraform_controls(old: dict[str, str], new: dict[str, str], back: bool) -> list[tuple[str, Any, Any]]:
    tagged = {**new, "queue": block("aws_sqs_queue", "jobs", {"name": "jobs", "tags": {"team": "shop"}})}
    moved = dict(reversed(new.items()))
    found = [("tag", new, tagged), ("order", new, moved), ("lines", new, {"head": "# a comment\n\n", **new})]
    return [*found, ("grant taken away", new, old)] if back else found


def answer(folder: Path, old: Callable[[Path], None], new: Callable[[Path], None], names: list[str]) -> tuple[str, str]:
    """``seen``, ``not decided`` or ``nothing`` of two states, and the first reason."""
    states = []
    for name, write in (("old", old), ("new", new)):
        write(folder / name)
        states.append(compared_subjects(load_project(folder / name, Options()), catalog()))
    changes = [compared(one, other, names, lost=False) for one, other in paired(*states)]
    failed = [one for one in changes if one.fails]
    why = f"{failed[0].name}: {(*failed[0].unknown, *map(str, failed[0].found.rows))[:1]}"[:300] if failed else ""
    if any(one.found.answer == "new access" for one in failed):
        return "seen", why
    return ("not decided", why) if failed else ("nothing", "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=28)
    parser.add_argument("--templates", type=int, default=200)
    parser.add_argument("--terraform", type=int, default=100)
    given = parser.parse_args()
    names = list(catalog().action_names())
    draw = random.Random(given.seed)
    counts: Counter[tuple[str, str]] = Counter()
    alarms: Counter[tuple[str, str]] = Counter()
    asked = 0
    with tempfile.TemporaryDirectory() as temporary:
        for at in range(given.templates + given.terraform):
            is_terraform = at >= given.templates
            kind = "terraform" if is_terraform else draw.choice(["cloudformation", "sam", "serverless"])
            start: Json = terraform_base() if is_terraform else base()
            name, before, after, back = (terraform_grant if is_terraform else template_grant)(draw)
            old, new = {**start, **before}, {**start, **after}

            def written(tree: Json, kind: str = kind) -> Callable[[Path], None]:
                if kind == "terraform":
                    return lambda folder: write_terraform(folder, tree)
                return lambda folder: write_template(folder, kind, tree)

            found, _ = answer(Path(temporary) / f"{at}", written(old), written(new), names)
            counts[kind, found] += 1
            if found == "nothing":
                print(f"missed: {kind}: {name}", flush=True)
            controls = terraform_controls(old, new, back) if is_terraform else template_controls(kind, old, new, back)
            control, one, other = draw.choice(controls)
            asked += 1
            found, why = answer(Path(temporary) / f"{at}c", written(one), written(other), names)
            if found != "nothing":
                alarms[kind, control] += 1
                print(f"false alarm: {kind}: {control}: {name}: {why}", flush=True)
    missed = sum(number for (_, found), number in counts.items() if found == "nothing")
    for (kind, found), number in sorted(counts.items()):
        print(f"{kind}: {number} {'missed' if found == 'nothing' else found}")
    print(f"{sum(counts.values())} grants, {missed} missed; {asked} controls, {sum(alarms.values())} false alarms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
