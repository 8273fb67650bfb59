"""What tells SDKs to ask a guard: environment variables that all of them and the AWS CLI read
(https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html).

In: an address and a key. Out: the variables, and how a shell sets them.
"""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.guard.model import REGION, Principal


def environment(address: str, who: Principal, region: str = REGION) -> dict[str, str]:
    """The variables with which a process asks the guard as this principal."""
    found = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": who.key_id,
        "AWS_SECRET_ACCESS_KEY": who.secret,
        "AWS_REGION": region,  # JavaScript's SDK and others
        "AWS_DEFAULT_REGION": region,  # the AWS CLI and boto3
    }
    return found | ({"AWS_SESSION_TOKEN": who.token} if who.token else {})


def for_bash(variables: Mapping[str, str]) -> str:
    """One line for a shell."""
    return "export " + " ".join(f"{name}={value}" for name, value in variables.items())


def for_powershell(variables: Mapping[str, str]) -> str:
    """One line for PowerShell."""
    return "; ".join(f"$env:{name}='{value}'" for name, value in variables.items())
