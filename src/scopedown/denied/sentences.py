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
_HEAD = re.compile(
    rf"""(?:User:\s*(?P<caller>(?:(?!User:).){{1,600}}?)\s*\bis\s+ | (?P<arn>\barn:[^\s"']{{1,600}})\s+is\s+)?
    not\s+authorized\s+to\s+(?:perform|do)\s*:?\s*['"]?(?P<action>{_ACTION})""",
    re.VERBOSE | re.IGNORECASE,
)
_ON = re.compile(r"""['"]?\s+on\s+(?:the\s+)?resources?\s*:?\s*""", re.IGNORECASE)
_REASON = re.compile(
    rf"""['"]?\s+(?:because\s+no\s+(?P<implicit>{_KIND})\s+allows\s+the\s+\S+\s+action
      | with\s+an\s+explicit\s+deny(?:\s+in\s+(?:an?|the)\s+(?P<explicit>{_KIND}))?
        (?:\s*:\s*(?P<policy>arn:[^\s"'<)]+))?)""",
    re.VERBOSE | re.IGNORECASE,
)
_END = re.compile(r"""["'\\]|\s*\(Service:|\s*\(RequestToken|</|\]\s|\]$|\.\s|\.$|\s\s|,\s""")
_LONGEST = 2048
_CALLING = re.compile(
    r"(?:\((?P<code>[A-Za-z.]+)\)\s+)?(?:occurred\s+)?when\s+calling\s+the\s+(?P<operation>[A-Za-z0-9]+)\s+operation"
    r"(?P<of_s3>[^:]{0,40}: Access Denied\b)?"
    r"|(?P<go>\b[A-Za-z0-9 ]{1,60}): (?P<go_operation>[A-Za-z0-9]{1,99}), (?:https response error|exceeded maximum)"
)
"""botocore's words, and Go's. Of AWS's services only S3 says no more than ``Access Denied``."""
_API = re.compile(
    rf"(?:\bAPI:\s*(?=\S+\s+You\s+are\s+not\s+authorized)|have\s+permission\s+to\s+call\s+)(?P<action>{_ACTION})",
    re.IGNORECASE,
)
"""CloudFormation's words where EC2 does not name the action, and where a parameter of a template is denied."""
_CODES = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden", "403")
_ROLE_OF_FUNCTION = re.compile(
    r"execution role does not have permissions to call (?P<operation>[A-Za-z]+) on (?P<service>[A-Za-z0-9]+)"
)
"""Lambda's words where it makes a trigger or puts a function into a network
(https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html)."""
_ENCODED = re.compile(r"Encoded authorization failure message")
_KMS = (
    ("Access to KMS is not allowed", "of the key that encrypts the secret"),
    ("The ciphertext refers to a customer master key", "KMS does not say whether it is denied, or has no such key"),
)
"""Words of Secrets Manager and KMS that do not name the action ``kms:Decrypt``
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html)."""
_RESERVED = re.compile(
    r"(?:\b(?P<operation>\w{1,99}) operation: )?No access to reserved parameter name: /?(?P<name>[\w./-]*\w)"
)
"""Parameter Store's words."""
_HOST = re.compile(r"Access to the resource https://(?P<first>[a-z0-9-]+)\.(?P<second>[a-z0-9-]+)\.")
"""SQS's words: its host is ``sqs.REGION`` or ``REGION.queue``."""
_NO_MODEL = "access to the model with the specified model ID"
_NAMELESS = re.compile(
    r"not authorized to perform this operation|\bAccess ?Denied\b|\bAccessDeniedException\b|\bUnauthorizedOperation\b"
)
_PASS_ROLE = re.compile(r"Cross-account pass role is not allowed", re.IGNORECASE)
_PREFIXES = {"ec2": "ec2", "sqs": "sqs", "kinesis": "kinesis", "dynamodb": "dynamodb", "kafka": "kafka"}


def sentences(text: str) -> Iterator[Denial]:
    """Every denial that AWS states in a text, in its order.

    >>> [found] = sentences("User: arn:aws:iam::111122223333:user/jo is not authorized to perform: s3:PutObject on "
    ...     "resource: \\"arn:aws:s3:::b/k\\" because no identity-based policy allows the s3:PutObject action")
    >>> found.action, found.resource, str(found.kind), found.explicit
    ('s3:PutObject', 'arn:aws:s3:::b/k', 'identity', False)
    """
    text = text.replace('\\"', '"').replace("\\n", "\n")
    found = list(_sentences(re.sub(r"\s+", " ", text)))
    if not any(one.action or one.operation for one in found) and "\n" in text:
        # A terminal breaks lines inside words.
        found = [*_sentences("".join(line.rstrip() for line in text.split("\n"))), *found]
        found = [one for one in found if one.action or one.operation] or found
    yield from found or _nameless(text)


def _sentences(text: str) -> Iterator[Denial]:
    """The denials of a text of one line."""
    named = False
    heads = [*_HEAD.finditer(text)]
    for number, match in enumerate(heads, start=1):
        named = True
        after = heads[number].start() if number < len(heads) else len(text)
        yield _of_sentence(match, text[match.end() : min(after, match.end() + _LONGEST)])
    for match in _ROLE_OF_FUNCTION.finditer(text):
        named = True
        prefix = match["service"].lower()
        yield Denial(action=f"{_PREFIXES.get(prefix, prefix)}:{match['operation']}", kind=Kind.IDENTITY, explicit=False,
                     note="of the function's execution role")  # fmt: skip
    for words, note in _KMS:
        if words in text:
            named = True
            yield Denial(action="kms:Decrypt", note=note)
    for match in _API.finditer(text):
        named = True
        yield Denial(action=match["action"])
    if _PASS_ROLE.search(text):
        named = True
        yield Denial(action="iam:PassRole", note="a role can only be passed inside its own account")
    for match in _RESERVED.finditer(text):
        named = True
        yield Denial(action=f"ssm:{match['operation'] or 'PutParameter'}",
                     resource=f"arn:aws:ssm:*:*:parameter/{match['name']}")  # fmt: skip
    if not named:
        yield from _operations(text)
    if _ENCODED.search(text):
        message = "decode the message: aws sts decode-authorization-message --encoded-message TEXT"
        yield Denial(note=f"{message}, and pass the answer to scopedown denied")


def _of_sentence(head: re.Match[str], rest: str) -> Denial:
    """The denial of a sentence, from the action on: the resource, where AWS prints one, then the reason."""
    resource, on = "", _ON.match(rest)
    reason = _REASON.match(rest)
    if on is not None:
        rest = rest[on.end() :]
        reason = _REASON.search(rest)
        resource = _resource(rest[: reason.start()] if reason else rest, whole=reason is not None)
    caller = (head["caller"] or head["arn"] or "").strip("\"' ")
    if reason is None:
        return Denial(caller, head["action"], resource)
    kind = _KINDS.get((reason["implicit"] or reason["explicit"] or "").lower())
    policy = (reason["policy"] or "").rstrip(".,;")
    return Denial(caller, head["action"], resource, kind, reason["implicit"] is None, policy)


def _nameless(text: str) -> Iterator[Denial]:
    """A denial of which AWS names neither the action nor the operation."""
    if _NAMELESS.search(text):
        where = "CloudTrail's record of the request names them: pass it to scopedown denied"
        yield Denial(note=f"AWS names neither the action nor the resource. {where}")


def _operations(text: str) -> Iterator[Denial]:
    """Denials of which only the API operation is known: botocore's and Go's words."""
    if not any(code in text for code in _CODES):
        return
    for match in _CALLING.finditer(text):
        operation = match["operation"] or match["go_operation"]
        host = _HOST.search(text, match.end())
        if match["of_s3"]:
            operation = f"s3.{operation}"
        elif host is not None and ("sqs" in host[0] or host["second"] == "queue"):
            operation = f"sqs.{operation}"
        if _NO_MODEL in text:
            no_policy = "the account has no access to the model in the Region, which no policy gives"
            yield Denial(note=f"{operation}: {no_policy}")
            continue
        yield Denial(
            operation=operation, note="" if match["code"] in (None, *_CODES) else f"AWS's code is {match['code']}"
        )


def _resource(rest: str, *, whole: bool) -> str:
    """What AWS prints for the resource, spaces too: all before the reason; else up to where the sentence ends."""
    if rest[:1] in "\"'" and (ends := rest.find(rest[:1], 1)) > 0:
        return rest[1:ends]
    if whole:
        return rest.strip("\"' ")
    if rest.startswith("arn:"):
        return re.split(r"[\s\"'\\]|</", rest)[0].rstrip(".,;)")
    end = _END.search(rest)
    return (rest[: end.start()] if end else rest).strip("\"' ")
