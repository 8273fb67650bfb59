"""The name, the ids and the attributes of a resource: the template's, CloudFormation's, or what stands in for them.

In: a type, its properties. Out: its name, by the rule of :mod:`scopedown.deploy.names`, so that the pattern in a
deployment policy matches it; and what ``Ref`` and ``Fn::GetAtt`` give where the local AWS does not say it, in the form
that AWS's have: the registry's (the catalog's attributes and ARN templates), by the end of an attribute's name.
"""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.deploy.names import generated_name
from scopedown.deploy.rows import name_rows
from scopedown.guard.cloudformation.driver import Place
from scopedown.guard.cloudformation.provision_calls import arn_of
from scopedown.permissions.declared import OWN_ARN


def name_property(type: str) -> str:
    """The property that names a type's resources; empty where a service makes the id."""
    row = name_rows().get(type)
    if row is not None:
        return row.name
    known = catalog().cloudformation_type(type)
    return (known.name_property if known else "") or ""


def is_own_name(type: str, property: str) -> bool:
    """Whether a property names the resource itself, and not the one that it belongs to.

    >>> is_own_name("AWS::S3::Bucket", "BucketName"), is_own_name("AWS::S3::BucketPolicy", "Bucket")
    (True, False)
    """
    kind = type.rpartition("::")[2]
    return property in ("Name", kind) or kind.endswith(property.removesuffix("Name").removesuffix("Identifier") or "?")


def name_of(type: str, place: Place, properties: Mapping[str, Any]) -> str:
    """The name; empty where a resource has none."""
    property = name_property(type)
    if not property:
        return ""
    written = properties.get(property)
    if isinstance(written, str | int) and written != "":
        return str(written)
    row = name_rows().get(type)
    limit, form = (row.limit, row.form) if row else (0, "")
    return concrete(generated_name(place.stack, place.logical_id, limit, form), form, place.random)


def concrete(pattern: str, form: str, random: str) -> str:
    """A generated name by its pattern: what a cut leaves open is nothing, and the end is random.

    >>> concrete("app-api*-serverlessdeploymentbuck*", "lower", "1P6F52DNZSQ7")
    'app-api-serverlessdeploymentbuck-1p6f52dnzsq7'
    """
    joint = "_" if form == "word" else ""
    name = pattern.removesuffix("*").rstrip("-").replace("*", joint) + ("_" if form == "word" else "-") + random
    return name.lower() if form == "lower" else name.lstrip("-_")


PREFIXES = {
    "AWS::EC2::EIP": "eipalloc-",
    "AWS::EC2::EgressOnlyInternetGateway": "eigw-",
    "AWS::EC2::Instance": "i-",
    "AWS::EC2::InternetGateway": "igw-",
    "AWS::EC2::LaunchTemplate": "lt-",
    "AWS::EC2::NatGateway": "nat-",
    "AWS::EC2::NetworkAcl": "acl-",
    "AWS::EC2::NetworkInterface": "eni-",
    "AWS::EC2::RouteTable": "rtb-",
    "AWS::EC2::SecurityGroup": "sg-",
    "AWS::EC2::Subnet": "subnet-",
    "AWS::EC2::VPC": "vpc-",
    "AWS::EC2::VPCEndpoint": "vpce-",
    "AWS::EC2::Volume": "vol-",
    "AWS::EFS::AccessPoint": "fsap-",
    "AWS::EFS::FileSystem": "fs-",
    "AWS::EFS::MountTarget": "fsmt-",
}
"""How an id begins (the examples of each type's page, "Return values"); its end is 17 hexadecimal digits."""
HOSTS = ("Url", "URL", "Endpoint", "DomainName", "Uri", "DNSName", "Address")
NUMBERS = {"Port": "443", "Version": "1", "LatestVersionNumber": "1", "DefaultVersionNumber": "1"}


def stand_in_id(type: str, seed: str) -> str:
    """An id as the service makes them; the same for the same resource."""
    own = random.Random(seed)
    if type in PREFIXES:
        return PREFIXES[type] + "".join(own.choices("0123456789abcdef", k=17))
    return "".join(own.choices(string.ascii_lowercase + string.digits, k=10))


def ref_of(type: str, place: Place, properties: Mapping[str, Any], name: str) -> str:
    """What ``Ref`` gives: the name, the ARN, or an id. ``name`` is empty where the service makes the id."""
    row, known = name_rows().get(type), catalog().cloudformation_type(type)
    id = stand_in_id(type, f"{place.stack}{place.logical_id}{place.random}")
    said = known.ref or "" if known else ""
    if "|" in said and row is None:
        return "|".join(str(properties.get(part) or (name or id)) for part in said.split("|"))
    if row is not None and row.ref == "id":
        return id
    gives_arn = row.ref == "arn" if row is not None and row.ref else OWN_ARN.get(type, ("",))[0] == "Ref"
    if gives_arn or (row is None and type not in OWN_ARN and said.endswith("Arn")):
        written = properties.get(said)
        return str(written) if isinstance(written, str) else arn_of(type, place, properties, name or id) or name or id
    if said and isinstance(properties.get(said), str):
        return str(properties[said])
    return name or id


def attributes_of(
    type: str, place: Place, properties: Mapping[str, Any], ref: str, told: Mapping[str, str]
) -> dict[str, Any]:
    """Every attribute of the type: as the service told it, as a property has it, or what stands in for it."""
    known = catalog().cloudformation_type(type)
    found: dict[str, Any] = dict(told)
    kind = type.rpartition("::")[2]
    id = ref.rpartition("/")[2].rpartition(":")[2] or ref
    for name in known.attributes if known else ():
        if name not in found:
            found[name] = _attribute(name, kind, type, place, properties, ref, id)
    return found


def _attribute(name: str, kind: str, type: str, place: Place, properties: Mapping[str, Any], ref: str, id: str) -> Any:
    own = properties.get(name)
    if isinstance(own, str | int | float):
        return str(own)
    last = name.rpartition(".")[2]
    if last.endswith(("Arn", "ARN")):
        return _arn(last, kind, type, place, properties, ref, id)
    if last.endswith(HOSTS):
        host = f"{id.lower()}.{type.split('::')[1].lower()}.{place.region}.amazonaws.com"
        return f"https://{host}/" if last.endswith(("Url", "URL", "Uri")) else host
    if last in NUMBERS or last.endswith("Port"):
        return NUMBERS.get(last, "443")
    if last in ("Id", f"{kind}Id", "Name", f"{kind}Name") or last.endswith("Id"):
        return id
    if last.endswith("s") and not last.endswith(("Status", "ss")):
        return []
    return id


def _arn(last: str, kind: str, type: str, place: Place, properties: Mapping[str, Any], ref: str, id: str) -> str:
    own = last.lower() in ("arn", f"{kind}arn".lower())
    if ref.startswith("arn:") and own:
        return ref
    arn = arn_of(type, place, properties, id)
    if own and type == "AWS::Logs::LogGroup":
        return f"{arn}:*"
    if own and arn:
        return arn
    service = type.split("::")[1].lower()
    return f"{arn}/{last[:-3].lower()}" if arn else f"arn:aws:{service}:{place.region}:{place.account}:{id}"
