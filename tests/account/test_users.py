"""A new user's key: in a file for its owner's eyes, beside what was there."""

from __future__ import annotations

import configparser
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from scopedown.account.users import AccessKey, create_key, create_user, require_free, require_new_profile, save_profile
from scopedown.core.finding import ScopedownError

KEY = AccessKey("AKIAEXAMPLE", "secret/+x")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / ".aws" / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "config"))
    return tmp_path / ".aws"


def test_a_profile_is_added_to_what_is_there(home: Path) -> None:
    home.mkdir()
    before = "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key=B"
    (home / "credentials").write_text(before)
    file = save_profile("shop", KEY)
    text = file.read_text()
    assert text.startswith(f"{before}\n\n[shop]\n")
    parser = configparser.RawConfigParser()
    parser.read(file)
    assert dict(parser["shop"]) == {"aws_access_key_id": KEY.id, "aws_secret_access_key": KEY.secret}
    assert dict(parser["default"]) == {"aws_access_key_id": "A", "aws_secret_access_key": "B"}
    assert [path.name for path in home.iterdir()] == ["credentials"]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_the_file_is_for_its_owner_alone(home: Path) -> None:
    assert stat.S_IMODE(save_profile("shop", KEY).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("file", "text"),
    [("credentials", "[shop]\naws_access_key_id = A\n"), ("config", "[profile shop]\nregion = eu-west-1\n")],
)
def test_a_profile_is_never_replaced(home: Path, file: str, text: str) -> None:
    home.mkdir()
    (home / file).write_text(text)
    with pytest.raises(ScopedownError, match="already has a profile shop"):
        save_profile("shop", KEY)
    assert (home / file).read_text() == text
    assert [path.name for path in home.iterdir()] == [file]


@pytest.mark.parametrize("name", ["", "a]b", "a\nb", "a b", "[x"])
def test_a_name_that_would_break_the_file_is_refused(home: Path, name: str) -> None:
    with pytest.raises(ScopedownError):
        require_new_profile(name)


def test_a_file_that_cannot_be_read_is_left_alone(home: Path) -> None:
    home.mkdir()
    (home / "credentials").write_text("no section\n")
    with pytest.raises(ScopedownError, match="is not a valid AWS profile file"):
        save_profile("shop", KEY)
    assert (home / "credentials").read_text() == "no section\n"


def test_a_key_does_not_show_its_secret() -> None:
    assert KEY.secret not in repr(KEY)


def test_a_user_is_made_with_one_key(session: Any) -> None:
    require_free(session, "ci")
    create_user(session, "ci", "shop-dev-eu-west-1")
    key = create_key(session, "ci")
    found = session.client("iam").list_access_keys(UserName="ci")["AccessKeyMetadata"]
    assert [one["AccessKeyId"] for one in found] == [key.id]
    with pytest.raises(ScopedownError, match="the user ci already exists"):
        require_free(session, "ci")
