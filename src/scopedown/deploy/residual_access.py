"""What the holder of a policy could still do, decided by asking the evaluator, and not by what was meant.

In: policy documents, and where they are for. Out: :class:`Remains`: an answer to each of the questions that whoever
hands out such a policy asks (administrator? other services? other stages? other regions? its own permissions?), each
with what opens it and what would close it; and the statements for which AWS has no narrower form, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.core.arn import parse_arn, resource_of
from scopedown.core.words import some_of
from scopedown.deploy.arn_formats import EVERYTHING, Formats
from scopedown.deploy.escalations import open_ways
from scopedown.deploy.guard_rails import GLOBAL
from scopedown.deploy.target import Target
from scopedown.iam import Caller, Policy, PolicySet, Request, parse_policy
from scopedown.iam.evaluation import compiled
from scopedown.iam.partial import may_be_allowed
from scopedown.iam.services import special_action

ACCOUNT = "123456789012"
"""Stands for the account where it is not known: every ARN of the policy then stands for any."""
STRANGER = "any-other"
"""The name of something that is no part of the project."""
OTHER_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1", "af-south-1")
"""Regions of which the first that the project does not deploy to stands for all others."""
READS = ("Read", "List")
"""Access levels that change nothing (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-
summary-access-level-summaries.html)."""
_NAME = "[A-Za-z0-9_]"


@dataclass(frozen=True, slots=True)
class Answer:
    """``value``: ``yes``, ``no``, or ``partly`` (a part of it, which ``because`` names)."""

    question: str
    value: str
    because: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f" To close it: {self.remedy}." if self.remedy else ""
        return f"{self.question} {self.value}: {self.because}.{remedy}"


@dataclass(frozen=True, slots=True)
class Wide:
    """Actions on a resource that is wider than what the project has, with the reason."""

    actions: tuple[str, ...]
    resource: str
    reason: str

    def __str__(self) -> str:
        return f"{self.resource}: {', '.join(self.actions)} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Remains:
    """The answers in the order of the questions, and what AWS has no narrower form for."""

    answers: tuple[Answer, ...]
    wide: tuple[Wide, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reach:
    """An action that reaches something that is not the project's, and the pattern that lets it."""

    action: str
    pattern: str


def what_remains(
    documents: Iterable[Mapping[str, Any]],
    target: Target,
    catalog: Catalog,
    boundary: Mapping[str, Any] | None = None,
    boundary_arn: str = "",
) -> Remains:
    """The answers for one holder. ``boundary`` is the document that its roles are bounded by, where it is known."""
    policies = tuple(parse_policy(dict(one), name=f"document {n}") for n, one in enumerate(documents, 1))
    formats, pairs = Formats(catalog), _pairs(policies)
    ask = _Asking(policies, target)
    strangers = [_Reach(action, arn) for action, arn in pairs if _is_open(arn) and ask.allows(action, _stranger(arn))]
    free = {reach.action for reach in strangers}  # told of other services, whatever their names
    answers = (
        _administrator(policies, target, boundary, boundary_arn),
        _own_permissions(ask, boundary_arn),
        _as_functions(ask, pairs),
        _services(strangers, formats),
        _stages(ask, [(ask.like(action), arn) for action, arn in pairs if action not in free], target),
        _regions(ask, pairs, target),
    )
    return Remains(answers, tuple(_wide(strangers, formats, target)))


class _Asking:
    """Requests of the holder, in the most favourable context: through CloudFormation, in the stack's region.

    Actions of a service of which the same statements speak have the same answer, so one of them is asked for all.
    """

    def __init__(self, policies: tuple[Policy, ...], target: Target) -> None:
        self.target = target
        self._policies = PolicySet(identity=policies)
        self._index = compiled(self._policies).index
        self._alike: dict[tuple[object, ...], str] = {}
        self._answers: dict[tuple[str, str, str], bool] = {}
        self.like = cache(self._like)

    def _like(self, action: str) -> str:
        """The action that is asked for this one."""
        lower = action.lower()
        of_its_own = lower if special_action(lower) else ""
        return self._alike.setdefault((of_its_own, self._index.numbers(lower)), action)

    def allows(self, action: str, resource: str, region: str = "") -> bool:
        """Whether some context lets it: a condition that the holder can meet is met."""
        asked = self.like(action), resource, region or self.target.region
        if asked not in self._answers:
            context = {"aws:RequestedRegion": asked[2]}
            request = Request(Caller.user(ACCOUNT, "holder"), asked[0], resource, ACCOUNT, context)
            self._answers[asked] = may_be_allowed(request, self._policies)
        return self._answers[asked]


def _pairs(policies: Iterable[Policy]) -> list[tuple[str, str]]:
    """Every action with every resource pattern of the same statement."""
    found = (
        (action, arn)
        for policy in policies
        for statement in policy.statements
        if statement.effect == "Allow"
        for action in statement.action or ()
        for arn in statement.resource or ()
    )
    return list(dict.fromkeys(found))


def _administrator(
    policies: tuple[Policy, ...], target: Target, boundary: Mapping[str, Any] | None, boundary_arn: str
) -> Answer:
    question = "Become administrator?"
    if ways := open_ways(policies, target):
        remedies = "; ".join(dict.fromkeys(way.way.remedy for way in ways))
        return Answer(question, "yes", "; ".join(str(way) for way in ways), remedies)
    if not boundary_arn:
        return Answer(question, "no", "it cannot give any role, any user or itself more permissions")
    if boundary is None:
        return Answer(
            question, "no further than its boundary", f"the limit of its roles is in {boundary_arn}",
            "read that policy, because scopedown does not know it",
        )  # fmt: skip
    inside = open_ways([parse_policy(dict(boundary), name="boundary")], target)
    if inside:
        return Answer(
            question, "yes, through a function", f"the boundary {boundary_arn} itself lets a role go further: "
            + "; ".join(str(way) for way in inside), "remove those actions from the boundary",
        )  # fmt: skip
    return Answer(question, "no", f"it can create roles only with {boundary_arn}, which it cannot change or remove")


def _own_permissions(ask: _Asking, boundary_arn: str) -> Answer:
    question = "Change its own permissions or the boundary?"
    target = ask.target
    head = f"arn:{target.partition}:iam::{target.account}"
    asked = [("iam:PutUserPolicy", f"{head}:user/{STRANGER}"), ("iam:AttachUserPolicy", f"{head}:user/{STRANGER}"),
             ("iam:PutRolePolicy", f"{head}:role/{STRANGER}"), ("iam:AttachRolePolicy", f"{head}:role/{STRANGER}"),
             ("iam:CreatePolicyVersion", f"{head}:policy/{STRANGER}")]  # fmt: skip
    if boundary_arn:
        asked += [(f"iam:{name}", boundary_arn) for name in ("CreatePolicyVersion", "DeletePolicy")]
    found = [f"{action} on {arn}" for action, arn in asked if ask.allows(action, arn)]
    if found:
        return Answer(
            question,
            "yes",
            f"it is allowed {some_of(found, 4)}",
            "limit these actions to the project's own resources",
        )
    return Answer(question, "no", "no statement covers users, roles or policies with other names")


def _as_functions(ask: _Asking, pairs: Sequence[tuple[str, str]]) -> Answer:
    question = "Read and change the project's own data?"
    codes = ("lambda:UpdateFunctionCode", "lambda:CreateFunction")
    changes = dict.fromkeys(arn.rpartition(":function:")[2] for action, arn in pairs if action in codes)
    if changes:
        because = f"it chooses the code of {some_of(changes, 4)}, so it can do whatever their roles allow"
        return Answer(question, "yes", because)
    return Answer(question, "no", "it cannot change any function's code")


def _services(strangers: Sequence[_Reach], formats: Formats) -> Answer:
    question = "Touch other services?"
    changes = [reach for reach in strangers if not _reads(reach.action, formats)]
    if not strangers:
        return Answer(question, "no", "every statement names the project's own resources")
    if not changes:
        return Answer(
            question,
            "no, only look at them",
            f"it may {some_of(dict.fromkeys(reach.action for reach in strangers), 4)}",
        )
    shown = dict.fromkeys(change.action for change in changes)
    return Answer(
        question, "partly",
        f"{some_of(shown, 4)} {'reaches' if len(shown) == 1 else 'reach'} what is not the project's",
        "deploy the service to a separate account; AWS offers nothing narrower",
    )  # fmt: skip


def _stages(ask: _Asking, pairs: Sequence[tuple[str, str]], target: Target) -> Answer:
    """Resources whose names hold the stage, asked for with another one."""
    question = "Touch other stages?"
    if EVERYTHING in target.stage or not target.stage:
        return Answer(question, "yes", "the policy is for any stage")
    other = "prod" if target.stage != "prod" else "dev"
    stage = re.compile(rf"(?<!{_NAME}){re.escape(target.stage)}(?!{_NAME})")
    longer, hits = [], []
    for action, arn in dict.fromkeys(pairs):
        arn_of = parse_arn(arn)
        if arn_of is None or not stage.search(arn_of.resource):
            continue
        start = len(arn) - len(arn_of.resource)
        if ask.allows(action, _concrete(arn[:start] + stage.sub(other, arn_of.resource))):
            hits.append(arn)
        elif any(
            ask.allows(action, _concrete(arn[:start] + stage.sub(f"{target.stage}{end}", arn_of.resource)))
            for end in ("2", "-2")
        ):
            longer.append(arn)
    hits, longer = list(dict.fromkeys(hits)), list(dict.fromkeys(longer))
    if hits:
        return Answer(question, "yes", f"{some_of(hits, 4)} {'takes' if len(hits) == 1 else 'take'} in {other} too",
                      "add the stage to the names of these resources")  # fmt: skip
    if longer:
        return Answer(question, "those that begin alike", f"{some_of(longer, 4)} would match {target.stage}-2 too",
                      "choose stage names so that none is the beginning of another")  # fmt: skip
    return Answer(question, "no", "all names that hold the stage are this stage's alone")


def _regions(ask: _Asking, pairs: Sequence[tuple[str, str]], target: Target) -> Answer:
    question = "Act in other regions?"
    other = next((region for region in OTHER_REGIONS if region not in target.regions), OTHER_REGIONS[0])
    open_actions = [
        action for action, arn in pairs
        if arn == EVERYTHING and action.partition(":")[0] not in GLOBAL and ask.allows(action, EVERYTHING, other)
    ]  # fmt: skip
    if not open_actions:
        return Answer(question, "no", f"its statements name {' and '.join(target.regions)} or global resources")
    return Answer(
        question,
        "partly",
        f"{some_of(dict.fromkeys(open_actions), 4)} on everything",
        "--strict adds a condition on the region",
    )


def _wide(strangers: Sequence[_Reach], formats: Formats, target: Target) -> Iterator[Wide]:
    """What reaches beyond the project, by pattern, with the reason that it is no narrower."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for reach in strangers:
        grouped.setdefault((reach.pattern, _reason(reach, formats, target)), []).append(reach.action)
    for (pattern, reason), actions in sorted(grouped.items()):
        yield Wide(tuple(sorted(dict.fromkeys(actions))), pattern, reason)


def _reason(one: _Reach, formats: Formats, target: Target) -> str:
    if not formats.of(one.action):
        return "AWS does not limit this action to a resource"
    if one.pattern == EVERYTHING:
        return "its resource is known only after deployment"
    arn = parse_arn(one.pattern)
    if arn is not None and arn.service in ("iam", "kms", "acm") and arn.resource.endswith("/*"):
        return "the template names no particular resource"
    return "the service chooses the id when it creates the resource"


def _is_open(pattern: str) -> bool:
    """Whether a pattern can mean more than one resource, the account left aside."""
    return pattern == EVERYTHING or any(char in resource_of(pattern) for char in "*?")


def _reads(action: str, formats: Formats) -> bool:
    """Whether an action changes nothing. API Gateway's are verbs, of which GET alone reads."""
    known = formats.action(action)
    return known is not None and any(level in READS for level in known.access_level.split(", "))


def _stranger(pattern: str) -> str:
    """A resource of the pattern that is not the project's own, where there is one: each wildcard is a foreign name."""
    return pattern if pattern == EVERYTHING else _concrete(_named_only(pattern))


def _named_only(pattern: str) -> str:
    """An ARN in which what names the resource is a foreign name; one that a literal name stands in matches no more."""
    arn = parse_arn(pattern)
    if arn is None:
        return pattern
    head = pattern[: len(pattern) - len(arn.resource)]
    kind, separator, rest = _kind(arn.service, arn.resource)
    if not rest:
        return pattern
    first = re.split("[:/]", rest)[0]
    return f"{head}{kind}{separator}{STRANGER}{rest[len(first) :]}"


def _kind(service: str, resource: str) -> tuple[str, str, str]:
    """The resource's kind and its name: ``role``, ``/``, ``NAME``. Some services have names alone."""
    if service in ("s3", "sns", "sqs"):
        return "", "", resource
    if service == "apigateway":
        parts = re.match(r"(/tags|/[a-z]+)(/?)(.*)", resource)
        return (parts[1], parts[2], parts[3]) if parts else (resource, "", "")
    found = re.match(r"([^:/]+)([:/]+)(.*)", resource, re.DOTALL)
    return (found[1], found[2], found[3]) if found else ("", "", resource)


def _concrete(pattern: str) -> str:
    """A resource of a pattern: a name for each ``*``, and the account's number for an open account."""
    arn = parse_arn(pattern)
    if arn is None:
        return pattern
    account = ACCOUNT if arn.account == "*" else arn.account
    return str(arn._replace(account=account, resource=arn.resource.replace("*", STRANGER).replace("?", "x")))
