"""A session of boto3, and what of it goes wrong, in the user's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scopedown.core.finding import ScopedownError, printable


def open_session(profile: str | None = None, region: str | None = None) -> Any:
    """A session of boto3's with a profile's credentials; without one, those of its own chain (AWS_PROFILE, default).

    Raises ScopedownError where there is no such profile.
    """
    import boto3

    with told("open the profile"):
        return boto3.Session(profile_name=profile, region_name=region)


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn what boto3 raises into one sentence: what was being done, and what AWS said of it."""
    try:
        yield
    except ScopedownError:
        raise
    except Exception as error:
        module = type(error).__module__
        if not module.startswith(("botocore", "boto3")):
            raise
        raise ScopedownError(f"scopedown could not {doing}: {printable(str(error))}", remedy=_remedy(error)) from error


def code_of(error: Exception) -> str:
    """AWS's code of a ClientError; empty of others."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def _remedy(error: Exception) -> str:
    if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return "choose a profile with --profile, or set AWS_PROFILE"
    if type(error).__name__ == "ProfileNotFound":
        return "choose a profile of ~/.aws/config with --profile"
    code = code_of(error)
    if code in ("AccessDenied", "AccessDeniedException"):
        return "choose a profile with this permission with --profile"
    if code in ("ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"):
        return "sign in to AWS again"
    return ""
