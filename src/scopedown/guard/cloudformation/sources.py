"""Where a template comes from: the request, S3 (read as the caller), or the stack's last one; and what it asks for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html (TemplateBody, TemplateURL)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from scopedown.guard.cloudformation import parameters, transforms
from scopedown.guard.cloudformation.driver import CLOUDFORMATION, AsCaller, DeniedError
from scopedown.guard.cloudformation.engine import Asking, Engine, InvalidError
from scopedown.guard.cloudformation.external_values import AroundStack
from scopedown.guard.cloudformation.model import Desired, Stack
from scopedown.guard.cloudformation.template import Template, TemplateError, check_references, checked, read, section
from scopedown.guard.model import Check
from scopedown.guard.responses import RefusedError

MAX_BODY: Final = 51_200
MAX_OBJECT: Final = 1_000_000
"""Bytes of a template in the request, and of one in S3
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)."""
NAMED: Final = {
    "AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName", "AWS::IAM::Group": "GroupName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
}  # fmt: skip
"""Types whose own name asks for CAPABILITY_NAMED_IAM."""
GRANTING: Final = {
    *NAMED, "AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy", "AWS::IAM::UserToGroupAddition",
}  # fmt: skip
"""Types that ask for CAPABILITY_IAM
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, Capabilities)."""
_MORE: Final = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"


def body_of(engine: Engine, asking: Asking, stack: Stack | None) -> str:
    """The template's text. Raises RefusedError."""
    given = asking.given
    if given.get("UsePreviousTemplate"):
        if stack is None or not stack.shown.body:
            raise InvalidError("There is no previous template to use.")
        return stack.shown.body
    if (body := given.get("TemplateBody")) is not None:
        if len(str(body).encode()) > MAX_BODY:
            raise InvalidError(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have "
                f"length less than or equal to {MAX_BODY}"
            )
        return _of_aws(str(body), engine, asking.region)
    if url := given.get("TemplateURL"):
        hands = AsCaller(engine.gate, asking.who, asking.account, asking.region)
        return _of_aws(from_s3(hands, str(url)), engine, asking.region)
    raise InvalidError("Either Template URL or Template Body must be specified.")


def _of_aws(body: str, engine: Engine, region: str) -> str:
    """A template with S3's own address where a tool wrote ours, because its requests come here: ``sam package`` names a
    nested template by the endpoint of its client, and ``sam delete`` reads only addresses of S3."""
    if "http://" not in body:
        return body
    return body.replace(f"{engine.gate.client('s3').meta.endpoint_url}/", f"https://s3.{region}.amazonaws.com/")


def from_s3(hands: AsCaller, url: str) -> str:
    """A template's text in S3. Raises RefusedError."""
    bucket, key = _object(url)
    parameters = {"Bucket": bucket, "Key": key}
    via = "" if hands.role else CLOUDFORMATION
    failed = hands.gate.authorise(hands.who, "s3", "GetObject", parameters, via, modelled=True, region=hands.region)
    if failed:
        raise InvalidError(f"S3 error: Access Denied ({failed[0][1]}){_MORE}")
    try:
        found: bytes = hands.perform("s3", "GetObject", parameters)["Body"].read(MAX_OBJECT + 1)
    except ClientError as error:
        raise InvalidError(f"S3 error: {error.response['Error'].get('Message', error)}{_MORE}") from None
    if len(found) > MAX_OBJECT:
        raise InvalidError(f"Template may not exceed {MAX_OBJECT} bytes in size.")
    return found.decode("utf-8", "replace")


def _object(url: str) -> tuple[str, str]:
    """The bucket and the key of a URL: the bucket in the host, or the first part of the path."""
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc and parts.path.strip("/"):
        return parts.netloc, parts.path.lstrip("/")  # how AWS::Include names its files
    host, path = parts.hostname or "", unquote(parts.path.lstrip("/"))
    in_host = host.endswith("amazonaws.com") and not host.startswith(("s3.", "s3-"))
    bucket, key = (host.partition(".s3")[0], path) if in_host else path.partition("/")[::2]
    if parts.scheme not in ("http", "https") or not bucket or not key:
        raise InvalidError("TemplateURL must be a supported URL.")
    return bucket, key


def desired_of(
    engine: Engine, asking: Asking, stack: Stack | None, body: str, hands: AsCaller, *, acknowledged: bool = False
) -> Desired:
    """What a request asks a stack to become. Raises RefusedError.

    ``acknowledged``: transforms need no CAPABILITY_AUTO_EXPAND, as in a change set.
    """
    given, before = asking.given, stack.deployed if stack else Desired()
    try:
        tree = read(body)
        written, values = parameters.values(
            section(checked(tree), "Parameters"), given.get("Parameters") or (), before.given,
            AroundStack(engine, hands).parameters,
        )  # fmt: skip
        _may_transform(engine, asking, transforms.declared(tree))
        texts = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in values.items()}
        template = checked(transforms.processed(tree, texts, asking.account, partial(from_s3, hands)))
        check_references(template)
    except (TemplateError, DeniedError) as error:
        raise InvalidError(str(error)) from None
    except RecursionError:
        raise InvalidError("Template format error: the template is nested too deeply.") from None
    capabilities = tuple(given.get("Capabilities") or ())
    required = capabilities_of(template)
    if transforms.declared(tree) and not acknowledged:
        required = [*required, "CAPABILITY_AUTO_EXPAND"]
    has = {*capabilities, *(["CAPABILITY_IAM"] if "CAPABILITY_NAMED_IAM" in capabilities else [])}
    if missing := [one for one in required if one not in has]:
        raise RefusedError("InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(missing)}]")
    return Desired(
        body, template, written, values, tags_of(given.get("Tags"), before.tags), given.get("RoleARN") or before.role,
        tuple(given["NotificationARNs"] if given.get("NotificationARNs") is not None else before.notifications),
        capabilities,
    )  # fmt: skip


def _may_transform(engine: Engine, asking: Asking, names: Iterable[str]) -> None:
    """Raise RefusedError where the caller may not use a transform of AWS's own
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html)."""
    for name in names:
        if name.startswith("AWS::"):
            arn = f"arn:aws:cloudformation:{asking.region}:aws:transform/{name.removeprefix('AWS::')}"
            one = Check("cloudformation:CreateChangeSet", arn, {"aws:RequestedRegion": asking.region})
            if why := engine.gate.check(asking.who, "cloudformation.CreateChangeSet", one):
                raise RefusedError("AccessDenied", why, 403)


def tags_of(given: Iterable[Mapping[str, str]] | None, before: Mapping[str, str]) -> Mapping[str, str]:
    """The stack's tags: those of the request, else those that it has."""
    return before if given is None else {mapping["Key"]: mapping["Value"] for mapping in given}


def granting(template: Template) -> list[str]:
    """The types of a template that ask for a capability."""
    return sorted({one["Type"] for one in section(template, "Resources").values() if one.get("Type") in GRANTING})


def capabilities_of(template: Template) -> list[str]:
    """The capability that a template's resources ask for."""
    for one in section(template, "Resources").values():
        name = NAMED.get(str(one.get("Type")))
        if name is not None and name in (one.get("Properties") or {}):
            return ["CAPABILITY_NAMED_IAM"]
    return ["CAPABILITY_IAM"] if granting(template) else []
