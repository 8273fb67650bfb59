"""An ARN or a condition key names a service that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            service = arn.service
            if service == service.lower() and arn.is_literal(service) and service not in document.facts.arn_services:
                yield Found(f"{arn.text}: AWS has no service {service or 'with an empty name'}", arn.place, arn.text)
        for condition in statement.conditions:
            prefix, _, name = condition.lower.partition(":")
            of_service = prefix and name and is_known(condition.key) and not set(prefix) & set("./")
            if of_service and prefix not in document.facts.key_prefixes:
                yield Found(f"{condition.key}: AWS has no service {prefix}", condition.place, condition.key)


CHECK = Check(
    code="INVALID_SERVICE",
    type=Type.ERROR,
    summary="An ARN or a condition key names a service that does not exist.",
    explanation="The prefix of a condition key and the third field of an ARN are those of a service. A name that AWS "
    "does not have matches nothing.",
    remedy="Write the prefix of a service; scopedown catalog SERVICE shows whether there is one.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamo:eu-west-1:111122223333:table/orders"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}'
        )
    ),
    find=find,
)
