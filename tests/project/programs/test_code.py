"""What the code of a configuration does: the machine that runs handlers goes through it once, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scopedown.documents.document import Files
from scopedown.documents.nodes import place_of
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.options import Options

MERGE = (
    "const is = (v) => v && typeof v === 'object' && !Array.isArray(v);"
    "const merge = (a, b) => { const r = {...a}; for (const k of Object.keys(b)) {"
    " r[k] = is(b[k]) && is(r[k]) ? merge(r[k], b[k]) : b[k] } return r };"
)
CASES: dict[str, tuple[str, Any]] = {
    "a loop's variable in functions": (
        "const f = []; for (const i of [1, 2]) { f.push(() => i) } export default {a: f.map((g) => g())}", [1, 2],
    ),
    "a variable of an outer scope": (
        "let n = 0; const inc = () => { n += 1; return n }; inc(); inc(); export default {a: [n, inc()]}", [2, 3],
    ),
    "what n++ gives": ("let n = 1; const a = n++; export default {a: [a, n, ++n]}", [1, 2, 3]),
    "a class of a class": (
        "class A { constructor(n) { this.n = n } get() { return this.n } }"
        "class B extends A { constructor() { super('b') } up() { return this.get() + '!' } }"
        "export default {a: [new B().up(), new B()]}", ["b!", {"n": "b"}],
    ),
    "a map": (
        "const m = new Map([['a', 1]]); m.set('b', 2);"
        "export default {a: [[...m], m.get('b'), m.size, Object.fromEntries(m), m.has('x')]}",
        [[["a", 1], ["b", 2]], 2, 2, {"a": 1, "b": 2}, False],
    ),
    "a getter": ("export default {a: {n: 2, get d() { return this.n * 2 }}}", {"n": 2, "d": 4}),
    "objects that are merged": (
        MERGE + "export default {a: merge({a: {b: 1, c: [1]}}, {a: {d: 2}})}", {"a": {"b": 1, "c": [1], "d": 2}},
    ),
    "promises of a list": (
        "module.exports = async () => ({a: await Promise.all([1, 2].map(async (v) => v * 2))})", [2, 4],
    ),
    "a member that is taken away": ("const a = {b: 1, c: 2}; delete a.b; export default {a}", {"c": 2}),
    "elements that are written": ("const a = [1, 2]; a[1] = 9; a[3] = 1; export default {a}", [1, 9, None, 1]),
    "elements that are cut out": ("const a = [1, 2, 3]; a.splice(1, 1); export default {a}", [1, 3]),
    "a list that is taken apart": (
        "const s = [1, 2]; const a = []; while (s.length) { a.push(s.pop()) } export default {a}", [2, 1],
    ),
    "what is not there": ("const o = {}; export default {a: [o?.b?.c ?? 'd', o.x, o.f?.()]}", ["d", None, None]),
    "a template with a function": (
        "const t = (s, ...v) => s.join('|') + v, n = 1; export default {a: t`x${n}y`}", "x|y1",
    ),
    "a namespace": ("namespace N { export const z = 1 } export default {a: N.z}", 1),
    "arguments": ("function f() { return arguments.length } export default {a: f(1, 2)}", 2),
}  # fmt: skip


@pytest.mark.parametrize(("program", "expected"), CASES.values(), ids=CASES)
def test_code_is_gone_through_as_node_does(tmp_path: Path, program: str, expected: Any) -> None:
    path = tmp_path / "serverless.ts"
    path.write_text(program, encoding="utf-8")
    document = read_program(path, Files(tmp_path), Options())
    assert (document.tree["a"], document.remarks) == (expected, ())


def test_what_a_file_exports_again_is_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "index.ts").write_text("export { default as hello } from './hello'\n")
    (tmp_path / "hello.ts").write_text("export default {\n  handler: 'h.main',\n}\n")
    path = tmp_path / "serverless.ts"
    path.write_text("import * as functions from './index';\nexport default { functions }\n")
    tree = read_program(path, Files(tmp_path), Options()).tree
    assert str(tree["functions"]["hello"].place) == "hello.ts:1:16"
    assert str(place_of(tree["functions"]["hello"], "handler")) == "hello.ts:2:3"


def test_an_object_of_a_class_whose_base_is_of_a_package_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "serverless.ts"
    path.write_text("import { P } from 'p';\nclass B extends P { x = 1 }\nexport default { a: new B(), b: 1 }\n")
    document = read_program(path, Files(tmp_path), Options())
    assert str(document.tree["a"]) == "*" and document.tree["b"] == 1
    assert [remark.text.partition(": ")[2] for remark in document.remarks] == [
        "p.P is of a package, and scopedown does not run packages"
    ]
