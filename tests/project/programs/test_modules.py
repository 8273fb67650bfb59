"""Files that programs import: found and read as node and TypeScript find and read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scopedown.documents.document import Files
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.options import Options
from scopedown.source.sources import Sources


def value(folder: Path, program: str, name: str = "serverless.ts", **files: str) -> Any:
    """What a program exports as ``a``; files' names with ``/`` for ``__`` and ``.`` for ``_``."""
    for file, text in files.items():
        path = folder / file.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / name).write_text(program)
    document = read_program(folder / name, Files(folder), Options())
    assert document.remarks == ()
    return document.tree["a"]


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import x from './x'; export default { a: x }", "default"),
        ("import { one } from './x'; export default { a: one }", 1),
        ("import { one as uno, two } from './x'; export default { a: uno + two }", 3),
        ("import x, { one } from './x'; export default { a: x + one }", "default1"),
        ("import * as x from './x'; export default { a: x.one + x.default }", "1default"),
        ("import * as x from './x'; export default { a: { ...x } }", {"one": 1, "two": 2, "default": "default"}),
        ("import { type T, one } from './x'; export default { a: one }", 1),
        ("import type x from './x'; import { one } from './x'; export default { a: one }", 1),
        ("import x = require('./x'); export default { a: x.two }", 2),
        ("const { default: x, one } = require('./x'); module.exports = { a: x + one }", "default1"),
        ("export default { a: (await import('./x')).one }", 1),
    ],
)
def test_exports_are_imported_by_their_names(tmp_path: Path, program: str, expected: Any) -> None:
    assert value(tmp_path, program, x_ts="export const one = 1, two = 2; export default 'default'") == expected


@pytest.mark.parametrize(
    "other",
    [
        "const one = 1; export { one }",
        "const uno = 1; export { uno as one }",
        "export function one() {}; export { y as one } from './y'",
        "export * from './y2'",
        "export { default as one } from './d'",
        "export enum Other { A } export let one = 0; one = 1",
        "export const { a: { b: one } } = { a: { b: 1 } }",
        "module.exports = { one: 1 }",
        "exports.one = 1",
        "module.exports.one = 1",
        "const all = { one: 1 }; export = all",
        "export namespace N {} export var one = 1",
    ],
)
def test_every_way_of_exporting_is_known(tmp_path: Path, other: str) -> None:
    files = {
        "x_ts": other, "y_ts": "export const y = 1", "y2_ts": "export const one = 1", "d_ts": "export default 1",
    }  # fmt: skip
    assert value(tmp_path, "import { one } from './x'; export default { a: one }", **files) == 1


def test_a_module_of_commonjs_is_its_own_default(tmp_path: Path) -> None:
    assert value(tmp_path, "import x from './x'; export default { a: x.b }", x_js="module.exports = { b: 1 }") == 1
    assert value(tmp_path, "import * as x from './x'; export default { a: x.b }", x_js="exports.b = 2") == 2


@pytest.mark.parametrize(
    "file",
    ["x_ts", "x_js", "x_mjs", "x_cjs", "x_mts", "x_tsx", "x__index_ts", "x__index_js"],
)
def test_endings_and_indexes_are_found(tmp_path: Path, file: str) -> None:
    assert value(tmp_path, "import { b } from './x'; export default { a: b }", **{file: "export const b = 1"}) == 1


def test_a_compiled_name_means_its_source(tmp_path: Path) -> None:
    assert value(tmp_path, "import { b } from './x.js'; export default { a: b }", x_ts="export const b = 1") == 1


def test_json_and_yaml_files_are_data(tmp_path: Path) -> None:
    assert value(tmp_path, "import x from './x.json'; export default { a: x.b }", x_json='{"b": [1]}') == [1]
    assert value(tmp_path, "const { b } = require('./x'); module.exports = { a: b }", x_json='{"b": 2}') == 2
    program = "import yaml from 'js-yaml'; import { readFileSync } from 'node:fs';\n"
    program += "export default { a: yaml.load(readFileSync('x.yml', 'utf8')) }"
    assert value(tmp_path, program, x_yml="b: !Ref T\n") == {"b": {"Ref": "T"}}


@pytest.mark.parametrize(
    ("specifier", "options"),
    [
        ("@lib/b", '"baseUrl": ".", "paths": {"@lib/*": ["src/lib/*"]}'),
        ("@lib/b", '"paths": {"@lib/*": ["./gone/*", "./src/lib/*"]}'),
        ("@b", '"baseUrl": "src", "paths": {"@b": ["lib/b"]}'),
        ("lib/b", '"baseUrl": "./src"'),
        ("~/lib/b", '"baseUrl": ".", "paths": {"~/*": ["src/*"], "*": ["gone/*"]}'),
        ("@/lib/b", '"baseUrl": ".", "paths": {"@/*": ["gone/*"], "@/lib/*": ["src/lib/*"]}'),
    ],
)
def test_tsconfig_gives_files_their_names(tmp_path: Path, specifier: str, options: str) -> None:
    program = f"import {{ b }} from '{specifier}'; export default {{ a: b }}"
    config = f'{{ /* with "comments" */ "compilerOptions": {{ {options}, }}, }}'
    assert value(tmp_path, program, src__lib__b_ts="export const b = 1", tsconfig_json=config) == 1


def test_what_nothing_uses_is_not_read(tmp_path: Path) -> None:
    other = "import { gone } from 'package';\nfor (;;) { gone() }"
    assert value(tmp_path, "import { x } from './x'; export default { a: 1 }", x_ts=other) == 1


def test_the_folder_is_that_of_the_file_that_asks(tmp_path: Path) -> None:
    other = "import path from 'path'; export const b = path.relative(process.cwd(), __dirname)"
    assert value(tmp_path, "import { b } from './in/x'; export default { a: b }", in__x_ts=other) == "in"


def test_a_file_above_the_project_is_named_from_it(tmp_path: Path) -> None:
    (tmp_path / "shared.ts").write_text("export default {\n  b: { c: 1 },\n}\n")
    inner = tmp_path / "service"
    inner.mkdir()
    (inner / "serverless.ts").write_text("import x from '../shared'; export default { a: x }")
    tree = read_program(inner / "serverless.ts", Files(inner), Options()).tree
    assert str(tree["a"].keys_at["b"]) == "../shared.ts:2:3"


def monorepo(folder: Path, files: dict[str, str]) -> Path:
    """A repository in which ``services/a`` is a project; its folder."""
    (folder / ".git").mkdir()
    for file, text in {"shared/names.ts": "export const table = 'orders'", **files}.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    service = folder / "services" / "a"
    service.mkdir(parents=True)
    return service


@pytest.mark.parametrize(
    "files",
    [
        {"tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@shared/*": ["shared/*"]}}}'},
        {"jsconfig.json": '{"compilerOptions": {"paths": {"@shared/*": ["./shared/*"]}}}'},
        {
            "tsconfig.json": '{"extends": "@org/settings"}',
            "node_modules/@org/settings/tsconfig.json": '{"compilerOptions": {"paths": {"@shared/*": '
            '["${configDir}/shared/*"]}}}',
        },
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.lib.json"}]}',
            "tsconfig.lib.json": '{"compilerOptions": {"paths": {"@shared/*": ["./shared/*"]}}}',
        },
        {
            "package.json": '{"workspaces": ["shared"]}',
            "shared/package.json": '{"name": "@shared/names", "main": "names.ts"}',
        },
    ],
)
def test_a_configuration_and_its_handlers_share_the_repositorys_names(tmp_path: Path, files: dict[str, str]) -> None:
    service = monorepo(tmp_path, files)
    assert value(service, "import { table } from '@shared/names'; export default { a: table }") == "orders"
    assert Sources(str(service)).resolve("@shared/names", "fn/h.ts", "javascript") == "../../shared/names.ts"
