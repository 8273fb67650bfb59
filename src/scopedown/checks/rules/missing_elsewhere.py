"""A call of another region than the stack's, where the role allows it only in the stack's own."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import allowing, called_at, grouped, related
from scopedown.compare.denial import denied, denied_elsewhere, switches
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import MOST_SHOWN, some_of
from scopedown.permissions.model import Origin


def find(subject: Subject) -> Iterator[Problem]:
    """Needs in a region that the code names, which no statement covers if the stack is in another region."""
    by_region: dict[str, list[tuple[Need, str]]] = {}
    for need in subject.needs if subject.regions else ():
        if need.permission.origin is Origin.CONFIG or switches(need) or denied(subject, need):
            continue
        if found := denied_elsewhere(subject, need):
            by_region.setdefault(found[0], []).append((need, found[1]))
    for region, lacking in by_region.items():
        for function, action, needs, _ in grouped(lacking):
            where = [*dict.fromkeys(str(need.arn) for need in needs)]
            yield Problem(
                RULE.id, f"{function} is denied {action} on {some_of(where, MOST_SHOWN)} unless the stack is deployed "
                f"to {region}: {called_at(needs)} needs it, and the role allows it only in the stack's region",
                needs[0].function.function.place, subject.role.id, (function,),
                f"{function} {action} on {', '.join(where)}",
                related(needs), allowing(needs),
            )  # fmt: skip


_SERVICE = service_allowing(
    "Action: 'dynamodb:Scan', Resource: !Sub 'arn:aws:dynamodb:REGION:${AWS::AccountId}:table/lines'"
)
_CODE = (
    "import boto3\ndef f(event, context):\n"
    "    boto3.client('dynamodb', region_name='eu-west-2').scan(TableName='lines')\n"
)
RULE = Rule(
    id="SD106",
    name="missing-elsewhere",
    severity=Severity.WARNING,
    summary="A function's role denies a call of another region than the stack's.",
    explanation="The code names the region of its client, and the role allows the action only in the region of the "
    "stack. The project does not say to which region the stack is deployed. In every region but the code's, the call "
    "fails with AccessDenied. With --region, the call is judged for that region (SD101).",
    remedy="Allow the action in the code's region, or say with --region where the stack is deployed.",
    bad=Example(_SERVICE.replace("REGION", "${AWS::Region}"), _CODE),
    good=Example(_SERVICE.replace("REGION", "eu-west-2"), _CODE),
    find=find,
    tells=lambda subject: subject.complete,
)
