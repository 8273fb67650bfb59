"""Lowering JavaScript, seen through a compact notation of the intermediate form."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from javascript_notation import lowered

from scopedown.languages.javascript.lower import lower
from scopedown.source import ir

SAMPLE = b"""
import AWS, { S3 as Store } from 'aws-sdk';
export const handler = async ({ id, ...rest }, [first = 1]) => {
  switch (id) { case 'a': case 'b': return `x-${id}`; default: break; }
  for (const x of rest) { try { await x?.y[0](); } catch { continue; } finally { done(); } }
  class A extends B { #f = 1; static s = () => this; get p() { return super.p } async *m() { yield* this } }
  return (0, first.q)(new A(...rest), a ? b : c, { [k]: v, ...w, m() {} }, /re/g, -1, !x) ?? (y ||= z);
};
"""


def test_calls_members_and_constructions() -> None:
    assert lowered("a.b(c)[d](...e); new F; new (g())(1)") == [
        "a.b(c)[d](...e)",
        "new F()",
        "new g()(1)",
    ]


def test_await_parentheses_and_optional_chaining_are_transparent() -> None:
    assert lowered("async () => { (await a)?.b?.(c)?.[d] }") == ["arrow() {a.b(c)[d]}"]


def test_await_before_parentheses_is_no_call() -> None:
    assert lowered("async () => { await (a).b(); await (await c()).d(); await (e); await(f()) }") == [
        "arrow() {a.b(); c().d(); e; f()}"
    ]


def test_requires_and_dynamic_imports_are_imports() -> None:
    assert lowered("const { S3 } = require('aws-sdk'); import('m'); require(name)") == [
        "{'S3': S3} = import('aws-sdk')",
        "import('m')",
        "import(name)",
    ]


def test_a_function_with_its_own_require_calls_it() -> None:
    assert lowered("(function (require) { require('x') })") == ["function(require) {require('x')}"]


def test_es_imports_are_assignments_from_modules() -> None:
    assert lowered("import a, { b as c, default as d } from 'm'; import * as n from 'o'; import 'side'") == [
        "a = import('m').default",
        "c = import('m').b",
        "d = import('m').default",
        "n = import('o')",
        "import('side')",
    ]


def test_exports_are_writes_to_exports_and_local_names_are_exported_last() -> None:
    source = """
        export { later as public };
        export const a = 1, { b } = c;
        export default async () => 2;
        export * from 'm';
        export * as ns from 'n';
        export { x as y } from 'o';
        const later = 3;
    """
    assert lowered(source) == [
        "a = 1",
        "{'b': b} = c",
        "exports.a = a",
        "exports.b = b",
        "exports.default = arrow() {return 2}",
        "export * from import('m')",
        "exports.ns = import('n')",
        "exports.y = import('o').x",
        "later = 3",
        "exports.public = later",
    ]


def test_function_declarations_come_first_in_their_block() -> None:
    assert lowered("run(); function run() { inner(); function inner() {} }") == [
        "run = function() {inner = function() {}; inner()}",
        "run()",
    ]


def test_exported_functions_are_hoisted_too() -> None:
    assert lowered("use(f); export function f() {}") == ["f = function() {}", "exports.f = f", "use(f)"]


def test_destructuring_keeps_defaults_holes_and_rests() -> None:
    assert lowered("const { a, b: { c } = {}, [k]: d = 1, ...e } = f, [g, , h = 2, ...i] = j") == [
        "{'a': a, 'b': {'c': c} = {}, k: d = 1, ...e} = f",
        "[g, , h = 2, ...i] = j",
    ]


def test_destructuring_assignments_reach_members() -> None:
    assert lowered("({ a: x.y, b, c = 2 } = z); [p[0], q] = r") == [
        "{'a': x.y, 'b': b, 'c': c = 2} = z",
        "[p[0], q] = r",
    ]


def test_parameters_are_destructured_with_defaults() -> None:
    assert lowered("f = ({ a, b = 1 } = {}, [c], d = 2, ...e) => a") == [
        "f = arrow({'a': a, 'b': b = 1} = {}, [c], d = 2, ...e) {return a}"
    ]


def test_blocks_have_variables_of_their_own() -> None:
    source = """
        const p = 1;
        { const p = 2; use(p); (() => p)(); }
        if (x) { let p = 3; use(p) } else { let p = 4; use(p) }
        use(p);
    """
    assert lowered(source) == [
        "p = 1",
        "p~2 = 2",
        "use(p~2)",
        "arrow() {return p~2}()",
        "if x {p~3 = 3; use(p~3)} else {p~4 = 4; use(p~4)}",
        "use(p)",
    ]


def test_a_parameter_ends_the_renaming_of_an_outer_block() -> None:
    assert lowered("let p; { let p = 1; run((p) => p) }") == [
        "p = None",
        "p~2 = 1",
        "run(arrow(p) {return p})",
    ]


def test_a_named_function_expression_knows_itself() -> None:
    assert lowered("const f = function g(n) { return g(n) }; const h = function unused() {}") == [
        "f = (g~2 = function(n) {return g~2(n)})",
        "h = function() {}",
    ]


def test_anonymous_functions_take_the_name_they_are_assigned_to() -> None:
    (one,) = lower(b"exports.handler = async () => 1", "a.js").body
    assert isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda)
    assert one.value.function.name == "handler"


def test_a_function_owns_its_parameters_and_variables_alone() -> None:
    (one,) = lower(b"const f = (a, {b}) => { var c; if (a) { let d = e; } g = 1; }", "a.js").body
    assert isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda)
    assert one.value.function.locals == {"a", "b", "c", "d~2"}


def test_classes_keep_methods_static_fields_and_instance_fields_apart() -> None:
    source = """
        class A extends B.C {
          static s = 1; f = 2; #p = 3; bare;
          constructor(x) { super(x); this.#p = x }
          get g() { return 4 } set g(v) { this.f = v }
          static async m() { return super.m() }
          static { init() }
          [k]() {}
        }
    """
    assert lowered(source) == [
        "A = class A(B.C) {s = 1; constructor = function(x) {super(x); this.#p = x}; "
        "g = function get() {return 4}; g.setter = function(v) {this.f = v}; static m = function() {return super.m()}; "
        "init(); this[k] = function() {}} #'f' = 2 #'#p' = 3"
    ]


def test_objects_keep_spreads_computed_keys_methods_and_getters() -> None:
    assert lowered("x = { a, 'b-c': 1, [d]: 2, ...e, f() {}, get g() { return 3 }, async *h() {} }") == [
        "x = {'a': a, 'b-c': 1, d: 2, ...e, 'f': function() {}, 'g': function get() {return 3}, 'h': function *() {}}"
    ]


def test_strings_and_templates_are_unescaped() -> None:
    assert lowered(r"""x = 'a\'\n\x41\u{1F600}' + `b\`${c}\u0042` + `` """) == [
        "x = (+ (+ \"a'\\nA😀\" `'b`' c 'B'`) '')",
    ]


def test_a_tagged_template_is_a_call_with_its_parts() -> None:
    assert lowered("gql`a${b}c`") == ["gql(['a', 'c'], b)"]


def test_operators_have_their_names() -> None:
    assert lowered("a || b; a ?? b; a && b; a === b; a != b; !a; a ||= b; a += 1; void 0; -1; 'k' in o; i++") == [
        "(or a b)",
        "(?? a b)",
        "(and a b)",
        "(== a b)",
        "(loosely != a b)",
        "(not a)",
        "a or= b",
        "a += 1",
        "None",
        "-1",
        "(in 'k' o)",
        "(i = (++ i))",
    ]


def test_a_sequence_is_its_last_value() -> None:
    assert lowered("x = (0, m.f)(1); y = (a(), b); c(), d()") == [
        "x = m.f(1)",
        "y = [a(), b][1]",
        "c()",
        "d()",
    ]


def test_loops() -> None:
    source = """
        for (const [k, v] of e) f(k);
        for (x in o) g(x);
        for (let i = 0; i < n; i++) h(a[i]);
        while (more()) { step(); continue }
        do { once() } while (again());
        outer: for await (const s of t) break outer;
    """
    assert lowered(source) == [
        "loop [k~2, v~2] of e {f(k~2)}",
        "loop x in o {g(x)}",
        "i~2 = 0",
        "loop {(i~2 = (++ i~2)); (< i~2 n); h(a[i~2])}",
        "loop {more(); step(); jump}",
        "loop {once(); again()}",
        "loop s~2 of t {jump}",
    ]


def test_try_catch_finally() -> None:
    assert lowered("try { a() } catch ({ code }) { b(code) } finally { c() }") == [
        "try {a()} catch {'code': code~2}{b(code~2)} finally {c()}"
    ]


def test_a_switch_is_a_chain_with_fall_through() -> None:
    source = """
        switch (x) {
          case 1: case 2: one(); break;
          case 3: three();
          case 4: four(); break;
          default: other();
        }
    """
    assert lowered(source) == [
        "if (or (== x 1) (== x 2)) {one()} "
        "else {if (== x 3) {three(); four()} else {if (== x 4) {four()} else {other()}}}"
    ]


def test_a_conditional_break_skips_the_rest_of_its_case() -> None:
    assert lowered("switch (x) { case 1: a(); if (y) break; b(); }") == ["if (== x 1) {a(); if y {} else {b()}}"]


def test_a_break_inside_a_loop_inside_a_switch_leaves_the_loop() -> None:
    assert lowered("switch (x) { case 1: for (;;) { break; } after(); }") == ["if (== x 1) {loop {jump}; after()}"]


def test_a_computed_subject_is_evaluated_once() -> None:
    assert lowered("switch (f()) { case 1: a(); break; case 2: b() }") == [
        "switch~~2 = f()",
        "if (== switch~~2 1) {a()} else {if (== switch~~2 2) {b()}}",
    ]


def test_a_switch_of_hundreds_of_cases_is_not_nested_hundreds_deep() -> None:
    cases = "".join(f"case {number}: f({number}); break;" for number in range(600))
    (chain,) = lower(f"switch (x) {{ {cases} }}".encode(), "a.js").body

    def depth(node: ir.Stmt) -> int:
        if not isinstance(node, ir.If):
            return 0
        return 1 + max((depth(one) for one in (*node.then, *node.otherwise)), default=0)

    assert depth(chain) < 30


def test_typescripts_state_machine_becomes_its_steps() -> None:
    source = """
        function h(event) {
          return __awaiter(this, void 0, void 0, function () {
            var r;
            return __generator(this, function (_a) {
              switch (_a.label) {
                case 0: return [4 /*yield*/, first(event)];
                case 1: r = _a.sent(); if (!r) return [3 /*break*/, 2]; return [2 /*return*/, r];
                case 2: return [2 /*return*/];
              }
            });
          });
        }
    """
    assert lowered(source) == [
        "h = function(event) {return __awaiter(this, None, None, function() {r = None; return arrow() "
        "{~sent = first(event); r = ~sent; if (not r) {}; if opaque() {return r}; if opaque() {return}}()})}"
    ]


def test_regenerators_state_machine_becomes_its_steps() -> None:
    source = """
        function _callee() {
          return _regenerator.default.wrap(function _callee$(_context) {
            while (1) switch (_context.prev = _context.next) {
              case 0: _context.next = 3; return first();
              case 3: r = _context.sent; return _context.abrupt("return", r);
              case 5: case "end": return _context.stop();
            }
          }, _callee);
        }
    """
    assert lowered(source) == [
        "_callee = function() {return arrow() {_context.next = 3; ~sent = first(); r = ~sent; "
        "if opaque() {return r}}()}"
    ]


def test_a_generator_run_as_an_async_function_awaits_where_it_yields() -> None:
    assert lowered("x = __awaiter(this, void 0, void 0, function* () { const r = yield f(); return r })") == [
        "x = __awaiter(this, None, None, function() {r = f(); return r})"
    ]
    assert lowered("function* g() { yield f() }") == ["g = function *() {yield f()}"]


def test_helpers_of_compilers_are_left_to_the_interpreter() -> None:
    source = "var __importStar = (this && this.__importStar) || function (m) { }; const a = __importStar(require('m'))"
    assert lowered(source) == ["a = __importStar(import('m'))"]


def test_jsx_is_opaque_and_its_expressions_are_kept() -> None:
    assert "load()" in lowered("const x = <div a={load()}>text {y}</div>")[0]


def test_places_count_characters_from_one() -> None:
    one, other = lower("a = 'ä'; b()\n  c()".encode(), "a.js").body[1:]
    assert (one.at, other.at) == ((1, 10), (2, 3))


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    (one,) = lower(b"\xef\xbb\xbfa()", "a.js").body
    assert one.at == (1, 1)


def test_a_syntax_error_is_named_and_the_rest_is_lowered() -> None:
    module = lower(b"a();\nconst x = { y: 1 z: 2 };\nfunction f() { b() }\n", "a.js")
    assert module.problems and module.problems[0][0][0] == 2
    assert [one for one in module.body if isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda)]


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 5000 + "1" + ")" * 5000,
        "x = " + "[" * 5000 + "]" * 5000,
        "f" + ".a()" * 5000,
        "{" * 3000 + "}" * 3000,
        "x = " + " * ".join(f"a{number}" for number in range(5000)),
        "x = " + "a => " * 3000 + "1",
        "const " + "[" * 2000 + "a" + "]" * 2000 + " = b",
    ],
    ids=["parentheses", "arrays", "chain", "blocks", "product", "arrows", "patterns"],
)
def test_deep_nesting_is_cut_and_said(source: str) -> None:
    module = lower(source.encode(), "a.js")
    assert any("nested too deeply" in message for _, message in module.problems)


def test_a_long_chain_of_else_if_is_read_whole() -> None:
    module = lower(f"if (a) b(); {'else if (c) d(); ' * 2000} else last()".encode(), "a.js")
    assert not module.problems
    last = module.body[-1]
    while isinstance(last, ir.If):
        last = last.otherwise[-1]
    assert isinstance(last, ir.ExprStmt) and isinstance(last.value, ir.Call)


def test_a_long_text_of_hundreds_of_pieces_is_joined_at_once() -> None:
    assert lowered("x = " + " + ".join(f"'a{number}'" for number in range(500)))[0].startswith("x = `'a0' 'a1'")


def test_truncated_sources_never_fail() -> None:
    for end in range(len(SAMPLE)):
        lower(SAMPLE[:end], "a.js")
        lower(SAMPLE[:end], "a.ts")


def test_shuffled_bytes_of_a_source_never_fail() -> None:
    source = random.Random(7)
    for _ in range(150):
        data = bytearray(SAMPLE)
        for _ in range(source.randrange(1, 12)):
            data[source.randrange(len(data))] = source.randrange(256)
        lower(bytes(data), source.choice(["a.js", "a.ts", "a.tsx"]))


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_module(source: bytes) -> None:
    assert lower(source, "a.js").file == "a.js"
