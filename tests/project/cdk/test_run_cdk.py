"""--run-framework in a CDK app: which command, where its output goes, what is told when it fails."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.project.cdk import run
from scopedown.project.cdk.run import cdk_command, package_of, room_for_assembly, synthesize
from scopedown.project.load import run_framework
from scopedown.project.options import Options

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for cdk is a shell script")

ASSEMBLY = {
    "version": "48.0.0",
    "artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}},
}
TEMPLATE = {
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}, "Metadata": {"aws:cdk:path": "Shop/Save/Role/Resource"}},
        "Save": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": "b", "S3Key": "a.zip"}, "Handler": "index.handler", "Runtime": "nodejs20.x",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            },
            "Metadata": {"aws:cdk:path": "Shop/Save/Resource", "aws:asset:path": "asset.1"},
        },
    }
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cdk of this machine is found."""
    monkeypatch.setenv("PATH", os.pathsep.join(("/usr/bin", "/bin")))


@pytest.fixture
def at_exit(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What is done when the process ends."""
    found: list[Callable[[], None]] = []
    monkeypatch.setattr(atexit, "register", found.append)
    return found


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app whose cdk writes an assembly of one stack, with a bundle, into the folder after ``--output``."""
    root = tmp_path / "app"
    tool = root / "node_modules" / ".bin" / "cdk"
    tool.parent.mkdir(parents=True)
    (root / "cdk.json").write_text('{"app": "node app.js"}')
    (tmp_path / "manifest.json").write_text(json.dumps(ASSEMBLY))
    (tmp_path / "Shop.template.json").write_text(json.dumps(TEMPLATE))
    tool.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$PWD" "$@" > {tmp_path}/called\ncp {tmp_path}/*.json "$6"\nmkdir "$6/asset.1"\n'
        'echo "exports.handler = async () => 1;" > "$6/asset.1/index.js"\n'
    )
    tool.chmod(0o755)
    return root


def test_the_app_is_synthesized_into_a_folder_of_its_own(app: Path, at_exit: list[Callable[[], None]]) -> None:
    project = run_framework(app, Options())
    called = (app.parent / "called").read_text().splitlines()
    assert called[:-1] == [str(app), "synth", "--quiet", "--no-lookups", "--no-notices", "--output"]
    assert Path(called[-1]) == app / "cdk.out" / ".scopedown"
    assert [function.key for function in project.functions] == ["Shop/Save"]
    handler = project.functions[0].handler
    assert handler is not None and handler.file is not None and (app / handler.file).is_file()
    (remove,) = at_exit
    remove()
    assert not (app / "cdk.out").exists()


def test_an_earlier_assembly_stays(app: Path, at_exit: list[Callable[[], None]]) -> None:
    (app / "cdk.out").mkdir()
    (app / "cdk.out" / "manifest.json").write_text("{}")
    run_framework(app / "cdk.json", Options())
    at_exit[0]()
    assert [path.name for path in (app / "cdk.out").iterdir()] == ["manifest.json"]
    assert (app / "cdk.out" / "manifest.json").read_text() == "{}"


def test_two_runs_at_once_have_folders_of_their_own(app: Path) -> None:
    (one, remove_one), (other, remove_other) = room_for_assembly(app / "cdk.out"), room_for_assembly(app / "cdk.out")
    assert one != other and other.parent == app / "cdk.out"
    remove_one()
    assert other.is_dir()
    remove_other()


def test_without_cdk_the_message_says_what_to_install(app: Path, at_exit: list[Callable[[], None]]) -> None:
    (app / "node_modules" / ".bin" / "cdk").unlink()
    with pytest.raises(ScopedownError, match="the cdk command is not installed") as raised:
        run_framework(app, Options())
    assert "npm install" in raised.value.remedy


@pytest.mark.parametrize(
    ("script", "message"),
    [("echo no such context >&2; exit 3", "cdk synth failed with exit code 3: no such context"),
     ("exit 0", "cdk synth did not write manifest.json"), ("sleep 600", "cdk synth did not end within 0.2 seconds")],
)  # fmt: skip
def test_a_run_that_comes_to_nothing_says_why(app: Path, script: str, message: str) -> None:
    (app / "node_modules" / ".bin" / "cdk").write_text(f"#!/bin/sh\n{script}\n")
    folder, remove = room_for_assembly(app / "cdk.out")
    with pytest.raises(ScopedownError) as raised:
        synthesize(app, Options(), folder, 0.2 if "sleep" in script else run.LIMIT)
    assert raised.value.message == message
    remove()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(app: Path) -> None:
    app.chmod(0o500)
    with pytest.raises(ScopedownError, match="cannot write to"):
        room_for_assembly(app / "cdk.out")
    app.chmod(0o700)


def test_the_variable_names_another_cdk(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = app.parent / "other" / "node_modules" / "aws-cdk" / "bin" / "cdk"
    other.parent.mkdir(parents=True)
    own = app / "node_modules" / ".bin" / "cdk"
    own.rename(other)
    for named in (other, other.parents[1], app.parent / "other"):
        assert cdk_command(app, {"SCOPEDOWN_CDK": str(named)}) == other
    assert cdk_command(app, {"SCOPEDOWN_CDK": ""}) is None
    with pytest.raises(ScopedownError, match="which has no cdk command"):
        cdk_command(app, {"SCOPEDOWN_CDK": str(app)})
    monkeypatch.setenv("SCOPEDOWN_CDK", str(other))
    (app / "out").mkdir()
    synthesize(app, Options(), app / "out")
    assert (app.parent / "called").exists()


def test_the_package_of_a_command_is_found_through_a_script_that_calls_it(app: Path) -> None:
    entry = app / "node_modules" / "aws-cdk" / "bin" / "cdk"
    entry.parent.mkdir(parents=True)
    assert package_of(app / "node_modules" / ".bin" / "cdk") is None
    entry.write_text("")
    assert package_of(app / "node_modules" / ".bin" / "cdk") == entry.parents[1]
    assert package_of(entry) == entry.parents[1]
