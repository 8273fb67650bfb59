"""A name that a compiler would refuse, since nothing declares it, is declared in a file that is not here."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages import csharp_programs, go_programs, java_programs, rust_programs
from scopedown.calls.model import CallReport

GO = """
package main

import "github.com/aws/aws-lambda-go/lambda"

{declared}

func handler() error {{ {body} }}

func main() {{ lambda.Start(handler) }}
"""


def missing(report: CallReport) -> list[str]:
    return [one.what for one in report.unseen if "what declares" in one.what]


def test_a_function_of_go_that_no_file_of_the_package_has(tmp_path: Path) -> None:
    report = go_programs.report_of(tmp_path, GO.format(declared="", body="return stored()"))
    assert missing(report) == ["scopedown did not find what declares stored"]
    assert report.unseen[0].may_call == ("*",)


def test_a_function_of_go_that_another_package_of_the_project_lacks(tmp_path: Path) -> None:
    source = """
        package main

        import (
            "github.com/aws/aws-lambda-go/lambda"
            "example.com/app/store"
        )

        func handler() error { return store.CALLED() }

        func main() { lambda.Start(handler) }
    """
    files = {"store/store.go": "package store\n\nfunc Read() error { return nil }\n"}
    assert not go_programs.report_of(tmp_path / "there", source.replace("CALLED", "Read"), files).unseen
    report = go_programs.report_of(tmp_path / "gone", source.replace("CALLED", "Write"), files)
    assert [one.what for one in report.unseen] == ["scopedown did not find Write in store/"]


STORE = """
type Reader interface { Read() error }
type Base struct { name string }
func (b *Base) Above() error { return nil }
type Store struct { *Base; Reader; call func() error }
func (s Store) Own() error { return nil }
"""


@pytest.mark.parametrize("name", ["Own", "Above", "Read", "call"])
def test_a_method_of_go_that_a_type_has_or_embeds_is_there(tmp_path: Path, name: str) -> None:
    report = go_programs.report_of(tmp_path, GO.format(declared=STORE, body=f"s := Store{{}}; return s.{name}()"))
    assert [one.what for one in report.unseen if "the method" in one.what] == []


def test_a_method_of_go_that_no_file_has_is_missing(tmp_path: Path) -> None:
    report = go_programs.report_of(tmp_path, GO.format(declared=STORE, body="b := &Base{}; return b.Save()"))
    assert [one.what for one in report.unseen] == ["scopedown did not find the method Save of Base"]
    assert report.unseen[0].may_call == ("*",)


@pytest.mark.parametrize(
    "declared, body",
    [
        ("func stored() error { return nil }", "return stored()"),
        (
            "type Store[T any] struct {}\nfunc (s *Store[T]) get() *T { var one T; return &one }",
            "(&Store[int]{}).get(); return nil",
        ),
        ("", "var list []int; for range list {}; copy(list, list); return nil"),
        ("", "defer func() { _ = recover() }(); panic(nil)"),
    ],
)
def test_what_go_and_its_package_declare_is_there(tmp_path: Path, declared: str, body: str) -> None:
    assert missing(go_programs.report_of(tmp_path, GO.format(declared=declared, body=body))) == []


def test_a_class_of_java_that_the_package_lacks(tmp_path: Path) -> None:
    report = java_programs.report_of(tmp_path, java_programs.program("return Store.saved(event);"))
    assert missing(report) == ["scopedown did not find what declares Store"]


def test_the_types_of_java_itself_are_there(tmp_path: Path) -> None:
    body = "int count = 0; long[] sizes = new long[2]; boolean one = count == 0; return String.valueOf((double) count);"
    assert missing(java_programs.report_of(tmp_path, java_programs.program(body))) == []


def test_a_function_of_rust_that_the_crate_lacks(tmp_path: Path) -> None:
    report = rust_programs.report_of(tmp_path, rust_programs.program("stored(&event).await?;"))
    assert missing(report) == ["scopedown did not find what declares stored"]


CSHARP = "public class Function {{ public void Handler({given}) {{ {body} }} }}"


@pytest.mark.parametrize(
    ("given", "body", "name"),
    [
        ("string key", "new Uploader().Run(key);", "Uploader"),
        ("string key", "OrderHelper.Run(key);", "OrderHelper"),
        ("string key", "services.TryAddSingleton<IDisposable, Keys>();", "Keys"),
        ("string key", "KeyMap.Of(key);", "KeyMap"),
        ("IOrders orders", "orders.Save();", "IOrders"),
        ("string key", "services.AddSingleton<IKeeper, Keeper>();", "IKeeper"),
    ],
)
def test_a_type_of_csharp_that_no_namespace_has(tmp_path: Path, given: str, body: str, name: str) -> None:
    source = f"using System.Text.Json; using Amazon.S3;\nnamespace App; {CSHARP.format(given=given, body=body)}"
    files = {"src/Function.cs": source}
    report = csharp_programs.report_of(tmp_path, "", files)
    assert f"scopedown did not find what declares {name}" in missing(report)
    declared = f"namespace App; public class {name} {{ }}"
    there = csharp_programs.report_of(tmp_path, "", {**files, "src/Other.cs": declared})
    assert f"scopedown did not find what declares {name}" not in missing(there)


@pytest.mark.parametrize(
    "source",
    [
        "using System.Globalization; class Function { void Handler() { ISOWeek.GetYear(DateTime.Now); } }",
        "using Acme.Tools; class Function { void Handler() { new Uploader().Run(); } }",
        "using static Acme.Tools.Names; class Function { void Handler() { Run(Uploader); } }",
        "using Amazon.S3.Model; class Function { void Handler() { new LifecycleFilter { }; } }",
        "using Amazon.S3; class Function { void Handler() { var one = ReplicationStatus.Pending; } }",
        "class Function : Base { void Handler() { Ok(Request); } } class Base : Acme.Tools.Controller { }",
        "class Function<TItem> { void Handler() { new Dictionary<string, TItem>(); typeof(TItem).Name; } }",
        "class Function { [Obsolete] void Handler() { throw new InvalidTimeZoneException(); } }",
    ],
)
def test_a_type_of_csharp_that_another_namespace_may_have(tmp_path: Path, source: str) -> None:
    start = source.find("class")
    written = f"{source[:start]}\nnamespace App; {source[start:]}"
    report = csharp_programs.report_of(tmp_path, "", {"src/Function.cs": written})
    assert missing(report) == []
