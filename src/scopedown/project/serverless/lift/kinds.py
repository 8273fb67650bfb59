"""What each kind of construct makes of its settings; ``constructs.yml`` holds the resources.

Sources: serverless-lift 1.37.7 (MIT), ``dist/src/constructs/aws``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, place_of
from scopedown.project.serverless.lift.model import Construct, at_most, attribute
from scopedown.project.serverless.names import Name, concat, function_id
from scopedown.project.serverless.service import is_text, noded


def queue(construct: Construct) -> None:
    """A queue with its dead letters, an alarm, and the function at work on it."""
    settings, kind = construct.settings, construct.settings.get("encryption")
    key: Any = "alias/aws/sqs" if kind == "kmsManaged" else None
    if kind == "kms":
        id = construct.id(str(settings.get("encryptionKey")))
        construct.add("queue key", key=id)
        key = attribute(id)
    construct.add("queue", key=key, ending=".fifo" if settings.get("fifo") is True else "")
    construct.extends(queue="Queue", dlq="Dlq")
    if settings.get("alarm") is not None:
        construct.add("queue alarm", email=settings["alarm"])
        construct.extends(alarm="Alarm")
    construct.allows.append(construct.tree("queue allows"))
    _worker(construct)


def _worker(construct: Construct) -> None:
    service, settings, place = construct.service, construct.settings, construct.place
    worker = settings.get("worker")
    key = worker if isinstance(worker, str) else f"{construct.name}Worker"
    if isinstance(worker, Mapping):
        construct.add_function(key, worker, place_of(settings, "worker") or place)
    function = service.functions.get(key)
    if not isinstance(function, MapNode):
        service.report("construct-worker", place, name=construct.name)
        return
    size, window, several = (settings.get(key) for key in ("batchSize", "maxBatchingWindow", "maxConcurrency"))
    event = {
        "arn": attribute(construct.id("Queue")),
        "batchSize": 1 if size is None else size,
        "maximumBatchingWindow": 0 if window is None else window,
        "functionResponseType": "ReportBatchItemFailures",
        **({} if several is None else {"maximumConcurrency": several}),
    }
    before = function.get("events")
    events = ListNode([*as_list(before), noded({"sqs": event}, place)], place)
    events.items_at = [place_of(before, index) or place for index in range(len(events) - 1)] + [place]
    function["events"] = events


def storage(construct: Construct) -> None:
    """A bucket."""
    settings = construct.settings
    public, acl, cors = public_objects(settings), settings.get("allowAcl") is True, settings.get("cors")
    encryption = {"kms": "aws:kms"}.get(str(settings.get("encryption")), "AES256")
    blocks = {"blocks lists": public is None or not acl, "is private": public is None}
    given = {"public": public, "acl": acl, "cors": cors, "has cors": cors is not None, "encryption": encryption}
    construct.add("storage", **given, **blocks)
    construct.allows.append(construct.tree("storage allows"))
    construct.extends(bucket="Bucket")


def public_objects(settings: Mapping[str, Any]) -> Name | None:
    """The objects that everybody may read, as a pattern; None where nobody may."""
    written = settings.get("publicPath")
    if written is None:
        return None
    if not isinstance(written, str):
        return Text.unknown("the public path of a storage is not known")
    path = re.sub(r"^/+|/+$", "", written)
    return "*" if path in ("", "*") else f"{path}/*"


def table(construct: Construct) -> None:
    """A table with its indexes."""
    settings = construct.settings
    count = settings.get("gsiCount")
    local = [f"LSI-{number}" for number in range(1, 6)] if settings.get("localSecondaryIndexes") else []
    everywhere = [f"GSI-{number}" for number in range(1, min(count, 20) + 1)] if isinstance(count, int) else []
    keys = ["PK", "SK", *(f"{name}-SK" for name in local)]
    keys += [f"{name}-{kind}" for name in everywhere for kind in ("PK", "SK")]
    construct.add("table", attributes=[{"AttributeName": key, "AttributeType": "S"} for key in keys], **{
        "local indexes": [construct.tree("index", name=name, hash="PK") for name in local] or None,
        "global indexes": [construct.tree("index", name=name, hash=f"{name}-PK") for name in everywhere] or None,
    })  # fmt: skip
    construct.allows.append(construct.tree("table allows"))
    construct.extends(table="Table")


def webhook(construct: Construct) -> None:
    """An HTTP API that puts requests on an event bus, with the function that lets requests through."""
    settings, key = construct.settings, f"{construct.name}Authorizer"
    function = None if settings.get("insecure") is True else function_id(key)
    written = settings.get("authorizer")
    if function and isinstance(written, Mapping):
        construct.add_function(key, written, place_of(settings, "authorizer") or construct.place)
    construct.add("webhook", function=function)
    construct.extends(api="HttpApi", bus="Bus")


def domains(settings: Mapping[str, Any]) -> list[Any]:
    """The domains of a website, the main one first."""
    written = settings.get("domain")
    return [written] if is_text(written) and written else as_list(written)


def static_website(construct: Construct) -> None:
    """Files in a bucket that S3 serves, behind a distribution of CloudFront."""
    redirects = construct.settings.get("redirectToMainDomain") is True and len(domains(construct.settings)) > 1
    _files(construct, hosted=True, everybody="*", app=None, request=_function_name(construct, "request", redirects))


def single_page_app(construct: Construct) -> None:
    """Files in a bucket that CloudFront alone reads."""
    _files(construct, hosted=None, everybody=None, app=True, request=_function_name(construct, "request"))


def _files(construct: Construct, **values: Any) -> None:
    expiring, response = _expiring(construct), _function_name(construct, "response")
    construct.add("static website", expiring=expiring, response=response, **values)
    construct.extends(distribution="CDN", bucket="Bucket")


def server_side_website(construct: Construct) -> None:
    """A bucket of files and a function that writes pages, behind a distribution."""
    settings = construct.settings
    reads = bool(as_map(settings.get("assets"))) or isinstance(settings.get("errorPage"), str)
    request = _function_name(construct, "request")
    construct.add("server-side website", expiring=_expiring(construct), request=request, **{"reads assets": reads})
    construct.extends(distribution="CDN", bucket="Assets")


def _expiring(construct: Construct) -> Any:
    return construct.tree("expiring") if construct.settings.get("versionedAssets") is True else None


def _function_name(construct: Construct, kind: str, exists: bool = True) -> Name | None:
    """The name of a function of CloudFront."""
    service = construct.service
    return at_most(concat(service.stack, f"-{service.region}-{construct.name}-{kind}"), 64) if exists else None


def vpc(construct: Construct) -> None:
    """Two public and two private subnets, and all functions in the private ones."""
    construct.add("vpc")
    for index in (0, 1):
        for kind in ("Public", "Private"):
            path = f"{kind}Subnet{index + 1}"
            parts = {"subnet": "Subnet", "table": "RouteTable", "association": "RouteTableAssociation"}
            parts |= {"route": "DefaultRoute", "address": "EIP", "gateway": "NATGateway"}
            ids = {name: construct.direct_id(f"{path}/{part}") for name, part in parts.items()}
            construct.add("subnet", index=index, kind=kind, path=path, **{"is public": kind == "Public"}, **ids)
    construct.add("security group")
    subnets = [{"Ref": construct.direct_id(f"PrivateSubnet{number}/Subnet")} for number in (1, 2)]
    provider, groups = construct.service.provider, [attribute(construct.id("AppSecurityGroup"), "GroupId")]
    if provider.get("vpc") is not None:
        construct.service.report("construct-refused network", construct.place, name=construct.name)
    elif isinstance(provider, MapNode):
        provider["vpc"] = noded({"securityGroupIds": groups, "subnetIds": subnets}, construct.place)
