"""Tokens for Kafka on MSK, of JavaScript: aws-msk-iam-sasl-signer-js.

Read from aws-msk-iam-sasl-signer-js 1.0 (``generateAuthToken({region})`` and its like); what follows from a token is as
in :mod:`~scopedown.calls.libraries.msk_signer`.
"""

from __future__ import annotations

from scopedown.calls.builtins.javascript_native import Function, Quiet
from scopedown.calls.libraries.msk_signer import connect
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, UnknownValue, Value

LANGUAGE = "javascript"
PACKAGES = ("aws-msk-iam-sasl-signer-js",)


def module(name: str) -> Value | None:
    """The package."""
    names = ("generateAuthToken", "generateAuthTokenFromProfile", "generateAuthTokenFromCredentialsProvider")
    return Quiet(name, {one: Function(one, _token) for one in names})


def _token(site: CallSite, run: Machine) -> Value:
    connect(run, site.place)
    return UnknownValue("a token for Kafka", site.place)
