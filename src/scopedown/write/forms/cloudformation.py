"""What functions need, as a CloudFormation template's roles."""

from __future__ import annotations

from typing import Any, Final

from scopedown.emit.cloudformation import plain
from scopedown.emit.yaml_text import dump
from scopedown.generate.document import VERSION, generate
from scopedown.scan import ProjectScan

_TRUST: Final = {
    "Version": VERSION,
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}


def render(scan: ProjectScan) -> str:
    """A template's ``Resources``: a role for each function, which its ``Role`` names by ``!GetAtt``."""
    found: dict[str, Any] = {}
    for function in scan.functions:
        id = _role_id(function.function.logical_id or function.function.key)
        document = plain(generate(function.permissions))
        policies = [{"PolicyName": "scopedown", "PolicyDocument": document}] if document["Statement"] else []
        properties = {"AssumeRolePolicyDocument": _TRUST, **({"Policies": policies} if policies else {})}
        found[id] = {"Type": "AWS::IAM::Role", "Properties": properties}
    return dump({"Resources": found}) if found else "Resources: {}\n"


def _role_id(name: str) -> str:
    words = "".join(one if one.isalnum() else " " for one in name).split()
    return "".join(word[:1].upper() + word[1:] for word in words) + "Role"
