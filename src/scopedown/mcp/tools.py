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
        "configuration. For each function: the least-privilege policy, every action with its resources and reasons "
        "(file, line, chain of calls), and what could not be resolved. Use it before writing or changing a function's "
        "role, and after changing code that calls AWS. It runs no project code and needs no AWS account.",
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
        "Policy of the deploying user",
        "Work out the policy of the user, role or pipeline that deploys a serverless project: what the framework's "
        "commands call, and what CloudFormation does in the caller's name for every resource of the template, on exact "
        "ARNs. With explain: the reasons for each action instead. With audit: a comparison of a policy with what is "
        "needed (missing, not needed, ways to become administrator) instead. For the functions' roles, use scan.",
        schemas.arguments(
            **schemas.PROJECT
            | {
                "framework": schemas.text(
                    "The tool that deploys; by default what the project is written for.",
                    enum=["osls", "v3", "v4", "sam", "cdk", "cloudformation"],
                )
            },
            commands=schemas.texts(
                "Only these commands of the framework; all by default.", examples=[["deploy", "info"]]
            ),
            strict=schemas.flag("Also require aws:CalledVia and aws:RequestedRegion."),
            explain=schemas.flag("Return the reasons for each action instead of the policy."),
            audit=schemas.policy("Return a comparison of this policy with what is needed."),
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
                    "description": "What is unresolved, and what a user with the policy can still do.",
                },
                "lacking": schemas.objects("With audit: what commands would be denied."),
                "beyond": schemas.objects("With audit: grants that are not needed, the riskiest first."),
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
        "Roles compared with what functions need",
        "Compare what the roles of a serverless project allow with what its functions need. It reports calls that AWS "
        "will deny (missing) and permissions that no function needs. It also reports wildcards, shared roles, and "
        "settings that lost their permissions. Each problem has a rule, severity, exact place, reason and "
        "remedy. Use it to review a change, or to find out why a function is denied something.",
        schemas.arguments(
            **schemas.PROJECT,
            **schemas.FUNCTIONS,
            select=schemas.texts(
                "Only these rules, by id, name or prefix.", examples=[["SD101", "unused-action", "SD2"]]
            ),
            ignore=schemas.texts("Not these rules."),
            fail_on=schemas.text(
                "When failed is true, separated by commas: missing (a function will be denied something), admin "
                "(administrator rights), unseen (code that was not read), error, warning, note, rules, or none.",
                examples=["missing,admin", "warning"],
            ),
        ),
        schemas.answer(
            ("failed", "problems"),
            {
                "failed": {"type": "boolean", "description": "Whether a gate of fail_on was met."},
                "problems": schemas.objects("Each with rule, name, severity, message, remedy, place, role, functions."),
                "ignored": {"type": "integer", "description": "Problems that a comment in the project ignores."},
            },
        ),
        commands.check,
        Cut(("problems",), "ask for some rules (argument select) or some functions (argument functions)", "rule", True),
        objects=True,
    ),
    Tool(
        "explain",
        "Why a function needs an action",
        "Explain why functions of a project need an IAM action. For every call: the chain of functions from the "
        "handler, and value by value how the resource's name was found, or where that stopped. Use it when an answer "
        "of scan is surprising or a resource is unresolved. If no function is listed, no function needs the action.",
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
                "functions": schemas.objects("The functions that need it; reasons is a tree of text and reasons."),
            },
        ),
        commands.explain,
        Cut(("functions",), f"name one action, or {_ONE_FUNCTION}", "name"),
        objects=True,
    ),
    Tool(
        "denied",
        "What a denial means, and what to change",
        "Explain a denial that AWS reports: who was denied what, by which kind of policy, and which statement to add "
        "where. With a project, also the function and line of code, or the step of the deployment, that asked. It "
        "reads AWS's sentence, exceptions of SDKs, CloudTrail records, events of CloudFormation and decoded "
        "authorization messages. Use it whenever an error says AccessDenied or not authorized.",
        schemas.arguments(
            ("message",),
            message=schemas.text("What AWS says, whole.", minLength=1, maxLength=200_000),
            **schemas.PROJECT,
            **schemas.FUNCTIONS,
        ),
        schemas.answer(
            ("denials",),
            {
                "denials": schemas.objects(
                    "Each with caller, action, resource, policyType, explicit, functions, steps, statement, addTo, "
                    "afterwards, identityPolicyHelps, neverAllowed and notes."
                )
            },
        ),
        commands.denied,
        Cut(("denials",), "pass one message at a time", "action"),
        objects=True,
    ),
    Tool(
        "compare",
        "What new policies allow that old ones did not",
        "Compare two IAM policies, or two sets with boundary, SCPs and RCPs, offline and exactly. For each thing that "
        "is new: actions, resources, why, and a request that the new policies allow and the old do not. No new access "
        "is a proof. With not_granted or no_public it checks one policy (new) instead. Use it before you change a "
        "policy, and to see that a rewritten policy allows the same (equivalent).",
        schemas.arguments(
            ("new",),
            old={"type": "object", "description": "The policy as it was; left out where one policy is checked."},
            new={
                "type": "object",
                "description": "The policy as it will be, or a set: identity, boundary, session, resource, scp, rcp.",
            },
            type=schemas.text(
                "What the policies are; by default what they say.",
                enum=["identity", "boundary", "session", "resource", "trust", "scp", "rcp", "vpce"],
            ),
            not_granted=schemas.texts(
                "Check instead that these are not granted.", examples=[["iam:*", "s3:Delete*@arn:aws:s3:::prod*"]]
            ),
            no_public=schemas.flag("Check instead that the policy of a resource is not public."),
            equivalent=schemas.flag("Fail also where the new policies allow less."),
        ),
        schemas.answer(
            ("result", "changes"),
            {
                "result": {"type": "string", "description": "PASS, or FAIL where something is new or not decided."},
                "message": {"type": "string", "description": "The answer in a sentence."},
                "changes": schemas.objects("Each with name, answer, new (with a witness), undecided, lost."),
            },
        ),
        commands.compare,
        Cut(("changes",), "compare fewer policies", "name"),
        objects=True,
    ),
    Tool(
        "validate",
        "What is wrong with policies",
        "Check policies by the codes of AWS's own policy validation (IAM Access Analyzer), offline: errors in the "
        "grammar, actions, condition keys and ARNs that do not exist, statements that are too permissive or have no "
        "effect. Each finding has AWS's code and type, its place, and a remedy. Use it on every policy that you write.",
        schemas.arguments(
            ("policies",),
            policies={**schemas.policies("The policies."), "minItems": 1},
            type=schemas.text(
                "What they are; by default what they say.",
                enum=["identity", "boundary", "session", "resource", "trust", "scp", "rcp", "vpce"],
            ),
            resource_type=schemas.text("The resource that has the policy.", examples=["AWS::S3::Bucket"]),
        ),
        schemas.answer(
            ("failed", "findings"),
            {
                "failed": {"type": "boolean", "description": "Whether a finding has the type ERROR."},
                "findings": schemas.objects("Each with code, type, severity, message, remedy, link, place, about."),
            },
        ),
        commands.validate,
        Cut(("findings",), "pass fewer policies", "code", True),
        objects=True,
    ),
    Tool(
        "simulate",
        "Whether AWS would allow a request",
        "Decide whether AWS would allow requests under policies, as AWS documents its evaluation. It reads "
        "identity-based and resource-based policies, permissions boundaries, session policies, SCPs, RCPs, VPC "
        "endpoint policies and conditions. The answer explains why: the deciding statement, what was missing, and "
        "AWS's own error message. Use it to test a policy before it is deployed, or to find the cause of a denial.",
        schemas.arguments(
            ("actions",),
            policies=schemas.policies("The identity-based policies of the caller."),
            actions=schemas.texts("The requested actions.", minItems=1, examples=[["s3:GetObject"]]),
            resources=schemas.texts("ARNs of the resources, combined with every action; * by default."),
            principal=schemas.text("The caller's ARN; by default a role in the resource's account."),
            context={
                "type": "object",
                "description": "Condition keys of the request: key to a value or a list of values.",
                "additionalProperties": {"anyOf": [_VALUE, {"type": "array", "items": _VALUE, "maxItems": 50}]},
                "maxProperties": 50,
                "examples": [{"aws:SourceIp": "203.0.113.7"}],
            },
            derive_context=schemas.flag("Add the keys that AWS derives from principal and resource."),
            boundary=schemas.policy("The caller's permissions boundary."),
            session_policies=schemas.policies("The caller's session policies."),
            resource_policy=schemas.policy("The resource's policy; for AssumeRole, the role's trust policy."),
            service_control_policies={
                **_LEVELS,
                "description": "SCPs: a list of levels (root, OU, account), each a list of policy documents.",
            },
            resource_control_policies={**_LEVELS, "description": "RCPs, likewise."},
            vpc_endpoint_policy=schemas.policy("The policy of the VPC endpoint that the request goes through."),
            resource_account=schemas.text("The account that owns the resource, if its ARN has none."),
            management_account=schemas.text("The organization's management account, bound by neither SCPs nor RCPs."),
        ),
        schemas.answer(
            ("decision", "results"),
            {
                "decision": {
                    "enum": ["allowed", "explicitDeny", "implicitDeny"],
                    "description": "The worst decision of all requests.",
                },
                "results": schemas.objects(
                    "One for each request: decision, decidedBy, message, needed, missingContext, statements."
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
        "AWS's facts about a name",
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
