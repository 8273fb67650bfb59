"""Statements to paste under ``iamRoleStatements`` or ``provider.iam.role.statements``, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.model import Hint, SdkCall
from scopedown.core.finding import printable
from scopedown.core.text import Text
from scopedown.emit.cloudformation import plain
from scopedown.emit.yaml_text import dump, scalar
from scopedown.generate.document import statement
from scopedown.generate.minimize import Grant, minimize
from scopedown.permissions.model import Certainty, Reason, RequiredPermission
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.scan.forms import Scans
from scopedown.scan.forms.coverage import sentence
from scopedown.scan.forms.open_resource import because_of

MAX_REASONS = 4
"""Reasons told in the comment above one statement; more are counted."""


def render(shown: Scans) -> str:
    """The statements of all projects."""
    return "".join(map(statements_yaml, shown.scans))


def statements_yaml(scan: ProjectScan) -> str:
    """A mapping from each function to its list of statements, commented: YAML that can be read back."""
    if not scan.functions:
        return f"# {scan.project.config} has no functions\n"
    return "\n".join(function_yaml(function) for function in scan.functions)


def function_yaml(scan: FunctionScan) -> str:
    """One function's statements under its name."""
    handler = scan.function.handler
    where = f" ({handler.file}, {handler.symbol})" if handler and handler.file else ""
    lines = [f"# {_one_line(scan.function.key + where)}"]
    lines += [
        f"# left out by a hint: {_one_line(f'{call.name} at {call.place.of_line}: {call.reason}')}"
        for call in scan.report.ignored
    ]
    lines += [f"# not seen: {_one_line(sentence(one))}" for one in scan.coverage.unseen]
    open_names = dict(_open_names(scan.permissions))
    grants = minimize(scan.permissions)
    lines.append(f"{scalar(scan.function.key)}:{'' if grants else ' []'}")
    text = "".join(f"{line}\n" for line in lines)
    return text + "".join(_comments(grant, open_names) + dump([plain(statement(grant))], 2) for grant in grants)


def _comments(grant: Grant, open_names: dict[str, str]) -> str:
    reasons = list(dict.fromkeys(_reason(reason) for reason in grant.because))
    if len(reasons) > MAX_REASONS:
        reasons = [*reasons[:MAX_REASONS], f"and {len(reasons) - MAX_REASONS} more places"]
    reasons += [
        f"{text} is open, because {because_of(open_names[text])}"
        for text in sorted(grant.resources)
        if text in open_names
    ]
    return "".join(f"  # {_one_line(reason)}\n" for reason in reasons)


def _open_names(permissions: tuple[RequiredPermission, ...]) -> Iterator[tuple[str, str]]:
    """Resources that are wider than one resource, with the reason, by the ARN's text."""
    for permission in permissions:
        for resource in permission.resources:
            if resource.certainty is not Certainty.RESOLVED and resource.reason:
                yield str(resource.arn), resource.reason


def _reason(reason: Reason) -> str:
    if isinstance(reason, Hint):
        return f"a hint ({reason.said}) at {reason.place.of_line}"
    return f"{reason.name if isinstance(reason, SdkCall) else reason.setting} at {reason.place.of_line}"


def _one_line(text: str | Text) -> str:
    """What came from a user's file may hold line breaks and escape sequences; a comment may not."""
    return printable(" ".join(str(text).split()))
