"""AWS's sentences about denials, wherever they are in a text: an exception, a log, CloudFormation's reason.

Source of the forms: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, and for S3
https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.denied.model import Denial
from scopedown.iam.document import Kind

_KINDS = {
    "identity-based policy": Kind.IDENTITY,
    "resource-based policy": Kind.RESOURCE,
    "permissions boundary": Kind.BOUNDARY,
    "session policy": Kind.SESSION,
    "service control policy": Kind.SCP,
    "resource control policy": Kind.RCP,
    "vpc endpoint policy": Kind.VPCE,
    "role trust policy": Kind.TRUST,
}
"""AWS's words for the kind of policy that denied."""
_KIND = "|".join(map(re.escape, _KINDS))
_ACTION = r"[a-zA-Z0-9-]+:[A-Za-z0-9*]+"
_SENTENCE = re.compile(
    rf"""(?:(?:User|user):\s*(?P<caller>.{{1,600}}?)\s+is\s+|\b(?:You\s+are\s+)?)
    not\s+authorized\s+to\s+(?:perform|do)\s*:?\s*['"]?(?P<action>{_ACTION})['"]?
    (?:\s+on\s+(?:the\s+)?resource(?:s)?\s*:?\s*["']?(?P<resource>.{{1,2048}}?)["']?)?
    (?:\s+(?:
        because\s+no\s+(?P<implicit>{_KIND})\s+allows\s+the\s+\S+\s+action
      | with\s+an\s+explicit\s+deny(?:\s+in\s+(?:an?|the)\s+(?P<explicit>{_KIND}))?
        (?:\s*:\s*(?P<policy>arn:\S+?))?
      ))?
    (?=$|[\s.,;)"'\\\]])""",
    re.VERBOSE | re.IGNORECASE,
)
_END = re.compile(
    r"""\s+(?=because\s+no\s|with\s+an\s+explicit)|["'\\]|\s*\(Service:|\s*\(RequestToken|\.\s|\.$|\s\s|,\s"""
)
_CALLING = re.compile(
    r"(?:\((?P<code>[A-Za-z.]+)\)\s+)?when\s+calling\s+the\s+(?P<operation>[A-Za-z0-9]+)\s+operation"
    r"|(?P<go>[A-Za-z0-9 ]+): (?P<go_operation>[A-Za-z0-9]+), (?:https response error|exceeded maximum)"
)
_CODES = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden", "403")
_ROLE_OF_FUNCTION = re.compile(
    r"execution role does not have permissions to call (?P<operation>[A-Za-z]+) on (?P<service>[A-Za-z0-9]+)"
)
"""Lambda's words where it makes a trigger or puts a function into a network
(https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html)."""
_ENCODED = re.compile(r"Encoded authorization failure message:?\s*(?P<text>[A-Za-z0-9_-]{40,})")
_PASS_ROLE = re.compile(r"Cross-account pass role is not allowed", re.IGNORECASE)
_PREFIXES = {"ec2": "ec2", "sqs": "sqs", "kinesis": "kinesis", "dynamodb": "dynamodb", "kafka": "kafka"}


def sentences(text: str) -> Iterator[Denial]:
    """Every denial that AWS states in a text, in its order.

    >>> [found] = sentences("User: arn:aws:iam::111122223333:user/jo is not authorized to perform: s3:PutObject on "
    ...     "resource: \\"arn:aws:s3:::b/k\\" because no identity-based policy allows the s3:PutObject action")
    >>> found.action, found.resource, str(found.kind), found.explicit
    ('s3:PutObject', 'arn:aws:s3:::b/k', 'identity', False)
    """
    text = re.sub(r"\s+", " ", text.replace('\\"', '"').replace("\\n", " "))
    found = False
    for match in _SENTENCE.finditer(text):
        found = True
        implicit, explicit = match["implicit"], match["explicit"]
        words = (implicit or explicit or "").lower()
        is_explicit = True if explicit or "explicit deny" in match[0].lower() else False if implicit else None
        yield Denial(
            _clean(match["caller"]), match["action"], _resource(text, match), _KINDS.get(words), is_explicit,
            (match["policy"] or "").rstrip(".,;"),
        )  # fmt: skip
    for match in _ROLE_OF_FUNCTION.finditer(text):
        found = True
        prefix = match["service"].lower()
        yield Denial(action=f"{_PREFIXES.get(prefix, prefix)}:{match['operation']}", kind=Kind.IDENTITY, explicit=False,
                     note="of the function's execution role")  # fmt: skip
    if _ENCODED.search(text):
        found = True
        message = "decode the message: aws sts decode-authorization-message --encoded-message TEXT"
        yield Denial(note=f"{message}, and pass the answer to scopedown denied")
    if _PASS_ROLE.search(text):
        found = True
        yield Denial(action="iam:PassRole", note="a role can only be passed inside its own account")
    if not found:
        yield from _operations(text)


def _operations(text: str) -> Iterator[Denial]:
    """Denials of which only the API operation is known: botocore's and Go's words."""
    if not any(code in text for code in _CODES):
        return
    for match in _CALLING.finditer(text):
        operation = match["operation"] or match["go_operation"]
        yield Denial(
            operation=operation, note="" if match["code"] in (None, *_CODES) else f"AWS's code is {match['code']}"
        )


def _clean(caller: str | None) -> str:
    """A caller without quotation marks."""
    return (caller or "").strip("\"' ")


def _resource(text: str, match: re.Match[str]) -> str:
    """What AWS prints for the resource. It may have spaces, so it ends where the sentence goes on or ends."""
    if match["resource"] is None:
        return ""
    if match["implicit"] or "explicit deny" in match[0].lower():
        return match["resource"].strip("\"' ")
    rest = text[match.start("resource") : match.start("resource") + 2048].lstrip("\"' ")
    if rest.startswith("arn:"):
        return re.split(r"[\s\"']", rest)[0].rstrip(".,;)")
    end = _END.search(rest)
    return (rest[: end.start()] if end else rest).strip("\"' ")
