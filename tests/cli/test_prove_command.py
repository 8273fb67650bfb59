"""``scopedown prove`` says in one line why it cannot try, and exits 2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from command_line import run

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")
SERVICE = "service: s\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions: {f: {handler: f.h}}\n"


@pytest.fixture
def service(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    (tmp_path / "f.js").write_text("exports.h = async () => {};\n")
    return tmp_path


def framework(folder: Path, name: str, version: str) -> None:
    package = folder / "node_modules" / name
    (package / "bin").mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"name": name, "version": version}))
    (package / "bin" / "serverless.js").write_text("console.log('nothing'); process.exit(4)")


@needs_node
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "osls is installed neither in"),
        (("--framework", "v3"), "serverless 3 is installed neither in"),
        (("--framework-program", "nowhere.js"), "nowhere.js is not the program of osls, serverless, sam or cdk"),
        (("--env", "NAME"), "--env NAME has no '='"),
        (("--deploy-policy", "f.js"), "f.js"),
        (("--param", "x"), "--param x has no '='"),
        (("missing",), "missing does not exist"),
        (("--framework", "sam"), "holds a project of serverless, not of sam (leave --framework out)"),
    ],
)
def test_what_cannot_be_tried_is_one_line_and_exit_2(service: Path, options: tuple[str, ...], said: str) -> None:
    if "--deploy-policy" in options:
        framework(service, "osls", "4.3.1")
    done = run(*options, cwd=service, command="prove", PATH=path_without_frameworks(), SCOPEDOWN_OSLS="")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr


def path_without_frameworks() -> str:
    node = shutil.which("node")
    return str(Path(node).parent) if node else ""


@needs_node
def test_a_plain_template_is_told_which_projects_are_run(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {T: {Type: 'AWS::SNS::Topic'}}\n")
    done = run(cwd=tmp_path, command="prove")
    assert done.returncode == 2
    assert (
        "template.yaml is a project of cloudformation; prove runs projects of the Serverless Framework, SAM and CDK"
        in done.stderr
    )


def test_without_node_it_is_told_to_install_it(service: Path, tmp_path: Path) -> None:
    done = run(cwd=service, command="prove", PATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "scopedown: node was not found (install Node.js: the frameworks run on it)\n"


@needs_node
@pytest.mark.slow
def test_a_framework_that_fails_is_shown_with_its_words_and_exit_1(service: Path) -> None:
    framework(service, "osls", "4.3.1")
    done = run("--evidence", "proof.json", cwd=service, command="prove")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("NOT PROVEN: s, stage dev, us-east-1, by osls 4.3.1")
    assert "deploy: exit code 4\n           nothing\n" in done.stdout
    told = json.loads((service / "proof.json").read_text(encoding="utf-8"))
    assert told["schema"] == "scopedown.prove/1" and told["failures"] == ["deploy ended with exit code 4: nothing"]
    assert not (service / ".serverless").exists()


def test_the_help_has_examples(tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path, command="prove")
    assert done.returncode == 0 and "scopedown prove --format markdown > proof.md" in done.stdout


def test_the_folder_of_a_cdk_app_is_taken_whether_it_is_synthesized_or_not(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text("{}")
    told = [run(cwd=tmp_path, command="prove", PATH=path_without_frameworks()).stderr]
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out/manifest.json").write_text('{"artifacts": {}}')
    told.append(run(cwd=tmp_path, command="prove", PATH=path_without_frameworks()).stderr)
    assert told[0] == told[1] and "is a project of cdk" not in told[1]
