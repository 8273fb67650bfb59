"""Where Go's ``break``, ``goto``, ``panic`` and ``defer`` lead: a call that they lead to is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.go_programs import calls_of, program

PUT = "db.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: &table})"
_DECLARED = """
var db = dynamodb.New(dynamodb.Options{})
var table = "t"
func some() bool { return time.Now().Unix() == 0 }
"""
BREAKS = {
    "a break before the end of a case": "switch {\ndefault:\nbreak\npanic(1)\n}\nPUT",
    "a conditional break of a switch": "switch {\ndefault:\nif some() {\nbreak\n}\nreturn nil\n}\nPUT",
    "a conditional break of a type switch": (
        "var x any = 1\nswitch x.(type) {\ncase int:\nif some() {\nbreak\n}\nreturn nil\ndefault:\nreturn nil\n}\nPUT"
    ),
    "a break of a select": "select {\ndefault:\nbreak\npanic(1)\n}\nPUT",
    "a break with a label out of a loop in a switch": (
        'mode := "a"\nL:\nswitch {\ndefault:\nfor {\nmode = "b"\nbreak L\n}\nreturn nil\n}\nif mode == "b" {\nPUT\n}'
    ),
    "a break with a label out of a loop in a select": "L:\nselect {\ndefault:\nfor {\nbreak L\n}\nreturn nil\n}\nPUT",
    "many breaks of a case": "switch {\ndefault:\n" + "if some() {\nbreak\n}\n" * 20 + "return nil\n}\nPUT",
}
GOTOS = {
    "out of an if": 'mode := "a"\nif some() {\nmode = "b"\ngoto L\n}\nreturn nil\nL:\nif mode == "b" {\nPUT\n}',
    "back": "n := 0\nL:\nif n == 1 {\nPUT\n}\nn++\ngoto L",
    "out of a switch": "switch {\ncase some():\ngoto L\n}\nreturn nil\nL:\nPUT",
    "out of a loop": "for {\nfor {\ngoto L\n}\n}\nL:\nPUT",
}

PANICS = {
    "a named result": ("func f() (n int) {\ndefer func() {\nrecover()\nn = 1\n}()\npanic(1)\n}", "1"),
    "a panic in a loop": (
        "func f() (n int) {\nfor {\ndefer func() {\nrecover()\nn = 1\n}()\npanic(1)\n}\n}",
        "1",
    ),
    "a panic of another function": (
        "func g() { panic(1) }\n"
        "func f() (n int) {\ndefer func() { _ = recover() }()\nfor {\nn = 2\ng()\n}\npanic(2)\n}",
        "2",
    ),
    "results without names": ("func f() (int, error) {\ndefer func() { recover() }()\npanic(1)\n}", "0"),
    "a function with a name": ("func g() { recover() }\nfunc f() int {\ndefer g()\npanic(1)\n}", "0"),
}
"""Functions f, and their first result."""


def calls(tmp_path: Path, body: str, declared: str = "") -> list[str]:
    handler = (_DECLARED + declared).replace("PUT", PUT)
    made = body.replace("PUT", PUT)
    return calls_of(tmp_path, program(made, "dynamodb", "time", handler=handler))


@pytest.mark.parametrize("name", BREAKS)
def test_a_call_behind_what_a_break_leaves_is_found(tmp_path: Path, name: str) -> None:
    assert calls(tmp_path, BREAKS[name]) == ["dynamodb.PutItem TableName=t"]


@pytest.mark.parametrize("name", GOTOS)
def test_a_call_to_which_a_goto_leads_is_found(tmp_path: Path, name: str) -> None:
    assert calls(tmp_path, GOTOS[name]) == ["dynamodb.PutItem TableName=t"]


def test_a_break_keeps_what_follows_it_out_of_its_side(tmp_path: Path) -> None:
    body = """
        name := "a"
        switch {
        default:
            if some() {
                break
            }
            name = "b"
        }
        if name == "c" {
            return nil
        }
        db.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: &name})
    """
    assert calls(tmp_path, body) == ["dynamodb.PutItem TableName=a|b"]


@pytest.mark.parametrize("name", PANICS)
def test_a_function_that_recovers_from_a_panic_returns_its_results(tmp_path: Path, name: str) -> None:
    declared, given = PANICS[name]
    got = "n, _ := f()" if "error)" in declared else "n := f()"
    body = f"{got}\nif n != {given} {{\nreturn nil\n}}\nPUT"
    assert calls(tmp_path, body, declared) == ["dynamodb.PutItem TableName=t"]


def test_a_deferred_function_changes_what_return_gives(tmp_path: Path) -> None:
    declared = 'func f() (mode string) {\ndefer func() { mode = "b" }()\nreturn "a"\n}'
    assert calls(tmp_path, 'mode := f()\nif mode == "b" {\nPUT\n}', declared) == ["dynamodb.PutItem TableName=t"]


def test_what_return_gives_is_known_although_another_result_is_changed_by_a_deferred_function(tmp_path: Path) -> None:
    declared = """
        func f() (name string, err error) {
            defer func() {
                if err != nil {
                    err = nil
                }
            }()
            if err := context.Cause(context.TODO()); err != nil {
                return "b", err
            }
            return "a", nil
        }
    """
    body = "name, _ := f()\ndb.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: &name})"
    assert calls(tmp_path, body, declared) == ["dynamodb.PutItem TableName=a|b"]


def test_a_deferred_function_calls_what_its_variables_hold_at_the_end(tmp_path: Path) -> None:
    body = "var done func()\ndefer func() { done() }()\ndone = func() {\nPUT\n}\nif some() {\nreturn nil\n}"
    assert calls(tmp_path, body) == ["dynamodb.PutItem TableName=t"]
