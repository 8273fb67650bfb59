"""``${file(x.js)}``: what the program exports, or what its function gives.

``variables`` holds a configuration and its programs; the values are those of osls 4.3.1, which tests/oracle asks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import Finding
from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.project.options import Options
from scopedown.project.serverless.resolve import resolve

VARIABLES = Path(__file__).parent / "variables"

EXPECTED = {
    "base": "b-shop",
    "all": {"list": [1, {"deep": "shop-queue"}], "none": None},
    "table": "shop-orders",
    "deep": "shop-queue",
    "later": "later",
    "made": {"stage": "qa", "sizes": [128, 256]},
    "stage": "qa",
    "size": 256,
    "asked": "qa-asked-shop-orders",
    "looked": "b-shop",
    "null": "fallback",
    "missing": "fallback",
    "gone": "fallback",
    "function": {"name": "fn-qa", "region": "nowhere", "inner": {"size": 2}},
    "inner": 2,
    "nameless": None,
}


def resolved(folder: Path, options: Options) -> tuple[Any, tuple[Finding, ...]]:
    files = Files(folder)
    document = files.document(folder / "serverless.json")
    assert document is not None
    resolution = resolve(document.tree, files, options)
    return resolution.tree["custom"], resolution.findings()


def service(folder: Path, program: str, variable: str) -> Path:
    (folder / "x.js").write_text(program)
    (folder / "serverless.json").write_text(
        json.dumps({"service": "s", "provider": {"name": "aws"}, "custom": {"a": variable}})
    )
    return folder


def test_programs_give_what_they_give_the_framework() -> None:
    assert resolved(VARIABLES, Options(stage="qa")) == (EXPECTED, ())


def test_values_keep_the_places_of_the_program() -> None:
    custom, _ = resolved(VARIABLES, Options(stage="qa"))
    assert str(custom["all"].keys_at["list"]) == "values.js:5:13"
    assert str(custom["made"].place) == "values.js:7:27"


def test_what_only_running_tells_is_told_and_not_refused(tmp_path: Path) -> None:
    program = "const git = require('simple-git');\nmodule.exports.sha = 'v-' + git.head();\n"
    custom, findings = resolved(service(tmp_path, program, "${file(x.js):sha}"), Options())
    assert str(custom["a"]) == "v-*"
    assert [(one.code, str(one.place)) for one in findings] == [("program-not-read", "x.js:2:29")]
    assert '"file(x.js):sha" in --param-file' in findings[0].remedy


def test_the_user_may_give_the_value(tmp_path: Path) -> None:
    folder = service(tmp_path, "module.exports = require('simple-git').sync()", "${file(x.js):sha}")
    assert resolved(folder, Options(values={"file(x.js):sha": "abc"})) == ({"a": "abc"}, ())


def test_a_program_sees_the_environment_that_variables_see(tmp_path: Path) -> None:
    folder = service(tmp_path, "module.exports = { a: process.env.STAGE }", "${file(x.js):a}")
    assert resolved(folder, Options(environment={"STAGE": "qa"})) == ({"a": "qa"}, ())
    custom, findings = resolved(folder, Options())
    assert isinstance(custom["a"], Text) and [one.code for one in findings] == ["program-environment"]


@pytest.mark.parametrize(
    "program", ["module.exports = {", "let a;\n}", "module.exports = () => { throw new Error('x') }"]
)
def test_a_broken_program_is_told_with_its_place(tmp_path: Path, program: str) -> None:
    custom, findings = resolved(service(tmp_path, program, "${file(x.js):a}"), Options())
    assert isinstance(custom["a"], Text)
    assert [one.place.file for one in findings if one.place] == ["x.js"]


def test_a_program_that_asks_for_the_property_that_asks_it_ends(tmp_path: Path) -> None:
    program = "module.exports = async ({ resolveVariable }) => ({ a: await resolveVariable('self:custom.a') })"
    custom, findings = resolved(service(tmp_path, program, "${file(x.js):a}"), Options())
    assert isinstance(custom["a"], Text) and findings


def test_a_thousand_variables_read_their_program_once(tmp_path: Path) -> None:
    names = [f"k{number}" for number in range(1000)]
    (tmp_path / "x.js").write_text("module.exports = {" + ",".join(f"{name}: '{name}'" for name in names) + "}")
    tree = {"service": "s", "provider": {"name": "aws"}, "custom": {name: f"${{file(x.js):{name}}}" for name in names}}
    (tmp_path / "serverless.json").write_text(json.dumps(tree))
    custom, findings = resolved(tmp_path, Options())
    assert custom == {name: name for name in names} and findings == ()
