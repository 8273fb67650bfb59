"""Which files settings are read from, and which file they can have written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.cli.settings.read import Settings, settings
from scopedown.core.finding import ScopedownError

SERVICE = """
service: notes
provider: {name: aws, runtime: python3.12}
functions: {}
"""


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A service's folder in a repository, beside which there is somebody's file."""
    folder = tmp_path / "repository" / "service"
    folder.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (folder / "serverless.yml").write_text(SERVICE)
    (tmp_path / "bashrc").write_text("mine")
    return folder


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files that this process may not read: root may read all, so the refusal is put in."""
    refused: list[Path] = []
    original = Path.read_text

    def read_text(self: Path, *given: Any, **named: Any) -> str:
        if self in refused:
            raise PermissionError(13, "Permission denied", str(self))
        return original(self, *given, **named)

    monkeypatch.setattr(Path, "read_text", read_text)
    return refused


@pytest.mark.parametrize("name", [".scopedown.toml", "pyproject.toml"])
def test_settings_above_the_project_that_may_not_be_read_are_as_if_not_there(
    service: Path, unreadable: list[Path], name: str
) -> None:
    above = service.parent / name
    above.write_text('[check]\nfail-on = "note"\n[tool.scopedown.check]\nfail-on = "note"\n')
    unreadable.append(above)
    assert settings(service, service.parent) == Settings()


def test_settings_of_the_project_that_may_not_be_read_are_told_as_that(service: Path, unreadable: list[Path]) -> None:
    own = service / ".scopedown.toml"
    own.write_text("[check]\n")
    unreadable.append(own)
    with pytest.raises(ScopedownError, match=r"^\.scopedown\.toml cannot be read: Permission denied$"):
        settings(service, service.parent)


@pytest.mark.parametrize("text", [b"[check", b"\xff", b"a = " + b"1" * 5000])
def test_what_is_no_toml_is_told_as_that(service: Path, text: bytes) -> None:
    (service / ".scopedown.toml").write_bytes(text)
    with pytest.raises(ScopedownError, match="is not TOML"):
        settings(service, service.parent)


@pytest.mark.parametrize("named", ["../../bashrc", "link", "linked/bashrc", "ABSOLUTE", "../.git/config"])
def test_a_setting_has_no_file_outside_of_its_repository_written(service: Path, named: str) -> None:
    mine = service.parents[1] / "bashrc"
    (service / "link").symlink_to(mine)
    (service / "linked").symlink_to(mine.parent, target_is_directory=True)
    named = str(mine) if named == "ABSOLUTE" else named
    (service / ".scopedown.toml").write_text(f"[check]\nbaseline = '{named}'\n")
    ran = run("--write-baseline", cwd=service, command="check")
    assert ran.returncode == 2
    assert ".scopedown.toml:2:1" in ran.stderr and "--baseline FILE" in ran.stderr
    assert mine.read_text() == "mine" and (service / "link").is_symlink()
    assert not (service.parent / ".git" / "config").exists()
    assert run("--write-baseline", "--baseline", str(mine), cwd=service, command="check").returncode == 0
    assert "check-baseline" in mine.read_text()


def test_a_setting_has_a_file_of_its_repository_written(service: Path) -> None:
    (service / ".scopedown.toml").write_text('[check]\nbaseline = "../known.json"\n')
    assert run("--write-baseline", cwd=service, command="check").returncode == 0
    assert "check-baseline" in (service.parent / "known.json").read_text()


def test_without_a_repository_it_is_the_settings_own_folder_in_which_they_have_files_written(service: Path) -> None:
    (service.parent / ".git").rmdir()
    (service / ".scopedown.toml").write_text('[check]\nbaseline = "../known.json"\n')
    refused = run("--write-baseline", cwd=service, command="check")
    assert refused.returncode == 2 and "is not among the files" in refused.stderr
    (service / ".scopedown.toml").write_text('[check]\nbaseline = "known.json"\n')
    assert run("--write-baseline", cwd=service, command="check").returncode == 0
    assert (service / "known.json").exists()
