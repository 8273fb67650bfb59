"""``--shard I/N``: every project in one shard, and always in the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run
from scopedown.cli.options import Shard
from trail_records import record

PROJECT = "service: {name}\nprovider: {{name: aws, runtime: python3.12}}\nfunctions:\n  f: {{handler: app.f}}\n"


def fleet(root: Path, names: list[str]) -> Path:
    for name in names:
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "serverless.yml").write_text(PROJECT.format(name=folder.name))
        (folder / "app.py").write_text("def f(event, context):\n    pass\n")
    return root


def services(root: Path, shard: str) -> list[str]:
    done = run(str(root), "--recursive", "--format", "json", "--no-cache", "--jobs", "1", "--shard", shard, cwd=root)
    assert done.returncode == 0, done.stderr
    return [one["project"]["service"] for one in json.loads(done.stdout)["projects"]]


def test_every_project_is_in_exactly_one_shard(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(12)]
    root = fleet(tmp_path, names)
    parts = [services(root, f"{number}/4") for number in range(1, 5)]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert services(root, "1/1") == sorted(names)


def test_a_shard_does_not_depend_on_other_projects_nor_on_where_the_root_is(tmp_path: Path) -> None:
    for count in (1, 3, 8, 64):
        for name in ("a", "b/c", "ü"):
            at = [
                [Shard(number, count).has(Path(root, name), Path(root)) for number in range(1, count + 1)]
                for root in ("/x/repos", "elsewhere", ".")
            ]
            assert at[0] == at[1] == at[2]
            assert at[0].count(True) == 1


def test_shards_are_about_equal() -> None:
    root = Path("r")
    sizes = [sum(Shard(number, 8).has(root / f"p{one}", root) for one in range(4000)) for number in range(1, 9)]
    assert sum(sizes) == 4000
    assert min(sizes) > 400


def test_a_shard_without_projects_is_no_error(tmp_path: Path) -> None:
    root = fleet(tmp_path, ["only"])
    found = [services(root, f"{number}/5") for number in range(1, 6)]
    assert sorted(found) == [[], [], [], [], ["only"]]


@pytest.mark.parametrize("value", ["0/4", "5/4", "1", "a/b", "-1/4", "1/0", "1/4/2", "", "1/1000000000", "٣/٤"])
def test_a_wrong_shard_is_refused_with_the_form(tmp_path: Path, value: str) -> None:
    done = run(str(fleet(tmp_path, ["one"])), "--recursive", "--shard", value, cwd=tmp_path)
    assert done.returncode == 2
    assert "--shard 1/8" in done.stderr


@pytest.mark.parametrize("command", ["scan", "check"])
def test_a_shard_needs_recursive(tmp_path: Path, command: str) -> None:
    done = run(str(fleet(tmp_path, ["one"]) / "one"), "--shard", "1/2", cwd=tmp_path, command=command)
    assert done.returncode == 2
    assert "--recursive" in done.stderr


def test_check_and_observe_take_shards_and_a_baseline_is_not_written_of_a_part(tmp_path: Path) -> None:
    root = fleet(tmp_path / "repos", ["one", "two"])
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/day.json").write_text(json.dumps({"Records": [record("sns", "ListTopics")]}))
    both = ["--recursive", "--no-cache", "--format", "json", "--shard"]
    checked = [run("repos", *both, f"{part}/2", cwd=tmp_path, command="check") for part in (1, 2)]
    assert sum(json.loads(one.stdout)["projects"] for one in checked) == 2
    logs = ["logs", "--project", str(root)]
    seen = [run(*logs, *both, f"{part}/2", cwd=tmp_path, command="observe") for part in (1, 2)]
    assert sum(len(json.loads(one.stdout)["projects"]) for one in seen) == 2
    refused = run("repos", "--recursive", "--shard", "1/2", "--write-baseline", cwd=tmp_path, command="check")
    assert refused.returncode == 2
    assert "--write-baseline" in refused.stderr
