"""What CDK adds for its own work: functions that stand behind custom resources, with their roles.

Told by the construct's path in the app, else by the logical id, which is made of the path without its other characters.
Source: aws-cdk-lib 2: ``core/lib/custom-resource-provider`` (``Custom::…CustomResourceProvider``),
``custom-resources/lib/provider-framework`` (``framework-onEvent``), and the singletons' names and uuids in
``aws-logs/lib/log-retention``, ``aws-s3/lib/notifications-resource``, ``aws-s3-deployment/lib/bucket-deployment``,
``custom-resources/lib/aws-custom-resource``, ``aws-stepfunctions-tasks/lib``, ``aws-ses/lib/receipt-rule``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.tables import typed_rows
from scopedown.project.model import DeclaredResource, Function, Project

_HEX: Final = "[0-9a-fA-F]{32}"
_SEGMENT: Final = re.compile(
    rf"Custom::.+CustomResourceProvider|Custom::CDK\w+{_HEX}|(?:AWS|LogRetention|BucketNotificationsHandler|Eval"
    rf"|CrossRegionAwsSdk){_HEX}|framework-on(?:Event|Complete|Timeout)|framework-isComplete|@aws-cdk--.+"
    r"|com\.amazonaws\.cdk\..+|SingletonLambda(?:224e77f9a32e4b4dac32983477abba16|8693BB64968944B69AAFB0CC9EB8757C)"
    r"|CDKMetadata|waiter-state-machine"
)
_LOGICAL: Final = re.compile(
    rf"Custom\w+CustomResourceProvider(?:Handler|Role)[0-9A-F]{{8}}|CustomCDK\w+{_HEX}\w*"
    rf"|(?:AWS|LogRetention|BucketNotificationsHandler|Eval|CrossRegionAwsSdk){_HEX}\w*"
    r"|\w*framework(?:on(?:Event|Complete|Timeout)|isComplete)\w*|awscdkaws\w+|CDKMetadata"
)


def is_own(logical_id: str, resource: Mapping[str, Any]) -> bool:
    """Whether a resource is CDK's own, and not one that the app's author writes a construct for."""
    path = construct_path(resource)
    if path:
        return any(_SEGMENT.fullmatch(segment) for segment in path.split("/"))
    return _LOGICAL.fullmatch(logical_id) is not None


def construct_path(resource: Mapping[str, Any]) -> str:
    """A resource's path in the app; empty where the template does not say it."""
    metadata = resource.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, Mapping) else None
    return path if isinstance(path, str) else ""


# What is told of a synthesized template, with the construct that it is about: a place in ``cdk.out`` is where ``cdk
# synth`` wrote something, and nothing that its author knows.


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


# What is known of the constructs of aws-cdk-lib: ``l2.tsv``.


@dataclass(frozen=True, slots=True)
class Construct:
    """The constructs that make resources of one type; ``attributes`` has a resource's attribute → their property."""

    classes: tuple[str, ...]
    attributes: Mapping[str, str]
    has_grant: bool


@cache
def constructs() -> dict[str, Construct]:
    """CloudFormation type → its constructs."""
    return dict(typed_rows(Path(__file__).with_name("l2.tsv"), _made))


def _made(row: Mapping[str, str]) -> tuple[str, Construct]:
    attributes = dict(pair.split("=") for pair in row["attributes"].split())
    return row["type"], Construct(tuple(row["classes"].split()), attributes, row["grant"] == "grant")


def low_level(type: str) -> str:
    """The class of aws-cdk-lib that is the resource itself (L1): ``CfnTable``."""
    return f"Cfn{type.rpartition('::')[2]}"


def makes(kind: str, type: str) -> bool:
    """Whether a class of this name makes resources of a type."""
    known = constructs().get(type)
    if kind == low_level(type):
        return True
    if known is None:
        return kind == type.rpartition("::")[2]
    return kind in known.classes or (type == "AWS::Lambda::Function" and kind.endswith("Function"))
