"""Is it certain that a role denies a need?

Coverage alone does not say so: a condition may hold for the request, a parameter may turn out to be the very resource
of a statement, a policy of the resource's own may name the role, and a need on everything of a type is covered by
statements that name all of that type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.compare.asked_of import may_be_asked_of, may_name_a_resource
from scopedown.compare.denied_request import denied_request
from scopedown.compare.resource_policies import resource_policies
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.compare.template_inputs import best_answer, may_be
from scopedown.core.text import ANY, AnyText, Literal, Part, Text
from scopedown.core.text_slicing import split, starts
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import among, matching
from scopedown.permissions.bind import NOT_SET
from scopedown.permissions.from_config import UNDECIDED
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.permissions.require import surely_needs
from scopedown.project.cloudformation.transforms import may_declare_more

_STAND_IN = re.compile(r"<[^<>]+>")
"""What no ARN has: a stand-in for who deploys it to replace, such as ``<account>``."""
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_NOT_SET = re.compile(rf"(\S+) {NOT_SET}")
_OF_SOME_TABLES = frozenset({"glue:GetPartitions"})
"""What queries ask of the caller for partitioned tables alone: the code does not say which tables are
(https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html)."""


def denied(subject: Subject, need: Need) -> str:
    """The resource of a request that the role denies, as an example, where it is certain that no statement covers a
    need, or not all of it where all of it is asked for; empty where it is not certain, or the evaluator allows that
    request."""
    if may_declare_more(subject.scan.project.findings):
        return ""  # a macro or an include that is not here may add to the role
    if not _is_uncovered(subject, need) or _may_be_otherwise(subject, need) or _is_sent_as_another(subject, need):
        return ""
    return denied_request(subject, need, subject.unconditional)


def denied_if_set(subject: Subject, need: Need) -> str:
    """The same of a need whose resource is named by a variable that the function does not have: whatever its name is,
    no statement of the role allows the action on anything."""
    if may_declare_more(subject.scan.project.findings) or not _is_never_sent(need):
        return ""
    action = need.permission.action
    every = [subject, *((subject.otherwise,) if subject.otherwise is not None else ())]
    if any(_is_named(action, one) or may_be_asked_of(action, one.unconditional) for one in every):
        return ""
    if not _is_surely_needed(subject, need) or _is_allowed_elsewhere(subject, action):
        return ""
    return denied_request(subject, need, subject.unconditional)


def denied_elsewhere(subject: Subject, need: Need) -> tuple[str, str] | None:
    """The same of a need whose client has a region by name, where nobody says to which region the stack deploys: that
    region, and the resource of a request that the role denies in every stack of another region."""
    for region, other in subject.regions.items():
        same = other.needs[subject.asked.number_of(need)]
        if same.forms != need.forms and (example := denied(other, same)) and f":{region}:" in example:
            return region, example
    return None


def _is_named(action: str, subject: Subject) -> bool:
    """Whether a role may allow an action on something."""
    return not subject.complete or any(
        grant.effect == "Allow" and among(grant.actions, action.lower()) is not grant.but_actions
        for grant in subject.grants
    )


def switches(need: Need) -> tuple[str, ...]:
    """The variables without which no call makes a need, and that its function leaves unset or sets otherwise."""
    calls = [one.switches if isinstance(one, SdkCall) else () for one in need.permission.because]
    return tuple(dict.fromkeys(name for names in calls for name in names)) if all(calls) else ()


def unset_names(need: Need) -> tuple[str, ...]:
    """The variables that a function does not have and that name the resource of a need."""
    reasons = (resource.reason for resource in need.permission.resources if resource.arn == need.arn)
    return tuple(dict.fromkeys(name for reason in reasons for name in _NOT_SET.findall(reason)))


def _may_be_otherwise(subject: Subject, need: Need) -> bool:
    """Whether a deployment with other parameters than the defaults may allow a need."""
    other = subject.otherwise
    if other is None:
        return False
    return not other.complete or not _is_uncovered(other, other.needs[subject.asked.number_of(need)])


def _is_sent_as_another(subject: Subject, need: Need) -> bool:
    """Whether the role allows a function's mail as the sender's address where the need is on its domain, or the other
    way round: SES asks for the identity that the account has verified
    (https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html)."""
    if not need.permission.action.startswith("ses:Send"):
        return False
    name = _identity(need)
    return any(
        (_identity(one).endswith(f"@{name}") or name.endswith(f"@{_identity(one)}")) and subject.covered(one) == "yes"
        for one in subject.needs
        if one.permission.action == need.permission.action and one.function is need.function
    )


def _identity(need: Need) -> str:
    return str(need.arn).rpartition(":identity/")[2]


def _is_uncovered(subject: Subject, need: Need) -> bool:
    action = need.permission.action
    if action in _OF_SOME_TABLES:
        return False
    answer = subject.covered(need)
    if answer == "yes" or (answer == "partly" and (not need.known or _is_open(need))):
        return False
    held = subject.unconditional
    if (not need.known or _is_one_of_several(need)) and _is_another_possible(subject, need):
        return False
    if not need.known and (_is_for_something(action, held) or _is_never_sent(need) or _is_undecided(need)):
        return False
    if any(grant.conditions for grant in subject.grants) and best_answer(action, need.forms, held) == "yes":
        return False
    if any(may_be(action, need.forms, grant) for grant in held) or may_be_asked_of(action, held):
        return False
    if may_name_a_resource(subject.catalog.action(action), held):
        return False
    if str(need.arn) == "*" and _is_asked_on_all(subject, action, held):
        return False
    return _is_surely_needed(subject, need) and not _is_allowed_elsewhere(subject, action)


def _is_surely_needed(subject: Subject, need: Need) -> bool:
    """Whether an action is asked for whatever the arguments turn out to be that are not known: of a transaction's
    items, which ones it has."""
    return any(
        not isinstance(reason, SdkCall) or surely_needs(reason, need.permission.action, subject.catalog)
        for reason in need.permission.because
    )


def _is_open(need: Need) -> bool:
    """Whether the name of a resource has an open part: what a statement allows of it may be all that the code asks for.
    Of an open region or account all are meant, and of ``*`` everything."""
    if str(need.arn) == "*":
        return False
    named = split(need.arn, ":", 5)[-1] if starts(need.arn, "arn:") else need.arn
    return any(isinstance(part, AnyText) or _is_pattern(part) for part in named.parts)


def _is_pattern(part: Part) -> bool:
    return isinstance(part, Literal) and ("*" in part.value or "?" in part.value)


def _is_for_something(action: str, held: Sequence[Grant]) -> bool:
    """Whether an Allow of an action names what is no resource: a stand-in that who deploys it replaces, as that of the
    need is."""
    allowed = (
        grant for grant in held
        if grant.effect == "Allow" and among(grant.actions, action.lower())
    )  # fmt: skip
    return any(_STAND_IN.search(str(text)) for grant in allowed for text in grant.resources)


def _is_never_sent(need: Need) -> bool:
    """Whether a name comes from an environment variable that the function does not have: such a call is refused by the
    SDK, or by the code itself, and no request of it is sent. Who sets the variable elsewhere may set the role there."""
    return any(resource.arn == need.arn and NOT_SET in resource.reason for resource in need.permission.resources)


def _is_undecided(need: Need) -> bool:
    """Whether what an ARN turns out to be (a stream of DynamoDB, or of Kinesis) decides if this is needed at all."""
    return any(resource.reason.startswith(UNDECIDED) for resource in need.permission.resources)


def _is_one_of_several(need: Need) -> bool:
    """Whether a path of the program decides which of several values a call has: nothing says that it takes this one."""
    calls = [one for one in need.permission.because if isinstance(one, SdkCall)]
    return bool(calls) and all(any(map(_varies, call.arguments.values())) for call in calls)


def _varies(value: Argument) -> bool:
    if isinstance(value, Alternatives):
        return True
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else ()
    return any(map(_varies, inside))


def _is_another_possible(subject: Subject, need: Need) -> bool:
    """Whether the call may be about another of the resources that its argument leaves open (a model, or a profile)."""
    return any(subject.covered(one) != "no" for one in subject.asked.alike(need) if one is not need)


def _is_asked_on_all(subject: Subject, action: str, grants: Sequence[Grant]) -> bool:
    """Whether the role allows what names no resource: on ``*`` (which a Deny of certain resources does not match), or
    on all resources of the types that the action must name (that it can, where it must name none), in region and
    account."""
    plain = [grant for grant in grants if grant.effect == "Allow" or any(str(text) == "*" for text in grant.resources)]
    if best_answer(action, (Text.of("*"),), plain) == "yes":
        return True
    known = subject.catalog.action(action)
    prefix = action.partition(":")[0]
    names = (known.required_types or known.resource_types) if known else ()
    types = [subject.catalog.resource_type(prefix, name) for name in names]
    every = [subject.comparable.placed(_all_of(type_.arn)) for type_ in types if type_ is not None]
    return (
        bool(types) and len(every) == len(types) and all(best_answer(action, (one,), grants) == "yes" for one in every)
    )


def _all_of(pattern: str) -> Text:
    """Every ARN of a format."""
    pieces = _VARIABLE.split(pattern)
    return Text.of(*(piece if number % 2 == 0 else PSEUDO.get(piece, ANY) for number, piece in enumerate(pieces)))


def _is_allowed_elsewhere(subject: Subject, action: str) -> bool:
    """Whether a resource-based policy of the project names the role, or everybody, and allows the action: in one
    account that is enough (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)."""
    known = resource_policies(subject.scan.project)
    patterns = (*known.get("*", ()), *known.get(subject.role.id, ()))
    return any(matching(pattern.lower())(action.lower()) for pattern in patterns)
