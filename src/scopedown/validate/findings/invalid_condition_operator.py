"""A condition operator does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from scopedown.iam.condition import qualified
from scopedown.iam.operators import OPERATORS
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        node = statement.get("Condition")
        for operator in (node.members if node is not None else None) or ():
            if is_known(operator.key) and not qualified(operator.key) and not operator.key.endswith("NullIfExists"):
                near = get_close_matches(operator.key.rpartition(":")[2], OPERATORS, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                yield Found(f"AWS has no condition operator {operator.key}{hint}", operator.place, operator.key)


CHECK = Check(
    code="INVALID_CONDITION_OPERATOR",
    type=Type.ERROR,
    summary="A condition operator does not exist.",
    explanation="AWS rejects a policy with an operator that it does not have. Names of operators are case-sensitive.",
    remedy="Write an operator of AWS, such as StringEquals, StringLike, ArnLike, Bool or IpAddress.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEqual": {"aws:PrincipalAccount": "111122223333"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}'
        )
    ),
    find=find,
)
