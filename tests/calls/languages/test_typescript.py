"""Lowering what TypeScript adds: its types leave nothing behind, its enums and namespaces do."""

from __future__ import annotations

from javascript_notation import lowered as lowered_file

from scopedown.languages.javascript.lower import lower
from scopedown.source import ir


def lowered(source: str, file: str = "app.ts") -> list[str]:
    return lowered_file(source, file)


def test_types_that_tell_nothing_are_dropped() -> None:
    source = """
        interface A { b: string }
        type C = A | D;
        declare const e: string;
        declare module 'f' { export const g: number }
        function h(x: string): void;
        function h<T extends A>(x: T, y?: number): asserts x is T { return x as unknown as string }
        const i = <string>j, k = l!, m = n satisfies A, o = p<string>(q);
    """
    assert lowered(source) == [
        "h = function(x: T, y) {return x}",
        "i = j",
        "k = l",
        "m = n",
        "o = p(q)",
    ]


def test_annotations_that_name_something_are_kept() -> None:
    assert lowered("const a: Client = b; function f(c: AWS.S3, d: Foo<Bar>, e: string[]) {}") == [
        "f = function(c: AWS.S3, d: Foo[Bar], e) {}",
        "a: Client = b",
    ]


def test_parameter_properties_are_assigned_to_this() -> None:
    source = """
        class A extends B {
          constructor(private readonly client: S3Client, @Inject('x') public table = 'd', plain: string) { super() }
        }
    """
    assert lowered(source) == [
        "A = class A(B) {constructor = function(client: S3Client, table = 'd', plain) "
        "{this.client = client; this.table = table; super()}}"
    ]


def test_fields_and_abstract_members() -> None:
    source = """
        abstract class A<T> implements B {
          private readonly table: string = env.TABLE;
          static instance?: A<string>;
          static count = 0;
          abstract find(id: string): T;
          handler = async (event: Event) => this.find(event);
        }
    """
    assert lowered(source) == [
        "A = class A {count = 0} #'table' = env.TABLE #'handler' = arrow(event: Event) {return this.find(event)}"
    ]


def test_decorators_are_calls_around_what_they_decorate() -> None:
    source = """
        @Controller('x') @Guard
        export class A {
          @Inject() field: Service;
          @Get() @Auth('a') list() {}
        }
    """
    assert lowered(source) == [
        "A = @Controller('x')(@Guard(class A {Inject(); list = @Get()(@Auth('a')(function() {}))}))",
        "exports.A = A",
    ]


def test_enums_are_objects_that_count_on() -> None:
    assert lowered("enum E { A, B = 5, C, D = 'd', 'e-f' = 'x' } const enum F { G = `g` }") == [
        "E = {'A': 0, 'B': 5, 'C': 6, 'D': 'd', 'e-f': 'x'}",
        "F = {'G': 'g'}",
    ]


def test_a_namespace_is_an_object_made_at_once() -> None:
    assert lowered("namespace N.M { export const a = 1; const b = 2; export function c() { return b } }") == [
        "N = {'M': arrow() {exports = {}; c = function() {return b}; exports.c = c; a = 1; exports.a = a; b = 2; "
        "return exports}()}"
    ]


def test_a_namespace_of_types_alone_leaves_nothing() -> None:
    assert lowered("namespace N { export interface A {} }") == []


def test_type_imports_of_project_files_run_nothing() -> None:
    source = """
        import type { A } from './a';
        import { type B, C } from './b';
        import type { D } from 'package';
        export type { E } from './e';
        function f(c: C, d: D) {}
    """
    assert lowered(source) == [
        "f = function(c: C, d: D) {}",
        "C = import('./b').C",
        "D = import('package').D",
    ]


def test_imports_that_nothing_uses_are_left_out_as_the_compiler_does() -> None:
    assert lowered("import { Used, Unused } from './m'; import './side'; Used()") == [
        "Used = import('./m').Used",
        "import('./side')",
        "Used()",
    ]


def test_javascript_keeps_every_import() -> None:
    assert lowered("import { unused } from './m'", "app.js") == ["unused = import('./m').unused"]


def test_commonjs_forms_of_typescript() -> None:
    source = "import a = require('m'); import b = a.c; b(); export = a; export import d = a.d;"
    assert lowered(source)[:4] == ["a = import('m')", "b = a.c", "b()", "module.exports = a"]


def test_tsx_is_read_by_its_ending() -> None:
    assert "load()" in lowered("const x: T = <div>{load()}</div>", "app.tsx")[0]


def test_a_javascript_file_with_types_is_read_all_the_same() -> None:
    assert lowered("const f = (a: string): number => g(a)", "app.js") == ["f = arrow(a) {return g(a)}"]


def test_imports_of_which_only_types_are_used_are_not_there_when_the_code_runs() -> None:
    module = lower(
        b"import { A } from 'a'; import type { B } from 'b'; import { C, run } from 'c'; import { D } from 'd';"
        b"export const handler = (x: A, y: B, z: C) => run(x);",
        "handler.ts",
    )
    sources = {}
    for statement in module.body:
        value = statement.value if isinstance(statement, ir.Assign) else None
        if isinstance(value, ir.Attr) and isinstance(value.object, ir.Import):
            assert isinstance(value.object.specifier, ir.Const)
            sources[value.object.specifier.value] = value.object.types
    assert sources == {"a": True, "b": True, "c": False}
