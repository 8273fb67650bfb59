"""Drift: how the resources of a stack differ from its template.

A detection is done before its request is answered. Each resource whose type can be read (:mod:`.readers`) is read in
the caller's name, so that the caller needs what the types' read handlers do; nested stacks are not entered.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from scopedown.guard.cloudformation import readers
from scopedown.guard.cloudformation.differences import Difference, differences, tag_differences
from scopedown.guard.cloudformation.driver import DeniedError
from scopedown.guard.cloudformation.engine import Asking, Engine, InvalidError
from scopedown.guard.cloudformation.failures import reason_of
from scopedown.guard.cloudformation.model import Detection, ResourceDrift, Stack
from scopedown.guard.cloudformation.moto_types import at
from scopedown.guard.cloudformation.provision import STAND_IN, Provisioned, subject_of
from scopedown.guard.cloudformation.reading import Answer, page
from scopedown.guard.cloudformation.service_client import AsCaller
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import Check
from scopedown.guard.responses import RefusedError

CHECKABLE: Final = frozenset({
    "CREATE_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
})  # fmt: skip
"""Statuses in which drift can be detected (the page above, "Considerations"; imports: unverified)."""
PARTS: Final = "DetectStackResourceDrift"


def detect_stack_drift(engine: Engine, asking: Asking) -> Answer:
    """Check all resources, or those that are named."""
    stack = _checkable(engine, asking)
    arn = f"arn:aws:cloudformation:{asking.region}:{asking.account}:stack/{stack.name}/*"
    part = Check(f"cloudformation:{PARTS}", arn, {"aws:RequestedRegion": asking.region})
    if why := engine.gate.check(asking.who, "cloudformation.DetectStackDrift", part):
        raise RefusedError("AccessDenied", why, 403)
    wanted = asking.given.get("LogicalResourceIds") or list(stack.made)
    for id in wanted:
        _known(stack, id)
    with engine.working(stack):
        found = {id: _drift(engine, asking, stack, id) for id in wanted}
        stack.drifts |= found
        stack.drift_checked = datetime.now(UTC)
    failed = [id for id, drift in found.items() if drift.status == "UNKNOWN"]
    told = [found[id].reason for id in failed]
    detection = Detection(
        str(uuid.uuid4()), stack.id, stack.drift, datetime.now(UTC),
        f"Failed to detect drift on resource(s) [{', '.join(failed)}]. {' '.join(told)}" if failed else "",
        sum(1 for drift in found.values() if drift.status in ("MODIFIED", "DELETED")),
    )  # fmt: skip
    engine.detections[detection.id] = detection
    return {"StackDriftDetectionId": detection.id}


def detect_stack_resource_drift(engine: Engine, asking: Asking) -> Answer:
    """Check one resource."""
    stack, id = _checkable(engine, asking), str(asking.given.get("LogicalResourceId"))
    made = _known(stack, id)
    if not _can_be_read(made):
        raise InvalidError(f"Resource type {made.type} does not support drift detection.")  # words unverified
    with engine.working(stack):
        drift = stack.drifts[id] = _drift(engine, asking, stack, id)
    if drift.status == "UNKNOWN":
        raise RefusedError("AccessDenied", drift.reason, 403)
    return {"StackResourceDrift": _shown(stack, id, drift)}


def describe_stack_drift_detection_status(engine: Engine, asking: Asking) -> Answer:
    """How a detection ended."""
    id = str(asking.given.get("StackDriftDetectionId"))
    found = engine.detections.get(id)
    if found is None:
        raise InvalidError(f"StackDriftDetectionId {id} does not exist.")  # words unverified
    return {
        "StackId": found.stack, "StackDriftDetectionId": id, "Timestamp": found.time,
        "DetectionStatus": "DETECTION_FAILED" if found.reason else "DETECTION_COMPLETE",
        **({"DetectionStatusReason": found.reason} if found.reason else {}),
        "StackDriftStatus": found.status, "DriftedStackResourceCount": found.drifted,
    }  # fmt: skip


def describe_stack_resource_drifts(engine: Engine, asking: Asking) -> Answer:
    """What was found for the resources that were checked."""
    stack = engine.find(asking, str(asking.given.get("StackName")))
    wanted = asking.given.get("StackResourceDriftStatusFilters") or ()
    rows = [
        _shown(stack, id, drift) for id, drift in sorted(stack.drifts.items())
        if drift.status != "NOT_CHECKED" and (not wanted or drift.status in wanted)
    ]  # fmt: skip
    return page("StackResourceDrifts", rows, asking)


def _checkable(engine: Engine, asking: Asking) -> Stack:
    stack = engine.find(asking, str(asking.given.get("StackName")))
    if stack.status not in CHECKABLE:
        # in what are CloudFormation's words for other operations; unverified
        raise InvalidError(f"Stack:{stack.id} is in {stack.status} state and drift can not be detected.")
    return stack


def _known(stack: Stack, id: str) -> Made:
    if id not in stack.made:
        raise InvalidError(f"Resource {id} does not exist for stack {stack.name}")
    return stack.made[id]


def _can_be_read(made: Made) -> bool:
    return isinstance(made, Provisioned) and made.how != STAND_IN and readers.is_readable(made.type)


def _drift(engine: Engine, asking: Asking, stack: Stack, id: str) -> ResourceDrift:
    """What a resource has that differs from its template."""
    made, now = stack.made[id], datetime.now(UTC)
    if not _can_be_read(made):
        return ResourceDrift("NOT_CHECKED", now)
    assert isinstance(made, Provisioned)
    expected = {name: value for name, value in made.properties.items() if not _is_dynamic(made.declared.get(name))}
    hands = AsCaller(engine.gate, asking.who, asking.account, asking.region, id)
    try:
        live = readers.read(hands, made.type, subject_of(made, expected))
    except readers.GoneError:
        return ResourceDrift("DELETED", now, expected)
    except DeniedError as error:
        return ResourceDrift("UNKNOWN", now, expected, reason=str(error))
    except ClientError as error:
        return ResourceDrift("UNKNOWN", now, expected, reason=reason_of(error, made.type))
    found: list[Difference] = []
    actual: dict[str, Any] = {}
    for path, value in live.items():
        differs = _differing(stack, path, expected, value)
        found += differs
        name, _, rest = path.partition(".")
        if not differs:
            actual.setdefault(name, expected.get(name))
        elif value is not None:
            actual[name] = {**expected[name], rest: value} if rest else value
    return ResourceDrift("MODIFIED" if found else "IN_SYNC", now, expected, actual, tuple(found))


def _differing(stack: Stack, path: str, expected: Mapping[str, Any], live: Any) -> list[Difference]:
    wanted = at(path, expected)
    where = "/" + path.replace(".", "/")
    if path.endswith("Tags"):
        return list(tag_differences(where, wanted, live, stack.deployed.tags))
    return [] if wanted is None else list(differences(where, wanted, live))


def _is_dynamic(declared: Any) -> bool:
    """Whether a property has a secret of its own in it, which is not shown."""
    return "{{resolve:" in json.dumps(declared, default=str)


def _shown(stack: Stack, id: str, drift: ResourceDrift) -> dict[str, Any]:
    made = stack.made.get(id)
    return {
        "StackId": stack.id, "LogicalResourceId": id, "PhysicalResourceId": made.physical if made else "",
        "ResourceType": made.type if made else "", "StackResourceDriftStatus": drift.status, "Timestamp": drift.time,
        **({"DriftStatusReason": drift.reason} if drift.reason else {}),
        **({"ExpectedProperties": json.dumps(drift.expected, default=str)} if drift.status != "UNKNOWN" else {}),
        **({"ActualProperties": json.dumps(drift.actual, default=str), "PropertyDifferences": list(drift.differences)}
           if drift.status in ("IN_SYNC", "MODIFIED") else {}),
    }  # fmt: skip


OPERATIONS: Final[Mapping[str, Callable[[Engine, Asking], Answer]]] = {
    "DescribeStackDriftDetectionStatus": describe_stack_drift_detection_status,
    "DescribeStackResourceDrifts": describe_stack_resource_drifts,
    "DetectStackDrift": detect_stack_drift,
    "DetectStackResourceDrift": detect_stack_resource_drift,
}
