"""Every form in which AWS says a denial is read: its sentences, records, events and decoded messages."""

from __future__ import annotations

import json

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.denied.records import denials
from scopedown.iam.document import Kind

USER = "arn:aws:iam::111122223333:user/jo"
SESSION = "arn:aws:sts::111122223333:assumed-role/orders-role/orders-dev-save"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
KINDS = [
    ("identity-based policy", Kind.IDENTITY),
    ("resource-based policy", Kind.RESOURCE),
    ("permissions boundary", Kind.BOUNDARY),
    ("session policy", Kind.SESSION),
    ("service control policy", Kind.SCP),
    ("resource control policy", Kind.RCP),
    ("VPC endpoint policy", Kind.VPCE),
    ("role trust policy", Kind.TRUST),
]


@pytest.mark.parametrize(("words", "kind"), KINDS)
def test_no_policy_of_a_kind_allows(words: str, kind: Kind) -> None:
    text = (
        f"User: {USER} is not authorized to perform: dynamodb:PutItem on resource: {TABLE} because no {words} allows "
        "the dynamodb:PutItem action"
    )
    (found,) = denials(text)
    assert (found.caller, found.action, found.resource) == (USER, "dynamodb:PutItem", TABLE)
    assert (found.kind, found.explicit) == (kind, False)


@pytest.mark.parametrize(("words", "kind"), KINDS)
@pytest.mark.parametrize("article", ["a", "an", "the"])
def test_a_policy_of_a_kind_denies(words: str, kind: Kind, article: str) -> None:
    text = f'User: {USER} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in {article} {words}'  # noqa: E501
    (found,) = denials(text)
    assert (found.action, found.resource, found.kind, found.explicit) == (
        "s3:GetObject", "arn:aws:s3:::b/k", kind, True,
    )  # fmt: skip


def test_the_policy_that_aws_names_is_read() -> None:
    arn = "arn:aws:organizations::111122223333:policy/o-abcde12345/service_control_policy/p-abc12345"
    (found,) = denials(
        f"User: {SESSION} is not authorized to perform: sqs:CreateQueue on resource: q with an explicit deny in a "
        f"service control policy: {arn}"
    )
    assert (found.kind, found.policy) == (Kind.SCP, arn)


@pytest.mark.parametrize(
    ("text", "caller", "action", "resource"),
    [
        (f"User: {USER} is not authorized to perform: iam:GetRole on resource: role app", USER, "iam:GetRole",
         "role app"),
        (f"ServerlessError: User: {USER}\n  is not authorized to perform: cloudformation:DescribeStacks\n  on resource:"
         " arn:aws:cloudformation:us-east-1:111122223333:stack/a-dev/*\n\n  Get Support ----", USER,
         "cloudformation:DescribeStacks", "arn:aws:cloudformation:us-east-1:111122223333:stack/a-dev/*"),
        (f"AccessDeniedException: User: {SESSION} is not authorized to perform: dynamodb:Query on resource: {TABLE}\n"
         "    at Request.extractError", SESSION, "dynamodb:Query", TABLE),
        ("User: anonymous is not authorized to perform: es:ESHttpGet", "anonymous", "es:ESHttpGet", ""),
        ("Warning: Not authorized to perform: lambda:GetFunction for at least one of the functions.", "",
         "lambda:GetFunction", ""),
        ("Not authorized to perform sts:AssumeRoleWithWebIdentity", "", "sts:AssumeRoleWithWebIdentity", ""),
        ("The provided execution role does not have permissions to call ReceiveMessage on SQS", "",
         "sqs:ReceiveMessage", ""),
    ],
)  # fmt: skip
def test_older_and_other_sentences_are_read(text: str, caller: str, action: str, resource: str) -> None:
    (found,) = denials(text)
    assert (found.caller, found.action, found.resource) == (caller, action, resource)


@pytest.mark.parametrize(
    ("resource", "printed"),
    [
        ('"arn:aws:s3:::b/report.2026.pdf"', "arn:aws:s3:::b/report.2026.pdf"),
        ("policy path /", "policy path /"),
        (
            "arn:aws:dynamodb:eu-west-1:<account>:table/<table name>",
            "arn:aws:dynamodb:eu-west-1:<account>:table/<table name>",
        ),
        ("*", "*"),
    ],
)
@pytest.mark.parametrize("reason", ["because no identity-based policy allows the {0} action", "with an explicit deny"])
@pytest.mark.parametrize("after", ["", ".", " (Service: S3, Status Code: 403)", "`", "\\n\\tstatus code: 403"])
def test_a_resource_ends_at_the_reason(resource: str, printed: str, reason: str, after: str) -> None:
    why = reason.format("s3:GetObject")
    (found,) = denials(f"User: {USER} is not authorized to perform: s3:GetObject on resource: {resource} {why}{after}")
    assert (found.resource, found.explicit) == (printed, "explicit" in reason)


@pytest.mark.parametrize(
    "after", [" (code=AccessDenied)", "]\n  code: 'AccessDenied'", "</Message>", ". Retry later", '"}']
)
def test_a_resource_without_a_reason_ends_with_its_sentence(after: str) -> None:
    (found,) = denials(f"User: {USER} is not authorized to perform: iam:GetUser on resource: user/jo{after}")
    assert found.resource.startswith("user/jo")
    assert not {"]", "<", '"', "}"} & set(found.resource)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("API: ec2:RunInstances You are not authorized to perform this operation.", "ec2:RunInstances"),
        ("ValidationError: AccessDenied. User doesn't have permission to call ssm:GetParameters", "ssm:GetParameters"),
        ("(AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not allowed",
         "kms:Decrypt"),
        ("AccessDeniedException: The ciphertext refers to a customer master key that is not here", "kms:Decrypt"),
        (f"AccessDenied: {SESSION} is not authorized to perform: sqs:SendMessage", "sqs:SendMessage"),
        ("User: jo is not authorized to perform: cloudforma\ntion:DescribeStacks", "cloudformation:DescribeStacks"),
    ],
)  # fmt: skip
def test_the_action_is_read_from_other_words(text: str, action: str) -> None:
    assert [found.action for found in denials(text)] == [action]


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("A client error (AccessDenied) occurred when calling the PutObject operation: Access Denied", "s3.PutObject"),
        ("An error occurred (AccessDenied) when calling t\nhe CreateBucket operation: Access Denied",
         "s3.CreateBucket"),
        ("(AccessDenied) when calling the CreateQueue operation: Access to the resource "
         "https://eu-west-1.queue.amazonaws.com/ is denied.", "sqs.CreateQueue"),
    ],
)  # fmt: skip
def test_the_service_of_an_operation_is_read_from_the_words(text: str, operation: str) -> None:
    assert [found.operation for found in denials(text)] == [operation]


@pytest.mark.parametrize(
    "text",
    [
        "UnauthorizedOperation: You are not authorized to perform this operation.",
        "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: X)",
        "AccessDeniedException: \n\tstatus code: 403, request id: 1",
        "<Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message>",
    ],
)
def test_a_denial_without_names_asks_for_the_record(text: str) -> None:
    (found,) = denials(text)
    assert "CloudTrail" in found.note


def test_a_reserved_name_of_a_parameter_is_refused_with_any_policy() -> None:
    said = "An error occurred (AccessDeniedException) when calling the DeleteParameter operation: No access to reserved parameter name: /aws/own."  # noqa: E501
    (found,) = denials(said)
    assert (found.action, found.resource) == ("ssm:DeleteParameter", "arn:aws:ssm:*:*:parameter/aws/own")


def test_a_model_that_the_account_has_not_is_no_matter_of_policies() -> None:
    (found,) = denials(
        "(AccessDeniedException) when calling the Converse operation: You don't have access to the model with the "
        "specified model ID."
    )
    assert "no policy gives" in found.note
    assert not found.action


def test_an_operation_is_read_where_aws_names_no_action() -> None:
    (found,) = denials("An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied")
    assert found.operation == "s3.ListObjectsV2"


def test_another_error_of_an_operation_is_not_a_denial() -> None:
    assert denials("An error occurred (NoSuchBucket) when calling the GetObject operation: no such bucket") == []


def test_an_encoded_message_asks_to_be_decoded() -> None:
    (found,) = denials(
        "You are not authorized to perform this operation. Encoded authorization failure message: " + "x" * 99
    )
    assert "decode-authorization-message" in found.note


def test_a_decoded_message_is_read_with_its_context() -> None:
    message = {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {"items": [{"statementId": "NoLarge", "effect": "DENY"}]},
        "context": {
            "principal": {"id": "AIDAEXAMPLE", "arn": USER},
            "action": "ec2:RunInstances",
            "resource": "arn:aws:ec2:us-east-1:111122223333:instance/*",
            "conditions": {"items": [{"key": "ec2:InstanceType", "values": {"items": [{"value": "m5.large"}]}}]},
        },
    }
    for text in (json.dumps(message), json.dumps({"DecodedMessage": json.dumps(message)})):
        (found,) = denials(text)
        assert (found.action, found.explicit, found.statement) == ("ec2:RunInstances", True, "NoLarge")
        assert found.context["ec2:InstanceType"] == ("m5.large",)


def test_records_of_cloudtrail_are_read_with_and_without_a_message() -> None:
    said = f"User: {SESSION} is not authorized to perform: dynamodb:PutItem on resource: {TABLE} because no identity-based policy allows the dynamodb:PutItem action"  # noqa: E501
    records = {
        "Records": [
            {"eventSource": "dynamodb.amazonaws.com", "eventName": "PutItem", "errorCode": "AccessDenied",
             "errorMessage": said, "userIdentity": {"arn": SESSION}},
            {"eventSource": "s3.amazonaws.com", "eventName": "PutObject", "errorCode": "AccessDenied",
             "errorMessage": "Access Denied", "userIdentity": {"arn": USER},
             "resources": [{"ARN": "arn:aws:s3:::b/k"}]},
            {"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "userIdentity": {"arn": USER}},
        ]
    }  # fmt: skip
    first, second = denials(json.dumps(records))
    assert (first.action, first.kind, first.form) == ("dynamodb:PutItem", Kind.IDENTITY, "CloudTrail record")
    assert (second.operation, second.resource) == ("s3.PutObject", "arn:aws:s3:::b/k")
    (looked_up,) = denials(json.dumps({"Events": [{"CloudTrailEvent": json.dumps(records["Records"][0])}]}))
    assert looked_up == first


def test_events_of_cloudformation_are_read_with_their_resource() -> None:
    reason = f'Resource handler returned message: "User: {USER} is not authorized to perform: sqs:CreateQueue on resource: arn:aws:sqs:eu-west-1:111122223333:jobs because no permissions boundary allows the sqs:CreateQueue action (Service: Sqs, Status Code: 403, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: AccessDenied)'  # noqa: E501
    events = {
        "StackEvents": [
            {"ResourceStatus": "CREATE_FAILED", "LogicalResourceId": "Jobs", "ResourceType": "AWS::SQS::Queue",
             "ResourceStatusReason": reason},
            {"ResourceStatus": "CREATE_FAILED", "LogicalResourceId": "Other", "ResourceType": "AWS::SQS::Queue",
             "ResourceStatusReason": "Resource creation cancelled"},
        ]
    }  # fmt: skip
    (found,) = denials(json.dumps(events))
    assert (found.logical_id, found.action, found.kind) == ("Jobs", "sqs:CreateQueue", Kind.BOUNDARY)
    assert found.resource == "arn:aws:sqs:eu-west-1:111122223333:jobs"


@pytest.mark.parametrize("text", ["", "everything is fine", "{", '{"a": 1}', "[]", "{" * 5000, "User: " * 2000])
def test_other_texts_have_no_denial(text: str) -> None:
    assert denials(text) == []


def _denied(action: str, resource: str) -> str:
    return f"User: arn:aws:iam::111122223333:user/u is not authorized to perform: {action} on resource: {resource}"


_READ = _denied("s3:GetObject", "arn:aws:s3:::b/k")
_SENT = _denied("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q")


def _denial_record(message: str) -> dict[str, str]:
    return {
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "errorCode": "AccessDenied",
        "errorMessage": message,
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{_SENT}\n{json.dumps(_denial_record(_READ))}\n", id="a sentence before a record"),
        pytest.param(
            f'{{"Records": [{json.dumps(_denial_record(_SENT))}], "Records": [{json.dumps(_denial_record(_READ))}]}}',
            id="a repeated key",
        ),
        pytest.param(
            f"{json.dumps(_denial_record(_READ))}\n{json.dumps(_denial_record(_SENT))[:-1]}\n", id="a damaged line"
        ),
        pytest.param(
            json.dumps({"Events": [{"CloudTrailEvent": json.dumps(_denial_record(_READ))},
                                   {"CloudTrailEvent": json.dumps(_denial_record(_SENT))[:-1]}]}),
            id="a damaged text",
        ),
        pytest.param(json.dumps({"detail": _denial_record(_READ), "note": _SENT}), id="an unknown member"),
        pytest.param(json.dumps({"items": [_denial_record(_READ), _denial_record(_SENT)]}), id="an unknown wrapper"),
    ],
)  # fmt: skip
def test_no_denial_of_a_text_is_passed_over(text: str) -> None:
    assert {one.action for one in denials(text)} == {"s3:GetObject", "sqs:SendMessage"}
    assert len(denials(text)) == 2


def test_a_damaged_decoded_message_is_an_error() -> None:
    with pytest.raises(ScopedownError, match="DecodedMessage is not JSON"):
        denials(json.dumps([{"DecodedMessage": "{"}]))
