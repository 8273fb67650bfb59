"""An Allow that says what is not allowed."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.compare.arn_normalization import texts
from scopedown.compare.statement import Declared, shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import some_of
from scopedown.iam.wildcard import matching


def find(subject: Subject) -> Iterator[Problem]:
    """Statements of the project's own with NotAction or NotResource that allow."""
    for one in subject.declared:
        for element in ("NotAction", "NotResource") if one.own else ():
            if element in one.written:
                but = ", ".join(map(shown, texts(one.written[element])))  # type: ignore[arg-type]
                what = "every action" if element == "NotAction" else "every resource"
                yield Problem(
                    RULE.id, f"this allows {what} but {but}", subject.place_of(one), subject.role.id, subject.keys,
                    f"{element} {but}", codes=tuple(_codes(one)),
                )  # fmt: skip


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """The same with NotResource, of roles that no function has, of users, groups and policies. NotAction on every
    resource is a whole service and more (unused-wide-access)."""
    for granted in access.without_functions:
        but = granted.statement.not_resource
        if but and not granted.managed:
            what = some_of([*granted.actions]) if granted.actions else f"every action but {some_of([*granted.all_but])}"
            words = f"{granted.subject.name} allows {what} on every resource but {some_of([*but])}; no function uses it"
            yield problem(RULE.id, access, granted.subject, granted.policy, words, f"NotResource {', '.join(but)}")


def _codes(one: Declared) -> Iterator[str]:
    """The codes for roles that may be passed, and service-linked roles that may be made, by such a statement."""
    for action, name in (("iam:passrole", "PASS_ROLE"), ("iam:createservicelinkedrole", "CREATE_SLR")):
        but = [item for item in texts(one.written.get("NotAction")) if isinstance(item, str)]  # type: ignore[arg-type]
        by = [item for item in one.actions if _fits(item, action)]
        if "NotAction" in one.written:
            if any(_fits(item, action) for item in but):
                continue
            if "NotResource" in one.written:
                yield f"{name}_WITH_NOT_ACTION_AND_NOT_RESOURCE"
            elif any("*" in str(forms[0]) for _, forms in one.resources):
                yield f"{name}_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"
        elif by and "NotResource" in one.written:
            in_action = all("*" in item or "?" in item for item in by)
            yield f"{name}_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE" if in_action else f"{name}_WITH_NOT_RESOURCE"


def _fits(pattern: str, action: str) -> bool:
    return matching(pattern.lower())(action)


_SERVICE = service_allowing("ELEMENT: 'iam:*', Resource: '*'")
RULE = Rule(
    id="SD208",
    name="allows-all-but",
    severity=Severity.WARNING,
    summary="A statement allows everything except what it names.",
    explanation="An Allow with NotAction or NotResource allows everything that is not listed: every other service, "
    "and whatever AWS adds later.",
    remedy="List what the functions need with Action and Resource.",
    bad=Example(_SERVICE.replace("ELEMENT", "NotAction")),
    good=Example(_SERVICE.replace("ELEMENT", "Action")),
    find=find,
    of_project=of_project,
    security=8.0,
    codes=(
        "PASS_ROLE_WITH_NOT_RESOURCE", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "CREATE_SLR_WITH_NOT_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    ),
)  # fmt: skip
