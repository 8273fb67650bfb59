"""What the role of a state machine must be allowed for the tasks of its definition.

Source: serverless-step-functions 3.21.1 (MIT) ``lib/deploy/stepFunctions/compileIamRole.js``: it writes a statement for
each of the tasks that it knows, first joined by action and then by resource.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.tables import read_rows
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.intrinsics import is_intrinsic

Permission = tuple[str, Any]
"""Actions, joined by commas, and what they are allowed on."""

_HERE: Final = "${AWS::Region}:${AWS::AccountId}"
_EVENTS: Final = "events:PutTargets,events:PutRule,events:DescribeRule"
_LOGS: Final = ",".join(
    f"logs:{name}"
    for name in (
        "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries",
        "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups",
    )
)  # fmt: skip
_TRACES: Final = ",".join(
    f"xray:{name}"
    for name in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
)  # fmt: skip
_LAMBDA: Final = re.compile(r"arn:aws(-[a-z]+)*:lambda")
_MAX_DEPTH: Final = 40


def statements_of_machine(
    machine: Mapping[str, Any], name: str, local: Callable[[Any], Any], unknown: Callable[[Any], None]
) -> list[dict[str, Any]]:
    """The statements of a machine's role.

    ``local`` turns a reference to a function of the service, by its key, into one to its resource; ``unknown`` is told
    each task that no permission is known for.
    """
    permissions: list[Permission] = []
    for task in tasks(as_map(machine.get("definition")).get("States"), name):
        permissions += _of_task(task, local, unknown)
    if machine.get("loggingConfig"):
        permissions.append((_LOGS, "*"))
    if machine.get("tracingConfig"):
        permissions.append((_TRACES, "*"))
    own = [item for item in as_list(machine.get("iamRoleStatements")) if isinstance(item, Mapping)]
    if not permissions and not own:
        return [{"Effect": "Deny", "Action": "*", "Resource": "*"}]
    joined = _by_resource(_by_action(permissions))
    return [
        *({"Effect": "Allow", "Action": actions.split(","), "Resource": resource} for actions, resource in joined),
        *(dict(item) for item in own),
    ]


def tasks(states: Any, machine: str, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every task of a definition, in order: those of its branches and iterations too."""
    if depth > _MAX_DEPTH:
        return
    for state in (as_map(states) if isinstance(states, Mapping) else {}).values():
        kind = as_map(state).get("Type")
        if kind == "Task":
            yield state
        elif kind == "Parallel":
            for branch in as_list(state.get("Branches")):
                yield from tasks(as_map(branch).get("States"), machine, depth + 1)
        elif kind == "Map":
            processor = as_map(state.get("ItemProcessor"))
            yield from tasks((processor or as_map(state.get("Iterator"))).get("States"), machine, depth + 1)
            if as_map(processor.get("ProcessorConfig")).get("Mode") == "DISTRIBUTED":
                yield {"Resource": "arn:aws:states:::states:startExecution", "Mode": "DISTRIBUTED", "Name": machine}
            for part in ("ItemReader", "ResultWriter"):
                if isinstance(state.get(part), Mapping):
                    yield state[part]


# Joining


def _by_action(permissions: list[Permission]) -> list[Permission]:
    """One permission for each set of actions; every resource of it once, and ``*`` alone where it is among them."""
    groups: dict[str, list[Any]] = {}
    for actions, resource in permissions:
        found = groups.setdefault(actions, [])
        for one in resource if isinstance(resource, list) else [resource]:
            if one not in found:
                found.append(one)
    return [(actions, "*" if "*" in resources else resources) for actions, resources in groups.items()]


def _by_resource(permissions: list[Permission]) -> list[Permission]:
    groups: dict[str, tuple[list[str], Any]] = {}
    for actions, resource in permissions:
        known, _ = groups.setdefault(json.dumps(resource, default=str), ([], resource))
        known += [action for action in actions.split(",") if action not in known]
    return [(",".join(actions), resource) for actions, resource in groups.values()]


# Tasks


def _of_task(task: Mapping[str, Any], local: Callable[[Any], Any], unknown: Callable[[Any], None]) -> list[Permission]:
    resource = task.get("Resource")
    parameters = as_map(task.get("Parameters"))
    text = re.sub(r"^arn:aws(-[a-z]+)*:", "arn:aws:", resource) if isinstance(resource, str) else ""
    service, _, call = text.removeprefix("arn:aws:states:::").removeprefix("aws-sdk:").partition(":")
    sdk = text.startswith("arn:aws:states:::aws-sdk:")
    if text.startswith("arn:aws:states:::"):
        known = _services().get((("aws-sdk:" if sdk else "") + service, call))
        if known is None:
            unknown(resource)
            return []
        if service == "lambda":
            return _invoke(parameters, local)
        if service in ("states", "sfn"):
            return _execution(task, known)
        return _ARGUMENTS[service](known, parameters)
    if is_intrinsic(resource) or (text and _LAMBDA.search(text)):
        target = resource
        if isinstance(resource, str) and len(parts := resource.split(":")) == 8:
            target = ":".join(parts[:7])  # without its alias
        arn = local(target)
        return [("lambda:InvokeFunction", [arn, {"Fn::Sub": ["${functionArn}:*", {"functionArn": arn}]}])]
    unknown(resource)
    return []


def _rule(name: str) -> dict[str, Any]:
    arn: list[Any] = ["arn", {"Ref": "AWS::Partition"}, "events", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
    return {"Fn::Join": [":", [*arn, f"rule/{name}"]]}


def _sub(text: str, **values: Any) -> dict[str, Any]:
    return {"Fn::Sub": [text, values]}


def _table(name: Any) -> Any:
    if isinstance(name, Mapping) and name.get("Ref"):
        return {"Fn::GetAtt": [name["Ref"], "Arn"]}
    arn: list[Any] = ["arn", {"Ref": "AWS::Partition"}, "dynamodb", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
    if isinstance(name, Mapping) and "Fn::ImportValue" in name:
        return {"Fn::Join": [":", [*arn, {"Fn::Join": ["/", ["table", name]]}]]}
    return {"Fn::Join": [":", [*arn, f"table/{_word(name)}"]]}


def _word(value: Any) -> str:
    return str(value) if isinstance(value, Text) else "[object Object]" if isinstance(value, dict) else js_text(value)


def _dynamodb(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    if "Batch" in action:
        if parameters.get("RequestItems.$"):
            return [(action, "*")]
        return [(action, _table(name.replace(".$", "", 1))) for name in as_map(parameters.get("RequestItems"))]
    if parameters.get("TableName.$"):
        return [(action, "*")]
    if parameters.get("IndexName.$") or parameters.get("IndexName"):
        index = "*" if parameters.get("IndexName.$") else _word(parameters["IndexName"])
        return [(action, _table(f"{_word(parameters.get('TableName'))}/index/{index}"))]
    return [(action, _table(parameters.get("TableName")))]


def _sqs(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    if parameters.get("QueueUrl.$"):
        return [(action, "*")]
    if "QueueUrl" not in parameters:
        return []
    url = parameters["QueueUrl"]
    if isinstance(url, Mapping):
        return [(action, {"Fn::GetAtt": [url["Ref"], "Arn"]} if url.get("Ref") else "*")]
    match = re.fullmatch(r"https://sqs.(.*).amazonaws.com/(.*)/(.*)", _word(url))
    if match is None:
        return [(action, [])]
    region = match[1]
    partition = "aws-us-gov" if region.startswith("us-gov") else "aws-cn" if region.startswith("cn-") else "aws"
    return [(action, f"arn:{partition}:sqs:{region}:{match[2]}:{match[3]}")]


def _sns(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    if parameters.get("TopicArn.$"):
        return [(action, "*")]
    return [(action, parameters["TopicArn"])] if "TopicArn" in parameters else []


def _everywhere(rule: str) -> Callable[[str, Mapping[str, Any]], list[Permission]]:
    def permissions(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
        return [(action, "*"), *([(_EVENTS, _rule(rule))] if rule else [])]

    return permissions


def _invoke(parameters: Mapping[str, Any], local: Callable[[Any], Any]) -> list[Permission]:
    name = parameters.get("FunctionName")
    arns: Any = name
    if isinstance(name, str):
        prefix = "arn:${AWS::Partition}:lambda:"
        if _LAMBDA.match(name):
            arns = [name, f"{name}:*"]
        elif re.fullmatch(r"\d+:[^:]*:[^:]*", name):
            arns = [{"Fn::Sub": f"{prefix}${{AWS::Region}}:{name}{end}"} for end in ("", ":*")]
        else:
            arns = [{"Fn::Sub": f"{prefix}{_HERE}:function:{name}{end}"} for end in ("", ":*")]
    elif isinstance(name, Mapping) and "Fn::GetAtt" in name:
        arn = local(name)
        arns = [arn, _sub("${functionArn}:*", functionArn=arn)]
    elif isinstance(name, Mapping) and "Ref" in name:
        arn = local(name)
        pattern = f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:${{functionArn}}"
        arns = [_sub(f"{pattern}{end}", functionArn=arn) for end in ("", ":*")]
    elif parameters.get("FunctionName.$"):
        arns = parameters.get("AllowedFunctions") or "*"
    return [("lambda:InvokeFunction", arns)]


def _execution(task: Mapping[str, Any], action: str) -> list[Permission]:
    parameters = as_map(task.get("Parameters"))
    machine = "*" if parameters.get("StateMachineArn.$") else parameters.get("StateMachineArn")
    if task.get("Mode") == "DISTRIBUTED":
        machine = _sub(f"arn:aws:states:{_HERE}:stateMachine:{task.get('Name')}")
    rule = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
    return [
        (action, machine),
        ("states:DescribeExecution,states:StopExecution", "*"),
        (_EVENTS, _sub(f"arn:${{AWS::Partition}}:events:{_HERE}:rule/{rule}")),
    ]


def _code_build(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    project = f"arn:${{AWS::Partition}}:codebuild:{_HERE}:project/{_word(parameters.get('ProjectName'))}"
    rule = f"arn:${{AWS::Partition}}:events:{_HERE}:rule/StepFunctionsGetEventForCodeBuildStartBuildRule"
    return [(action, _sub(project)), (_EVENTS, _sub(rule))]


def _sagemaker(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    job = _word(parameters.get("TransformJobName") or "")
    rule = f"arn:${{AWS::Partition}}:events:{_HERE}:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule"
    return [
        (action, _sub(f"arn:${{AWS::Partition}}:sagemaker:{_HERE}:transform-job/{job}*")),
        ("sagemaker:ListTags", "*"),
        (_EVENTS, _sub(rule)),
    ]


def _bedrock(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    model = parameters.get("ModelId")
    if isinstance(model, str) and not model.startswith("arn:"):
        model = _sub(f"arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}::foundation-model/{model}")
    return [(action, model)]


def _event_buses(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    buses: list[Any] = []
    for entry in as_list(parameters.get("Entries")):
        bus = as_map(entry).get("EventBusName") or "default"
        if bus not in buses:
            buses.append(bus)
    pattern = f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/${{eventBus}}"
    return [(action, [_sub(pattern, eventBus=bus) for bus in buses])]


def _scheduler(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    pattern = f"arn:${{AWS::Partition}}:scheduler:{_HERE}:schedule/${{scheduleGroupName}}/*"
    return [
        (action, _sub(pattern, scheduleGroupName=parameters.get("GroupName"))),
        ("iam:PassRole", as_map(parameters.get("Target")).get("RoleArn")),
    ]


def _s3(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    bucket, key = (_word(parameters.get(name) or "*") for name in ("Bucket", "Key"))
    if action == "list":
        both = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
        return [("s3:Get*", both), ("s3:List*", both)]
    if prefix := parameters.get("Prefix"):
        return [(action, [f"arn:aws:s3:::{bucket}/{_word(prefix)}/{key}"])]
    return [(action, ["*" if bucket == key == "*" else f"arn:aws:s3:::{bucket}/{key}"])]


def _redshift(action: str, parameters: Mapping[str, Any]) -> list[Permission]:
    """A statement against a cluster or a workgroup, and how its credentials are got."""
    if not action.endswith("ExecuteStatement"):
        return [(action, "*")]

    def arn(service: str, rest: str) -> dict[str, Any]:
        return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{_HERE}:{rest}"}

    given = parameters.get("WorkgroupName")
    in_workgroup = given is not None or "WorkgroupName.$" in parameters
    workgroup: Any = given if isinstance(given, str) and given.startswith("arn:") else None
    workgroup = workgroup or arn("redshift-serverless", "workgroup/*")
    cluster = "undefined" if in_workgroup else _word(parameters.get("ClusterIdentifier", "*"))
    database = arn("redshift", f"dbname:{cluster}/{_word(parameters.get('Database', '*'))}")
    found: list[Permission] = [(action, workgroup if in_workgroup else arn("redshift", f"cluster:{cluster}"))]
    secret = parameters.get("SecretArn")
    if secret is not None or "SecretArn.$" in parameters:
        known = isinstance(secret, str) and secret.startswith("arn:")
        pattern = f"secret:{_word(secret)}*" if secret is not None else "secret:*"
        found.append(("secretsmanager:GetSecretValue", secret if known else arn("secretsmanager", pattern)))
    elif user := parameters.get("DbUser") or ("*" if "DbUser.$" in parameters else None):
        users = arn("redshift", f"dbuser:{cluster}/{_word(user)}")
        found.append(("redshift:GetClusterCredentials", [users, database]))
    elif in_workgroup:
        found.append(("redshift-serverless:GetCredentials", workgroup))
    else:
        found.append(("redshift:GetClusterCredentialsWithIAM", database))
    return found


_ARGUMENTS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], list[Permission]]]] = {
    "batch": _everywhere("StepFunctionsGetEventsForBatchJobsRule"),
    "bedrock": _bedrock,
    "codebuild": _code_build,
    "dynamodb": _dynamodb,
    "ecs": _everywhere("StepFunctionsGetEventsForECSTaskRule"),
    "events": _event_buses,
    "glue": _everywhere(""),
    "redshiftdata": _redshift,
    "s3": _s3,
    "sagemaker": _sagemaker,
    "scheduler": _scheduler,
    "sns": _sns,
    "sqs": _sqs,
}


@cache
def _services() -> Mapping[tuple[str, str], str]:
    """The actions of every call that the plugin knows, by its service and its name."""
    found: dict[tuple[str, str], str] = {}
    for row in read_rows(Path(__file__).with_name("step_functions_calls.tsv")):
        ends = row["ends"].split()
        for end in ends[1:] if ends[:1] == ["only"] else ["", *ends]:
            call = row["service"], f"{row['call']}{end}"
            found[call] = ",".join(filter(None, (found.get(call), row["actions"])))
    return found
