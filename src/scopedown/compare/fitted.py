"""What a role must hold of its own to serve its functions, without allowing anything that it did not.

In: a role as it is declared, with the functions that need it. Out: the permissions to write, and why nothing is written
for the other needs. A need that the role covers is written as the code has it; one on a resource that is not known, of
which a declared statement may be the meant one, keeps that statement's own resource; one that a person allows under a
condition stays under it; one that is certain and lacking is added. Nothing is added for a need on a resource of which
nothing is known: it would be a new wildcard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from scopedown.compare.arn_normalization import without_stack
from scopedown.compare.doubt import Doubt
from scopedown.compare.narrowing import replaceable, surely_allowed
from scopedown.compare.statement import Declared, Need
from scopedown.compare.subject import Subject
from scopedown.compare.template_inputs import may_be
from scopedown.core.place import Place
from scopedown.core.text import AnyText, Literal, Text
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import matching
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.merge import merge
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource
from scopedown.project.intrinsics import Scope, to_text


class Way(Enum):
    """How a role serves a need."""

    COVERED = "the role allows all of it"
    SERVED = "a statement of the role may cover it"
    HELD = "a statement with a condition, or with a value known only after deployment, may allow it"
    OPEN = "a policy that scopedown does not know may allow it"
    LACKING = "the role lacks it"
    UNCERTAIN = "the role does not allow it on any resource, and the code does not show which resource it uses"


@dataclass(frozen=True, slots=True)
class Served:
    """One need, how the role serves it, and the statements with those of their resources that may be meant."""

    need: Need
    way: Way
    by: tuple[tuple[Declared, tuple[object, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is to be written, the statements that stay whole for it, and the needs that nothing is written for."""

    permissions: tuple[RequiredPermission, ...]
    stays: tuple[tuple[object, str], ...] = ()
    """Statements as they are written, each with why it stays."""
    left: tuple[Served, ...] = ()
    policies: tuple[tuple[str, str], ...] = ()
    """Managed policies of AWS's that stay, by name, each with why."""
    replaceable: tuple[object, ...] = ()
    """Statements with conditions, NotAction, NotResource, or resources that are not known, that go."""

    def kept(self, doubt: Doubt) -> Doubt:
        """What the functions may need, with the statements and the policies that stay for what they need."""
        return replace(
            doubt,
            statements=(*doubt.statements, *self.stays),
            policies=(*doubt.policies, *self.policies),
            replaceable=self.replaceable,
        )


def served(old: Subject) -> tuple[Served, ...]:
    """How a role serves each need of its functions."""
    return tuple(_served(old, need, old.plain) for need in old.needs)


def fitted(old: Subject, doubt: Doubt, staying: Collection[Place] = ()) -> Fitted:
    """What a role must hold beside the statements that stay: those of ``doubt`` and those at the ``staying`` places."""
    going = (*replaceable(old, doubt), *(one for one in old.declared if _is_idle(old, one)))
    exact = tuple(one.written for one in going if one.statement.place not in staying)
    doubt = replace(doubt, replaceable=exact)
    own = (one for one in old.declared if one.statement.added_by == "project")
    kept = tuple(one for one in own if _stays(one, doubt, staying))
    by_kept = tuple(one.grant for one in kept if one.grant and one.grant.effect == "Allow" and not one.grant.conditions)
    by_kept += tuple(_staying_policies(old, doubt))
    found: list[RequiredPermission] = []
    stays: list[tuple[object, str]] = []
    left: list[Served] = []
    policies: list[tuple[str, str]] = []
    for one in served(old):
        if one.way is Way.HELD:
            policies += _holding(old, one.need)
            stays += ((each.written, _meant(one.need)) for each in old.declared if _holds_unknown(old, one.need, each))
        if by_kept and old.covered(one.need, by_kept) == "yes":
            continue
        if one.way in (Way.COVERED, Way.LACKING):
            found.append(_as_named(old, one.need))
        elif one.way is Way.SERVED:
            for declared, items in one.by:
                if declared in kept:
                    continue
                texts = [to_text(item, Scope()) for item in items]  # type: ignore[arg-type]
                if any(text.unknowns for text in texts):
                    stays.append((declared.written, _meant(one.need)))
                else:
                    found.append(_on(one.need, texts))
        elif one.need.permission.origin is not Origin.CONFIG:
            left.append(one)
            if one.way is Way.UNCERTAIN:  # the resource may be one that is written in a way not understood here
                acting = old.acting(one.need.permission.action)
                stays += ((each.written, _meant(one.need)) for each in acting if each.own)
    found += _where_written(old, doubt, kept)
    return Fitted(merge(found), tuple(stays), tuple(left), tuple(dict.fromkeys(policies)), exact)


def _as_named(old: Subject, need: Need) -> RequiredPermission:
    """What a need is on, whatever the stack of a deployment is called, as far as the role allows that."""
    opened = without_stack(need.arn)
    if opened is None or old.covered(replace(need, forms=(old.comparable.placed(opened),)), old.plain) != "yes":
        return need.only
    return _on(need, [opened])


def written_resources(one: Declared) -> tuple[Resource, ...]:
    """The resources of a statement as they are written, but those that only the deployment knows."""
    texts = (to_text(item, Scope()) for item, _ in one.resources)  # type: ignore[arg-type]
    return tuple(Resource(text, Certainty.RESOLVED) for text in texts if not text.unknowns)


def _where_written(old: Subject, doubt: Doubt, kept: Sequence[Declared]) -> Iterator[RequiredPermission]:
    """Actions that stay where a person wrote them: those that AWS's documentation asks for, and those that a line names
    which was not seen to run."""
    for one in old.declared:
        if not one.judged or one in kept:
            continue
        asked = [one for one in one.actions if "*" not in one and doubt.is_documented(one) and not old.needed_by(one)]
        asked += [action for pattern in one.actions for action in doubt.named(pattern) if action not in asked]
        if asked:
            resources = written_resources(one)
            yield from (RequiredPermission(action, resources, (), Origin.CONFIG) for action in dict.fromkeys(asked))
    for grant in (grant for arn in _policies(old) if not doubt.why_policy(arn) for grant in allowed_by(arn) or ()):
        for action, _ in doubt.keys if not (grant.conditions or grant.but_resources) else ():
            if any(matching(pattern.lower())(action.lower()) for pattern in grant.actions):
                resources = tuple(Resource(Text.of(one), Certainty.RESOLVED) for one in grant.resources)
                yield RequiredPermission(action, resources, (), Origin.CONFIG)


def _staying_policies(old: Subject, doubt: Doubt) -> Iterator[Grant]:
    """What managed policies allow whatever the context, that a person chose and that stay."""
    for arn in _policies(old):
        by_tools = ":policy/service-role/AWSLambda" in arn  # what the tools attach themselves is worked out by them
        if not by_tools and doubt.why_policy(arn):
            yield from (grant for grant in allowed_by(arn) or () if grant.effect == "Allow" and not grant.conditions)


def _holding(old: Subject, need: Need) -> Iterator[tuple[str, str]]:
    """The managed policies that may allow a need under conditions or on some resources, each with why it stays."""
    for arn in _policies(old):
        if any(_may_allow(old, need, grant) for grant in allowed_by(arn) or ()):
            function, action = need.function.function.key, need.permission.action
            yield arn.rpartition("/")[2], f"it may allow {action}, which {function} needs"


def _policies(old: Subject) -> Iterator[str]:
    return (str(old.comparable.declares(policy)[0]) for policy in old.role.managed_policies)


def _is_idle(old: Subject, one: Declared) -> bool:
    """Whether no action of a statement is needed, on whatever its resources are."""
    return one.grant is None and one.is_plain and all(map(old.is_unused, one.actions))


def _stays(one: Declared, doubt: Doubt, staying: Collection[Place]) -> bool:
    return bool(doubt.stays(one.statement, one.kept)) or one.statement.place in staying


def _meant(need: Need) -> str:
    return (
        f"{need.function.function.key} needs {need.permission.action} on a resource that is not known, which it may be"
    )


def _on(need: Need, texts: Sequence[Text]) -> RequiredPermission:
    """A need on the resources that a person wrote."""
    return replace(
        need.permission, resources=tuple(Resource(text, Certainty.RESOLVED) for text in texts), conditions={}
    )


def _served(old: Subject, need: Need, plain: tuple[Grant, ...]) -> Served:
    answer = old.covered(need, plain)
    if answer == "yes":
        return Served(need, Way.COVERED)
    acting = old.acting(need.permission.action)
    by = tuple((one, items) for one in acting if (items := tuple(_meant_by(old, need, one))))
    if by and (not need.known or _is_open(need.arn) or _by_parameter(need, by)):
        return Served(need, Way.SERVED, by)
    if surely_allowed(old, need):
        return Served(need, Way.COVERED)
    if any(_may_hold(old, need, one) for one in old.declared) or any(
        _may_allow(old, need, grant) for grant in old.managed[0]
    ):
        return Served(need, Way.HELD)
    if not old.managed[1]:
        return Served(need, Way.OPEN)
    if not need.known and not need.in_part:
        return Served(need, Way.UNCERTAIN)
    return Served(need, Way.LACKING)


def _is_open(arn: Text) -> bool:
    """Whether a resource is a pattern: who allows some of it has chosen what is meant."""
    return any(isinstance(part, AnyText) or (isinstance(part, Literal) and "*" in part.value) for part in arn.parts)


def _by_parameter(need: Need, by: Iterable[tuple[Declared, tuple[object, ...]]]) -> bool:
    return any(one.grant is not None and may_be(need.permission.action, need.forms, one.grant) for one, _ in by)


def _meant_by(old: Subject, need: Need, one: Declared) -> Iterator[object]:
    """The resources of a plain Allow that may be, or be a part of, what a need is on."""
    if one.grant is None or one.grant.effect != "Allow" or one.grant.conditions:
        return
    action = need.permission.action
    if str(need.arn) == "*":  # what an ARN is of is then of no account, and it need not be known
        yield from (item for item, _ in one.resources)
        return
    for item, forms in one.near(need):
        grant = Grant("Allow", (action,), forms)
        if old.covered(need, (grant,)) != "no" or may_be(action, need.forms, grant):
            yield item


def _acts(need: Need, one: Declared) -> bool:
    wanted = need.permission.action.lower()
    return any(matching(action.lower())(wanted) for action in one.actions)


def _may_hold(old: Subject, need: Need, one: Declared) -> bool:
    """Whether an Allow under conditions, or one of which not all is known, may be for a need."""
    if one.written.get("Effect") == "Deny":
        return False
    if one.grant is None:
        return not one.actions or _acts(need, one)
    return bool(one.grant.conditions) and _acts(need, one) and _may_allow(old, need, one.grant)


def _holds_unknown(old: Subject, need: Need, one: Declared) -> bool:
    """Whether a statement may be for a need, and nobody can tell: the name of one of its resources is not known."""
    return one.grant is None and one.statement.added_by == "project" and _may_hold(old, need, one)


def _may_allow(old: Subject, need: Need, grant: Grant) -> bool:
    """Whether an Allow may be for a need, or for a part of it, if its conditions hold."""
    if grant.effect != "Allow":
        return False
    held = replace(grant, conditions=())
    return old.covered(need, (held,)) != "no" or may_be(need.permission.action, need.forms, held)
