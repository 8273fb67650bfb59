"""The tools: what each answers and when to use it, its arguments, its answer, and what makes the one of the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.mcp import commands, schemas
from scopedown.mcp.answer import Cut, read
from scopedown.mcp.places import Places
from scopedown.mcp.run import Command, Done


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``objects``: exit code 1 of its command is an answer (a denial, a finding), not an error."""

    name: str
    title: str
    description: str
    arguments: schemas.Schema
    answer: schemas.Schema
    command: Callable[[Mapping[str, Any], Places], Command]
    cut: Cut
    objects: bool = False
    read: Callable[[Done], dict[str, Any]] = field(default=lambda done: read(done.output))


_LEVELS: schemas.Schema = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "object"}, "maxItems": 50},
    "maxItems": 10,
}
_VALUE: schemas.Schema = {"type": ["string", "number", "boolean"], "maxLength": 4096}
_ONE_FUNCTION = "ask for functions one by one (argument functions)"

TOOLS = (
    Tool(
        "scan",
        "Permissions that functions need",
        "Work out the IAM permissions that each Lambda function of a serverless project needs, from its code and its "
        "configuration: per function the least-privilege policy, every action with its resources and why (file, line, "
        "the chain of calls), and what could not be worked out. Use it before writing or changing a function's role, "
        "and after changing code that calls AWS. Nothing is run, no AWS account is asked.",
        schemas.arguments(
            **schemas.PROJECT
            | {
                "path": schemas.text(f"{schemas.PROJECT['path']['description']} Or a source file, FILE or FILE:SYMBOL.")
            },
            **schemas.FUNCTIONS,
        ),
        schemas.answer(
            ("project", "functions"),
            {
                "project": {"type": "object", "description": "Its framework, file, service, stage and region."},
                "functions": schemas.objects("Each with name, permissions, policy, unresolved, possible, notAnalysed."),
                "warnings": schemas.objects("Problems of the project file and the sources, with place and remedy."),
            },
        ),
        commands.scan,
        Cut(("functions",), _ONE_FUNCTION, "name"),
    ),
    Tool(
        "deploy_policy",
        "The policy of who deploys",
        "Work out the policy of the user, role or pipeline that deploys a serverless project: what the framework's "
        "commands call, and what CloudFormation does in the caller's name for every resource of the template, on exact "
        "ARNs. With explain: why each action is in it, instead. With audit: compares a policy with what is needed "
        "(lacking, beyond need, ways to become administrator), instead. Not for functions' own roles: that is scan.",
        schemas.arguments(
            **schemas.PROJECT
            | {
                "framework": schemas.text(
                    "The tool that deploys; by default what the project is written for.",
                    enum=["osls", "v3", "v4", "sam", "cdk", "cloudformation"],
                )
            },
            commands=schemas.texts(
                "Only these commands of the framework; all where it is left out.", examples=[["deploy", "info"]]
            ),
            strict=schemas.flag("Ask for aws:CalledVia and aws:RequestedRegion too."),
            explain=schemas.flag("Answer with the reasons of each action instead of the policy."),
            audit=schemas.policy("Answer with the comparison of this policy with what is needed."),
        ),
        schemas.answer(
            (),
            {
                "policies": schemas.objects("The policy documents, as few as AWS's quota on their size allows."),
                "explanation": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "With explain: an action and its ARNs a line, its reasons on the lines below.",
                },
                "notes": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "What is not resolved, and what the holder of the policy can still do.",
                },
                "lacking": schemas.objects("With audit: what commands would be denied."),
                "beyond": schemas.objects("With audit: grants beyond need, the riskiest first."),
                "ways": schemas.objects("With audit: ways to become administrator that the project does not need."),
            },
        ),
        commands.deploy_policy,
        Cut(("explanation",), "ask for some of the framework's commands (argument commands)"),
        objects=True,
        read=commands.deploy_answer,
    ),
    Tool(
        "check",
        "Roles beside what functions need",
        "Compare what the roles of a serverless project allow with what its functions need: calls that AWS will deny "
        "(missing), permissions that nobody needs, wildcards and shared roles that are wider than needed, settings "
        "that lost their permissions. Each problem with rule, severity, exact place, reason and remedy. Use it to "
        "review a change, or to find out why a function is denied something.",
        schemas.arguments(
            **schemas.PROJECT,
            **schemas.FUNCTIONS,
            select=schemas.texts(
                "Only these rules, by id, name or prefix.", examples=[["SD101", "unused-action", "SD2"]]
            ),
            ignore=schemas.texts("Not these rules."),
            fail_on=schemas.text(
                "At what failed is true, with commas: missing (a function will be denied something), admin "
                "(administrator rights), unseen (code that was not read), error, warning, note, rules, or none.",
                examples=["missing,admin", "warning"],
            ),
        ),
        schemas.answer(
            ("failed", "problems"),
            {
                "failed": {"type": "boolean", "description": "Whether there is a problem that fail_on objects to."},
                "problems": schemas.objects("Each with rule, name, severity, message, remedy, place, role, functions."),
                "ignored": {"type": "integer", "description": "Problems that comments in the project leave out."},
            },
        ),
        commands.check,
        Cut(("problems",), "ask for some rules (argument select) or some functions (argument functions)", "rule", True),
        objects=True,
    ),
    Tool(
        "explain",
        "Why a function needs an action",
        "Say why functions of a project need an IAM action: for every call the functions from the handler to it, and "
        "value by value how its resource's name was found, or the expression at which that stopped. Use it when scan's "
        "answer is surprising, or a resource is unresolved. An answer without functions: no function needs the action.",
        schemas.arguments(
            ("action",),
            action=schemas.text(
                "An action, a pattern, or a service's prefix.",
                minLength=1,
                examples=["dynamodb:PutItem", "dynamodb:*Item", "s3"],
            ),
            **schemas.PROJECT,
            **schemas.FUNCTIONS,
        ),
        schemas.answer(
            ("action", "functions"),
            {
                "action": {"type": "string"},
                "functions": schemas.objects("Those that need it; reasons is a tree of text and reasons."),
            },
        ),
        commands.explain,
        Cut(("functions",), f"name one action, or {_ONE_FUNCTION}", "name"),
        objects=True,
    ),
    Tool(
        "simulate",
        "Would AWS allow it",
        "Decide whether AWS would allow requests under policies, as AWS documents its evaluation (identity-based and "
        "resource-based policies, permissions boundaries, session policies, SCPs, RCPs, VPC endpoint policies, "
        "conditions), and say why: the statement that decides, what was missing, AWS's own sentence. Use it to test a "
        "policy before it is deployed, or to find out what a denial comes from. Offline and exact.",
        schemas.arguments(
            ("actions",),
            policies=schemas.policies("The identity-based policies of who asks."),
            actions=schemas.texts("Actions that are asked for.", minItems=1, examples=[["s3:GetObject"]]),
            resources=schemas.texts("ARNs that they are asked on, each with each action; * where it is left out."),
            principal=schemas.text("The ARN of who asks; a role of the resource's account where it is left out."),
            context={
                "type": "object",
                "description": "Condition keys of the request: key to a value or a list of values.",
                "additionalProperties": {"anyOf": [_VALUE, {"type": "array", "items": _VALUE, "maxItems": 50}]},
                "maxProperties": 50,
                "examples": [{"aws:SourceIp": "203.0.113.7"}],
            },
            derive_context=schemas.flag("Add the keys that AWS derives from principal and resource."),
            boundary=schemas.policy("The permissions boundary of who asks."),
            session_policies=schemas.policies("Session policies of who asks."),
            resource_policy=schemas.policy("The resource's policy; of a role that is assumed, its trust policy."),
            service_control_policies={
                **_LEVELS,
                "description": "SCPs: a list of levels (root, OU, account), each a list of policy documents.",
            },
            resource_control_policies={**_LEVELS, "description": "RCPs, likewise."},
            vpc_endpoint_policy=schemas.policy("The policy of the VPC endpoint that the request passes."),
            resource_account=schemas.text("The account that owns the resource, where its ARN does not say."),
            management_account=schemas.text("The organization's management account, bound by neither SCPs nor RCPs."),
        ),
        schemas.answer(
            ("decision", "results"),
            {
                "decision": {
                    "enum": ["allowed", "explicitDeny", "implicitDeny"],
                    "description": "Of several requests the worst.",
                },
                "results": schemas.objects(
                    "One a request: decision, decidedBy, message, needed, missingContext, statements."
                ),
                "notes": {"type": "array", "items": {"type": "string"}},
            },
        ),
        commands.simulate,
        Cut(("results", "EvaluationResults"), "ask for fewer actions and resources at once", "action"),
        objects=True,
    ),
    Tool(
        "catalog",
        "What AWS says of a name",
        "Look up AWS's facts, offline: of an IAM action its access level, resource types, condition keys and the API "
        "operations that need it; of an API operation the actions that it needs; of a CloudFormation type its "
        "attributes and what its handlers may call; of a service its actions and resource types. Use it instead of "
        "recalling an action's name or an ARN's form.",
        schemas.arguments(
            ("name",),
            name=schemas.text(
                "An action, an operation, a CloudFormation type, or a service.",
                minLength=1,
                examples=["dynamodb:PutItem", "s3.HeadObject", "AWS::DynamoDB::Table", "dynamodb"],
            ),
        ),
        schemas.answer(
            ("kind", "name"),
            {"kind": {"enum": ["action", "operation", "cloudformation", "service"]}, "name": {"type": "string"}},
        ),
        commands.catalog,
        Cut(("actions",), "look up an action by its own name", "name"),
    ),
)
