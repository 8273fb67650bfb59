"""A user made for deploying: with one access key, which is told once or put into the credentials file."""

from __future__ import annotations

import configparser
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scopedown.account.apply import TAG
from scopedown.account.session import code_of, told
from scopedown.core.finding import ScopedownError

PROFILE = re.compile(r"[A-Za-z0-9_.@+=,-]+")


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key. Its secret is in no text that this object shows."""

    id: str
    secret: str = field(repr=False)


def require_free(session: Any, name: str) -> None:
    """Raises ScopedownError where there is such a user already."""
    with told(f"look for the user {name}"):
        try:
            session.client("iam").get_user(UserName=name)
        except Exception as error:
            if code_of(error) == "NoSuchEntity":
                return
            raise
    raise ScopedownError(
        f"the user {name} already exists", remedy=f"pass --user {name} to use it, or choose another name"
    )


def create_user(session: Any, name: str, project: str) -> None:
    """Make the user."""
    with told(f"create the user {name}"):
        session.client("iam").create_user(UserName=name, Tags=[{"Key": TAG, "Value": project}])


def create_key(session: Any, name: str) -> AccessKey:
    """Make one access key of a user's."""
    with told(f"create an access key of {name}"):
        found = session.client("iam").create_access_key(UserName=name)["AccessKey"]
    return AccessKey(found["AccessKeyId"], found["SecretAccessKey"])


def credentials_file() -> Path:
    """The file of credentials: where AWS_SHARED_CREDENTIALS_FILE says, else ``~/.aws/credentials``
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html)."""
    written = os.environ.get("AWS_SHARED_CREDENTIALS_FILE")
    return Path(written).expanduser() if written else Path.home() / ".aws" / "credentials"


def require_new_profile(profile: str) -> None:
    """Raises ScopedownError where the name cannot be a profile's, or the files hold such a profile already."""
    if not PROFILE.fullmatch(profile):
        raise ScopedownError(f"{profile!r} is not a valid profile name", remedy="use letters, digits and _.@+=,- only")
    config = os.environ.get("AWS_CONFIG_FILE")
    config_file = Path(config).expanduser() if config else Path.home() / ".aws" / "config"
    for file, section in ((credentials_file(), profile), (config_file, f"profile {profile}")):
        if section in _sections(file) or (profile == "default" and "default" in _sections(file)):
            raise ScopedownError(f"{file} already has a profile {profile}", remedy="choose another name")


def save_profile(profile: str, key: AccessKey) -> Path:
    """Add the key to the credentials file as a new profile; all that stands there stays as it is.

    The file is written whole beside itself and renamed, for its owner's eyes alone.
    """
    require_new_profile(profile)
    file = credentials_file()
    before = file.read_text("utf-8") if file.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    lines = f"[{profile}]\naws_access_key_id = {key.id}\naws_secret_access_key = {key.secret}\n"
    try:
        target = file.resolve()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".credentials-", dir=target.parent)  # made with mode 600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(f"{before}{gap}{lines}")
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ScopedownError(f"scopedown cannot write {file}: {error.strerror or error}") from error
    return file


def _sections(file: Path) -> list[str]:
    """The sections of a file of profiles; none where there is no file.

    Raises ScopedownError for a file that cannot be read: what stands in it would be at risk.
    """
    if not file.exists():
        return []
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise ScopedownError(f"{file} is not a valid AWS profile file", remedy="correct the file") from error
    return parser.sections()
