"""Ruby's syntax in the intermediate form: small programs, and what stands where."""

from __future__ import annotations

from textwrap import dedent

import pytest

from languages import notation
from scopedown.languages.ruby.lower import lower
from scopedown.source import ir


def lowered(source: str) -> list[str]:
    return notation.module(lower(dedent(source).encode(), "app.rb"))


@pytest.mark.parametrize(("source", "expected"), [
    ("x = 1\nfoo x, y", ["x = 1", "foo(x, y())"]),
    ("$x = A::B.new(1)", ["$x = new A.B(1)"]),
    ("@x ||= 1", ["this.@x = (this.@x or 1)"]),
    ("x ||= 1\nx ||= 2", ["x = 1", "x = (x or 2)"]),
    ("h[:a] = b.c", ["h()['a'] = b().c()"]),
    ("a.b&.c = 3", ["a().b().c = 3"]),
    ("a, (b, *c), d = 1, 2", ["[a, [b, *c], d] = [1, 2]"]),
    ('"x#{a}y\\n"', ["`x{a()}y\n`"]),
    ('x = "a" "b"', ["x = 'ab'"]),
    ("x = %w[a b]", ["x = ['a', 'b']"]),
    ("x = :a", ["x = 'a'"]),
    ("f(a: 1, **b, &c)", ["f(a: 1, **: b(), &: c())"]),
    ("f(:a => 1)", ["f(a: 1)"]),
    ("f('a' => 1, b: 2)", ["f({'a': 1, 'b': 2})"]),
    ("f({ a: 1 })", ["f({'a': 1})"]),
    ("x = 1\nf(x:)", ["x = 1", "f(x: x)"]),
    ("a.send(:b, 1)", ["a().b(1)"]),
    ("a.send(b, 1)", ["a()[b()](1)"]),
    ("a.class.new", ["new a().class()"]),
    ("x = if a then 1 elsif b then 2 else 3 end", [
        "<value 1> = None", "if a() {<value 1> = 1} else {if b() {<value 1> = 2} else {<value 1> = 3}}",
        "x = <value 1>",
    ]),
    ("a unless b", ["if b() {} else {a()}"]),
    ("f(1) rescue g", ["try {f(1)} catch {g()}"]),
    ("case 1\nwhen 1, 2 then a\nelse b\nend", ["if ((1 == 1) or (1 == 2)) {a()} else {b()}"]),
    ("case 1\nwhen String then a\nend", ["if <fits>(1, String) {a()}"]),
    ("case x = f\nin {a:, b: [c, *]} then a\nend", [
        "<case 1> = (x := f())",
        "if ?() {a = <case 1>['a']; c = <case 1>['b'][0]}",
    ]),
    ("begin\n a\nrescue X => e\n b\nelse\n c\nensure\n d\nend", ["try {a(); c()} catch e{b()} finally {d()}"]),
    ("while a do b end", ["loop {a(); b()}"]),
    ("for i in a do b(i) end", ["loop i of a() {b(i)}"]),
    ("loop do\n a\nend", ["loop {a()}"]),
    ("raise X, 'no'", ["throw X.new('no')"]),
    ("x = ->(a) { a }", ["x = lexical(a) {return a}"]),
    ("f.map(&:to_s)", ["f().map(&: lexical(item) {return item.to_s()})"]),
    ("f { it + _1 }", ["f(&: lexical(_1) {return (_1 + _1)})"]),
    ("f.tap { |a| a.b }", ["<subject 1> = f()", "lexical(a) {return a.b()}(<subject 1>)"]),
    ("a << b", ["a().<<(b())"]),
    ("defined?(a.b)", ["?()"]),
    ("Aws::S3::Client", ["Aws.S3.Client"]),
])  # fmt: skip
def test_expressions_and_statements(source: str, expected: list[str]) -> None:
    assert lowered(source) == expected


@pytest.mark.parametrize(("source", "expected"), [
    ("def f(a, b = 1, *c, d:, e: 2, **g, &h)\n h\nend",
     "f = lexical(a, b = 1, *c, :d, :e = 2, :& = None, **g) {h = &; return h}"),
    ("def f\n yield 1\nend", "f = lexical(:& = None) {return &(1)}"),
    ("def f = 1", "f = lexical() {return 1}"),
    ("def f(...) = g(...)", "f = lexical(*..., :& = None, **...:) {return g(*..., **: ...:, &: &)}"),
    ("def f\n a.each { |i| return i }\n b\nend",
     "f = lexical() {<returned 2> = None; a().each(&: lexical(i) {<returned 2> = i; return}); <last> = b(); "
     "if (<returned 2> != ?()) {return <returned 2>}; return <last>}"),
    ("def f\n if a\n  1\n end\nend", "f = lexical() {if a() {return 1} else {return None}}"),
])  # fmt: skip
def test_methods_give_back_their_last_value(source: str, expected: str) -> None:
    assert lowered(source) == [expected]


@pytest.mark.parametrize(("source", "expected"), [
    ("class A < B::C\n X = 1\nend", "A = class A(B.C) {X = 1}"),
    ("module A\n include B\nend", "A = class A() {this.include(B)}"),
    ("class A\n def initialize(a)\n  @a = a\n end\nend", "A = class A() {constructor = this(a) {this.@a = a}}"),
    ("class A\n def self.f\n  new(1)\n end\nend", "A = class A() {self.f = this() {return new this(1)}}"),
    ("class A\n class << self\n  def f; end\n end\nend", "A = class A() {self.f = this() {return None}}"),
    ("class A\n private\n attr_reader :a\n private :a\nend", "A = class A() {a = this() {return this.@a}}"),
    ("class A\n attr_writer 'a'\nend", "A = class A() {a.setter = this(value) {this.@a = value}}"),
    ("class A\n private def f; end\nend", "A = class A() {f = this() {return None}}"),
    ("class A\n def a=(v); end\nend", "A = class A() {a.setter = this(v) {return None}}"),
    ("class A\n def f(a)\n  super\n end\nend",
     "A = class A() {f = this(a, :& = None) {return super.f(a, &: &)}}"),
    ("class A\n def initialize\n  super()\n end\nend",
     "A = class A() {constructor = this(:& = None) {super(&: &)}}"),
    ("class A\n delegate :a, to: :b\nend",
     "A = class A() {a = this(*<rest>, :& = None, **<keywords>) "
     "{return b().a(*<rest>, **: <keywords>, &: &)}}"),
    ("class A\n define_method(:f) { |a| a }\nend", "A = class A() {f = this(a) {return a}}"),
    ("class A\n def f; end\n alias g f\nend", "A = class A() {f = this() {return None}; g = f}"),
    ("A = Struct.new(:a) do\n def f; end\nend", "A = class (new Struct('a')) {f = this() {return None}}"),
    ("A = Class.new(B) do\n def f; end\nend", "A = class (B) {f = this() {return None}}"),
])  # fmt: skip
def test_classes(source: str, expected: str) -> None:
    assert lowered(source) == [expected]


def test_heredocs_lose_their_indentation() -> None:
    assert lowered("x = <<~A + <<-B\n    one #{a}\n      two\n  A\n  three\n  B\n") == [
        "x = (`one {a()}\n  two\n` + '  three\\n')"
    ]


def test_constants_and_methods_belong_to_the_whole_program() -> None:
    assert lower(b"A = 1\nb = 2\ndef f; end\nclass C; end\n$d = 3", "app.rb").locals == {"b"}


def test_places_are_those_of_the_method_on_a_later_line() -> None:
    statement = lower(b"client\n  .put_item(a: 1)", "app.rb").body[0]
    assert isinstance(statement, ir.ExprStmt)
    assert isinstance(statement.value, ir.Call)
    assert statement.value.at == (2, 4)


@pytest.mark.parametrize("source", [
    b"(" * 5000, b"[" * 5000, b"a." * 5000, b"if a\n" * 2000, b"class A\n" * 2000, b"!" * 5000, b"a ? b : " * 2000,
    b"f { " * 2000, b"x = " * 3000, b"a + " * 9000 + b"b", b"case a\n" + b"when 1 then 2\n" * 3000 + b"end",
    b"def f(a = " * 2000, b"\xff\xfe\x00class", b"<<~A\n", b'"#{' * 2000, b"a, (b, " * 2000, b"case a\nin [" * 1000,
    b"begin\n" * 2000, b"if a\n" + b"elsif b\n" * 3000 + b"end",
])  # fmt: skip
def test_any_bytes_are_lowered(source: bytes) -> None:
    assert lower(source, "app.rb").language == "ruby"


def test_syntax_errors_are_told() -> None:
    made = lower(b"def f(\nx = 1", "app.rb")
    assert made.problems
