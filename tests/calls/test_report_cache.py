"""Reports that an earlier run left: taken where nothing changed, never where something did."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown import calls
from scopedown.cache.store import Store
from scopedown.calls.model import CallReport
from scopedown.calls.report_cache import Recall
from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.model import Function, Handler, InlineCode, Project
from scopedown.scan.entry_points import Entries
from scopedown.source import disk

FILES = {
    "app.py": "from lib.names import TABLE\nfrom lib import work\n\n\n"
    "def handler(event, context):\n    work.save(TABLE)\n",
    "lib/__init__.py": "",
    "lib/names.py": 'TABLE = "orders"\n',
    "lib/work.py": "import boto3\n\n\ndef save(name):\n    boto3.client('dynamodb').put_item(TableName=name)\n",
    "index.ts": 'import { put } from "./put";\nimport { bucket } from "@shared/names";\n'
    "export const handler = async () => { await put(bucket); };\n",
    "put.ts": 'import { S3 } from "@aws-sdk/client-s3";\n'
    'export const put = (Bucket: string) => new S3({}).putObject({ Bucket, Key: "k" });\n',
    "shared/names.ts": 'export const bucket = "uploads";\n',
    "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@shared/*": ["shared/*"]}}}\n',
    "package.json": '{"name": "shop"}\n',
}


def a_function(file: str, symbol: str = "handler", **more: Any) -> Function:
    language = "python" if file.endswith(".py") else "typescript"
    handler = Handler(file, file, symbol, more.pop("root", ""), more.pop("inline", None))
    function = Function(
        "f", Text.of("f"), "F", None, language, handler, more.pop("environment", {}), "Role", Place("serverless.yml")
    )
    return replace(function, **more)


class Shop:
    """A folder of sources, a cache, and a count of how often calls were really searched for."""

    def __init__(self, folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.cache, self.found = folder, cache, 0
        for name, text in FILES.items():
            self.write(name, text)
        from scopedown.calls import find

        real = find.find_calls

        def counted(*arguments: Any) -> CallReport:
            self.found += 1
            return real(*arguments)

        monkeypatch.setattr(find, "find_calls", counted)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def report(self, function: Function, with_cache: bool = True, **project: Any) -> CallReport:
        whole = Project(
            str(self.folder), "serverless.yml", "serverless", "s", "dev", "us-east-1", (function,), **project
        )
        recall = Recall(Store(str(self.cache), b"secret"), catalog()) if with_cache else None
        return Entries(whole, catalog(), recall).report(function)

    def runs(self, *functions: Function, **project: Any) -> list[str]:
        """Reports with the cache, which are the same as without."""
        shown = []
        for function in functions or (a_function("app.py"), a_function("index.ts")):
            report = self.report(function, **project)
            before = self.found
            assert repr(report) == repr(self.report(function, with_cache=False, **project))
            self.found = before
            shown += [f"{call.name} {next(iter(call.arguments.values()))}" for call in report.calls]
        return shown

    def is_recalled(self) -> bool:
        """Whether the next run finds everything in the cache."""
        before = self.found
        self.runs()
        return self.found == before


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    yield Shop(tmp_path / "shop", tmp_path / "cache", monkeypatch)


def test_an_unchanged_project_is_recalled_and_says_the_same(shop: Shop) -> None:
    first = shop.runs()
    assert first == ["dynamodb.PutItem orders", "s3.PutObject uploads"]
    assert shop.found == 2
    assert shop.runs() == first
    assert shop.found == 2


def file_for_folder(folder: Path) -> None:
    shutil.rmtree(folder / "lib")
    (folder / "lib").touch()


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def add(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return change


CHANGES: list[tuple[str, Callable[[Path], None], list[str]]] = [
    ("a constant of an imported file", edit("lib/names.py", "orders", "other"), ["other", "uploads"]),
    ("the handler's own file", edit("app.py", "save(TABLE)", 'save("mine")'), ["mine", "uploads"]),
    ("a file is deleted", lambda folder: (folder / "lib/names.py").unlink(), ["*", "uploads"]),
    ("a file is renamed", lambda folder: (folder / "lib/work.py").rename(folder / "lib/job.py"), ["uploads"]),
    ("a folder is renamed", lambda folder: (folder / "lib").rename(folder / "library"), ["uploads"]),
    ("a package takes a module's place", add("lib/names/__init__.py", 'TABLE = "package"\n'), ["package", "uploads"]),
    ("a file is added that resolves first", add("put.js", "export const put = () => null;\n"), ["orders", "uploads"]),
    ("another path in tsconfig", edit("tsconfig.json", "shared/*\"]", "elsewhere/*\"]"), ["orders", "*"]),
    ("no tsconfig at all", lambda folder: (folder / "tsconfig.json").unlink(), ["orders", "*"]),
    ("a nearer tsconfig", add("jsconfig.json", "{}"), ["orders", "uploads"]),
    ("a file becomes a folder", file_for_folder, ["uploads"]),
    ("a file that cannot be decoded", lambda folder: (folder / "put.ts").write_bytes(b"\xff\0"), ["orders"]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "names"), CHANGES, ids=[one[0] for one in CHANGES])
def test_a_change_is_seen(shop: Shop, what: str, change: Callable[[Path], None], names: list[str]) -> None:
    shop.runs()
    change(shop.folder)
    assert [line.partition(" ")[2] for line in shop.runs()] == names
    assert shop.is_recalled(), "and the new state is recalled in turn"


def test_a_file_that_was_looked_for_and_comes_later_is_seen(shop: Shop) -> None:
    (shop.folder / "shared/names.ts").unlink()
    assert shop.runs() == ["dynamodb.PutItem orders", "s3.PutObject *"]
    shop.write("shared/names/index.ts", 'export const bucket = "late";\n')
    assert shop.runs() == ["dynamodb.PutItem orders", "s3.PutObject late"]


def test_a_change_and_its_undoing_come_to_the_same(shop: Shop) -> None:
    first = shop.runs()
    shop.write("lib/names.py", 'TABLE = "x"\n')
    shop.runs()
    shop.write("lib/names.py", FILES["lib/names.py"])
    assert shop.runs() == first


def test_a_file_of_the_same_size_and_time_but_another_content_is_seen(shop: Shop) -> None:
    import os

    shop.runs()
    path = shop.folder / "lib/names.py"
    known = path.stat()
    path.write_text('TABLE = "ORDERS"\n')
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert shop.runs()[0] == "dynamodb.PutItem ORDERS"


def test_what_has_nothing_to_do_with_an_entry_does_not_disturb_it(shop: Shop) -> None:
    shop.runs()
    shop.write("lib/notes/readme.md", "hello")
    shop.write("lib/names.pyi", "TABLE: str")
    assert shop.is_recalled()


def test_entries_that_differ_in_anything_are_told_apart(shop: Shop) -> None:
    shop.write("sub/lib/__init__.py", "")
    shop.write("sub/lib/work.py", FILES["lib/work.py"].replace("put_item", "delete_item"))
    shop.write("sub/lib/names.py", 'TABLE = "sub"\n')
    shop.write("app.py", FILES["app.py"] + "\n\ndef other(event, context):\n    work.save('second')\n")
    python_path = {"PYTHONPATH": Text.of("/var/task/sub")}
    functions = [
        a_function("app.py"),
        a_function("app.py", "other"),
        a_function("app.py", root="sub"),
        a_function("app.py", environment=python_path),
    ]
    first = shop.runs(*functions)
    assert shop.found == 4
    assert shop.runs(*functions) == first
    assert shop.found == 4
    assert first[:3] == ["dynamodb.PutItem orders", "dynamodb.PutItem second", "dynamodb.DeleteItem sub"]


def test_code_inside_of_a_template_is_recalled_by_its_text_and_place(shop: Shop) -> None:
    def inline(bucket: str, line: int) -> Function:
        text = f"import boto3\ndef handler(e, c):\n    boto3.client('s3').get_object(Bucket='{bucket}', Key='k')\n"
        return a_function("index.py", inline=InlineCode(text, Place("template.yaml", line, 9)))

    assert shop.runs(inline("a", 5), inline("b", 5), inline("a", 5)) == [
        "s3.GetObject a",
        "s3.GetObject b",
        "s3.GetObject a",
    ]
    assert shop.found == 2
    assert shop.report(inline("a", 9)).calls[0].place.line == 11


def test_another_version_of_a_dependency_is_another_entry(shop: Shop) -> None:
    shop.runs(a_function("app.py"), dependencies={"boto3": "1.0"})
    shop.runs(a_function("app.py"), dependencies={"boto3": "2.0"})
    assert shop.found == 2


def test_another_catalog_or_another_program_recalls_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from scopedown.calls import report_cache as recall
    from scopedown.catalog.load import SqliteCatalog

    shop.runs()
    with monkeypatch.context() as changed:
        changed.setattr(recall, "contents", lambda files: "0" * 40)
        changed.setattr(recall, "program", lambda: [["edited", 1, 1]])
        assert not shop.is_recalled()
    with monkeypatch.context() as changed:
        changed.setattr(SqliteCatalog, "version", "another")
        assert not shop.is_recalled()
    assert shop.is_recalled()


def test_the_program_is_known_by_its_files() -> None:
    from scopedown.calls import report_cache as recall

    files = {Path(path).name for path, _, _ in recall.program()}
    assert {"interpret.py", "find.py", "text.py", "load.py", "repository_tree.py", "packages.tsv"} <= files
    assert not {name for name in files if name.endswith((".pyc", ".sqlite"))}


def test_a_damaged_or_hostile_cache_changes_nothing(shop: Shop) -> None:
    import json

    first = shop.runs()
    documents = [path for path in sorted(shop.cache.rglob("*.json")) if b'"report"' in path.read_bytes()]
    whole = [json.loads(path.read_bytes().partition(b"\n")[2]) for path in documents]
    for path, document in zip(documents, whole, strict=True):
        for wrong in (
            None,
            [],
            {"asked": {}, "report": {}},
            {"asked": [], "report": document["report"]},
            {"asked": {"/": [["read", "x"]]}, "report": document["report"]},
            {"asked": {"//host/share": [["read", "x", "no"]]}, "report": document["report"]},
            {"asked": {"/": [[["read"], "x", "no"]]}, "report": document["report"]},
            {"asked": {"a\0b": [["read", "x", "no"]]}, "report": document["report"]},
            {"asked": document["asked"], "report": {**document["report"], "calls": [["s3"]]}},
            {"asked": document["asked"], "report": {**document["report"], "calls": {"a": 1}}},
        ):
            body = json.dumps(wrong).encode()
            path.write_bytes(Store(str(shop.cache), b"secret")._head(path.stem, body) + b"\n" + body)
            assert shop.runs() == first
        path.write_bytes(b"\0" * 100)
        assert shop.runs() == first


def a_repository(folder: Path, url: str = "https://github.com/acme/shop.git") -> None:
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {url}\n')


def test_a_checkout_elsewhere_with_a_copied_cache_recalls_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_repository(tmp_path / "one")
    first = Shop(tmp_path / "one" / "services" / "shop", tmp_path / "cache", monkeypatch)
    said = first.runs()
    shutil.copytree(tmp_path / "one", tmp_path / "another" / "machine" / "checkout")
    shutil.copytree(tmp_path / "cache", tmp_path / "another" / "cache")
    folder = tmp_path / "another" / "machine" / "checkout" / "services" / "shop"
    for path in sorted(folder.rglob("*")):
        os.utime(path, (1, 1))
    second = Shop(folder, tmp_path / "another" / "cache", monkeypatch)
    assert second.runs() == said
    assert second.is_recalled()
    assert second.found == 0
    for path in (tmp_path / "cache").rglob("*.json"):
        assert str(tmp_path).encode() not in path.read_bytes()


def test_a_project_outside_of_a_repository_is_known_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Shop(tmp_path / "one", tmp_path / "cache", monkeypatch)
    first.runs()
    second = Shop(tmp_path / "deeper" / "two", tmp_path / "cache", monkeypatch)
    assert not second.is_recalled()


def test_two_repositories_with_entries_of_the_same_name_do_not_take_each_others_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = []
    for name in ("one", "two"):
        a_repository(tmp_path / name, f"https://github.com/acme/{name}.git")
        shops.append(Shop(tmp_path / name, tmp_path / "cache", monkeypatch))
        shops[-1].write("lib/names.py", FILES["lib/names.py"].replace("orders", name))
        shops[-1].runs()
    assert all(shop.is_recalled() for shop in shops)


def test_the_program_is_known_by_contents_and_not_by_where_it_is(tmp_path: Path) -> None:
    from scopedown.calls.report_cache import contents

    digests = []
    for place in ("a", "b/c"):
        folder = tmp_path / place / "calls"
        folder.mkdir(parents=True)
        (folder / "x.py").write_text("1")
        digests.append(contents([[str(folder / "x.py"), 1, len(place)]]))
    assert digests[0] == digests[1]
    (folder / "x.py").write_text("2")
    assert contents([[str(folder / "x.py"), 1, 1]]) != digests[0]


NAMES = ["lib/names.py", "lib/work.py", "app.py", "put.ts", "shared/names.ts", "tsconfig.json", "index.ts"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(NAMES), st.sampled_from(["x", "orders2", "up"])),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("restore"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(["lib/names/__init__.py", "put/index.ts"])),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_after_any_changes_the_cache_says_what_a_search_says(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    base = tmp_path_factory.mktemp("steps")
    with pytest.MonkeyPatch.context() as monkeypatch:
        shop = Shop(base / "shop", base / "cache", monkeypatch)
        shop.runs()
        for kind, name, text in steps:
            path = shop.folder / name
            if kind == "edit" and path.is_file():
                path.write_text(re.sub(r'"(orders|uploads|k)"', f'"{text}"', path.read_text("utf-8")), "utf-8")
            elif kind == "delete" and path.is_file():
                path.unlink()
            elif kind == "restore" and not path.exists():
                shop.write(name, FILES[name])
            elif kind == "move" and path.is_file() and not (shop.folder / text).exists():
                (shop.folder / text).parent.mkdir(parents=True, exist_ok=True)
                path.rename(shop.folder / text)
            shop.runs()  # the same as without the cache, or it raises


def test_only_the_disk_asks_the_file_system() -> None:
    """Whatever call analysis reads of a user's project it has to ask where the answer is noted."""
    asks = re.compile(
        r"\bos\.(?:listdir|scandir|stat|lstat|walk|access|readlink|open)\b|\bos\.path\.(?:exists|lexists|isfile|isdir|"
        r"getsize|getmtime|samefile|islink)\b|(?<![\w.\"'`])open\(|\.(?:read_text|read_bytes|is_file|is_dir|iterdir|rglob)\("
    )
    own = {"disk.py", "repository_tree.py", "report_cache.py", "library_rows.py", "table.py"}
    """The last two read this program's own tables."""
    own |= {"repository.py", "pinned.py", "requirement_files.py"}
    """They are asked when a project is read, before any function is."""
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for room in (Path(calls.__file__).parent, Path(disk.__file__).parent)
        for path in room.rglob("*.py")
        if path.name not in own
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if asks.search(line.replace("disk.is_file(", "")) and not line.lstrip().startswith(("#", '"'))
    ]
    assert found == []


def test_a_recalled_report_loads_neither_parsers_nor_the_interpreter(shop: Shop) -> None:
    import subprocess
    import sys

    shop.write(
        "serverless.yml",
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.handler}}\n",
    )
    program = (
        "import sys; from scopedown.cli.main import cli; "
        "cli.main(['scan', sys.argv[1], '--format', 'json'], standalone_mode=False); "
        "print([name for name in sys.modules if name.startswith(('tree_sitter', 'scopedown.source.languages', "
        "'scopedown.calls.interpreter.interpret', 'scopedown.source.sources', 'multiprocessing', 'rich'))], "
        "file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, str(shop.folder)]
    cold, warm = (subprocess.run(command, capture_output=True, text=True, timeout=60, check=True) for _ in range(2))
    assert "tree_sitter" in cold.stderr
    assert warm.stderr.strip() == "[]"
    assert warm.stdout == cold.stdout
