"""Go's pointers to variables: what is written through one, and what code that is not read may write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages.go_programs import calls_of, program

_CLIENT = """
var db = dynamodb.New(dynamodb.Options{})
func put(name string) { db.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: &name}) }
"""
Puts = Callable[..., list[str]]


@pytest.fixture
def puts(tmp_path: Path) -> Puts:
    """The tables into which a handler with this body puts items by ``put(name)``."""

    def found(body: str, handler: str = "", *imports: str) -> list[str]:
        source = program(body, "dynamodb", *imports, handler=f"{_CLIENT}\n{handler}")
        return sorted(call.removeprefix("dynamodb.PutItem TableName=") for call in calls_of(tmp_path, source))

    return found


def test_a_write_through_a_pointer_changes_the_variable(puts: Puts) -> None:
    assert puts('ok := false\np := &ok\n*p = true\nif ok { put("t") }') == ["t"]


def test_a_function_writes_to_the_variable_whose_address_it_gets(puts: Puts) -> None:
    count = "func count(n *int) { *n++ }"
    assert puts('n := 0\ncount(&n)\nif n == 0 { return nil }\nput("t")', count) == ["t"]


def test_the_second_call_writes_to_the_variable_again(puts: Puts) -> None:
    body = 'ok := false\nset(&ok)\nok = false\nset(&ok)\nif ok { put("t") }'
    assert puts(body, "func set(p *bool) { *p = true }") == ["t"]


def test_a_variable_of_a_loop_is_written_to_in_its_turn(puts: Puts) -> None:
    body = 'for _, ok := range []bool{false} {\nset(&ok)\nif ok { put("t") }\n}'
    assert puts(body, "func set(p *bool) { *p = true }") == ["t"]


def test_a_text_that_is_written_through_a_pointer_names_the_table(puts: Puts) -> None:
    body = 'name := "a"\nrename(&name)\nput(name)'
    assert puts(body, 'func rename(p *string) { *p = "b" }') == ["a|b"]


def test_two_variables_change_places_through_their_pointers(puts: Puts) -> None:
    body = 'a, b := true, false\nswap(&a, &b)\nif b { put("t") }'
    assert puts(body, "func swap(p, q *bool) { *p, *q = *q, *p }") == ["t"]


def test_a_field_is_written_through_its_address(puts: Puts) -> None:
    body = 'a := A{}\nset(&a.ok)\nok := a.ok\nif ok { put("t") }'
    assert puts(body, "type A struct { ok bool }\nfunc set(p *bool) { *p = true }") == ["t"]


def test_a_struct_takes_over_what_is_written_behind_its_pointer(puts: Puts) -> None:
    handler = "type A struct { run func() }\nfunc fill(a *A, f func()) { *a = A{run: f} }"
    assert puts('var a A\nfill(&a, func() { put("t") })\na.run()', handler) == ["t"]


def test_an_interface_variable_holds_the_other_type_afterwards(puts: Puts) -> None:
    handler = """
    type S interface { Save() }
    type A struct{}
    func (A) Save() {}
    type B struct{}
    func (B) Save() { put("t") }
    func swap(s *S) { *s = B{} }
    """
    assert puts("var s S = A{}\nswap(&s)\ns.Save()", handler) == ["t"]


def test_the_pointer_itself_is_something_whatever_is_behind_it(puts: Puts) -> None:
    assert puts('var e error\np := &e\nif p == nil { return nil }\nput("t")') == ["t"]


@pytest.mark.parametrize(
    ("body", "package"),
    [
        ('ok := false\njson.Unmarshal([]byte("true"), &ok)\nif ok { put("t") }', "encoding/json"),
        ('mode := "dry"\nfmt.Sscan("save", &mode)\nif mode == "save" { put("t") }', "fmt"),
        ('ok := false\nflag.BoolVar(&ok, "save", false, "")\nif ok { put("t") }', "flag"),
        ('var e *E\nerrors.As(error(&E{}), &e)\nif e != nil { put("t") }', "errors"),
    ],
)
def test_a_package_may_write_to_a_variable(puts: Puts, body: str, package: str) -> None:
    assert puts(body, 'type E struct{}\nfunc (*E) Error() string { return "x" }', package) == ["t"]


@pytest.mark.parametrize(
    ("method", "body", "package"),
    [
        ("String() string", "fmt.Println(A{})", "fmt"),
        ("String() string", '_ = fmt.Sprintf("%v", []any{&A{}})', "fmt"),
        ("Error() string", '_ = fmt.Errorf("%w", A{})', "fmt"),
        (
            "MarshalJSON() ([]byte, error)",
            "json.Marshal(map[string]A{})\njson.Marshal(struct{ In A }{A{}})",
            "encoding/json",
        ),
        ("UnmarshalJSON(b []byte) error", 'json.Unmarshal([]byte("1"), &A{})', "encoding/json"),
        ("Read(b []byte) (int, error)", "io.Copy(io.Discard, A{})", "io"),
        ("Save()", "reflect.ValueOf(A{}).Method(0).Call(nil)", "reflect"),
        ("Save()", 'reflect.ValueOf(A{}).MethodByName("Save").Interface().(func())()', "reflect"),
        ("Save()", "f := (*B).Save\nf(&B{})", "fmt"),
        ("Save()", "I.Save(A{})", "fmt"),
    ],
)
def test_a_method_runs_that_code_does_not_call_by_its_name(puts: Puts, method: str, body: str, package: str) -> None:
    handler = f"""
    type A struct{{}}
    type B struct{{ A }}
    type I interface {{ Save() }}
    func (a A) {method} {{ put("t"); panic("x") }}
    """
    assert puts(body, handler, package) == ["t"]


def test_reflection_runs_the_method_of_a_known_name_alone(puts: Puts) -> None:
    handler = 'type A struct{}\nfunc (A) Save() { put("t") }\nfunc (A) Drop() { put("u") }'
    assert puts('reflect.ValueOf(A{}).MethodByName("Save").Call(nil)', handler, "reflect") == ["t"]
