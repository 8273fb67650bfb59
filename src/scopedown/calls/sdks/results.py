"""What some results tell, in every SDK: names that follow from a call's arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scopedown.calls.sdks.named_arns import named_arns
from scopedown.calls.sdks.tokens import tokens
from scopedown.calls.values import Const, TextValue, Value, as_text, from_text, join, options
from scopedown.core.text import EnvVar, Literal, Pseudo, Text

IN_PARTS = "$parts"
"""Stands among the arguments of an upload of which parts may be sent: they take more of a key."""
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d+")
_OWN_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Lambda sets them (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""


def named_region(value: Value | None) -> Const | TextValue | None:
    """The region that a client is made for, where the code or the environment names it; None: the function's own."""
    if isinstance(value, Const) and isinstance(value.value, str) and _REGION.fullmatch(value.value):
        return value
    if isinstance(value, TextValue) and len(value.text.parts) == 1:
        part = value.text.parts[0]
        return value if isinstance(part, EnvVar) and part.name not in _OWN_REGION else None
    return None


_OTHER_VENDORS = re.compile(
    r"(?:^|[/.])(?:"
    r"aliyuncs\.com|appdomain\.cloud|backblazeb2\.com|cloudflarestorage\.com|contabostorage\.com|"
    r"digitaloceanspaces\.com|exo\.io|filebase\.com|googleapis\.com|idrivee2-\d+\.com|ionoscloud\.com|leviia\.com|"
    r"linodeobjects\.com|lyvecloud\.seagate\.com|min\.io|myqcloud\.com|oraclecloud\.com|ovh\.net|scw\.cloud|"
    r"storjshare\.io|supabase\.co|tigris\.dev|tebi\.io|vultrobjects\.com|wasabisys\.com|yandexcloud\.net|"
    r"your-objectstorage\.com)(?:[/:]|$)"
)
"""Hosts of vendors whose storage speaks S3's protocol (each vendor's own page of its endpoints)."""


def is_local(endpoint: Value | None) -> bool:
    """Whether an address is that of a stand-in on the developer's machine."""
    if isinstance(endpoint, Const) and isinstance(endpoint.value, str):
        return any(host in endpoint.value for host in ("localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"))
    return False


def is_elsewhere(endpoint: Value | None) -> bool:
    """Whether a client speaks to another vendor's service, which no IAM policy guards. A host that only looks private
    (``localhost``, ``minio``) stands in for AWS on somebody's machine: the deployed code speaks to AWS."""
    if endpoint is None:
        return False
    texts = [as_text(option) for option in options(endpoint)]
    return all(text is not None and _of_other_vendor(text) for text in texts)


def _of_other_vendor(text: Text) -> bool:
    known = "".join(part.value if isinstance(part, Literal) else "x" for part in text.parts)
    return _OTHER_VENDORS.search(known) is not None


def named_result(service: str, operation: str, arguments: Mapping[str, Value]) -> dict[str, Value]:
    """The members of a result that are known beforehand, and those that stand for what was named."""
    match service, operation:
        case "sqs", "GetQueueUrl" | "CreateQueue":
            return {"QueueUrl": queue_url(arguments)}
        case _:
            return {**named_arns(service, operation, arguments), **tokens(service, operation, arguments)}


def queue_url(arguments: Mapping[str, Value]) -> Value:
    """The URL of a queue by its name (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
    sqs-queue-message-identifiers.html), in the function's region."""
    account = arguments.get("QueueOwnerAWSAccountId")
    owner = (as_text(account) if account is not None else None) or Text.of(Pseudo("AWS::AccountId"))
    start = Text.of("https://sqs.", Pseudo("AWS::Region"), ".amazonaws.com/", owner, "/")
    return _named(start, arguments.get("QueueName"))


def _named(start: Text, name: Value | None) -> Value:
    names = [as_text(option) for option in options(name)] if name is not None else [Text.unknown("a name")]
    return join(*(from_text(Text.of(start, text or Text.unknown("a name"))) for text in names))
