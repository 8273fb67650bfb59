"""Structs of Go are copied where they are assigned and given away: what a copy gets does not change the other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.go_programs import calls_of, program

DECLARED = """
type Store struct { db *dynamodb.Client; table string; done func() }
func (s Store) with(table string) Store { s.table = table; return s }
func (s *Store) set(table string) { s.table = table }
func (s Store) put() { s.db.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: &s.table}) }
func other(s Store) Store { s.table = "b"; return s }
func change(s *Store) { s.table = "b" }
var db = dynamodb.New(dynamodb.Options{})
"""


def tables(tmp_path: Path, body: str) -> list[str]:
    found = calls_of(tmp_path, program(body, "dynamodb", handler=DECLARED))
    return sorted(one.removeprefix("dynamodb.PutItem TableName=") for one in found)


@pytest.mark.parametrize(
    "change",
    [
        'b := a\nb.table = "b"',
        'var b Store = a\nb.table = "b"',
        'p := &a\nb := *p\nb.table = "b"',
        'b := a.with("b")',
        "b := other(a)",
    ],
)
def test_a_copy_leaves_the_struct_as_it_was(tmp_path: Path, change: str) -> None:
    assert tables(tmp_path, f'a := Store{{db: db, table: "a"}}\n{change}\na.put()\nb.put()') == ["a", "b"]


@pytest.mark.parametrize("change", ['a.set("b")', "change(&a)", "p := &a\nq := p\nchange(q)", 'a.table = "b"'])
def test_a_pointer_changes_the_struct(tmp_path: Path, change: str) -> None:
    assert tables(tmp_path, f'a := Store{{db: db, table: "a"}}\n{change}\na.put()') == ["b"]


def test_variables_of_a_pointer_s_or_an_interface_s_type_share_the_struct(tmp_path: Path) -> None:
    body = """
        a := &Store{db: db, table: "a"}
        b := a
        var c interface{ set(string) } = b
        d := c
        d.set("b")
        a.put()
    """
    assert tables(tmp_path, body) == ["b"]
