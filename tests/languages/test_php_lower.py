"""PHP's syntax in the intermediate form: small programs, and what stands where."""

from __future__ import annotations

import pytest

from languages import notation
from scopedown.languages.php.lower import lower
from scopedown.source import ir


def lowered(source: str) -> list[str]:
    return notation.module(lower(f"<?php\n{source}".encode(), "app.php"))


@pytest.mark.parametrize(("source", "expected"), [
    ("$x = $a->b->c($d, ...$e);", ["$x = $a.$b.c($d, *$e)"]),
    ("$a?->b();", ["$a.b()"]),
    ("f(a: 1);", ["f($a: 1)"]),
    ("$f = f(...);", ["$f = f"]),
    ("$x = 'a' . $b . \"c$d{$e['f']}$g[h]\";", ["$x = `a{$b}c{$d}{$e['f']}{$g['h']}`"]),
    ("$x .= 'a';", ["$x = `{$x}a`"]),
    ("$x = ['a' => 1, ...$b];", ["$x = {'a': 1, **$b}"]),
    ("$x = [1, 2]; $y = []; $z = array('a');", ["$x = [1, 2]", "$y = {}", "$z = ['a']"]),
    ("$x[] = 1; $x['a'] = 2;", ["$x = <append>($x, 1)", "$x['a'] = 2"]),
    ("[$a, , $b] = $c; ['k' => $d] = $c; list('k' => $e) = $c;",
     ["[$a, , $b] = $c", "{'k' → $d} = $c", "{'k' → $e} = $c"]),
    ("$a = $b ?? $c ?? 1; $a ??= 2;", ["$a = ($b ?? ($c ?? 1))", "$a = ($a ?? 2)"]),
    ("$a = $b ?: $c; $a = $b ? $c : $d;", ["$a = ($b or $c)", "$a = ($b ? $c : $d)"]),
    ("$a = match ($b) { 1, 2 => 'x', default => 'y' };", [
        "<value 1> = None", "if (($b == 1) or ($b == 2)) {<value 1> = 'x'} else {<value 1> = 'y'}", "$a = <value 1>",
    ]),
    ("if ($a) b(); elseif ($c): d(); else: e(); endif;", ["if $a {b()} else {if $c {d()} else {e()}}"]),
    ("foreach ($a as $b) { c(); }", ["loop $b of <values>($a) {c()}"]),
    ("foreach ($a as $b => $c) { break; }", ["loop [$b, $c] of <pairs>($a) {jump}"]),
    ("switch ($a) { case 1: b(); break; default: c(); }", ["if ($a loosely == 1) {b()} else {c()}"]),
    ("while ($a) { b(); }", ["loop {$a; b()}"]),
    ("try { a(); } catch (\\E $e) { b(); } finally { c(); }", ["try {a()} catch $e{b()} finally {c()}"]),
    ("throw new \\E('x');", ["throw new E('x')"]),
    ("$f = fn($x) => $x; $g = function ($x) use ($y) { return $y; };",
     ["$f = lexical($x) {return $x}", "$g = lexical($x) {return $y}"]),
    ("require __DIR__ . '/a.php'; return 1;", ["require(`{__DIR__}/a.php`)", "return 1"]),
    ("$x = (string) $a; $y = @b(); $z = !$c;", ["$x = `{$a}`", "$y = b()", "$z = (not $c)"]),
    ("$x = A::B; $y = A::class; A::$c = 1; A::d();", ["$x = A.B", "$y = 'A'", "A.$c = 1", "A.d()"]),
    ("$x = new $a(1); $y = $b->$c(); $z = $d->$e;",
     ["$x = new <class of>($a)(1)", "$y = $b[<name>($c)]()", "$z = $d[<name>($e)]"]),
    ("$t = <<<EOT\n    a $b\n    c\n    EOT;", ["$t = `a {$b}\nc`"]),
    ("function f(int $a, B|C $b = null, ...$c): D { static $d = 1; return $a; }",
     ["f = none($a, $b: (B | C) = None, *$c) {if ?() {<static $d 1> = 1}; return $a}"]),
])  # fmt: skip
def test_expressions_and_statements(source: str, expected: list[str]) -> None:
    assert lowered(source) == expected


@pytest.mark.parametrize(("source", "expected"), [
    ("class A extends B implements C { use D; const E = 1; public $f = 2; private ?G $g; static $h; }",
     "A = class A(D, B, C) '$f' = 2; {E = 1; $h = None}"),
    ("class A { function __construct(private G $g, $x = 1) { parent::__construct(); } }",
     "A = class A() {constructor = this($g: G, $x = 1) {this.$g = $g; super()}}"),
    ("class A { static function make() { return new static(self::X); } function go() { return static::f(); } }",
     "A = class A() {make = this() {return new this(A.X)}; go = this() {return this.<class>.f()}}"),
    ("class A { function __invoke() {} }", "A = class A() {__call__ = this() {}}"),
])  # fmt: skip
def test_classes(source: str, expected: str) -> None:
    assert lowered(source) == [expected]


def test_the_cases_of_an_enumeration_are_objects_of_it() -> None:
    assert lowered("enum A: string { case B = 'b'; }") == [
        "A = class A() {B = {'name': 'B', 'value': 'b'}}", "A.B = new A()", "A.B.$name = 'B'", "A.B.$value = 'b'",
    ]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), [
    ("$a = $b || $c;", "$a = (not (not ($b or $c)))"),
    ("if ($b && ($c || $d)) {}", "if ($b and ($c or $d)) {}"),
    ("$a =& f();", "$a = f(); $a = <loose>($a)"),
    ("$$a = 1;", "<unfollowed>('a write to a variable with a computed name')"),
    ("match (true) { 1 => $a, $b > 2 => $c };", "if (True == 1) {<value 1> = $a} else {if ($b > 2)"),
])  # fmt: skip
def test_what_php_does_to_values_is_kept(source: str, expected: str) -> None:
    assert expected in "; ".join(lowered(source))


def test_classes_come_after_those_from_which_they_derive() -> None:
    module = lower(b"<?php class A extends B {} class B extends C { use D; } trait D {} class C {}", "app.php")
    named = [one.target.id for one in module.body if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name)]
    assert [sorted(named), named.index("A"), named[-1]] == [["A", "B", "C", "D"], 3, "A"]


def test_names_are_whole() -> None:
    source = (
        "namespace A\\B; use C\\D; use E\\{F, G as H}; use function I\\j; new D(new H\\K, new \\L, new M); j(); k();"
    )
    assert lowered(source)[-3:] == ["new C\\D(new E\\G\\K(), new L(), new A\\B\\M())", "I\\j()", "A\\B\\k()"]


def test_interfaces_and_types_are_kept() -> None:
    module = lower(b"<?php namespace A; use B\\C; interface I {} abstract class D { private C $c; }", "app.php")
    definitions = [one.value.definition for one in module.body
                   if isinstance(one, ir.Assign) and isinstance(one.value, ir.ClassExpr)]  # fmt: skip
    assert [one.abstract for one in definitions] == [True, True]
    assert [(name, notation.expression(kind)) for name, kind in definitions[1].types] == [("$c", "B\\C")]
    assert module.package == "A"


@pytest.mark.parametrize("source", [
    b"(" * 5000, b"[" * 5000, b"$a->b" + b"->c" * 5000, b"if ($a) " * 2000, b"class A { function f() { " * 1000,
    b"!" * 5000, b"$a ? $b : " * 2000, b"fn($x) => " * 2000, b"$x = " * 3000, b"$a . " * 9000 + b"$b",
    b"switch ($a) {" + b"case 1: f();" * 3000 + b"}", b"$a ?? " * 5000 + b"1", b"\xff\xfe\x00class", b"<<<A\n",
    b'"{$a[' * 2000, b"[$a, [$b, " * 2000, b"match ($a) { 1 => " * 1000, b"try { " * 2000, b"{ " * 3000,
    b"if ($a) {} " + b"elseif ($b) {} " * 3000, b"namespace A { " * 500, b"new class { " * 500,
])  # fmt: skip
def test_any_bytes_are_lowered(source: bytes) -> None:
    assert lower(b"<?php " + source, "app.php").language == "php"


def test_syntax_errors_are_told() -> None:
    assert lower(b"<?php function f( { $x = ; }", "app.php").problems
