"""Go's syntax in the intermediate form: small programs, and what stands where."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.languages.go.lower import local_names, lower
from scopedown.source import ir


def lowered(source: str) -> ir.Module:
    return lower(f"package main\n{source}".encode(), "main.go")


def body_of(source: str) -> ir.Block:
    """The statements of a function with this body."""
    return function_of(f"func f() {{\n{source}\n}}").body


def function_of(source: str) -> ir.Function:
    """The first function of a source, or the first method."""
    for statement in lowered(source).body:
        if isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Lambda):
            return statement.value.function
    raise AssertionError("no function")


def value_of(source: str) -> Any:
    """The expression that ``x := …`` gives to x."""
    statement = body_of(f"x := {source}")[0]
    assert isinstance(statement, ir.Assign)
    return statement.value


def class_of(source: str) -> ir.Class:
    statement = lowered(source).body[0]
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.ClassExpr)
    return statement.value.definition


def test_imports_are_names_of_paths() -> None:
    module = lowered('import (\n"os"\nddb "github.com/aws/x/dynamodb"\n. "a/b"\n_ "c/d"\n)')
    assert module.package == "main"
    assert module.imports == (("os", "os"), ("ddb", "github.com/aws/x/dynamodb"), (".", "a/b"), ("_", "c/d"))


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/b/v2", "b"), ("gopkg.in/yaml.v3", "yaml"), ("a/go-redis", "redis"), ("a/kafka-go", "kafka"), ("v2", "v2")],
)
def test_an_import_is_named_by_its_path(path: str, name: str) -> None:
    assert local_names(path)[-1] == name


def test_a_struct_is_a_class_with_its_fields_types() -> None:
    made = class_of('type T struct {\n A, B string `json:"a"`\n *Base\n x.Other\n}')
    assert [name for name, _ in made.types] == ["A", "B", "Base", "Other"]
    keywords = dict(made.keywords)
    embedded, tags = keywords["embedded"], keywords["tags"]
    assert isinstance(embedded, ir.ListExpr)
    assert isinstance(tags, ir.ObjectExpr)
    assert [item.value for item in embedded.items if isinstance(item, ir.Const)] == ["Base", "Other"]
    assert len(tags.entries) == 2


def test_an_interface_is_an_abstract_class_of_methods() -> None:
    made = class_of("type Store interface {\n Put(ctx context.Context, x *T) error\n Closer\n}")
    assert made.abstract
    assert made.locals == {"Put"}
    assert [base.id for base in made.bases if isinstance(base, ir.Name)] == ["Closer"]


def test_a_method_is_written_to_its_type() -> None:
    module = lowered("func (s *Store[K]) Put(x int) (string, error) { return s.name, nil }")
    statement = module.body[0]
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.target, ir.Attr)
    assert isinstance(statement.target.object, ir.Name)
    assert (statement.target.object.id, statement.target.name) == ("Store", "Put")
    assert isinstance(statement.value, ir.Lambda)
    method = statement.value.function
    assert method.receiver == "first"
    assert [parameter.name for parameter in method.parameters] == ["s", "x"]
    assert isinstance(method.returns, ir.ListExpr)
    assert isinstance(method.body[0], ir.Return)
    assert isinstance(method.body[0].value, ir.Call)


def test_types_stand_before_functions_before_variables_before_init() -> None:
    module = lowered("func init() {}\nvar x = f()\nfunc f() int { return 1 }\ntype T struct{}")
    values = [type(one.value).__name__ for one in module.body if isinstance(one, ir.Assign | ir.ExprStmt)]
    assert values == ["ClassExpr", "Lambda", "Lambda", "Call", "Call"]
    assert isinstance(module.body[-1], ir.ExprStmt)


def test_the_address_of_a_literal_is_the_literal_and_a_star_reads_what_is_behind() -> None:
    made = value_of("&T{A: *p}")
    assert isinstance(made, ir.Initialised)
    assert isinstance(made.value, ir.Call)
    assert made.value.new
    (key, value), *_ = made.entries
    assert isinstance(key, ir.Const)
    assert key.value == "A"
    assert isinstance(value, ir.Call)
    assert isinstance(value.function, ir.Name)
    assert value.function.id == "<load>"


def test_values_of_fields_without_their_names_are_arguments() -> None:
    made = value_of('T{"a", b}')
    assert made.new
    assert len(made.positional) == 2


def test_fields_of_a_struct_without_a_name_are_known_by_their_place() -> None:
    (item,) = value_of('[]struct{ name string; run func() }{{"a", f}}').items
    assert [key.value for key, _ in item.entries] == ["name", "run"]


def test_literals_of_lists_and_maps_give_their_type_to_the_elements() -> None:
    listed = value_of('[]*T{{A: "x"}, {A: "y"}}')
    assert isinstance(listed, ir.ListExpr)
    assert all(isinstance(item, ir.Initialised) for item in listed.items)
    mapped = value_of('map[string][]T{"a": {{A: 1}}}')
    assert isinstance(mapped, ir.ObjectExpr)
    inner = mapped.entries[0][1]
    assert isinstance(inner, ir.ListExpr)
    assert isinstance(inner.items[0], ir.Initialised)


def test_a_named_map_of_the_file_is_a_map() -> None:
    module = lowered('type Routes map[string]func()\nvar r = Routes{"a": f, b: g}')
    statement = module.body[-1]
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Call)
    (held,) = statement.value.positional
    assert isinstance(held, ir.ObjectExpr)
    assert isinstance(held.entries[1][0], ir.Name)


def test_two_targets_of_one_element_take_the_element() -> None:
    (statement,) = body_of("v, ok := m[k]")
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.target, ir.ListPattern)
    assert isinstance(statement.value, ir.ListExpr)
    assert isinstance(statement.value.items[0], ir.Index)


def test_several_results_go_to_several_targets() -> None:
    (statement,) = body_of("a, err := g()")
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.target, ir.ListPattern)
    assert isinstance(statement.value, ir.Call)


def test_a_variable_in_a_block_hides_the_one_outside_only_there() -> None:
    first, test, last = body_of("x := 1\nif y { x := 2; use(x) }\nuse(x)")
    assert isinstance(first, ir.Assign)
    assert isinstance(test, ir.If)
    inner = test.then[0]
    assert isinstance(inner, ir.Assign)
    assert isinstance(first.target, ir.Name)
    assert isinstance(inner.target, ir.Name)
    assert first.target.id == "x"
    assert inner.target.id != "x"
    use = test.then[1]
    assert isinstance(use, ir.ExprStmt)
    assert isinstance(use.value, ir.Call)
    assert isinstance(use.value.positional[0], ir.Name)
    assert use.value.positional[0].id == inner.target.id
    assert isinstance(last, ir.ExprStmt)
    assert isinstance(last.value, ir.Call)
    assert isinstance(last.value.positional[0], ir.Name)
    assert last.value.positional[0].id == "x"


def test_a_variable_named_as_a_package_does_not_hide_it_in_its_own_value() -> None:
    (statement,) = body_of("s3 := s3.New(sess)")
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.target, ir.Name)
    assert isinstance(statement.value, ir.Call)
    assert isinstance(statement.value.function, ir.Attr)
    assert isinstance(statement.value.function.object, ir.Name)
    assert statement.value.function.object.id == "s3"
    assert statement.target.id != "s3"


def test_a_closure_means_the_variable_around_it() -> None:
    function = function_of("func f() { s3 := s3.New()\n go func() { s3.Put() }() }")
    made, start = function.body
    assert isinstance(made, ir.Assign)
    assert isinstance(made.target, ir.Name)
    assert isinstance(start, ir.ExprStmt)
    assert isinstance(start.value, ir.Call)
    assert isinstance(start.value.function, ir.Lambda)
    put = start.value.function.function.body[0]
    assert isinstance(put, ir.ExprStmt)
    assert isinstance(put.value, ir.Call)
    assert isinstance(put.value.function, ir.Attr)
    assert isinstance(put.value.function.object, ir.Name)
    assert put.value.function.object.id == made.target.id


def test_a_bare_return_gives_the_named_results() -> None:
    function = function_of("func f() (out string, err error) { out = g(); return }")
    last = function.body[-1]
    assert isinstance(last, ir.Return)
    assert isinstance(last.value, ir.Call)
    assert [item.id for item in last.value.positional if isinstance(item, ir.Name)] == ["out", "err"]


def test_go_and_defer_are_calls() -> None:
    body = body_of("go f()\ndefer func() { g() }()")
    assert all(isinstance(one, ir.ExprStmt) and isinstance(one.value, ir.Call) for one in body)


def test_a_switch_is_a_chain_with_its_default_last() -> None:
    (chain,) = body_of("switch x {\ndefault: a()\ncase 1, 2: b()\nfallthrough\ncase 3: c()\n}")
    assert isinstance(chain, ir.If)
    assert len(chain.then) == 2
    inner = chain.otherwise[0]
    assert isinstance(inner, ir.If)
    assert len(inner.then) == len(inner.otherwise) == 1


def test_a_switch_over_types_casts_in_each_case() -> None:
    _, chain = body_of("switch v := x.(type) {\ncase *T: v.Put()\ncase nil:\n}")
    assert isinstance(chain, ir.If)
    cast = chain.then[0]
    assert isinstance(cast, ir.Assign)
    assert isinstance(cast.value, ir.Cast)


def test_a_select_runs_one_of_its_cases() -> None:
    (chain,) = body_of("select {\ncase v := <-c: f(v)\ncase <-done: g()\n}")
    assert isinstance(chain, ir.If)
    assert isinstance(chain.test, ir.Opaque)
    assert len(chain.then) == 2
    assert len(chain.otherwise) == 2


def test_a_loop_takes_the_pairs_of_what_it_goes_through() -> None:
    (loop,) = body_of("for i, v := range xs { f(v) }")
    assert isinstance(loop, ir.Loop)
    assert isinstance(loop.target, ir.ListPattern)
    assert isinstance(loop.iterable, ir.Call)


def test_constants_repeat_the_expression_before_them() -> None:
    module = lowered("const (\n A = iota\n B\n C\n)")
    values = [one.value.value for one in module.body if isinstance(one, ir.Assign) and isinstance(one.value, ir.Const)]
    assert values == [0, 1, 2]


def test_types_of_a_generic_function_are_its_index() -> None:
    for written in ("g[int](1)", "p.G[T](1)", "g[int, string](1, 2)"):
        made = lowered(f"func g() {{}}\ntype T struct{{}}\nvar x = {written}").body[-1]
        assert isinstance(made, ir.Assign)
        assert isinstance(made.value, ir.Call)
        assert isinstance(made.value.function, ir.Index)
        assert isinstance(made.value.function.index, ir.ListExpr), written


def test_an_element_that_is_called_stays_an_element() -> None:
    _, statement = body_of("key := k\nhandlers[key](event)")
    assert isinstance(statement, ir.ExprStmt)
    assert isinstance(statement.value, ir.Call)
    assert isinstance(statement.value.function, ir.Index)


def test_a_scalar_whose_address_is_taken_is_not_known() -> None:
    function = function_of("func f() {\nvar name string\nvar other string\nflag.StringVar(&name)\n}")
    name, other = function.body[:2]
    assert isinstance(name, ir.Assign)
    assert isinstance(other, ir.Assign)
    assert isinstance(name.value, ir.Opaque)
    assert isinstance(other.value, ir.Const)


def test_texts_are_unquoted() -> None:
    assert value_of(r'"a\n\u00e9\x41\""').value == 'a\né\x41"'
    assert value_of("`a\\n`").value == "a\\n"
    assert value_of("'a'").value == 97


def test_places_count_characters() -> None:
    module = lower('package main\nvar é, x = "é", f()'.encode(), "main.go")
    statements = [one for one in module.body if isinstance(one, ir.Assign)]
    assert [one.at for one in statements] == [(2, 5), (2, 8)]


def test_a_syntax_error_is_told_and_costs_little() -> None:
    module = lowered("func f() { x := ) }\nfunc g() { h() }")
    assert module.problems
    assert "g" in module.locals


@pytest.mark.parametrize(
    "source",
    [
        "", "\0\0", "package", "func", "type T struct {", "var x = " + "(" * 5000,
        "var x = " + "[]T{" * 3000, "func f() {" + "{" * 5000, "var x = " + "f(" * 5000 + ")" * 5000,
        "func f() {" + "if x {" * 3000 + "}" * 3000 + "}", "var x " + "[]" * 3000 + "int", "type T " + "*" * 3000 + "X",
        "func f() { x" + ".g()" * 3000 + " }", "type I interface {" * 2000, "var x = " + "func() { _ = " * 2000,
        "func f() { switch x := y.(type) { case " + "(" * 3000 + "T" + ")" * 3000 + ": } }",
        "var x " + "(" * 5000 + "T" + ")" * 5000, "func f() { " + "<-" * 5000 + "x }", "import (" * 2000,
    ],
)  # fmt: skip
def test_any_text_is_lowered(source: str) -> None:
    assert lowered(source).language == "go"
    assert lower(source.encode(), "main.go").file == "main.go"


def test_long_chains_are_lowered() -> None:
    branches = " else ".join(f"if x == {number} {{ f() }}" for number in range(3000))
    cases = "\n".join(f"case {number}: f()" for number in range(3000))
    total = " + ".join(["x"] * 3000)
    module = lowered(f"func f() {{ {branches}\nswitch x {{ {cases} }}\ny := {total} }}")
    assert not module.problems or "deeply" in module.problems[-1][1]
