"""The SDKs' facts: services, operations, paginators, waiters, roles. Sources: ``botocore``, npm ``aws-sdk``."""

from __future__ import annotations

import gzip
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from catalog.sources import Sources, Wheel
from catalog.write import Table


def tables(sources: Sources) -> Iterator[Table]:
    """``services``, ``operations``, ``waiters``; the names that scripts cannot know stand in the overlay."""
    wheel = sources.wheel("botocore")
    xform = xform_name(wheel)
    models = dict(service_models(wheel))
    v2 = v2_classes(sources)
    prefixes = {action.split(":")[0] for action in sources.actions}
    services: list[tuple[str, ...]] = []
    operations: list[tuple[str, ...]] = []
    waiters: list[tuple[str, ...]] = []
    roles: list[tuple[str, ...]] = []
    for service, model in models.items():
        meta = model["service"]["metadata"]
        signing, endpoint = meta.get("signingName", ""), meta["endpointPrefix"]
        prefix = next((p for p in (signing, endpoint) if p in prefixes), "")
        v2_class = v2.get(meta["uid"].lower()) or v2.get(meta["serviceId"].lower()) or ""
        package = "@aws-sdk/client-" + re.sub(r"[^a-z0-9]+", "-", meta["serviceId"].lower())
        services.append((service, prefix, meta["serviceId"], v2_class, package, signing or endpoint))
        paginators = set(model["paginators"].get("pagination", {}))
        for name, operation in model["service"]["operations"].items():
            http = operation["http"]
            anonymous = operation.get("authtype") == "none" or operation.get("auth") == ["smithy.api#noAuth"]
            operations.append(
                (
                    service,
                    name,
                    xform(name),
                    f"{http['method']} {http['requestUri']}",
                    "none" if anonymous else "",
                    "yes" if name in paginators else "",
                    members(model["service"], operation),
                )
            )
            roles += [(service, name, path) for path in role_parameters(model["service"], operation)]
        for name, waiter in model["waiters"].get("waiters", {}).items():
            waiters.append((service, name, xform(name), waiter["operation"]))
    yield Table("services", ("service", "prefix", "service_id", "v2_class", "v3_package", "signing_name"), services)
    columns = ("service", "operation", "method", "http", "auth", "paginated", "members")
    yield Table("operations", columns, operations)
    yield Table("role_parameters", ("service", "operation", "parameter"), roles)
    yield Table("waiters", ("service", "waiter", "method", "operation"), waiters)


def members(service: dict[str, Any], operation: dict[str, Any]) -> str:
    """The input's top-level members in order, space separated, ``*`` after those required."""
    if "input" not in operation:
        return ""
    shape = service["shapes"][operation["input"]["shape"]]
    required = set(shape.get("required", ()))
    return " ".join(f"{m}*" if m in required else m for m in shape.get("members", {}))


def service_models(wheel: Wheel) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each service with its newest API version's model, paginators and waiters, extras merged as botocore does."""
    versions: dict[str, str] = {}
    for name in wheel.names:
        if (match := re.match(r"botocore/data/([^/]+)/([^/]+)/service-2\.json", name)) is not None:
            versions[match[1]] = max(versions.get(match[1], ""), match[2])
    for service, version in sorted(versions.items()):
        folder = f"botocore/data/{service}/{version}/"
        read: dict[str, Any] = {}
        for kind, stem in (("service", "service-2"), ("paginators", "paginators-1"), ("waiters", "waiters-2")):
            read[kind] = {}
            for file in (f"{stem}.json", f"{stem}.json.gz", f"{stem}.sdk-extras.json"):
                if folder + file in wheel.names:
                    data = wheel.json(folder + file)
                    _merge(read[kind], data.get("merge", {}) if "extras" in file else data)
        yield service, read


def _merge(base: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def xform_name(wheel: Wheel) -> Callable[[str], str]:
    """botocore's own function from API names to Python names, imported out of the wheel."""
    sys.path.insert(0, str(wheel.path))
    function: Callable[[str], str] = importlib.import_module("botocore").xform_name
    return function


def v2_classes(sources: Sources) -> dict[str, str]:
    """aws-sdk v2's class names by the API's uid and by serviceId, lower case."""
    found: dict[str, str] = {}
    with sources.npm_archive("aws-sdk") as archive:
        names = {m.name.removeprefix("package/"): m for m in archive.getmembers()}

        def read(name: str) -> Any:
            file = archive.extractfile(names[name])
            assert file is not None
            data = file.read()
            return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)

        for identifier, entry in read("apis/metadata.json").items():
            prefix = entry.get("prefix", identifier)
            pattern = re.compile(rf"apis/{re.escape(prefix)}-\d{{4}}-\d\d-\d\d\.min\.json$")
            for name in sorted(filter(pattern.match, names)):
                meta = read(name)["metadata"]
                found.setdefault(meta.get("uid", Path(name).name.removesuffix(".min.json")).lower(), entry["name"])
                found[meta.get("serviceId", entry["name"]).lower()] = entry["name"]
    return found


ROLE = re.compile(r"(^|[a-z])roles?(arn)?s?$", re.IGNORECASE)


def role_parameters(service: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    """Paths of the input's string members named like a role (``Role``, ``executionRoleArn``), outermost first."""
    if "input" not in operation:
        return
    queue: list[tuple[str, str, tuple[str, ...]]] = [("", operation["input"]["shape"], ())]
    while queue:
        path, name, above = queue.pop(0)
        if name in above or len(above) > 5:
            continue
        shape = service["shapes"][name]
        above = (*above, name)
        if shape["type"] == "structure":
            for member, target in shape.get("members", {}).items():
                queue.append((f"{path}.{member}" if path else member, target["shape"], above))
        elif shape["type"] == "list":
            queue.append((f"{path}[]", shape["member"]["shape"], above))
        elif shape["type"] == "string" and not shape.get("enum") and ROLE.search(path.replace("[]", "").split(".")[-1]):
            yield path
