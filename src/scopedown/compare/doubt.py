"""What functions may need beside what is known: nothing that may serve it is taken away, narrowed or called unused.

In: scans of functions. Out: a :class:`Doubt`: patterns of actions, each with what may need it. It holds the parts of
the code that were not seen (``FunctionScan.coverage``), as far as evidence limits what those may call, and what
:mod:`~scopedown.compare.maybe_needed` knows of calls that are possible only and of services that act for their caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scopedown.catalog.load import catalog
from scopedown.compare.maybe_needed import (
    also_on_others,
    documented_actions,
    meet,
    possible_actions,
    with_any_operation,
)
from scopedown.documents.nodes import items_of
from scopedown.permissions.encryption import unknown_keys
from scopedown.permissions.managed_policies import allowed_by, patterns
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredStatement, Project
from scopedown.project.stand_ins import has_stand_in
from scopedown.scan import FunctionScan

_INSIGHTS: Final = ":log-group:/aws/lambda-insights:"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What functions of a role may need: patterns of actions, each with what may need it, in words."""

    needs: tuple[tuple[str, str], ...] = ()
    documented: tuple[str, ...] = ()
    """Actions that AWS's documentation asks for beside what operations and the frameworks need."""
    scope: Scope = field(default_factory=Scope)
    statements: tuple[tuple[Any, str], ...] = ()
    """Statements that stay, each with why."""
    policies: tuple[tuple[str, str], ...] = ()
    """Managed policies that stay, by name, each with why."""
    replaceable: tuple[Any, ...] = ()
    """Statements with conditions, NotAction, NotResource, or resources that are not known, that give way to what is
    needed."""
    sites: tuple[tuple[str, str], ...] = ()
    """Actions that a line names which was not seen to run, or that logs show in use, each with the line or with what
    the logs show: they stay where they are allowed."""

    keys: tuple[tuple[str, str], ...] = ()
    """Actions on keys that nobody can tell the need of, and actions that may be asked for on resources which only the
    data names, each with why: they stay where they are allowed."""

    def why(self, actions: Any) -> str:
        """Why rights of these actions (a pattern, or a list) are left alone; empty where nothing speaks for it."""
        return _first(actions, self.needs) or _first(actions, self.sites)

    def why_unseen(self, actions: Any) -> str:
        """The same where code was not seen that may need any of them: a line that names one action needs no other."""
        return _first(actions, self.needs)

    def why_key(self, actions: Any) -> str:
        """Why rights of :attr:`keys` stay; empty for other actions, or where every encrypted resource is known."""
        return _first(actions, self.keys)

    def named(self, pattern: str) -> Iterator[str]:
        """The actions of a pattern that lines name which were not seen to run."""
        for action in dict.fromkeys(action for action, _ in (*self.sites, *self.keys)):
            if meet(pattern, action):
                yield action

    def stays(self, declared: DeclaredStatement, kept: str | None = None) -> str:
        """Why a statement is not changed; empty where it may be. ``kept`` is what :func:`why_kept` says of it, where
        that is asked once for many functions."""
        written = declared.statement
        if written in self.replaceable:
            return ""
        if why := why_kept(declared, self.scope) if kept is None else kept:
            return why
        found = next((why for statement, why in self.statements if statement == written), "")
        return found or self.why_unseen(written.get("Action")) or self._why_on_key(written.get("Action"))

    def _why_on_key(self, actions: Any) -> str:
        """Why a statement stays that allows nothing but rights of :attr:`keys`."""
        known = {action.lower() for action, _ in self.keys}
        listed = [*items_of(actions)]
        is_all = bool(listed) and all(isinstance(action, str) and action.lower() in known for action in listed)
        return self.why_key(actions) if is_all else ""

    def why_policy(self, arn: str) -> str:
        """Why a managed policy is left alone; empty where it gives way to what is needed: all that it allows is
        known, and nothing speaks for it."""
        grants = allowed_by(arn)
        if grants is None:
            return "what it allows is not known"
        if any(grant.effect == "Deny" for grant in grants):
            return "it denies"
        named = next((why for name, why in self.policies if arn.rpartition("/")[2] == name), "")
        return named or self.why(patterns(grants))

    def is_documented(self, action: str) -> bool:
        """Whether AWS's documentation asks for an action, or some of a pattern."""
        return any(meet(action, one) for one in self.documented)


def _first(actions: Any, needs: Iterable[tuple[str, str]]) -> str:
    for action in actions if isinstance(actions, list | tuple) else [actions]:
        if not isinstance(action, str):
            continue
        for pattern, what in needs:
            if meet(action, pattern):
                return what
    return ""


CERTAIN: Final = Doubt()


def doubt_of(functions: Iterable[FunctionScan], project: Project) -> Doubt:
    """What these functions may need beside what is known."""
    listed = [*functions]
    needs = dict.fromkeys(need for scan in listed for need in needs_of(scan, project))
    documented = tuple(dict.fromkeys(documented_actions(listed, project)))
    sites = dict.fromkeys(
        (action, site.what) for scan in listed for site in scan.report.sites for action in site.may_call
    )
    sites |= dict.fromkeys(used for scan in listed for used in scan.in_use)
    policies = tuple(dict.fromkeys(_policies(listed)))
    keys: dict[str, str] = {}
    for scan in listed:
        for action, what in (*unknown_keys(scan.permissions, project), *also_on_others(scan.permissions)):
            keys.setdefault(action, f"{scan.function.key}: {what}")
    return Doubt(
        tuple(needs), documented, Scope.of(project), (), policies, sites=tuple(sites), keys=tuple(keys.items())
    )


def _policies(functions: Iterable[FunctionScan]) -> Iterator[tuple[str, str]]:
    """Managed policies that AWS makes for a layer that a function has
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-Getting-Started.html)."""
    for function in functions:
        if any(_INSIGHTS in str(resource.arn) for each in function.permissions for resource in each.resources):
            yield "CloudWatchLambdaInsightsExecutionRolePolicy", f"{function.function.key} uses the layer that needs it"


def why_kept(declared: DeclaredStatement, scope: Scope) -> str:
    """Why a statement is not judged, whatever the functions need; empty where it is: what it allows is then known, and
    so whether it is needed."""
    written = declared.statement
    if declared.chosen:
        return "a condition chooses it"
    if written.get("Effect") not in ("Allow", "Deny"):
        return "only the deployment decides whether it allows or denies"
    if written.get("Effect") != "Allow":
        return "it is not an Allow statement"
    for name in ("NotAction", "NotResource", "Principal", "NotPrincipal"):
        if name in written:
            return f"it has {name}"
    if "Condition" in written:
        return "it has a condition that scopedown does not judge"
    if any(not isinstance(one, str) or has_stand_in(one) for one in items_of(written.get("Action"))):
        return "its actions are known only after deployment"
    if any(to_text(one, scope).unknowns for one in items_of(written.get("Resource"))):
        return "one of its resources is known only after deployment"
    return ""


def needs_of(function: FunctionScan, project: Project) -> Iterator[tuple[str, str]]:
    """What one function may need, each pattern of actions with what may need it."""
    yield from possible_actions(function, catalog(), project)
    for layer in function.function.layers:
        if (Path(project.root) / layer / "extensions").is_dir():
            yield "*", f"an extension in the layer {layer} runs next to the function, with its role"
    for one in function.coverage.unseen:
        for pattern in (*one.may_call, *with_any_operation(one)):
            yield pattern, f"{one.what} ({one.place})" if one.place else one.what
