"""What the framework asks AWS for while it reads a project file, put into the local AWS first.

In: the values of ``--param-file``, by variable (``ssm:/path``, ``cf:stack.Output``, ``s3:bucket/key``), and whole
templates (``stack:name``) whose exports the project's template imports. Out: parameters, secrets, objects and stacks
that hold them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.prove.local_aws import LocalAws

_VARIABLE = re.compile(r"(ssm|cf|s3|stack)(?:\(([a-z0-9-]+)\))?:(.+)", re.DOTALL)
_SECRET = "/aws/reference/secretsmanager/"
HOLDER = {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
"""The resource of a stack that is there for its outputs only."""


def put_values(aws: LocalAws, values: Mapping[str, Any], region: str) -> None:
    """Make what the variables name."""
    outputs: dict[tuple[str, str], dict[str, str]] = {}
    for variable, value in values.items():
        match = _VARIABLE.fullmatch(variable)
        if match is None:
            continue
        source, where, name = match[1], match[2] or region, match[3].split("~")[0].strip()
        if source == "ssm":
            _parameter(aws, where, name, value)
        elif source == "s3":
            bucket, _, key = name.partition("/")
            s3 = aws.admin("s3", "us-east-1")
            if bucket not in {one["Name"] for one in s3.list_buckets()["Buckets"]}:
                s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key=key, Body=_text(value).encode())
        elif source == "stack":
            _stack(aws, where, name, value)
        else:
            stack, _, output = name.rpartition(".")
            outputs.setdefault((where, stack), {})[output] = _text(value)
    for (where, stack), found in outputs.items():
        ends = {name: {"Value": value} for name, value in found.items()}
        _stack(aws, where, stack, {"Resources": HOLDER, "Outputs": ends})


def _stack(aws: LocalAws, region: str, name: str, template: Any) -> None:
    """Raises ScopedownError where the template cannot be deployed."""
    client = aws.admin("cloudformation", region)
    try:
        client.create_stack(
            StackName=name,
            TemplateBody=_text(template),
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except client.exceptions.ClientError as error:
        why = error.response["Error"]["Message"]
        raise ScopedownError(f"the stack {name} cannot be made: {why}", remedy="correct its value") from error
    status = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    if status != "CREATE_COMPLETE":
        raise ScopedownError(f"the stack {name} cannot be made: it ended as {status}", remedy="correct its template")


def _parameter(aws: LocalAws, region: str, name: str, value: Any) -> None:
    if name.startswith(_SECRET):
        made = aws.admin("secretsmanager", region)
        made.create_secret(Name=name.removeprefix(_SECRET), SecretString=_text(value))
        return
    of_list = isinstance(value, list)
    text = ",".join(map(_text, value)) if of_list else _text(value)
    aws.admin("ssm", region).put_parameter(
        Name=name, Value=text or "-", Type="StringList" if of_list else "String", Overwrite=True
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
