"""Whose a denial is in a project: the function with its lines of code, or the step of the deployment.

Lambda names the session of a function's role after the function
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scopedown.calls.model import Hint, SdkCall
from scopedown.catalog.model import Catalog
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject, subjects
from scopedown.core.arn import parse_arn
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.denied.model import Denial
from scopedown.deploy.model import CommandCall, Plan, ResourceProperty
from scopedown.iam.wildcard import matching
from scopedown.project.intrinsics import Scope, to_text
from scopedown.scan import FunctionScan, ProjectScan


@dataclass(frozen=True, slots=True)
class Function:
    """A function whose role was denied: its role as compared with its needs, and those of them that are about it."""

    subject: Subject
    function: FunctionScan
    needs: tuple[Need, ...]
    certain: bool
    """Whether the caller is known to be this function; else it is one that needs the action."""

    @property
    def reasons(self) -> Iterator[tuple[str, Place]]:
        """The calls, settings and hints that need the action, in words, each with its place."""
        seen: set[tuple[str, Place]] = set()
        for need in self.needs:
            for reason in need.permission.because:
                words = (
                    f"calls {reason.name}" if isinstance(reason, SdkCall)
                    else reason.said if isinstance(reason, Hint) else f"has the setting {reason.setting}"
                )  # fmt: skip
                if (words, reason.place) not in seen:
                    seen.add((words, reason.place))
                    yield words, reason.place


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the deployment that makes the denied request."""

    words: str
    place: Place | None = None


def functions_of(denial: Denial, scans: Sequence[ProjectScan], catalog: Catalog) -> list[Function]:
    """The functions that a denial is about: that which the session names, those of the role, or those that need it."""
    every = [
        (subject, function)
        for scan in scans
        for subject in subjects(scan, catalog)
        for function in subject.functions
    ]  # fmt: skip
    role, session = _role_and_session(denial)
    named = [(subject, one) for subject, one in every if session and _may_be(one.function.name, session)]
    if not named and role:
        named = [(subject, one) for subject, one in every if _is_role(subject, role)]
    sure = bool(named)
    found = [
        Function(subject, one, _needs(subject, one, denial), sure) for subject, one in (named or every)
    ]  # fmt: skip
    if sure:
        return found
    is_deployment = role is None and ":user/" in denial.caller
    return [one for one in found if one.needs] if not is_deployment else []


def _role_and_session(denial: Denial) -> tuple[str | None, str | None]:
    """The names in ``assumed-role/ROLE/SESSION``; of a role's own ARN the role."""
    arn = parse_arn(denial.caller)
    if arn is None:
        return None, None
    match = re.fullmatch(r"assumed-role/([^/]+)/(.+)", arn.resource)
    if match:
        return match[1], match[2]
    return (arn.resource.rpartition("/")[2], None) if arn.resource.startswith("role/") else (None, None)


def _may_be(name: Text, written: str) -> bool:
    """Whether a name may be a text, where its unknown parts stand for characters; at least a few are to be known."""
    known = sum(len(part.value) for part in name.parts if isinstance(part, Literal))
    if name.literal is not None:
        return name.literal == written
    pattern = "".join(re.escape(part.value) if isinstance(part, Literal) else ".+" for part in name.parts)
    return known > 3 and re.fullmatch(pattern, written) is not None


def _is_role(subject: Subject, name: str) -> bool:
    """Whether a role has a name: the one that the project gives it, or CloudFormation's, with its logical id."""
    role = subject.role
    given = role.properties.get("RoleName")
    if given is not None:
        return _may_be(to_text(given, Scope.of(subject.scan.project)), name)
    if role.id.startswith("arn:"):
        return role.id.rpartition("/")[2] == name
    own = role.id.rpartition("/")[2]
    return f"-{own}-" in name or name.startswith(f"{own}-")


def _needs(subject: Subject, function: FunctionScan, denial: Denial) -> tuple[Need, ...]:
    """What a function needs of the denied action; on the denied resource, where that is one of them."""
    lower = denial.action.lower()
    found = [one for one in subject.needs if one.function is function and one.permission.action.lower() == lower]
    on = [one for one in found if any(_may_be_on(form, denial.resource) for form in one.forms)]
    return tuple(on or found)


def _may_be_on(form: Text, resource: str) -> bool:
    pattern = "".join(part.value if isinstance(part, Literal) else "*" for part in form.parts)
    return matching(pattern)(resource)


def steps_of(denial: Denial, plan: Plan) -> list[Step]:
    """The steps of a deployment that need the denied action, those of the failed resource first."""
    found: list[tuple[int, Step]] = []
    for permission in plan.permissions:
        if permission.action.lower() != denial.action.lower():
            continue
        fits = not denial.resource or any(matching(one)(denial.resource) for one in permission.resources)
        for reason in permission.because:
            if isinstance(reason, CommandCall):
                found.append((2 - fits, Step(f"the command {reason.command} calls {reason.call}")))
            elif isinstance(reason, ResourceProperty):
                own = reason.logical_id == denial.logical_id
                found.append((0 if own else 2 - fits, Step(_of_resource(reason), reason.place)))
    ordered = sorted(found, key=lambda one: one[0])
    best = ordered[0][0] if ordered else 0
    return list(dict.fromkeys(step for rank, step in ordered if rank == best))


def _of_resource(reason: ResourceProperty) -> str:
    *others, last = [f"{phase}s" for phase in reason.phases]
    phases = f"{', '.join(others)} and {last}" if others else last
    because = f" because of {reason.property}" if reason.property else ""
    return f"CloudFormation {phases} {reason.logical_id} ({reason.type}){because}"
