"""Is it certain that a role denies a need?

Coverage alone does not say so: a condition may hold for the request, a parameter may turn out to be the very resource
of a statement, a policy of the resource's own may name the role, and a need on everything of a type is covered by
statements that name all of that type.

The proof of a "will be denied" is one request, as AWS would get it: references become names, what the code leaves open
becomes ``example``, and :func:`scopedown.iam.evaluate` decides it against the role's statements with the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, assert_never

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.compare.arn_normalization import ACCOUNT, Comparable, texts
from scopedown.compare.asked_of import may_be_asked_of, may_name_a_resource
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.compare.template_inputs import best_answer, may_be
from scopedown.core.same_objects import SameObjects
from scopedown.core.text import ANY, AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.core.text_slicing import split, starts
from scopedown.iam import Caller, PolicyError, PolicySet, Request, RequestError, evaluate, parse_policy
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import among, matching
from scopedown.permissions.bind import NOT_SET
from scopedown.permissions.from_config import UNDECIDED
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.permissions.require import surely_needs
from scopedown.project.cloudformation.transforms import may_declare_more
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project, Tree

_EXAMPLE = "example"


def denied_request(subject: Subject, need: Need, grants: Iterable[Grant]) -> str:
    """The resource of a request that a need makes and these grants do not allow; empty where none is found."""
    names = subject.comparable
    action = need.permission.action
    service = action.partition(":")[0]
    resource = next((arn for arn in (_concrete(form, names, service, True) for form in need.forms) if arn), "")
    statements = [*_statements_on(grants, names, action)]
    if not resource:
        return ""
    account = subject.scan.project.account or ACCOUNT
    try:
        policy = parse_policy({"Version": "2012-10-17", "Statement": statements}) if statements else None
        request = Request(Caller.role_session(account, "role", "session"), action, resource)
        decided = evaluate(request, PolicySet(identity=(policy,) if policy is not None else ()))
    except (PolicyError, RequestError):
        return ""
    return "" if decided.value == "allowed" else resource


def _statements_on(grants: Iterable[Grant], names: Comparable, action: str) -> Iterator[dict[str, object]]:
    """What grants say of one action."""
    service = action.partition(":")[0]
    for grant in grants:
        if among(grant.actions, action.lower()) is grant.but_actions:
            continue
        resources = [
            text if isinstance(text, str) else _concrete(text, names, service, False) for text in grant.resources
        ]
        if grant.effect == "Deny" and grant.conditions:
            continue  # its conditions may not hold
        if found := [text for text in dict.fromkeys(resources) if text]:
            yield {
                "Effect": grant.effect,
                "Action": action,
                "NotResource" if grant.but_resources else "Resource": found,
            }


def _concrete(text: Text, names: Comparable, service: str, is_need: bool) -> str:
    """A text with names in the place of references: ``example`` for what a need leaves open, ``*`` for a grant."""
    if str(text) == "*":
        return "*"
    found = "".join(_name(part, at, names, service, is_need) for at, part in enumerate(text.parts))
    return found if found.startswith("arn:") or (found == "*" and not is_need) else ""


def _name(part: Part, at: int, names: Comparable, service: str, is_need: bool) -> str:
    match part:
        case Literal(value):
            return value.replace("*", _EXAMPLE).replace("?", "x") if is_need else value
        case AnyText() | Unknown():
            return _EXAMPLE if is_need else "*"
        case Ref(id) | Att(id) if at == 0:
            return _arn(id, names, service)
        case Ref(id) | Att(id):
            return id.rpartition("/")[2]
        case Pseudo(name) | Param(name) | ImportValue(name) | EnvVar(name):
            return str(name)
        case _:
            assert_never(part)


def _arn(id: str, names: Comparable, service: str) -> str:
    """The ARN that a resource of the project would have."""
    for said in names.said(id):
        if said.parts and isinstance(said.parts[0], Literal) and said.parts[0].value.startswith("arn:"):
            return "".join(_name(part, at + 1, names, service, True) for at, part in enumerate(said.parts))
    project = names.project
    where = f"{project.region}:{project.account or ACCOUNT}"
    return f"arn:{project.partition or 'aws'}:{service}:{where}:{id.rpartition('/')[2]}"


_PROPERTIES: Final = ("AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "Policy", "ResourcePolicy")
"""Properties that hold a resource-based policy."""
_OF_IDENTITIES: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


def resource_policies(project: Project) -> Mapping[str, tuple[str, ...]]:
    """The patterns of actions that the policies of resources allow, by the logical id of the role that they name; ``*``
    has those that they allow everybody. Worked out once for a project."""
    return _allowed(SameObjects(project))


@lru_cache(maxsize=4)
def _allowed(key: SameObjects) -> Mapping[str, tuple[str, ...]]:
    (project,) = key.objects
    assert isinstance(project, Project)
    scope = Scope.of(project)
    found: dict[str, dict[str, None]] = {}
    for statement in _statements(project):
        principal = statement.get("Principal")
        named = texts(principal.get("AWS") if isinstance(principal, Mapping) else principal)
        actions = [text for text in texts(statement.get("Action")) if isinstance(text, str)]
        if statement.get("Effect") == "Allow" and actions:
            for one in named:
                ids = [part.id for part in to_text(one, scope).parts if isinstance(part, Att | Ref)]
                for id in ["*"] if one == "*" else ids:
                    found.setdefault(id, {}).update(dict.fromkeys(actions))
    return {id: tuple(actions) for id, actions in found.items()}


def _statements(project: Project) -> Iterator[Mapping[str, Tree]]:
    for resource in project.deployed.values():
        if resource.type in _OF_IDENTITIES:
            continue
        for name in _PROPERTIES:
            policy = resource.properties.get(name)
            for one in texts(policy.get("Statement")) if isinstance(policy, Mapping) else ():
                if isinstance(one, Mapping):
                    yield one


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
