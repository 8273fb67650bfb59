"""What a request names by another name: looked up in the local AWS, so that the ARN is the one that AWS checks.

In: the ARNs of one action, as the catalog fills them from the parameters. Out: the same with a secret's six characters,
the key behind an alias or in a ciphertext, the function behind a URL, the stage that answers a path, the SES identity
that is verified. What the local AWS does not know keeps its stand-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scopedown.core.arn import resource_of
from scopedown.guard import context_state as state

STAND_IN = "6f1e1a52-7f0e-4cb0-a7c5-2c4b8f3d9e10"
SECRET_STAND_IN = "-aB3dE5"
"""The characters that end a secret's ARN, where there is no such secret (yet)."""


def looked_up(action: str, arns: Sequence[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    """The ARNs that AWS would check, in the place of these."""
    find = _BY_ACTION.get(action) or _BY_SERVICE.get(action.partition(":")[0])
    return list(arns) if find is None else find(list(arns), parameters, account, region)


def _secrets(arns: list[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    return [_secret(arn, account, region) if arn.endswith("-??????") else arn for arn in arns]


def _secret(arn: str, account: str, region: str) -> str:
    bare = arn.removesuffix("-??????")
    found = state.secret(bare.partition(":secret:")[2], account, region)
    return str(found.arn) if found is not None else bare + SECRET_STAND_IN


def _keys(arns: list[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    """An alias stands for a key; and who decrypts need not name the key: the ciphertext does."""
    named = iter([value for name in ("KeyId", "SourceKeyId", "DestinationKeyId", "SSEKMSKeyId", "KmsKeyId")
                  if isinstance(value := parameters.get(name), str)])  # fmt: skip
    found = []
    for arn in arns:
        head, _, tail = arn.rpartition(":key/")
        if tail == STAND_IN and (alias := next((one for one in named if "alias/" in one), "")):
            known = state.key_of_alias("alias/" + alias.partition("alias/")[2], account, region)
            arn = f"{head}:key/{known}" if known else arn
        elif tail == "*" and isinstance(blob := parameters.get("CiphertextBlob"), bytes):
            known = state.key_of_ciphertext(blob)
            arn = f"{head}:key/{known}" if known else arn
        found.append(arn)
    return found


def _stage(arns: list[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    """A path begins with the stage, or is answered by an HTTP API's ``$default``: never both
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html)."""
    api = resource_of(arns[0]).partition("/")[0]
    stages = state.stages_of(api, account, region) or []
    by_stage = {arn.split("/")[1]: arn for arn in arns}
    named = [arn for stage, arn in by_stage.items() if stage != "$default"]
    if "$default" in by_stage and "$default" in stages and not any(one in stages for one in by_stage if one[0] != "$"):
        return [by_stage["$default"]]
    return named or arns


def _url(arns: list[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    host = str(parameters.get("url", "")).partition("://")[2].partition("/")[0]
    found = state.function_of_url(host, account, region) if host else None
    return [found] if found else arns


def _identity(arns: list[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    """An address is sent from as itself where it is verified, else as its domain
    (https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html#verify-email-addresses-procedure)."""
    names = {arn.partition(":identity/")[2]: arn for arn in arns}
    address = next((name for name in names if "@" in name), None)
    domain = address.rpartition("@")[2] if address else None
    if address is None or domain not in names:
        return arns
    verified = state.ses_identities(account, region) or []
    gone = address if domain in verified and address not in verified else domain
    return [arn for name, arn in names.items() if name != gone]


def _linked_role(arns: list[str], parameters: Mapping[str, Any], account: str, region: str) -> list[str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html"""
    service = parameters.get("AWSServiceName", "*")
    return [f"arn:aws:iam::{account}:role/aws-service-role/{service}/AWSServiceRoleFor{STAND_IN[:8]}"]


Find = Callable[[list[str], Mapping[str, Any], str, str], list[str]]
_BY_ACTION: Mapping[str, Find] = {
    "execute-api:Invoke": _stage,
    "lambda:InvokeFunctionUrl": _url,
    "iam:CreateServiceLinkedRole": _linked_role,
}
_BY_SERVICE: Mapping[str, Find] = {"secretsmanager": _secrets, "kms": _keys, "ses": _identity}
