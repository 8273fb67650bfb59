"""A corpus of broken project files: each is told in full, with file, line and column, and the rest is read.

``bad/KIND/`` holds a file (or a folder of files) a case; ``bad/KIND/expected.tsv`` what is told of it: the case, the
finding's code (``refused`` where nothing of the project can be read), and its place. A case that is read holds a
function ``kept``, which is read whatever else is broken. ``python tests/project/test_bad_files.py`` writes the tables.
What no file of a repository can be (a pipe, a link to itself, what is huge) is made here.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scopedown.core.finding import Finding, ScopedownError, Severity
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

BAD = Path(__file__).with_name("bad")
KINDS = {"serverless": "serverless", "templates": "template"}
"""Folders of the corpus (``templates``: SAM and CloudFormation), and the name under which their files are read."""
SECONDS = 5.0
"""Processor time for one case; most take a few milliseconds, the first also what it imports, on a busy machine."""
HEAD = "service: shop\nprovider: {name: aws, runtime: python3.12}\n"
KEPT = HEAD + "functions: {kept: {handler: app.handler}}\n"

Told = list[tuple[str, str]]


def cases(kind: str) -> Iterator[Path]:
    return (path for path in sorted((BAD / kind).iterdir()) if path.name != "expected.tsv")


def expected(kind: str) -> dict[str, Told]:
    told: dict[str, Told] = {path.name: [] for path in cases(kind)}
    for line in (BAD / kind / "expected.tsv").read_text(encoding="utf-8").splitlines():
        name, code, place = line.split("\t")
        told[name].append((code, place))
    return told


def placed(case: Path, folder: Path) -> Path:
    """A folder with a project of the case, and the code of its functions."""
    if case.is_dir():
        shutil.copytree(case, folder)
    else:
        folder.mkdir()
        shutil.copy(case, folder / f"{KINDS[case.parent.name]}{case.suffix}")
    (folder / "app.py").write_text("def handler(event, context):\n    pass\n", encoding="utf-8")
    return folder


def told_of(path: Path) -> tuple[Project | None, list[Finding]]:
    """The project as far as it is read, and all findings; what cannot be read at all is one of code ``refused``."""
    try:
        project = load_project(path, Options())
    except ScopedownError as error:
        return None, [error.finding("refused")]
    return project, list(project.findings)


def shown(findings: list[Finding]) -> Told:
    return sorted((one.code, str(one.place)) for one in findings)


CASES = [(kind, case.name) for kind in KINDS if (BAD / kind).is_dir() for case in cases(kind)]
EXPECTED = {kind: expected(kind) for kind in KINDS if (BAD / kind / "expected.tsv").is_file()}


def test_the_corpus_is_large_and_every_case_has_its_expectation() -> None:
    assert len(CASES) >= 80
    assert all(EXPECTED[kind][name] for kind, name in CASES)


@pytest.mark.parametrize(("kind", "name"), CASES, ids=[f"{kind}-{name}" for kind, name in CASES])
def test_a_broken_file_is_told_where_it_breaks_and_the_rest_is_read(tmp_path: Path, kind: str, name: str) -> None:
    folder = placed(BAD / kind / name, tmp_path / "project")
    started = time.process_time()
    project, findings = told_of(folder)
    assert time.process_time() - started < SECONDS
    assert shown(findings) == sorted(EXPECTED[kind][name])
    for finding in findings:
        assert finding.remedy or finding.severity is Severity.NOTE
        assert str(finding).isprintable()
    if project is not None and "functions" not in name:
        assert "kept" in {function.key for function in project.functions}


# What is made


def test_ten_thousand_levels_end_at_once(tmp_path: Path) -> None:
    deep = {
        "flow.yml": "a: " + "[" * 10_000,
        "maps.yml": "{a: " * 10_000,
        "block.yml": "\n".join(" " * n + "a:" for n in range(3000)),
        "dashes.yml": "- " * 10_000,
        "flow.json": '{"service":' + "[" * 10_000 + "]" * 10_000 + "}",
        "maps.json": '{"a":' * 10_000,
    }
    for name, text in deep.items():
        file = tmp_path / f"serverless.{name.partition('.')[2]}"
        file.write_text(text, encoding="utf-8")
        started = time.process_time()
        project, (finding,) = told_of(file)
        assert time.process_time() - started < SECONDS, name
        assert project is None and "nest" in finding.message and finding.place, name
        file.unlink()


@pytest.mark.parametrize("suffix", ["yml", "json"])
def test_a_huge_file_is_not_read(tmp_path: Path, suffix: str) -> None:
    with (tmp_path / f"serverless.{suffix}").open("wb") as file:
        file.truncate(2**40)  # a sparse file: a terabyte that takes no room
    project, (finding,) = told_of(tmp_path)
    assert project is None and "larger than 16 MB" in finding.message and finding.remedy


def test_a_huge_file_that_a_variable_names_is_told_at_the_variable(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        KEPT + "custom:\n  a: ${file(big.yml):x}\n  b: ${file(big.yml):y}\n", "utf-8"
    )
    with (tmp_path / "big.yml").open("wb") as file:
        file.truncate(2**40)
    project, findings = told_of(tmp_path)
    places = [one.place for one in findings if one.code == "variable-file-broken"]
    assert project is not None and [(one.file, one.line, one.column) for one in places if one] == [
        ("serverless.yml", 5, 6), ("serverless.yml", 6, 6),
    ]  # fmt: skip


def test_a_broken_file_that_a_thousand_variables_name_is_read_once(tmp_path: Path) -> None:
    lines = "".join(f"  a{n}: ${{file(d.yml):x}}\n" for n in range(1000))
    (tmp_path / "serverless.yml").write_text(f"{KEPT}custom:\n{lines}", "utf-8")
    (tmp_path / "d.yml").write_text("".join(f"k{n}: v\n" for n in range(20_000)) + "\tx: 1\n", "utf-8")
    started = time.process_time()
    _, findings = told_of(tmp_path)
    assert time.process_time() - started < 3
    assert {str(one.place) for one in findings if one.code == "variable-file-broken"} == {"d.yml:20001:1"}


def test_a_folder_that_is_named_like_a_configuration_is_passed_over_or_told(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").mkdir()
    project, (finding,) = told_of(tmp_path)
    assert project is None and "serverless.yml is a folder" in finding.message and finding.remedy
    project, (finding,) = told_of(tmp_path / "serverless.yml")
    assert project is None and finding.remedy


def _pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


def _link_to_itself(path: Path) -> None:
    try:
        path.symlink_to(path.name)
    except OSError:
        pytest.skip("this system makes no symbolic links")


def _unreadable(path: Path) -> None:
    path.write_text("x: 1\n", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads whatever the mode says")


def _link_to_nothing(path: Path) -> None:
    try:
        path.symlink_to("nothing-there.yml")
    except OSError:
        pytest.skip("this system makes no symbolic links")


ODD: dict[str, Callable[[Path], None]] = {
    "a pipe": _pipe,
    "a link to itself": _link_to_itself,
    "unreadable": _unreadable,
    "a link to nothing": _link_to_nothing,
}


@pytest.mark.parametrize("what", ODD)
def test_a_configuration_that_is_no_readable_file_is_one_line(tmp_path: Path, what: str) -> None:
    ODD[what](tmp_path / "serverless.yml")
    for path in (tmp_path, tmp_path / "serverless.yml"):
        project, (finding,) = told_of(path)
        assert project is None and finding.remedy and "\n" not in str(finding)
        assert "no project file was found" not in finding.message


@pytest.mark.parametrize("what", ["a pipe", "unreadable", "a link to nothing"])
def test_a_template_that_is_no_readable_file_is_told_by_its_name(tmp_path: Path, what: str) -> None:
    ODD[what](tmp_path / "template.yaml")
    project, (finding,) = told_of(tmp_path)
    assert project is None and "template.yaml" in finding.message and finding.remedy


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_template_in_another_encoding_is_found_and_told(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  Q: {Type: AWS::SQS::Queue}\n", encoding=encoding)
    for path in (tmp_path, tmp_path / "template.yaml"):
        project, (finding,) = told_of(path)
        assert project is None and encoding.upper() in finding.message and "UTF-8" in finding.remedy


def test_lines_that_end_as_on_an_old_macintosh_are_lines(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_bytes(b"Resources:\r  Q: {Type: AWS::SQS::Queue}\r")
    project, findings = told_of(tmp_path)
    assert project is not None and str(project.resources["Q"].place) == "template.yaml:2:3" and not findings


def test_a_template_without_resources_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Transform: AWS::Serverless-2016-10-31\n", encoding="utf-8")
    project, (finding,) = told_of(tmp_path)
    assert project is None and "template.yaml is not a template" in finding.message


def test_a_template_of_yaml_under_the_name_of_json_is_read_as_cloudformation_does(tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n", encoding="utf-8")
    project, findings = told_of(tmp_path)
    assert project is not None and list(project.resources) == ["Q"] and not findings


@pytest.mark.parametrize("what", ODD)
def test_a_variable_that_names_no_readable_file_is_told_at_the_variable(tmp_path: Path, what: str) -> None:
    (tmp_path / "serverless.yml").write_text(KEPT + "custom:\n  a: ${file(odd.yml):x}\n", encoding="utf-8")
    (tmp_path / "app.py").write_text("def handler(event, context): pass\n", encoding="utf-8")
    ODD[what](tmp_path / "odd.yml")
    project, (finding,) = told_of(tmp_path)
    assert project is not None and str(finding.place) == "serverless.yml:5:6"
    assert finding.code in ("variable-file-broken", "variable-not-found") and finding.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege")
def test_folders_that_hold_themselves_end(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "serverless.yml").write_text(KEPT + "custom:\n  a: ${file(loop/loop/loop/d.yml):x}\n", encoding="utf-8")
    (tmp_path / "d.yml").write_text("x: ${file(loop/none.yml)}\n", encoding="utf-8")
    (tmp_path / "app.py").write_text("def handler(event, context): pass\n", encoding="utf-8")
    _, findings = told_of(tmp_path)
    assert shown(findings) == [("variable-not-found", "serverless.yml:5:6")]


def test_a_file_outside_of_the_project_is_read_as_the_framework_reads_it_and_its_values_stay_values(
    tmp_path: Path,
) -> None:
    """The framework takes any path. Nothing is run or written, and what a file holds reaches no other machine."""
    (tmp_path / "secret.txt").write_text("root:x:0:0\n", encoding="utf-8")
    (tmp_path / "shared.yml").write_text("table: orders\n", encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "serverless.yml").write_text(
        "service: shop\nprovider:\n  name: aws\n  runtime: python3.12\n"
        "  environment:\n    TABLE: ${file(../shared.yml):table}\n"
        f"    TEXT: ${{file({(tmp_path / 'secret.txt').as_posix()})}}\n"
        "    FOLDER: ${file(../../../../..)}\n"
        "functions: {kept: {handler: app.handler}}\n",
        encoding="utf-8",
    )
    (folder / "app.py").write_text("def handler(event, context): pass\n", encoding="utf-8")
    project, findings = told_of(folder)
    assert project is not None
    environment = project.functions[0].environment
    assert environment["TABLE"].literal == "orders" and environment["TEXT"].literal == "root:x:0:0\n"
    assert shown(findings) == [("variable-file-broken", "serverless.yml:8:13")]


def write() -> None:
    """Write the tables from what is told now; every line is then to be looked at."""
    import tempfile

    for kind in KINDS:
        if not (BAD / kind).is_dir():
            continue
        lines: list[str] = []
        for case in cases(kind):
            with tempfile.TemporaryDirectory() as folder:
                _, findings = told_of(placed(case, Path(folder) / "project"))
            lines += ["\t".join((case.name, *one)) + "\n" for one in shown(findings)]
        (BAD / kind / "expected.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write()
