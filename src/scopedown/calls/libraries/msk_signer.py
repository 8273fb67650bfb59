"""Tokens for Kafka on MSK, of Python: aws_msk_iam_sasl_signer.

Read from aws-msk-iam-sasl-signer-python 1.0 (``MSKAuthTokenProvider.generate_auth_token(region)`` and its like). Who
uses the token must be allowed to connect, and whatever the Kafka client does with it is checked as well
(https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html): that is a part of the code that is not
seen.
"""

from __future__ import annotations

from scopedown.calls.builtins.python_native import Function, Library
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("aws_msk_iam_sasl_signer",)

SDK = "aws-msk-iam-sasl-signer"
WHAT = "what a Kafka client does with its token"


def module(name: str) -> Value | None:
    """The package, or its one module."""
    names = ("generate_auth_token", "generate_auth_token_from_profile", "generate_auth_token_from_credentials_provider")
    provider = Library("MSKAuthTokenProvider", {one: Function(one, _token) for one in names})
    return Library(name, {"MSKAuthTokenProvider": provider, **provider.members})


def _token(site: CallSite, run: Machine) -> Value:
    connect(run, site.place)
    return UnknownValue("a token for Kafka", site.place)


def connect(run: Machine, place: Place) -> None:
    """A token with the function's own credentials: the client connects, and does more that is not seen."""
    run.emit("kafka-cluster", "Connect", {}, place, SDK)
    key = (Cause.PACKAGE, WHAT)
    remedy = "say what it needs in a hint (# scopedown: needs …)"
    run.found.unseen.setdefault(key, Unseen(Cause.PACKAGE, WHAT, place, ("kafka-cluster:*",), remedy))
