"""Roles as they were, for the functions that a written role is for: what ``write`` must stay within."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scopedown.catalog.load import catalog
from scopedown.compare.arn_normalization import Comparable
from scopedown.compare.doubt import Doubt, doubt_of
from scopedown.compare.fitted import Fitted, Served, Way, fitted
from scopedown.compare.narrows import narrows
from scopedown.compare.subject import Subject
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.project.model import Function, Project, Role
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.write.model import WrittenRole

_SHOWN = 3


@dataclass(frozen=True)
class Before:
    """The roles of a scan, and what their functions need and may need."""

    scan: ProjectScan

    @cached_property
    def scanned(self) -> Mapping[str, FunctionScan]:
        """The functions of the scan by their keys."""
        return {function.function.key: function for function in self.scan.functions}

    @cached_property
    def _comparable(self) -> Comparable:
        return Comparable(self.scan.project, catalog())

    def subject(self, functions: Iterable[Function]) -> Subject:
        """The role that functions had, for them alone; one that allows nothing where the project declares none."""
        found = tuple(self.scanned[function.key] for function in functions)
        keys = tuple(one.function.key for one in found)
        if keys not in self._subjects:
            self._subjects[keys] = self._subject(found)
        return self._subjects[keys]

    @cached_property
    def _subjects(self) -> dict[tuple[str, ...], Subject]:
        return {}

    def _subject(self, found: tuple[FunctionScan, ...]) -> Subject:
        id = found[0].function.role
        if id not in self._roles:
            role = self.scan.project.roles.get(id) or Role(id)
            self._roles[id] = Subject(self.scan, role, found, catalog(), self._comparable)
        return self._roles[id].alone(*found)

    @cached_property
    def _roles(self) -> dict[str, Subject]:
        return {}

    def doubt(self, functions: Iterable[Function]) -> Doubt:
        """What functions may need beside what is known."""
        return doubt_of((self.scanned[function.key] for function in functions), self.scan.project)

    def fitted(self, functions: Sequence[Function], staying: frozenset[Place] = frozenset()) -> tuple[Fitted, Doubt]:
        """What a role must hold for functions beside statements at the ``staying`` places, and what they may need,
        with the statements that stay for it."""
        key = tuple(function.key for function in functions)
        if key not in self._known:
            doubt = self.doubt(functions)
            found = fitted(self.subject(functions), doubt, staying)
            self._known[key] = found, found.kept(doubt)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, ...], tuple[Fitted, Doubt]]:
        return {}

    def wider(self, after: Project, roles: Iterable[WrittenRole]) -> Iterator[tuple[WrittenRole, str]]:
        """The roles that are not proved to be narrower than they were, each with why."""
        scan = replace(self.scan, project=after)
        comparable = Comparable(after, catalog())
        by_key = {function.key: function for function in after.functions}
        for role in roles:
            functions = [by_key[key] for key in role.functions]
            old = self.subject(functions)
            new = Subject(scan, after.roles[role.id], old.functions, catalog(), comparable)
            if reasons := narrows(old, new, self.doubt(functions)):
                more = f" (and {len(reasons) - _SHOWN} more)" if len(reasons) > _SHOWN else ""
                yield role, f"{'; '.join(reasons[:_SHOWN])}{more}"


def unserved(left: Iterable[Served]) -> Iterator[Finding]:
    """What is told of needs that nothing is written for."""
    for served in left:
        function, action = served.need.function.function, served.need.permission.action
        if served.way is Way.HELD:
            yield Finding(
                "write-kept-need",
                f"{function.key} needs {action} on {served.need.arn} and already has it: {served.way.value}; "
                "no statement was added",
                function.place,
                "check that the role allows what the code does",
            )
        else:
            yield Finding(
                "write-unsure", f"{function.key} needs {action} on an unknown resource, and nothing was "
                f"written for it: {served.way.value}", function.place,
                'allow it by hand, or name the resource with the comment "# scopedown: needs ACTION on TARGET"',
            )  # fmt: skip
