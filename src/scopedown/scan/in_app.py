"""A scan of a CDK app as its author knows the app: with the lines that make constructs in the place of the templates'.

In: a scan, whose places are in ``cdk.out``. Out: the same scan for showing; what is compared or written needs the
template's own places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.permissions.model import ConfigSource, RequiredPermission
from scopedown.project.model import DeclaredResource
from scopedown.scan import ProjectScan

if TYPE_CHECKING:
    from scopedown.project.cdk.program.find import App


def in_app(scan: ProjectScan) -> ProjectScan:
    """The scan with the app's own places; of any other project the scan itself."""
    if scan.project.framework != "cdk":
        return scan
    from scopedown.project.cdk.program.find import App  # it loads parsers

    places = _Places(App(scan.project))
    project = scan.project
    functions = {one.key: replace(one, place=places.of(one.place)) for one in project.functions}
    shown = replace(
        project,
        functions=tuple(functions.values()),
        resources=places.of_all(project.resources),
        generated=places.of_all(project.generated),
        findings=places.in_findings(project.findings),
    )
    return ProjectScan(
        shown,
        tuple(
            replace(
                one,
                function=functions.get(one.function.key, one.function),
                permissions=tuple(map(places.in_permission, one.permissions)),
            )
            for one in scan.functions
        ),
        places.in_findings(scan.findings),
    )


@dataclass(frozen=True)
class _Places:
    """The app's places for those of the templates."""

    app: App

    def of(self, place: Place) -> Place:
        """The line that makes the construct whose resource is at a place; the place itself where it is not known."""
        begins = self._resources.get(place.file, [])
        index = bisect_right(begins, (place.line, place.column, "\uffff")) - 1
        path = begins[index][2] if index >= 0 else ""
        found = self.app.around(path) if path else None
        return found.place if found is not None else place

    def of_all(self, resources: Mapping[str, DeclaredResource]) -> dict[str, DeclaredResource]:
        """Resources with the app's places."""
        return {id: replace(one, place=self.of(one.place)) for id, one in resources.items()}

    def in_permission(self, one: RequiredPermission) -> RequiredPermission:
        """A permission whose settings are at the app's places."""
        because = tuple(
            replace(reason, place=self.of(reason.place)) if isinstance(reason, ConfigSource) else reason
            for reason in one.because
        )
        return replace(one, because=because)

    def in_findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings at the app's places."""
        return tuple(replace(one, place=self.of(one.place)) if one.place is not None else one for one in findings)

    @cached_property
    def _resources(self) -> dict[str, list[tuple[int, int, str]]]:
        """Where the resources of each template begin, with their constructs' paths."""
        from scopedown.project.cdk.constructs import construct_path

        found: dict[str, list[tuple[int, int, str]]] = {}
        for one in self.app.project.deployed.values():
            path = construct_path(one.attributes)
            found.setdefault(one.place.file, []).append((one.place.line, one.place.column, path))
        for places in found.values():
            places.sort()
        return found
