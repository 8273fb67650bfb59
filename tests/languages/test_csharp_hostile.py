"""C# projects that are broken, endless or huge are read soon, and what can be read of them is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from languages.csharp_programs import calls_of, handler
from scopedown.languages.csharp import extensions, files, handlers, projects

SECONDS = 5.0
"""Of processor time."""
_STORE = """
    using System.Threading.Tasks; using Amazon.DynamoDBv2;
    namespace Lib;
    public class Store { public Task Drop() => new AmazonDynamoDBClient().DeleteTableAsync("t"); }
    """
_DROP = handler("await new Lib.Store().Drop();")
_FOUND = ["dynamodb.DeleteTable TableName=t"]


def _refers(*names: str) -> str:
    items = "".join(f'<ProjectReference Include="{name}" />' for name in names)
    return f"<Project><ItemGroup>{items}</ItemGroup></Project>"


@pytest.mark.parametrize(
    "project",
    [
        '<Project><ItemGroup><ProjectReference Include="../lib/Lib.csproj"',
        "<Project <ItemGroup <ProjectReference\n  Include = '..\\lib\\Lib.csproj' Condition=\"\" /> \0 <<<",
        '<ProjectReference Include="" /><ProjectReference Include="../lib/Lib.csproj" />',
        '<ProjectReference <ProjectReference Include="../lib/Lib.csproj;;;\u00e9" />',
        "\ufeff" + _refers("../lib/Lib.csproj", "../../../../../../etc/passwd", "/", "//", "lib\ud7ff", "a" * 5000),
    ],
)
def test_what_can_be_read_of_a_broken_project_file_is(project: str, tmp_path: Path) -> None:
    given = {"src/App.csproj": project, "lib/Lib.csproj": "", "lib/Store.cs": _STORE}
    assert calls_of(tmp_path, _DROP, given) == _FOUND


@pytest.mark.parametrize("project", ["", "<", "\0", "<Project", "<!--" * 1000, "\ud7ff", "<Project>" * 1000])
def test_a_project_file_without_sense_is_one_all_the_same(project: str, tmp_path: Path) -> None:
    given = {"src/App.csproj": project, "src/inner/Store.cs": _STORE}
    assert calls_of(tmp_path, _DROP, given) == _FOUND


def test_projects_may_refer_to_each_other_and_to_themselves(tmp_path: Path) -> None:
    given = {
        "src/App.csproj": _refers("App.csproj", "../lib/Lib.csproj", "../src/../src/App.csproj"),
        "lib/Lib.csproj": _refers("../src/App.csproj", "Lib.csproj", "../other/Other.csproj"),
        "other/Other.csproj": _refers("../lib/Lib.csproj"),
        "lib/Store.cs": _STORE,
    }
    assert calls_of(tmp_path, _DROP, given) == _FOUND


def test_a_solution_of_very_many_projects_is_read_soon(tmp_path: Path) -> None:
    given = {f"p{number}/P{number}.csproj": _refers(f"../p{number + 1}/P{number + 1}.csproj") for number in range(1500)}
    given |= {f"p{number}/C{number}.cs": f"namespace P; public class C{number} {{ }}" for number in range(1500)}
    missing = [f"../missing{number}/M.csproj" for number in range(20_000)]
    given |= {"src/App.csproj": _refers("../lib/Lib.csproj", "../p0/P0.csproj", *missing)}
    given |= {"lib/Lib.csproj": "<Project />", "lib/Store.cs": _STORE}
    started = time.process_time()
    assert calls_of(tmp_path, _DROP, given) == _FOUND
    assert time.process_time() - started < 2 * SECONDS


def test_deep_generic_types_are_read(tmp_path: Path) -> None:
    deep = "List<" * 400 + "string" + ">" * 400
    members = f"""
        private {deep} _field;
        private {deep} Method({deep} given) => given;
        private T Same<T>(T given) where T : IEnumerable<{deep}> => given;
        """
    body = f"var one = Method(new {deep}()); await new Lib.Store().Drop();"
    given = {
        "src/Store.cs": _STORE,
        "src/Deep.cs": f"namespace App; class Deep : {deep} {{ }} class Ring : Ring<Ring> {{ }}",
    }
    assert calls_of(tmp_path, handler(body, members), given) == _FOUND


def test_classes_may_derive_from_each_other_and_from_themselves(tmp_path: Path) -> None:
    rings = """
        namespace App;
        public class A : B { } public class B : A { } public class C : C { }
        public class D<T> : D<D<T>> { public static D<D<T>> Next => new D<D<T>>(); }
        """
    body = "new A().Run(); new C().Run(); var next = D<int>.Next; await new Lib.Store().Drop();"
    assert calls_of(tmp_path, handler(body), {"src/Store.cs": _STORE, "src/Rings.cs": rings}) == _FOUND


def _every_pattern(text: str) -> None:
    """All that is looked for in a project file."""
    plain = projects.without_comments(text)
    for find in (projects.references, projects.compiled, projects.usings, projects.packages):
        list(find(plain))
    projects.assembly(plain, "a.csproj")
    projects.is_program(plain)


@pytest.mark.parametrize(
    "text",
    [
        "<!--", "<ProjectReference ", "<ProjectReference Include=", "<Compile ", "<Using ", "<Using Include ",
        "<PackageReference Include ", "<AssemblyName>", "<OutputType> ", "Sdk = ", "a", " ", "\n",
        "<ProjectReference\t",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "<AssemblyName>", "<Using "])
def test_a_project_file_that_repeats_itself_is_looked_through_soon(text: str, before: str) -> None:
    _ends_soon(lambda: _every_pattern(before + text * (200_000 // len(text))))


def _every_declaration(text: bytes) -> None:
    """All that is looked for in a C# file before it is parsed."""
    for pattern in (files.DECLARES, files.PACKAGE, files._GLOBAL, extensions._DECLARED):
        for _ in pattern.finditer(text):
            pass


@pytest.mark.parametrize(
    "text",
    [
        "\n", " ", "\t\n", "delegate ", "delegate a ", "static ", "static a <", "static a<b>", "class ", "record ",
        "global ", "global using ", "namespace ", "a ", "static a(this", "delegate\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "delegate a", "static a", "static a<b>", "global using static"])
def test_a_file_that_repeats_itself_is_looked_through_soon(text: str, before: str) -> None:
    _ends_soon(lambda: _every_declaration((before + text * (60_000 // len(text))).encode()))


@pytest.mark.parametrize("text", [" ", "a:", "::", "a ", ":: "])
def test_a_handler_that_repeats_itself_is_read_soon(text: str) -> None:
    _ends_soon(lambda: handlers._CLASS_METHOD.fullmatch("a" + text * 100_000))


def _ends_soon(what: Callable[[], object]) -> None:
    started = time.process_time()
    what()
    assert time.process_time() - started < SECONDS
