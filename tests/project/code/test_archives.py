"""Archives: what the repository's build scripts put into them, and those that stand in the repository."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from scopedown.project.code.build_commands import Commands
from scopedown.project.code.handler_files import Sources
from scopedown.project.load import load_project
from scopedown.project.model import Function
from scopedown.project.options import Options
from scopedown.source.shell import expand, words_of

TEMPLATE = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Code: ARCHIVE, Handler: HANDLER, Runtime: RUNTIME, Role: arn:aws:iam::123456789012:role/r}
"""
PYTHON = "def run(event, context): pass\n"
NODE = "exports.run = async () => {}\n"


def function(
    root: Path, files: dict[str, str], archive: str = "deploy/x.zip", handler: str = "app.run", runtime: str = ""
) -> tuple[Function, list[str]]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / ".git").mkdir(exist_ok=True)
    runtime = runtime or ("python3.12" if any(name.endswith(".py") for name in files) else "nodejs20.x")
    template = root / "template.yaml"
    template.write_text(
        TEMPLATE.replace("ARCHIVE", archive).replace("HANDLER", handler).replace("RUNTIME", runtime)
    )  # fmt: skip
    project = load_project(template, Options())
    return project.functions[0], [one.code for one in project.findings]


def place(found: Function) -> tuple[str | None, str]:
    assert found.handler is not None
    return found.handler.file, found.handler.root


TWO = {"a/app.py": PYTHON, "b/app.py": PYTHON}


@pytest.mark.parametrize(
    "script",
    [
        "cd a && zip -r ../deploy/x.zip . -x '*.pyc'",
        "(cd a; zip -qr9 ../deploy/x.zip *)\n(cd b && zip -r ../deploy/y.zip .)",
        "zip -j deploy/x.zip a/app.py",
        "mkdir -p build\ncp a/*.py build/\npip install -r a/requirements.txt -t build\ncd build\nzip -r ../deploy/x .",
        "rm -rf out && cp -r a out\npushd out\nzip -r ../deploy/x.zip .\npopd\nrm -rf out; cp -r b out",
        "rsync -a --exclude tests a/ build/\ncd build && 7z a ../deploy/x.zip .",
        'NAME=x\nSRC="a"\ncd "$SRC"\nzip -r "../deploy/${NAME}.zip" ./*',
        'set -e\ncd "$(dirname "$0")"\nfor d in a b; do\n  n=$(basename $d)\n  [ $n = a ] && n=x\n'
        "  (cd $d && zip -r ../deploy/$n.zip .)\ndone",
        "pack() {\n  cd $1\n  zip -r ../deploy/$2.zip .\n  cd ..\n}\npack a x\npack b y",
        "if [ -d a ]; then\n  cd a \\\n   && zip -r ../deploy/x.zip .\nfi",
        "python -m zipfile -c deploy/x.zip a/app.py\ncd a && zip ../deploy/x.zip app.py",
        "docker run x <<EOF\ncd b && zip ../deploy/x.zip .\nEOF\ncd a\nzip -r ../deploy/x.zip .",
    ],
)  # fmt: skip
def test_a_shell_script_says_what_goes_in(script: str, tmp_path: Path) -> None:
    found, codes = function(tmp_path, {**TWO, "build.sh": "#!/bin/bash\n" + script + "\n"})
    assert found.handler is not None
    assert found.handler.file == "a/app.py"
    assert codes == ["handler-built"]
    assert found.unread == ()


def test_a_script_may_be_run_from_a_folder_above_its_own(tmp_path: Path) -> None:
    found, _ = function(tmp_path, {**TWO, "scripts/deep/pack.sh": "cd a && zip -r ../deploy/x.zip .\n"})
    assert place(found) == ("a/app.py", "a")


@pytest.mark.parametrize(
    "makefile",
    [
        "deploy/x.zip: a/app.py\n\tcd a && zip -r ../$@ .\n",
        "D := deploy\nSRC = a\nall: pack\npack:\n\tmkdir -p $(D)\n\t@cd $(SRC) && \\\n\t zip -r ../$(D)/x.zip .\n",
        "x: prepare\n\tcd build && zip -r ../deploy/x.zip .\nprepare:\n\tcp -r a build\n",
        "all:\n\t$(MAKE) x\nx:\n\t./pack.sh a x\n",
    ],
)
def test_a_makefile_says_what_goes_in(makefile: str, tmp_path: Path) -> None:
    pack = "cd $1 && zip -r ../deploy/$2.zip .\n"
    found, _ = function(tmp_path, {**TWO, "Makefile": makefile, "pack.sh": pack if "pack.sh" in makefile else ""})
    assert place(found)[0] == "a/app.py"


def test_a_pattern_rule_is_bound_by_the_archive_s_name(tmp_path: Path) -> None:
    files = {
        "fn/one/app.py": PYTHON,
        "fn/two/app.py": PYTHON,
        "Makefile": "deploy/%.zip: fn/%\n\tcd fn/$* && zip -r ../../$@ .\n",
    }
    assert place(function(tmp_path, files, "deploy/two.zip")[0])[0] == "fn/two/app.py"
    assert place(function(tmp_path, files, "deploy/one.zip")[0])[0] == "fn/one/app.py"


@pytest.mark.parametrize(
    ("scripts", "file"),
    [
        ('{"pack": "cd a && zip -r ../deploy/x.zip ."}', "a/app.js"),
        ('{"build": "esbuild src/app.ts --outfile=dist/app.js", "p": "npm run build && zip -j deploy/x dist/app.js"}',
         "src/app.ts"),
        ('{"build": "tsc --outDir dist", "pack": "npm run build && cd dist && zip -r ../deploy/x .", "a": "zip"}',
         "src/app.ts"),
        ('{"pack": "bestzip deploy/x.zip app.js", "prepack": "cp b/app.js app.js"}', "b/app.js"),
        ('{"pack": "(cd dist && bestzip ../deploy/x.zip *)"}', "src/app.ts"),
    ],
)  # fmt: skip
def test_scripts_of_package_json_say_what_goes_in(scripts: str, file: str, tmp_path: Path) -> None:
    files = {"src/app.ts": NODE, "a/app.js": NODE, "b/app.js": NODE, "package.json": f'{{"scripts": {scripts}}}'}
    if "prepack" in scripts:
        files["package.json"] = '{"scripts": {"pack": "cp b/app.js app.js && bestzip deploy/x.zip app.js"}}'
    assert place(function(tmp_path, files)[0])[0] == file


def test_a_pipeline_s_steps_say_what_goes_in(tmp_path: Path) -> None:
    workflow = (
        "jobs:\n  deploy:\n    steps:\n      - uses: actions/checkout@v4\n      - working-directory: a\n"
        "        run: |\n          zip -r ../deploy/x.zip .\n"
    )
    assert place(function(tmp_path, {**TWO, ".github/workflows/d.yml": workflow})[0])[0] == "a/app.py"
    (tmp_path / ".github/workflows/d.yml").unlink()
    spec = "phases:\n  build:\n    commands:\n      - cd b\n      - zip -r ../deploy/x.zip .\n"
    assert place(function(tmp_path, {"buildspec.yml": spec}, runtime="python3.12")[0])[0] == "b/app.py"


def test_folders_that_are_copied_beside_the_handler_are_searched(tmp_path: Path) -> None:
    script = "cp -r a build\ncp -r lib/shared build/shared\ncd build && zip -r ../deploy/x.zip ."
    found, _ = function(tmp_path, {**TWO, "lib/shared/__init__.py": "", "build.sh": script})
    assert place(found) == ("a/app.py", "a")
    assert "lib" in found.search


def test_an_archive_in_s3_goes_by_its_name(tmp_path: Path) -> None:
    script = "cd a && zip -r ../x.zip .\naws s3 cp ../x.zip s3://bucket/1/x.zip\n"
    archive = "{S3Bucket: b, S3Key: !Sub '${AWS::StackName}/x.zip'}"
    found, _ = function(tmp_path, {**TWO, "build.sh": script}, archive)
    assert place(found)[0] == "a/app.py"


def test_without_a_script_the_only_file_that_fits_is_taken_and_named(tmp_path: Path) -> None:
    found, codes = function(tmp_path, {"a/app.py": PYTHON})
    assert place(found) == ("a/app.py", "a")
    assert codes == ["handler-elsewhere"]


def test_of_several_files_none_is_taken_and_all_are_listed(tmp_path: Path) -> None:
    found, codes = function(tmp_path, TWO)
    assert place(found)[0] is None
    assert codes == ["handler-not-found"]
    assert [part.cause.value for part in found.unread] == ["source"]
    assert "a/app.py, b/app.py" in found.unread[0].what


def test_scripts_that_lead_to_different_files_are_no_answer(tmp_path: Path) -> None:
    script = "cd a && zip -r ../deploy/x.zip .\n"
    found, _ = function(tmp_path, {**TWO, "one.sh": script, "two.sh": script.replace("cd a", "cd b")})
    assert place(found)[0] is None


def zipped(root: Path, entries: dict[str, str], name: str = "deploy/x.zip") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for entry, text in entries.items():
            archive.writestr(entry, text)


def test_the_handler_of_an_archive_in_the_repository_is_read(tmp_path: Path) -> None:
    zipped(tmp_path, {"src/app.py": PYTHON, "../evil.py": PYTHON})
    found, codes = function(tmp_path, TWO, handler="src/app.run")
    assert found.handler is not None and found.handler.inline is not None
    assert (found.handler.file, found.handler.inline.text) == ("src/app.py", PYTHON)
    assert codes == ["archive-read"]


def test_an_archive_that_holds_a_copy_leads_to_the_original(tmp_path: Path) -> None:
    zipped(tmp_path, {"app.py": PYTHON + "# one\n", "lib.py": ""})
    found, codes = function(tmp_path, {"a/app.py": PYTHON + "# one\n", "b/app.py": PYTHON})
    assert place(found) == ("a/app.py", "a")
    assert codes == []


@pytest.mark.parametrize("entries", [{}, {"app.py": ""}, {"app.py": " \n", "other.py": "x"}])
def test_an_archive_whose_entries_are_empty_is_named_as_such(entries: dict[str, str], tmp_path: Path) -> None:
    zipped(tmp_path, entries)
    found, codes = function(tmp_path, TWO)
    assert codes == ["archive-hollow"]
    assert [part.cause.value for part in found.unread] == ["placeholder"]


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all" * 20])
def test_a_broken_archive_is_named_as_such(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "x.zip").write_bytes(content)
    assert function(tmp_path, TWO)[1] == ["archive-hollow"]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    with zipfile.ZipFile(tmp_path / "deploy" / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", b"#" * 30_000_000)
    assert function(tmp_path, TWO)[1] == ["handler-not-found"]


def test_a_serverless_artifact_is_found_in_the_same_way(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in TWO:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(PYTHON)
    (tmp_path / "build.sh").write_text("cd b && zip -r ../out/x.zip .\n")
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        "functions: {f: {handler: app.run, package: {artifact: out/x.zip}}}\n"
    )
    assert place(load_project(tmp_path, Options()).functions[0]) == ("b/app.py", "b")


def test_a_sam_archive_is_found_in_the_same_way(tmp_path: Path) -> None:
    sam = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n" \
        "    Properties: {CodeUri: out/x.zip, Handler: app.run, Runtime: python3.12}\n"  # fmt: skip
    function(tmp_path, {**TWO, "build.sh": "cd b && zip -r ../out/x.zip .\n"})
    (tmp_path / "template.yaml").write_text(sam)
    assert place(load_project(tmp_path, Options()).functions[0]) == ("b/app.py", "b")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("$A/${B}", "a/\x01"), ("${C:-c}", "c"), ("${A%/}", "a"), ("${P##*/}", "z.zip"), ("${P%.zip}", "x/y/z"),
        ("$(basename $P .zip)", "z"), ("$(dirname $P)", "x/y"), ("$(date +%s)", "\x01"), ("${BASH_SOURCE[0]}", "s.sh"),
        ("$(cd $(dirname $P) && pwd)", "x/y"),
    ],
)  # fmt: skip
def test_what_words_become(word: str, value: str) -> None:
    assert expand(word, {"A": "a", "P": "x/y/z.zip", "BASH_SOURCE": "s.sh"}) == value


@pytest.mark.parametrize(
    "text",
    [
        "'", '"$(', "for", "for a in", "for a in *; do", "f() {", "f() { f; }; f", "a() { b; b; }; b() { a; a; }; a",
        "cd /; cd ..; cd ../../..; zip -r x.zip /", "zip", "zip -r", "cp", "mv a", "pip install -t", "make -C", "((((",
        "x=$x$x; " * 500, "for a in * * *; do for b in * * *; do for c in * * *; do zip $a.zip $b; done; done; done",
        "npm run pack", "make all", "bash ./build.sh", "$($($($(", "`" * 50, "cd $1; zip $2.zip $3", "\x00\x01\x02",
    ],
)  # fmt: skip
def test_any_script_ends(text: str, tmp_path: Path) -> None:
    files = {**TWO, "build.sh": text, "package.json": '{"scripts": {"pack": "npm run pack; npm run pack; zip"}}'}
    found, _ = function(tmp_path, {**files, "Makefile": "all: all\n\tmake all; make all; zip\n"}, runtime="python3.12")
    assert found.handler is not None


def test_words_are_split_as_a_shell_splits_them() -> None:
    assert words_of("(cd a;zip 'x y.zip' .)") == ["(", "cd", "a", ";", "zip", "x y.zip", ".", ")"]
    assert words_of("echo 'unclosed") == []


def test_many_copies_do_not_make_it_slow(tmp_path: Path) -> None:
    script = "".join(f"mkdir -p d{n}; cp -r a d{n}\n" for n in range(2_000)) + "cp -r . all; zip -r x.zip .\n" * 1_500
    started = time.process_time()
    Commands(Sources(tmp_path), str(tmp_path)).script(script)
    assert time.process_time() - started < 10


def test_commands_have_a_bound(tmp_path: Path) -> None:
    commands = Commands(Sources(tmp_path), str(tmp_path), left=100)
    commands.script("zip x.zip a\n" * 1_000)
    assert len(commands.archives) == 1
    assert commands.left < 0
