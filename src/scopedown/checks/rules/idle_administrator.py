"""A role that may do everything, and that no function has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import items_of
from scopedown.permissions.managed_policies import allowed_by, everywhere
from scopedown.project.model import Project, Role


def after(subjects: Sequence[Subject], problems: Sequence[Problem]) -> Iterator[Problem]:
    """The roles of a project that are no function's, and allow everything."""
    for subject in subjects:
        if subject.is_first:
            project = subject.scan.project
            used = {function.role for function in project.functions}
            idle = (role for id, role in project.roles.items() if id not in used)
            yield from (problem for role in idle for problem in _problems(role, project))


def _problems(role: Role, project: Project) -> Iterator[Problem]:
    for one in role.statements:
        written = one.statement
        allows = written.get("Effect") == "Allow" and "Condition" not in written and one.added_by == "project"
        every = any(action in ("*", "*:*") for action in items_of(written.get("Action")))
        if allows and every and "*" in items_of(written.get("Resource")):
            yield _problem(role, one.place or role.place, project, "allows every action on every resource")
    for policy in role.managed_policies:
        grants = everywhere(allowed_by(str(policy)) or ()) if isinstance(policy, str) else ()
        if any(set(grant.actions) & {"*", "*:*"} for grant in grants):
            yield _problem(role, role.place, project, f"has {str(policy).rpartition('/')[2]}")


def _problem(role: Role, place: Place | None, project: Project, what: str) -> Problem:
    words = f"the role {role.id}, which no function has, {what}"
    return Problem(RULE.id, words, place or Place(project.config), role.id, (), f"{role.id} *")


_SERVICE = """\
service: s
provider: {name: aws, runtime: python3.12}
functions: {f: {handler: app.f}}
resources:
  Resources:
    R:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument: {}
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement: [{Effect: Allow, Action: ACTION, Resource: '*'}]
"""
RULE = Rule(
    id="SD212",
    name="idle-administrator",
    severity=Severity.WARNING,
    summary="A role that no function has may do everything in the account.",
    explanation="The project declares a role that allows every action on every resource. No function has it, so "
    "scopedown cannot say what it needs. Anyone who can assume it, or pass it to a service, owns the account.",
    remedy="Allow only what its users need, or remove the role.",
    bad=Example(_SERVICE.replace("ACTION", "'*'"), "def f(event, context): pass\n"),
    good=Example(_SERVICE.replace("ACTION", "'sqs:ListQueues'"), "def f(event, context): pass\n"),
    find=lambda subject: iter(()),
    after=after,
    security=8.0,
)
