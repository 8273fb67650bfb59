"""Programs: what is read of them here is what node makes of them by running them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from oracle.expressions import PRELUDE, expressions
from oracle.harness import ROOT, Framework, missing, osls_folder
from project.programs.test_file_variables import EXPECTED, VARIABLES
from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.load import load_project, run_framework
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle

GOLDEN = ROOT / "tests" / "project" / "programs" / "golden"
PACKAGED = ROOT / "tests" / "project" / "serverless" / "golden" / "compiled"
SCRIPT = Path(__file__).with_name("read_configuration.js")
EXPRESSIONS = 3000


@pytest.fixture(autouse=True)
def installed() -> None:
    reason = missing()
    if reason is not None:
        pytest.skip(f"the framework cannot be asked: {reason}")


def node(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        ["node", "--no-warnings", *arguments], capture_output=True, text=True, encoding="utf-8", timeout=120,
        env={"PATH": os.environ["PATH"], "OSLS_DIR": str(osls_folder()), **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/serverless.*")), ids=lambda path: path.parent.name)
def test_the_golden_programs_are_what_the_framework_reads(path: Path) -> None:
    expected = json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))
    assert json.loads(node(str(SCRIPT), str(path), STAGE_NAME="qa")) == expected


def test_random_expressions_are_worth_what_they_are_in_node(tmp_path: Path) -> None:
    written = expressions(1, EXPRESSIONS)
    (tmp_path / "written.json").write_text(json.dumps([PRELUDE, written]))
    (tmp_path / "worth.js").write_text(
        "const [prelude, written] = require('./written.json');\n"
        "console.log(JSON.stringify(written.map((one) => {\n"
        "  try { return {a: JSON.parse(JSON.stringify(new Function(`${prelude}; return {a: (${one})}`)()))} }\n"
        "  catch { return {} }\n"
        "})));\n"
    )
    theirs = json.loads(node(str(tmp_path / "worth.js")))
    path = tmp_path / "serverless.js"
    unequal, unknown = [], 0
    for one, answer in zip(written, theirs, strict=True):
        path.write_text(f"{PRELUDE}\nmodule.exports = {{a: ({one})}};\n")
        document = read_program(path, Files(tmp_path), Options())
        if "a" not in answer:
            continue  # node throws there
        if document.remarks:
            unknown += 1
        elif not same(document.tree, answer["a"]):
            unequal.append((one, document.tree, answer["a"]))
    assert unequal == []
    assert unknown < EXPRESSIONS * 0.01


def same(ours: Any, theirs: Any) -> bool:
    """Whether two trees are equal; numbers as JavaScript counts, beyond 2**53 in doubles."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, bool) is not isinstance(theirs, bool):
        return False
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return float(ours) == float(theirs)
    return bool(ours == theirs) and not isinstance(ours, Text)


def test_programs_give_variables_what_the_framework_gives_them(framework: Framework) -> None:
    configuration = json.loads((VARIABLES / "serverless.json").read_text(encoding="utf-8"))
    answer = framework.resolve(configuration, VARIABLES, options={"stage": "qa"})
    assert (answer.failed, dict(answer.refused)) == (None, {})
    assert answer.resolved["custom"] == EXPECTED


def test_the_installed_framework_gives_the_project_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "shop"
    shutil.copytree(PACKAGED, root, ignore=shutil.ignore_patterns("packaged"))
    for name, value in {
        "PATH": os.pathsep.join((str(osls_folder() / "node_modules" / ".bin"), os.environ["PATH"])),
        "HOME": str(tmp_path / "home"),
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    options = Options(stage="qa", region="eu-central-1")
    read, packaged = load_project(root, options), run_framework(root, options)
    assert (packaged.stage, packaged.region) == ("qa", "eu-central-1")
    for ours, theirs in zip(read.functions, packaged.functions, strict=True):
        for name in ("key", "name", "logical_id", "handler", "environment", "role"):
            assert getattr(ours, name) == getattr(theirs, name)
    role = "IamRoleLambdaExecution"
    assert [(one.added_by, one.statement) for one in read.roles[role].statements] == [
        (one.added_by, one.statement) for one in packaged.roles[role].statements
    ]
