"""What a program leaves unknown is named with its place, and everything around it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.load import load_project
from scopedown.project.options import Options


def read(folder: Path, program: str, name: str = "serverless.ts", **environment: str) -> Document:
    (folder / name).write_text(program, encoding="utf-8")
    return read_program(folder / name, Files(folder), Options(environment=environment))


def told(document: Document) -> list[tuple[str, str]]:
    return [(str(remark.place), remark.text) for remark in document.remarks]


def shown(value: Any) -> Any:
    """A tree in which unknown texts show as people see them."""
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list) else str(value)


def test_what_a_package_gives_is_not_known_and_the_rest_is_read(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "import { build } from 'some-package';\nexport default {\n  service: 'shop',\n  custom: build('x'),\n}\n",
    )
    assert document.tree["service"] == "shop"
    assert isinstance(document.tree["custom"], Text)
    assert told(document) == [
        (
            "serverless.ts:4:11",
            "scopedown cannot evaluate custom: some-package.build() is of a package, and scopedown does not run "
            "packages",
        )
    ]


def test_a_text_keeps_what_is_known_of_it(tmp_path: Path) -> None:
    document = read(tmp_path, "const id = require('nanoid')();\nexport default { service: `shop-${id}-api` }\n")
    assert str(document.tree["service"]) == "shop-*-api"


def test_variables_in_a_text_that_is_not_all_known_do_not_pass_for_characters(tmp_path: Path) -> None:
    document = read(
        tmp_path, "export default { a: `\\${self:service}-x-${process.env.KEY}-\\${AWS::Region}-\\${Table}` }"
    )
    assert str(document.tree["a"]) == "*-x-*-${AWS::Region}-${Table}"
    assert [unknown.reason for unknown in document.tree["a"].unknowns] == [
        "${self:service} is part of a text with unknown parts", "the environment variable KEY is not set",
    ]  # fmt: skip


def test_a_variable_that_is_not_set_takes_its_fallback(tmp_path: Path) -> None:
    program = "const { STAGE = 'dev' } = process.env;\nexport default { a: process.env.A || 'x', b: process.env.B ?? 'y', c: STAGE, d: process.env.D ? 1 : 2 }\n"  # noqa: E501
    assert read(tmp_path, program).tree == {"a": "x", "b": "y", "c": "dev", "d": 2}
    assert read(tmp_path, program, A="1", B="2", STAGE="qa", D="0").tree == {"a": "1", "b": "2", "c": "qa", "d": 1}


def test_a_variable_that_is_not_set_and_has_no_fallback_is_told_once(tmp_path: Path) -> None:
    document = read(tmp_path, "export default {\n  a: process.env.KEY,\n  b: `x-${process.env.KEY}`,\n}\n")
    assert shown(document.tree) == {"a": "*", "b": "x-*"}
    assert told(document) == [
        ("serverless.ts:2:18", "scopedown cannot evaluate a: the environment variable KEY is not set"),
    ]


def test_variables_of_dotenv_files_are_read_where_the_program_loads_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TABLE=orders\nSTAGE=file\n")
    program = "import 'dotenv/config';\nexport default { a: process.env.TABLE, b: process.env.STAGE }\n"
    assert read(tmp_path, program, STAGE="shell").tree == {"a": "orders", "b": "shell"}
    (tmp_path / ".env.qa").write_text("TABLE=other\n")
    program = "import * as dotenv from 'dotenv';\ndotenv.config({ path: __dirname + '/.env.qa' });\nexport default { a: process.env.TABLE }\n"  # noqa: E501
    assert read(tmp_path, program).tree == {"a": "other"}


def test_what_is_spread_and_not_known_may_hold_more_keys(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "import { common } from '@acme/common';\n"
        "export default { provider: { name: 'aws', ...common, stage: 'dev' }, plugins: ['a', ...common.plugins] }\n",
    )
    assert document.tree["provider"] == {"name": "aws", "stage": "dev"}
    assert document.tree["plugins"][0] == "a" and isinstance(document.tree["plugins"][1], Text)
    assert [text for _, text in told(document)] == [
        "provider may have more keys than scopedown read: @acme/common.common is of a package, and scopedown does "
        "not run packages",
        "scopedown cannot evaluate plugins.1: @acme/common.common.plugins is of a package, and scopedown does not "
        "run packages",
    ]


def test_a_key_of_an_object_that_is_known_in_part_is_not_known(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "import { common } from '@acme/common';\nconst all = { ...common, a: 1 };\n"
        "export default { a: all.a, b: all.b }",
    )
    assert shown(document.tree) == {"a": "1", "b": "*"}


def test_a_branch_that_may_run_leaves_unknown_what_it_changes(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "import { isProd } from '@acme/common';\nlet size = 1; const list = ['a']; const map = { k: 1 };\n"
        "if (isProd()) { size = 2; list.push('b'); map.k = 2 }\nexport default { size, list, map, sure: true }\n",
    )
    assert shown(document.tree) == {"size": "*", "list": ["a", "*"], "map": {"k": "*"}, "sure": "True"}


def test_a_function_that_returns_one_thing_or_another_gives_neither(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "import { isProd } from '@acme/common';\nconst pick = () => { if (isProd()) { return 'a' } return 'b' };\n"
        "export default { a: pick(), b: isProd() ? 1 : 2, same: isProd() ? 'x' : 'x' }\n",
    )
    assert shown(document.tree) == {"a": "*", "b": "*", "same": "x"}


def test_what_a_package_is_handed_may_come_back_with_more_keys(tmp_path: Path) -> None:
    program = "import merge from 'lodash.merge';\nconst a = { b: 1 }, c = { d: 1 };\nmerge(a, c);\n"
    program += "export default { a, e: { f: 1 } }"
    document = read(tmp_path, program)
    assert document.tree == {"a": {"b": 1}, "e": {"f": 1}}
    assert [text.partition(":")[0] for _, text in told(document)] == ["a may have more keys than scopedown read"]


def test_loops_are_left_by_a_label(tmp_path: Path) -> None:
    program = "let n = 0, m = 0;\n"
    program += "outer: for (const a of [1, 2]) { for (const b of [1]) { n += 1; continue outer } m = 1 }\n"
    document = read(tmp_path, program + "let k = 9; do { k += 1 } while (k < 5)\nexport default { n, m, k }")
    assert shown(document.tree) == {"n": "2", "m": "0", "k": "10"}


def test_a_check_that_throws_is_taken_to_pass(tmp_path: Path) -> None:
    program = (
        "const key = process.env.KEY;\nif (!key) {\n  throw new Error('set KEY');\n}\n"
        "const must = (name: string) => { const value = process.env[name]; if (!value) throw new Error(name); return value };\n"  # noqa: E501
        "export default { service: 'shop', key, other: must('OTHER') }\n"
    )
    document = read(tmp_path, program)
    assert shown(document.tree) == {"service": "shop", "key": "*", "other": "*"}
    assert [remark.code for remark in document.remarks] == ["program-environment", "program-environment"]


def test_a_file_that_is_missing_is_named_where_it_is_used(tmp_path: Path) -> None:
    document = read(tmp_path, "import { a } from './gone';\nexport default { service: 's', custom: { a } }\n")
    assert told(document) == [
        ("serverless.ts:2:42", "scopedown cannot evaluate custom.a: the file ./gone does not exist")
    ]


def test_what_cannot_be_parsed_is_not_known(tmp_path: Path) -> None:
    document = read(tmp_path, "module.exports = {\n  service: 's',\n  custom: { a: ; },\n  plugins: ['p'],\n}\n")
    assert document.tree["service"] == "s" and document.tree["plugins"] == ["p"]
    assert document.remarks[0].place.line == 3


def test_a_broken_file_is_one_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ScopedownError, match="has a syntax error") as caught:
        read(tmp_path, "export default { service: 's'\n")
    assert caught.value.place == Place("serverless.ts", 1, 18)


@pytest.mark.parametrize("program", ["export default 5", "module.exports = ['a']", "export default build()"])
def test_a_program_that_exports_no_object_is_no_configuration(tmp_path: Path, program: str) -> None:
    with pytest.raises(ScopedownError, match="cannot read the configuration that") as caught:
        read(tmp_path, program)
    assert "--compiled" in caught.value.remedy


def test_findings_of_a_project_say_what_can_be_done(tmp_path: Path) -> None:
    read(tmp_path, "export default { service: 's', provider: { name: 'aws', stage: process.env.S } }\n")
    project = load_project(tmp_path, Options())
    assert [(one.code, one.remedy) for one in project.findings] == [("program-environment", "set the variable")]


@pytest.mark.parametrize(
    "export", ["() => ({ service: 's' })", "async () => ({ service: 's' })", "Promise.resolve({ service: 's' })"]
)
def test_functions_and_promises_that_are_exported_are_entered(tmp_path: Path, export: str) -> None:
    assert read(tmp_path, f"module.exports = {export}", "serverless.js").tree == {"service": "s"}


def test_files_that_import_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("import { b } from './b';\nexport const a = 'a';\nexport const c = () => b;\n")
    (tmp_path / "b.ts").write_text("import { a } from './a';\nexport const b = 'b';\nexport const d = () => a;\n")
    program = "import { a, c } from './a';\nimport { d } from './b';\nexport default { service: a + c() + d() }\n"
    assert read(tmp_path, program).tree == {"service": "aba"}
