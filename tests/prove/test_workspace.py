"""A proof works in a copy: the project's bytes, what it reaches for above itself, and nothing that goes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.prove import workspace
from scopedown.prove.workspace import make_workspace


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "shop" / "api"
    (folder / "src").mkdir(parents=True)
    (folder / "serverless.yml").write_bytes(b"service: api\r\nprovider: {name: aws}\r\n")
    (folder / "src" / "a.js").write_bytes(b"exports.a = 1;\r\n")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_the_copy_has_the_same_bytes_and_what_is_written_there_stays_there(project: Path, tmp_path: Path) -> None:
    before = tree(project)
    copy = make_workspace(project, tmp_path / "work")
    assert tree(copy) == before
    (copy / "src" / "a.js").write_text("changed")
    (copy / ".serverless").mkdir()
    assert tree(project) == before


def test_a_read_only_folder_is_copied_to_one_that_can_be_written(project: Path, tmp_path: Path) -> None:
    for one in (project / "src" / "a.js", project / "src", project):
        one.chmod(0o555 if one.is_dir() else 0o444)
    copy = make_workspace(project, tmp_path / "work")
    with (copy / "src" / "a.js").open("ab") as file:
        file.write(b"more")
    (copy / "new").mkdir()
    assert os.access(copy / "src" / "a.js", os.W_OK)


def test_small_modules_are_copied_and_large_ones_linked_file_by_file(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = project / "node_modules" / "left-pad"
    package.mkdir(parents=True)
    for name in ("index.js", "package.json"):
        (package / name).write_text("{}")
    small = make_workspace(project, tmp_path / "small") / "node_modules"
    assert (small / "left-pad" / "index.js").stat().st_nlink == 1
    monkeypatch.setattr(workspace, "SMALL", 1)
    large = make_workspace(project, tmp_path / "large") / "node_modules"
    assert (large / "left-pad" / "index.js").samefile(package / "index.js")
    (large / ".cache").mkdir()
    assert not (project / "node_modules" / ".cache").exists()


def test_where_files_cannot_be_linked_packages_are(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("left-pad", "@scope/inner"):
        (project / "node_modules" / name).mkdir(parents=True)
        (project / "node_modules" / name / "index.js").write_text("")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(workspace, "SMALL", 1)
    monkeypatch.setattr(os, "link", refuse)
    copy = make_workspace(project, tmp_path / "work") / "node_modules"
    assert (copy / "left-pad").is_symlink() and (copy / "@scope" / "inner" / "index.js").is_file()
    assert not (copy / "@scope").is_symlink()


def test_what_stands_above_in_the_repository_is_reached(project: Path, tmp_path: Path) -> None:
    top = project.parent
    (top / ".git").mkdir()
    (top / "shared").mkdir()
    (top / "shared" / "names.yml").write_text("a: 1")
    (top / "node_modules" / "osls").mkdir(parents=True)
    copy = make_workspace(project, tmp_path / "work")
    assert (copy / ".." / "shared" / "names.yml").resolve().read_text() == "a: 1"
    assert (copy.parent / "node_modules" / "osls").is_dir()
    assert not (copy.parent / ".git").exists()


def test_what_is_next_to_a_project_without_a_repository_is_reached_where_the_folder_is_small(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.parent / "handlers").mkdir()
    assert (make_workspace(project, tmp_path / "work").parent / "handlers").is_dir()
    for number in range(workspace.FEW):
        (project.parent / f"other-{number}").touch()
    assert not (make_workspace(project, tmp_path / "again").parent / "handlers").exists()
    monkeypatch.setattr(Path, "home", lambda: project.parent)
    assert workspace.repository_of(project) == project


def test_links_are_kept_dead_ones_left_out_and_old_artifacts_too(project: Path, tmp_path: Path) -> None:
    (project / "here.js").symlink_to("src/a.js")
    (project / "gone.js").symlink_to("nowhere.js")
    (project / ".serverless").mkdir()
    (project / ".serverless" / "old.zip").write_text("")
    copy = make_workspace(project, tmp_path / "work")
    assert (copy / "here.js").readlink() == Path("src/a.js")
    assert not (copy / "gone.js").is_symlink() and not (copy / ".serverless").exists()


def test_a_folder_that_is_too_large_is_refused_with_what_to_do(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "MAX_FILES", 1)
    with pytest.raises(ScopedownError, match="more than 1 files") as told:
        make_workspace(project, tmp_path / "work")
    assert told.value.remedy == "name the folder of one service"
