"""What is told of a synthesized template, with the construct that it is about.

A place in ``cdk.out`` is where ``cdk synth`` wrote something, and nothing that its author knows. In: findings and the
app's resources. Out: the same findings; those inside a resource whose metadata names its construct say that one's path.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from scopedown.core.finding import Finding
from scopedown.project.cdk.own import construct_path
from scopedown.project.model import DeclaredResource, Function, Project


def with_constructs(findings: Iterable[Finding], resources: Mapping[str, DeclaredResource]) -> tuple[Finding, ...]:
    """The findings, those about a construct's resource with ``(the construct Shop/Save)`` behind their message."""
    by_file: dict[str, list[tuple[int, int, str]]] = {}
    for resource in resources.values():
        path = construct_path(resource.attributes).removesuffix("/Resource")
        at = resource.place
        by_file.setdefault(at.file, []).append((at.line, at.column, path))
    for places in by_file.values():
        places.sort()
    return tuple(_with_construct(finding, by_file) for finding in findings)


def by_construct(project: Project) -> tuple[Function, ...]:
    """The functions by their constructs' paths (``Shop/Save``), the names that the app's author knows them by; a
    function that the template names no construct of, or that shares the path, keeps its logical id."""
    paths = {
        function.key: construct_path(project.deployed[function.logical_id].attributes).removesuffix("/Resource")
        for function in project.functions
        if function.logical_id in project.deployed
    }
    number = Counter(paths.values())
    return tuple(
        replace(function, key=path) if (path := paths.get(function.key, "")) and number[path] == 1 else function
        for function in project.functions
    )


def _with_construct(finding: Finding, by_file: Mapping[str, list[tuple[int, int, str]]]) -> Finding:
    place = finding.place
    places = by_file.get(place.file, []) if place is not None else []
    index = bisect_right(places, (place.line, place.column, "\uffff")) - 1 if place is not None else -1
    path = places[index][2] if index >= 0 else ""  # the last resource that begins before the place
    return replace(finding, message=f"{finding.message} (the construct {path})") if path else finding
