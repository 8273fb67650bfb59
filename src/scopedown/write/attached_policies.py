"""What a role of a Serverless project has beside its own statements: managed policies, and policies that are resources.

A managed policy of AWS's whose actions are known gives way to what is needed, as in templates; others stay and are
told. A policy that is a resource of the project (``AWS::IAM::ManagedPolicy``, or an ``AWS::IAM::Policy`` that names the
role) is a person's: it stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from scopedown.compare.doubt import Doubt
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Unknown
from scopedown.emit.splice.edits import SpliceError
from scopedown.iam.coverage import Grant
from scopedown.permissions.managed_policies import allowed_by
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredStatement, Function, Project, Role
from scopedown.project.roles import ATTACHED, statements_of
from scopedown.project.serverless.drafts import DURABLE_POLICY, VPC_POLICY
from scopedown.project.serverless.names import SHARED_ROLE
from scopedown.write.managed import own_policies
from scopedown.write.model import Kept
from scopedown.write.policies import MANAGED, why_managed_kept
from scopedown.write.texts import Steps, Texts

_BY_FRAMEWORK: Final = (VPC_POLICY, DURABLE_POLICY)
_ATTACHED_WHY: Final = "it is in a separate policy resource"


def without_attached(project: Project) -> Project:
    """The project with the statements that stand in its roles themselves alone."""
    attached = attached_places(project)
    return replace(project, roles={id: own_part(role, attached)[0] for id, role in project.roles.items()})


def attached_places(project: Project) -> frozenset[Place]:
    """Where the statements of policies stand that are resources of their own, and that a person wrote."""
    return frozenset(_attached(project))


def common_places(project: Project) -> frozenset[Place]:
    """Where statements are that several roles have: inherited from the provider's, or of a list that they include."""
    count = Counter(
        place
        for role in project.roles.values()
        for place in {
            statement.place
            for statement in role.statements
            if statement.added_by == "project" and statement.place is not None
        }
    )
    return frozenset(place for place, roles in count.items() if roles > 1)


def own_part(role: Role, attached: frozenset[Place]) -> tuple[Role, tuple[Kept, ...]]:
    """A role with its own statements, and those that resources give it, which stay."""
    own = tuple(statement for statement in role.statements if not _is_attached(statement, attached))
    others = (statement for statement in role.statements if _is_attached(statement, attached))
    kept = tuple(Kept(statement.statement, statement.place, _ATTACHED_WHY) for statement in others)
    return (replace(role, statements=own) if kept else role), kept


def _attached(project: Project) -> Iterator[Place]:
    own = own_policies(project)
    for id, resource in project.resources.items():
        if resource.type in ATTACHED and id not in own:
            for statement in statements_of(resource.properties.get("PolicyDocument"), resource.place):
                if statement.place is not None:
                    yield statement.place


def _is_attached(one: DeclaredStatement, attached: frozenset[Place]) -> bool:
    return one.added_by == "project" and one.place in attached


def tied_to_shared(project: Project, leaving: Sequence[Function], is_removed: bool) -> Finding | None:
    """Why functions cannot leave the shared role: a resource gives it a policy, which their own roles would lack; or
    something names it, where it would not be made any more (``is_removed``)."""
    word = re.compile(rf"\b{SHARED_ROLE}\b")
    names = ", ".join(function.key for function in leaving)
    for id, resource in project.resources.items():
        if id == SHARED_ROLE or not word.search(str(resource.properties)):
            continue
        if resource.type in ATTACHED:
            why = f"{id} attaches a policy to it"
        elif is_removed:
            why = f"{id} names it"
        else:
            continue
        return _stays(names, why, resource.place)
    for id, output in project.outputs.items() if is_removed else ():
        if word.search(str(output)):
            return _stays(names, f"the output {id} names it", None)
    return None


def _stays(names: str, why: str, place: Place | None) -> Finding:
    return Finding(
        "write-shared-role", f"{SHARED_ROLE} is still shared by {names}: {why}", place,
        "give each function its own role by hand",
    )  # fmt: skip


def given_by_framework(project: Project, role: Role) -> tuple[Grant, ...]:
    """What the policies allow that the framework itself attaches to a role that it makes."""
    if role.id not in project.generated:
        return ()
    added = [_arn(policy) for policy in role.managed_policies if policy in _BY_FRAMEWORK]
    return tuple(grant for arn in added for grant in allowed_by(arn) or ())


def chosen_policies(role: Role) -> list[Any]:
    """The managed policies that a person chose for a role."""
    return [policy for policy in role.managed_policies if policy not in _BY_FRAMEWORK]


def why_policy_stays(policy: Any, doubt: Doubt) -> str:
    """Why a managed policy stays; empty where it gives way to what is needed."""
    arn = _arn(policy)
    if unknowns := to_text(policy, Scope()).unknowns:
        return unknowns[0].reason
    if not arn.startswith(MANAGED):
        return "scopedown does not know what it allows"
    return why_managed_kept(arn, doubt)


def policy_name(policy: Any) -> str:
    """A managed policy as it is told: its ARN, or the name of the resource that it is."""
    known = to_text(policy, Scope()).replace(lambda part: "" if isinstance(part, Unknown) else part)
    return _arn(known).removeprefix("${").removesuffix("}") or "chosen at deployment"


def _arn(policy: Any) -> str:
    """An ARN in whatever partition as one of the usual partition."""
    return str(to_text(policy, Scope())).replace("arn:${AWS::Partition}:", "arn:aws:")


@dataclass(frozen=True, slots=True)
class Policies:
    """A list of managed policies in a file: the items that go, and what is told of those that stay, each with why."""

    gone: tuple[tuple[str, Steps], ...] = ()
    stay: tuple[tuple[str, str], ...] = ()


def judged_policies(policies: Sequence[Any], file: str, path: Steps, texts: Texts, doubt: Doubt) -> Policies:
    """What becomes of a role's managed policies, which are written at a path of a file. Raises SpliceError where some
    should go and cannot be taken out."""
    stay = tuple((policy_name(policy), why) for policy in policies if (why := why_policy_stays(policy, doubt)))
    leaving = [number for number, one in enumerate(policies) if not why_policy_stays(one, doubt)]
    if not leaving:
        return Policies((), stay)
    text = texts.of(file)
    if text.kind(path) != "sequence" or len(text.keys(path)) != len(policies):
        raise SpliceError(
            f"{'.'.join(map(str, path))} is not a plain list of the role's policies", Place(file),
            f"remove {', '.join(policy_name(policies[one]) for one in leaving)} by hand",
        )  # fmt: skip
    for number in leaving:
        text.edit_without((*path, number))
    return Policies(tuple((file, (*path, number)) for number in leaving), stay)
