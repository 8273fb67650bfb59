"""What CDK adds for its own work: functions that stand behind custom resources, with their roles.

Told by the construct's path in the app, else by the logical id, which is made of the path without its other characters.
Source: aws-cdk-lib 2: ``core/lib/custom-resource-provider`` (``Custom::…CustomResourceProvider``),
``custom-resources/lib/provider-framework`` (``framework-onEvent``), and the singletons' names and uuids in
``aws-logs/lib/log-retention``, ``aws-s3/lib/notifications-resource``, ``aws-s3-deployment/lib/bucket-deployment``,
``custom-resources/lib/aws-custom-resource``, ``aws-stepfunctions-tasks/lib``, ``aws-ses/lib/receipt-rule``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

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
