"""What several rules share: problems of statements, of needs and of uses, and their fixes.

Actions that AWS does not have and resources that are no ARNs are reported once, by the rule that is about them; no
other rule calls such an item of a statement unused or without effect. What is wrong with them is decided as for
policies on their own (:mod:`scopedown.validate.names`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scopedown.calls.model import SdkCall
from scopedown.catalog.model import Catalog
from scopedown.checks.model import Example, Fix, Problem
from scopedown.compare.statement import Declared, Need
from scopedown.compare.subject import Subject
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.observe.join import Class, Row
from scopedown.observe.model import USED_COLUMNS
from scopedown.validate.names import wrong_action, wrong_beginning


def allowing(needs: Iterable[Need]) -> Fix | None:
    """A new statement for needs of which it is known, at least in part, on which resource they are."""
    allow = tuple(need.only for need in needs if need.known or need.in_part)
    return Fix(allow=allow) if allow else None


def fix_of(
    subject: Subject,
    one: Declared,
    actions: Mapping[str, tuple[str, ...]] | None = None,
    resources: tuple[int, ...] = (),
    rewrite: bool = False,
) -> Fix | None:
    """A change of a statement of which all is known, or of the actions of one whose resources are not; none of what
    something that was not seen may need as it is."""
    is_known = one.judged or (one.is_plain and not resources and not rewrite)
    if (
        one.statement.place is None
        or not is_known
        or subject.from_template(one)
        or (rewrite and subject.may_need(one))
        or any(map(subject.is_possible, actions or ()))
    ):
        return None
    return Fix(one.statement.place, actions or {}, resources, rewrite)


SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "Action: 'sqs:SendMessage', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
TABLE = (
    f"{','.join(USED_COLUMNS)}\n"
    "111122223333,us-east-1,arn:aws:iam::111122223333:role/s-dev-us-east-1-lambdaRole,AssumedRole,,s-dev-f,sqs,{event},"
    "Data,arn:aws:sqs:us-east-1:111122223333:jobs,,{action},,2026-11-01T10:00:00Z,2026-11-20T10:00:00Z,12,{denied}\n"
)
"""A table of uses with one row, whose event, denied action and number of denials are open."""


def problem_of(rule: str, subject: Subject, row: Row, what: str) -> Problem:
    """The problem of a row: at the place that needs it, else at the role."""
    place = row.place or subject.role.place or subject.functions[0].function.place
    times = row.denied if row.kind is Class.DENIED else row.count
    last = max(use.last for use in row.uses)[:10]
    how_often = "once" if times == 1 else f"{times:,} times"
    message = f"{row.action} on {row.resource} {what} ({how_often}, last on {last})"
    keys = tuple(key for key in subject.keys if key in row.functions) or subject.keys
    return Problem(rule, message, place, subject.role.id, keys, f"{row.action} on {row.resource}")


def grouped(lacking: Iterable[tuple[Need, str]]) -> Iterator[tuple[str, str, list[Need], str]]:
    """Needs, each with the resource of a denied request, of one action at one place together: the function's key, the
    action, the needs, and the first of those resources."""
    found: dict[tuple[str, str, object], list[tuple[Need, str]]] = {}
    for need, example in lacking:
        calls = tuple((one.place, getattr(one, "switches", ())) for one in need.permission.because)
        found.setdefault((need.function.function.key, need.permission.action, calls), []).append((need, example))
    for (function, action, _), each in found.items():
        yield function, action, [need for need, _ in each], each[0][1]


def called_at(needs: Sequence[Need]) -> str:
    """The first call that needs something, in words."""
    call = next(_calls(needs), None)
    return f"{call.name} at {call.place.file}:{call.place.line}" if call else "a hint"


def related(needs: Sequence[Need]) -> tuple[tuple[Place, str], ...]:
    """The calls, as places of a problem."""
    return tuple((call.place, call.name) for call in _calls(needs))


def _calls(needs: Iterable[Need]) -> Iterator[SdkCall]:
    return (one for need in needs for one in need.permission.because if isinstance(one, SdkCall))


def wrong_action_of(catalog: Catalog, action: str) -> tuple[str, str]:
    """What is wrong with the name of an action, and IAM Access Analyzer's code for it; nothing where AWS has it."""
    known = {one.name.lower() for one in catalog.actions_of(action.partition(":")[0].lower())}
    return wrong_action(known, action)


def wrong_resource(text: Text) -> tuple[str, str]:
    """What is wrong with the fields before the resource's own, as far as they are known, and the code for it."""
    if not text.parts or not isinstance(first := text.parts[0], Literal):
        return "", ""  # a reference says it all
    return wrong_beginning(first.value, len(text.parts) == 1)


def other_role(action: str, resource: str) -> Example:
    """An example whose role no function has; ``action`` and ``resource`` are the YAML of its statement's elements."""
    return Example(
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"
        "resources:\n  Resources:\n    TaskRole:\n      Type: AWS::IAM::Role\n      Properties:\n"
        "        AssumeRolePolicyDocument:\n          Statement: [{Effect: Allow, Principal: "
        f"{{Service: ecs-tasks.amazonaws.com}}, Action: 'sts:AssumeRole'}}]\n"
        "        Policies:\n          - PolicyName: p\n            PolicyDocument:\n"
        f"              Statement: [{{Effect: Allow, Action: {action}, Resource: {resource}}}]\n"
    )


def own_role(actions: str, provider: str = "") -> Example:
    """An example whose function has a role with these actions on everything; ``provider`` has further settings."""
    return Example(
        f"service: s\nprovider: {{name: aws, runtime: python3.12{provider}}}\n"
        "functions: {f: {handler: app.f, role: R}}\nresources:\n  Resources:\n    R:\n      Type: AWS::IAM::Role\n"
        "      Properties:\n        AssumeRolePolicyDocument: {}\n        Policies:\n          - PolicyName: p\n"
        "            PolicyDocument:\n              Statement:\n                - Effect: Allow\n"
        f"                  Action: [{actions}]\n                  Resource: '*'\n"
    )
