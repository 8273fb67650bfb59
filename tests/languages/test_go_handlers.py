"""From the handler of a function in Go to its program: build methods, scripts, folders, names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.languages.go.handlers import find
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.images import Image, find_in_image
from scopedown.project.code.wanted import Wanted

MAIN = 'package main\n\nimport "github.com/aws/aws-lambda-go/lambda"\n\nfunc main() { lambda.Start(f) }\n'
LIBRARY = "package store\n\nfunc Put() {}\n"


def program_of(
    root: Path,
    texts: Mapping[str, str],
    declared: str = "bootstrap",
    folder: str | None = "",
    runtime: str = "provided.al2",
    archive: str = "",
    metadata: Mapping[str, object] | None = None,
    label: str = "HelloFunction",
) -> str | None:
    """The file that is found."""
    (root / ".git").mkdir()
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    place = Place("template.yaml")
    wanted = Wanted(label, declared, runtime, folder, {}, place, place, archive, metadata=metadata or {})
    given = folder if folder is not None else str(Path(archive).parent).replace(".", "", 1)
    result = find(Sources(root), wanted, given)
    return None if result is None else result.file


def test_sam_builds_the_folder_of_the_code(tmp_path: Path) -> None:
    texts = {"hello/app.go": MAIN, "hello/store.go": LIBRARY, "other/main.go": MAIN}
    assert program_of(tmp_path, texts, folder="hello", metadata={"BuildMethod": "go1.x"}) == "hello/app.go"


def test_sam_runs_a_target_of_a_makefile(tmp_path: Path) -> None:
    makefile = (
        "build-HelloFunction:\n\tGOOS=linux go build -ldflags='-s -w' -o $(ARTIFACTS_DIR)/bootstrap ./cmd/hello\n"
    )
    texts = {"Makefile": makefile, "cmd/hello/main.go": MAIN, "cmd/other/main.go": MAIN}
    assert program_of(tmp_path, texts, metadata={"BuildMethod": "makefile"}) == "cmd/hello/main.go"


@pytest.mark.parametrize(
    "line",
    [
        'env GOOS=linux go build -ldflags="-s -w" -o bin/hello functions/a/main.go',
        "cd functions/a && GOARCH=amd64 go build -tags lambda.norpc -o ../../bin/hello .",
        "go build -o bin/hello ./functions/a",
        "go build -o bin/hello functions/a/main.go functions/a/util.go",
    ],
)
def test_a_script_builds_the_program_under_another_name(tmp_path: Path, line: str) -> None:
    texts = {
        "Makefile": f"build:\n\t{line}\n", "functions/a/main.go": MAIN, "functions/a/util.go": "package main\n",
        "functions/hello/main.go": MAIN,
    }  # fmt: skip
    assert program_of(tmp_path, texts, "bin/hello", runtime="go1.x") == "functions/a/main.go"


def test_a_loop_of_a_script_builds_every_program(tmp_path: Path) -> None:
    script = 'for f in $(ls functions); do\n  go build -o "bin/$f/bootstrap" "functions/$f/main.go"\ndone\n'
    texts = {"build.sh": script, "functions/one/main.go": MAIN, "functions/two/main.go": MAIN}
    assert program_of(tmp_path, texts, folder="bin/two") == "functions/two/main.go"


def test_an_archive_is_packed_of_a_program(tmp_path: Path) -> None:
    one, other = (f"go build -o bootstrap ./cmd/{name}\nzip {name}.zip bootstrap\n" for name in ("hello", "bye"))
    script = one + other
    texts = {"build.sh": script, "cmd/hello/main.go": MAIN, "cmd/bye/main.go": MAIN}
    assert program_of(tmp_path, texts, folder=None, archive="bye.zip") == "cmd/bye/main.go"


def test_a_built_folder_that_no_script_tells_of_is_known_by_its_name(tmp_path: Path) -> None:
    texts = {"cmd/hello/main.go": MAIN, "cmd/bye/main.go": MAIN}
    assert program_of(tmp_path, texts, folder="dist/hello") == "cmd/hello/main.go"


def test_several_programs_of_one_folder_are_known_by_their_names(tmp_path: Path) -> None:
    texts = {"scheduler.go": MAIN, "consumer.go": MAIN, "types.go": "package main\n"}
    assert program_of(tmp_path, texts, "bin/consumer", runtime="go1.x") == "consumer.go"


def test_the_handler_is_a_file_or_its_folder(tmp_path: Path) -> None:
    texts = {"hello/main.go": MAIN}
    assert program_of(tmp_path, texts, "hello/main.go", runtime="go1.x") == "hello/main.go"


def test_a_custom_runtime_without_go_is_not_go(tmp_path: Path) -> None:
    assert program_of(tmp_path, {"src/main.rs": "fn main() {}", "tools/gen.go": LIBRARY}) is None


def test_a_program_that_handles_nothing_is_not_taken_for_a_custom_runtime(tmp_path: Path) -> None:
    texts = {"main.go": 'package main\n\nfunc main() { println("generates") }\n', "src/main.rs": ""}
    assert program_of(tmp_path, texts) is None


def test_an_image_runs_the_program_that_a_stage_builds(tmp_path: Path) -> None:
    dockerfile = """
FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/main ./cmd/hello
FROM public.ecr.aws/lambda/provided:al2023
COPY --from=build /out/main ./main
ENTRYPOINT ["./main"]
"""
    texts = {"Dockerfile": dockerfile, "cmd/hello/main.go": MAIN, "cmd/bye/main.go": MAIN}
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    image = Image("fn", "", "Dockerfile", None, None, "", {}, {}, Place("template.yaml"))
    found = find_in_image(Sources(tmp_path), image)
    assert found.handler is not None
    assert found.handler.file == "cmd/hello/main.go"
