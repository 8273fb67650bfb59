"""From the handler of a function in Rust to its program: build methods, folders of builds, names, images."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.languages.rust.handlers import find
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.images import Image, find_in_image
from scopedown.project.code.wanted import Wanted

MAIN = "fn main() {}\n"
ONE = '[package]\nname = "app"\nversion = "0.1.0"\n'
ALL = '[workspace]\nmembers = ["crates/*"]\n'
HELLO = {"Cargo.toml": ALL, "crates/hello/Cargo.toml": ONE.replace("app", "hello"), "crates/hello/src/main.rs": MAIN}
BYE = {"crates/bye/Cargo.toml": ONE.replace("app", "bye"), "crates/bye/src/main.rs": MAIN}
BOTH = {**HELLO, **BYE, "crates/shared/Cargo.toml": ONE.replace("app", "shared"), "crates/shared/src/lib.rs": ""}
BINS = {"Cargo.toml": ONE, "src/bin/get-item.rs": MAIN, "src/bin/put.rs": MAIN, "src/lib.rs": ""}


def write(root: Path, texts: Mapping[str, str]) -> None:
    """A repository of these files."""
    (root / ".git").mkdir()
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def program_of(
    root: Path,
    texts: Mapping[str, str],
    declared: str = "bootstrap",
    folder: str | None = "",
    archive: str = "",
    metadata: Mapping[str, object] | None = None,
    label: str = "HelloFunction",
) -> str | None:
    """The file that is found."""
    write(root, texts)
    place = Place("template.yaml")
    wanted = Wanted(
        label, declared, "provided.al2023", folder, {}, place, place, archive, label, metadata=metadata or {}
    )
    given = folder if folder is not None else str(Path(archive).parent).replace(".", "", 1)
    result = find(Sources(root), wanted, given)
    return None if result is None else result.file


@pytest.mark.parametrize(
    ("texts", "folder", "binary", "file"),
    [
        (BINS, "", "get-item", "src/bin/get-item.rs"),
        (BOTH, "", "bye", "crates/bye/src/main.rs"),
        ({f"rust/{name}": text for name, text in BINS.items()}, "rust", "put", "rust/src/bin/put.rs"),
        (
            {"Cargo.toml": f'{ONE}[[bin]]\nname = "one"\npath = "src/first.rs"\n', "src/first.rs": MAIN},
            "",
            "one",
            "src/first.rs",
        ),
        ({**BINS, "src/bin/big/main.rs": MAIN}, "", "big", "src/bin/big/main.rs"),
    ],
)
def test_sam_is_told_of_a_binary(texts: Mapping[str, str], folder: str, binary: str, file: str, tmp_path: Path) -> None:
    metadata = {"BuildMethod": "rust-cargolambda", "BuildProperties": {"Binary": binary}}
    assert program_of(tmp_path, texts, folder=folder, metadata=metadata) == file


@pytest.mark.parametrize(
    "line",
    [
        "cargo lambda build --release --bin bye && cp target/lambda/bye/bootstrap $(ARTIFACTS_DIR)",
        "cargo build -p bye --target x86_64-unknown-linux-musl\n\tcp target/x86_64-unknown-linux-musl/release/bye x",
        "cp ./target/lambda/bye/bootstrap $(ARTIFACTS_DIR)",
    ],
)
def test_sam_runs_a_target_of_a_makefile(line: str, tmp_path: Path) -> None:
    texts = {**BOTH, "Makefile": f"build-HelloFunction:\n\t{line}\n"}
    assert program_of(tmp_path, texts, metadata={"BuildMethod": "makefile"}) == "crates/bye/src/main.rs"


@pytest.mark.parametrize(
    ("folder", "archive"),
    [
        ("target/lambda/bye", ""),
        ("target/lambda/bye/", ""),
        (None, "target/lambda/bye/bootstrap.zip"),
        (None, "target/lambda/bye.zip"),
        (None, "./target/x86_64-unknown-linux-musl/release/bye.zip"),
        ("crates/bye", ""),
    ],
)
def test_cargo_lambda_builds_into_a_folder(folder: str | None, archive: str, tmp_path: Path) -> None:
    assert program_of(tmp_path, BOTH, folder=folder, archive=archive) == "crates/bye/src/main.rs"


def test_the_folder_of_a_build_is_beside_the_workspace(tmp_path: Path) -> None:
    texts = {f"services/{name}": text for name, text in BOTH.items()}
    file = "services/crates/bye/src/main.rs"
    assert program_of(tmp_path, texts, folder="services/target/lambda/bye") == file


def test_the_folder_that_a_makefile_fills_is_named_after_its_program(tmp_path: Path) -> None:
    assert program_of(tmp_path, BINS, folder="build/put", label="MigrationFunction") == "src/bin/put.rs"


@pytest.mark.parametrize(
    ("texts", "declared", "file"),
    [
        (BINS, "app.get-item", "src/bin/get-item.rs"),
        (BOTH, "hello", "crates/hello/src/main.rs"),
        ({"Cargo.toml": ONE, "src/main.rs": MAIN}, "app", "src/main.rs"),
    ],
)
def test_a_handler_of_serverless_rust_names_package_and_program(
    texts: Mapping[str, str], declared: str, file: str, tmp_path: Path
) -> None:
    assert program_of(tmp_path, texts, declared) == file


@pytest.mark.parametrize(
    ("texts", "label", "file"),
    [
        ({"Cargo.toml": ONE, "src/main.rs": MAIN}, "Anything", "src/main.rs"),
        (BINS, "GetItemFunction", "src/bin/get-item.rs"),
        (BINS, "put", "src/bin/put.rs"),
        (BINS, "Other", None),
        (BOTH, "Bye", "crates/bye/src/main.rs"),
        ({"src/main.rs": MAIN}, "Anything", None),
        ({"Cargo.toml": ONE, "src/lib.rs": ""}, "Anything", None),
        ({"Cargo.toml": "[package", "src/main.rs": MAIN}, "Anything", None),
    ],
)
def test_the_only_program_or_the_one_of_the_functions_name_is_taken(
    texts: Mapping[str, str], label: str, file: str | None, tmp_path: Path
) -> None:
    assert program_of(tmp_path, texts, label=label) == file


def test_a_program_of_a_build_of_the_cdk_has_the_functions_name(tmp_path: Path) -> None:
    texts = {f"backend/{name}": text for name, text in BOTH.items()}
    label = "Bye8A3B2C1D"
    assert program_of(tmp_path, texts, folder="infra/cdk.out/asset.1", label=label) == "backend/crates/bye/src/main.rs"


def test_an_image_runs_the_program_that_a_stage_builds(tmp_path: Path) -> None:
    dockerfile = """
FROM rust:1.80 AS build
WORKDIR /src
COPY . .
RUN cargo build --release --bin bye
FROM public.ecr.aws/lambda/provided:al2023
COPY --from=build /src/target/release/bye ${LAMBDA_RUNTIME_DIR}/bootstrap
CMD ["bye"]
"""
    write(tmp_path, {**BOTH, "Dockerfile": dockerfile})
    image = Image("fn", "", "Dockerfile", None, None, "", {}, {}, Place("template.yaml"))
    found = find_in_image(Sources(tmp_path), image)
    assert found.handler is not None
    assert found.handler.file == "crates/bye/src/main.rs"


def test_an_image_starts_the_program_by_its_path(tmp_path: Path) -> None:
    dockerfile = """
FROM rust:1.80 AS build
WORKDIR /src
COPY . .
RUN cargo build --release
FROM debian:bookworm-slim
COPY --from=build /src/target/release/bye /usr/local/bin/app
ENTRYPOINT ["/usr/local/bin/app"]
"""
    write(tmp_path, {**BOTH, "Dockerfile": dockerfile})
    image = Image("fn", "", "Dockerfile", None, None, "", {}, {}, Place("template.yaml"))
    found = find_in_image(Sources(tmp_path), image)
    assert found.handler is not None
    assert found.handler.file == "crates/bye/src/main.rs"
