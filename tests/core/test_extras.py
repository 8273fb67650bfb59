"""The command that adds an extra fits how, and from where, scopedown was installed."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.extras import install_command, not_installed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths and quotes of a POSIX shell")
PIP = f"{sys.executable} -m pip install "


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Says from where scopedown was installed, and whose file stands in the environment."""

    def say(origin: Any, receipt: str = "") -> None:
        text = origin if isinstance(origin, str | None) else json.dumps(origin)

        class Found:
            def read_text(self, name: str) -> str | None:
                assert name == "direct_url.json"
                return text

        monkeypatch.setattr("scopedown.core.extras.distribution", lambda name: Found())
        monkeypatch.setattr("scopedown.core.extras.find_spec", lambda name: object())
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        if receipt:
            (tmp_path / receipt).touch()

    return say


def checkout(**info: Any) -> dict[str, Any]:
    return {"url": "file:///home/me/scope%20down", "dir_info": info}


def test_from_an_index_the_name_is_enough(installed: Any) -> None:
    installed(None)
    assert install_command("guard") == PIP + "'scopedown[guard]'"


def test_from_a_checkout_it_is_the_checkout(installed: Any) -> None:
    installed(checkout())
    assert install_command("guard") == PIP + "'/home/me/scope down[guard]'"
    installed(checkout(editable=True))
    assert install_command("mcp") == PIP + "--editable '/home/me/scope down[mcp]'"


def test_from_a_repository_it_is_the_same_commit(installed: Any) -> None:
    installed({"url": "https://git.example.com/scopedown", "vcs_info": {"vcs": "git", "commit_id": "abc"}})
    assert install_command("mcp") == PIP + "'scopedown[mcp] @ git+https://git.example.com/scopedown@abc'"


def test_from_a_wheel_it_is_the_wheel(installed: Any) -> None:
    installed({"url": "file:///tmp/scopedown-1-py3-none-any.whl", "archive_info": {}})
    assert install_command("mcp") == PIP + "'scopedown[mcp] @ file:///tmp/scopedown-1-py3-none-any.whl'"


@pytest.mark.parametrize(
    ("receipt", "command"),
    [("uv-receipt.toml", "uv tool install "), ("pipx_metadata.json", "pipx install --force ")],
)
def test_a_tool_is_installed_again_by_what_installed_it(receipt: str, command: str, installed: Any) -> None:
    installed(checkout(), receipt)
    assert install_command("mcp") == command + "'/home/me/scope down[mcp]'"


def test_an_environment_without_pip_is_filled_by_uv(installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(None)
    monkeypatch.setattr("scopedown.core.extras.find_spec", lambda name: None)
    assert install_command("mcp") == f"uv pip install --python {sys.executable} 'scopedown[mcp]'"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 5}', '{"dir_info": {}}'])
def test_a_record_that_cannot_be_read_says_nothing(text: str, installed: Any) -> None:
    installed(text)
    assert install_command("mcp") == PIP + "'scopedown[mcp]'"


def test_without_metadata_the_name_is_enough(installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    installed(None)
    monkeypatch.setattr("scopedown.core.extras.distribution", absent)
    assert install_command("mcp") == PIP + "'scopedown[mcp]'"


def test_the_error_names_the_package_and_the_command(installed: Any) -> None:
    installed(None)
    error = not_installed("scopedown guard", "moto", "guard")
    assert error.message == "scopedown guard needs the package moto, which is not installed"
    assert error.remedy == f"run {PIP}'scopedown[guard]'"
