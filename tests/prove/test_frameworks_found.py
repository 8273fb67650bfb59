"""Which framework is run, and how its commands are: with nothing of the user's AWS, ended whole, their end kept."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.project.load import Options, load_project
from scopedown.prove.frameworks import Framework, find_framework, framework_at
from scopedown.prove.runner import Runner

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")


def package(folder: Path, name: str, version: str, program: str = "") -> Path:
    """A framework that is a program of ours."""
    made = folder / "node_modules" / name
    (made / "bin").mkdir(parents=True)
    (made / "package.json").write_text(json.dumps({"name": name, "version": version}))
    (made / "bin" / "serverless.js").write_text(program)
    return made


@pytest.fixture(autouse=True)
def no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SCOPEDOWN_OSLS", "SCOPEDOWN_SERVERLESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("scopedown.prove.frameworks.shutil.which", lambda name, **_: None)


def test_where_another_framework_is_installed_the_error_says_how_to_use_it(tmp_path: Path) -> None:
    package(tmp_path, "osls", "4.3.1")
    with pytest.raises(ScopedownError) as refused:
        find_framework("v3", tmp_path)
    assert "osls 4.3.1 is installed" in refused.value.remedy and "--framework osls" in refused.value.remedy


def test_the_projects_own_framework_is_found_before_one_above_it(tmp_path: Path) -> None:
    package(tmp_path, "osls", "4.0.0")
    inner = tmp_path / "services" / "api"
    package(inner, "osls", "4.3.1")
    assert str(find_framework("osls", inner)) == "osls 4.3.1"
    assert str(find_framework("osls", inner.parent)) == "osls 4.0.0"


def test_the_environment_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path / "here", "serverless", "3.1.0")
    package(tmp_path / "there", "serverless", "3.40.0")
    monkeypatch.setenv("SCOPEDOWN_SERVERLESS", str(tmp_path / "there"))
    assert find_framework("v3", tmp_path / "here").version == "3.40.0"


def test_a_program_is_named_by_its_file_its_package_or_where_it_is_installed(tmp_path: Path) -> None:
    made = package(tmp_path, "osls", "4.3.1")
    (tmp_path / "link").symlink_to(made / "bin" / "serverless.js")
    for one in (made / "bin" / "serverless.js", made, tmp_path, tmp_path / "node_modules", tmp_path / "link"):
        assert framework_at(one) == Framework("osls", "4.3.1", made / "bin" / "serverless.js")


@pytest.mark.parametrize("version", ["1.83.0", "2.72.4", "4.4.0"])
def test_other_releases_of_serverless_are_named_and_not_run(tmp_path: Path, version: str) -> None:
    made = package(tmp_path, "serverless", version)
    with pytest.raises(ScopedownError, match=f"is serverless {version}"):
        framework_at(made)
    with pytest.raises(ScopedownError, match=f"serverless is {version}") as told:
        find_framework("v3", tmp_path)
    assert "npm install --save-dev serverless@3" in told.value.remedy


def test_a_missing_framework_is_told_with_what_installs_it(tmp_path: Path) -> None:
    with pytest.raises(ScopedownError, match="osls is installed neither in") as told:
        find_framework("osls", tmp_path)
    assert told.value.remedy.startswith("npm install --save-dev osls")
    with pytest.raises(ScopedownError, match="needs a login"):
        find_framework("v4", tmp_path)


def runner(tmp_path: Path, program: str, timeout: float = 20.0, **environment: str) -> Runner:
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "serverless.yml").write_text("service: s\nprovider: {name: aws, profile: work}\n")
    entry = package(tmp_path, "osls", "4.3.1", program) / "bin" / "serverless.js"
    project = load_project(folder, Options())
    return Runner.of(
        Framework("osls", "4.3.1", entry), project, folder, tmp_path / "home", "http://127.0.0.1:9", "AKIA1", "secret",
        ("--stage=dev",), environment, timeout,
    )  # fmt: skip


@needs_node
def test_a_command_has_the_local_keys_and_nothing_of_the_users_aws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "mine")
    ended = runner(tmp_path, "console.log(JSON.stringify([process.argv.slice(2), process.env]))", GREETING="hi").run(
        "deploy function -f greet"
    )
    words, environment = json.loads(ended.output)
    assert ended.code == 0 and words == ["deploy", "function", "-f", "greet", "--stage=dev"]
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9" and environment["GREETING"] == "hi"
    assert {"AWS_PROFILE", "AWS_SESSION_TOKEN"}.isdisjoint(environment)
    assert "[work]\naws_access_key_id = AKIA1" in Path(environment["AWS_SHARED_CREDENTIALS_FILE"]).read_text()
    assert environment["HOME"] == str(tmp_path / "home")
    assert environment["SCOPEDOWN_RUNNING"] == "1"


@needs_node
def test_the_end_of_a_long_output_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    ended = runner(tmp_path, "console.log('x'.repeat(1e6)); console.error('the error'); process.exitCode = 3").run(
        "info"
    )
    assert ended.code == 3 and ended.output.endswith("the error") and len(ended.output) <= 8_000


@needs_node
@pytest.mark.skipif(os.name != "posix", reason="looks at processes as POSIX has them")
def test_a_hanging_command_is_ended_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    child = "const c = require('child_process').spawn('sleep', ['60']); console.log(c.pid); setInterval(() => {}, 1e3)"
    ended = runner(tmp_path, child, timeout=2.0).run("deploy")
    assert ended.code is None
    deadline = time.monotonic() + 10
    while Path(f"/proc/{ended.output.strip()}/stat").exists() and time.monotonic() < deadline:
        state = Path(f"/proc/{ended.output.strip()}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "Z":  # ended, and not yet waited for by whoever inherited it
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{ended.output.strip()}").exists()
