"""A handler is led to the source file in which it begins, however the project builds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scopedown.project.code.handler_files import is_of_another_project
from scopedown.project.code.handlers import Found, Sources, find


def project(root: Path, *files: str, **contents: str) -> Sources:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(contents.get(name.replace(".", "_").replace("/", "_"), ""))
    return Sources(root)


@pytest.mark.parametrize(
    ("file", "handler", "runtime", "symbol", "language"),
    [
        ("app.py", "app.main", "python3.12", "main", "python"),
        ("src/a/b.py", "src/a/b.main", "python3.12", "main", "python"),
        ("src/a/b.py", "src.a.b.main", "python3.12", "main", "python"),
        ("a/b/__init__.py", "a/b.main", "python3.12", "main", "python"),
        ("h.js", "h.run", "nodejs20.x", "run", "javascript"),
        ("src/h.mjs", "./src/h.run", "nodejs20.x", "run", "javascript"),
        ("src/h.ts", "src/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h/index.ts", "src/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h/index.js", "src/h/index.run", "nodejs20.x", "run", "javascript"),
        ("src/user.service.ts", "src/user.service.run", "nodejs20.x", "run", "typescript"),
        ("src/h.js", "src/h.nested.run", "nodejs20.x", "nested.run", "javascript"),
        ("src/h.ts", "dist/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h.ts", "dist/src/h.run", "nodejs20.x", "run", "typescript"),
        ("h.ts", ".build/h.run", "nodejs20.x", "run", "typescript"),
        ("src/h.ts", ".webpack/service/src/h.run", "nodejs20.x", "run", "typescript"),
    ],
)
def test_a_handler_is_found(tmp_path: Path, file: str, handler: str, runtime: str, symbol: str, language: str) -> None:
    assert find(project(tmp_path, file), handler, runtime) == Found(file, symbol, language)


def test_typescript_wins_over_what_was_compiled_of_it(tmp_path: Path) -> None:
    assert find(project(tmp_path, "h.js", "h.ts"), "h.run", "nodejs20.x").file == "h.ts"


def test_tsconfig_leads_from_the_output_to_the_source(tmp_path: Path) -> None:
    sources = project(tmp_path, "code/fn/h.ts", "tsconfig.json")
    (tmp_path / "tsconfig.json").write_text(
        '{\n // comment\n "compilerOptions": '
        '{"outDir": "./made", "rootDir": "code", /* x */ "paths": {"@/*": ["a/*"]},},\n}'
    )
    assert find(sources, "made/fn/h.run", "nodejs20.x").file == "code/fn/h.ts"


def test_a_broken_tsconfig_is_no_matter(tmp_path: Path) -> None:
    sources = project(tmp_path, "h.ts", "tsconfig.json")
    (tmp_path / "tsconfig.json").write_text("{{{")
    assert find(sources, "h.run", "nodejs20.x").file == "h.ts"


@pytest.mark.parametrize("handler", ["../x/h.run", "a/../../h.run", "..\\h.run"])
def test_a_handler_that_leaves_the_folder_is_not_followed(tmp_path: Path, handler: str) -> None:
    (tmp_path / "h.py").write_text("")
    inner = tmp_path / "inner"
    inner.mkdir()
    found = find(Sources(inner), handler, "python3.12")
    assert found.outside and found.file is None


@pytest.mark.parametrize("handler", ["nowhere.run", "", "no-dot", "x" * 5000 + ".run", "a\0b.run", "…/é.run"])
def test_a_handler_that_does_not_exist_has_no_file(tmp_path: Path, handler: str) -> None:
    for runtime in ("python3.12", "nodejs20.x", "go1.x", "java21", "provided.al2", None):
        assert find(Sources(tmp_path), handler, runtime).file is None


def test_without_a_known_runtime_the_file_tells_the_language(tmp_path: Path) -> None:
    sources = project(tmp_path, "a.py", "b.ts")
    assert find(sources, "a.main", None).language == "python"
    assert find(sources, "b.main", "provided.al2").language == "typescript"


# Outputs of builds


@pytest.mark.parametrize(
    ("files", "handler", "file"),
    [
        (["services/a/src/h.ts"], "services/a/dist/h.run", "services/a/src/h.ts"),
        (["services/a/h.ts"], "services/a/.build/h.run", "services/a/h.ts"),
        (["src/h.ts"], "dist/cjs/h.run", "src/h.ts"),
        (["src/h.py"], "build/h.run", "src/h.py"),
        (["h.js", "dist/h.js"], "dist/h.run", "dist/h.js"),
    ],
)
def test_folders_that_builds_write_into(tmp_path: Path, files: list[str], handler: str, file: str) -> None:
    runtime = "python3.12" if file.endswith(".py") else "nodejs20.x"
    assert find(project(tmp_path, *files), handler, runtime).file == file


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({"outDir": "made", "rootDir": "code"}, "app/code/fn/h.ts"),
        ({"outDir": "made"}, "app/src/fn/h.ts"),
        ({"outDir": "made"}, "app/fn/h.ts"),
        ({"outDir": "made", "include": ["lambdas/**/*"]}, "app/lambdas/fn/h.ts"),
    ],
)
def test_the_nearest_tsconfig_says_what_a_file_is_made_of(
    tmp_path: Path, options: dict[str, object], source: str
) -> None:
    sources = project(tmp_path, source, "app/tsconfig.json", "app/made/fn/h.js")
    include = options.pop("include", None)
    config = {
        "extends": "../tsconfig.base.json",
        "compilerOptions": options,
        **({"include": include} if include else {}),
    }
    (tmp_path / "app/tsconfig.json").write_text(json.dumps(config))
    (tmp_path / "tsconfig.base.json").write_text('{"compilerOptions": {"outDir": "elsewhere"}}')
    assert find(sources, "made/fn/h.run", "nodejs20.x", "app").file == source


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("package.json", {"scripts": {"build": "esbuild code/entry.ts --bundle --outfile=dist/main.js"}}),
        ("package.json", {"scripts": {"build": "rm -rf dist && npx ncc build code/entry.ts -o dist/"}}),
        ("package.json", {"scripts": {"build": "rollup -i code/entry.ts --file dist/main.js"}}),
        ("package.json", {"scripts": {"build": "tsup code/entry.ts --out-dir dist"}}),
        ("webpack.config.js", "module.exports = { entry: './code/entry.ts', output: { filename: 'main.js' } };"),
        ("webpack.config.js", "module.exports = { entry: { 'dist/main': './code/entry.ts', b: './code/b.ts' } };"),
        ("webpack.config.ts", "export default { entry: { main: { import: './code/entry.ts' } } };"),
        ("webpack.config.js", "module.exports = { entry: { main: path.resolve(__dirname, 'code', 'entry.ts') } };"),
        ("esbuild.mjs", "await esbuild.build({ entryPoints: ['code/entry.ts'], outdir: 'dist' });"),
        ("build.js", "build({ entryPoints: [{ in: 'code/entry.ts', out: 'main' }, { in: 'code/b.ts', out: 'b' }] });"),
        ("rollup.config.mjs", "export default { input: 'code/entry.ts', output: { file: 'dist/main.js' } };"),
        (
            "webpack.lambda.cjs",
            "module.exports = [{ entry: './code/b.ts', output: { filename: 'page.js' } }, { entry: "
            "[path.join(__dirname, 'code/b.ts'), path.join(__dirname, 'code/entry.ts')], output: { filename: "
            "'main.js', path: path.resolve(__dirname, 'dist') } }];",
        ),
        ("config/rollup.functions.ts", "export default [{ input: path.resolve(__dirname, '../code/entry.ts') }];"),
        ("scripts/esbuild-all.mjs", "build({ entryPoints: ['code/entry.ts'], outfile: './dist/main.js' });"),
        ("package.json", {"main": "code/entry.ts"}),
    ],
)
def test_a_bundler_is_told_what_a_file_is_made_of(tmp_path: Path, file: str, text: object) -> None:
    sources = project(tmp_path, "code/entry.ts", "code/b.ts", file)
    (tmp_path / "code/entry.ts").write_text("export const run = () => 1;")
    (tmp_path / file).write_text(text if isinstance(text, str) else json.dumps(text))
    handler = "dist/index.run" if "ncc" in str(text) else "dist/main.run"
    assert find(sources, handler, "nodejs20.x") == Found("code/entry.ts", "run", "typescript")


@pytest.mark.parametrize(
    "text",
    [
        "module.exports = { entry: glob.sync('./code/fn/*/index.ts') };",
        "build({ entryPoints: ['code/fn/*/index.ts'], outdir: 'dist' });",
        "module.exports = { entry: { create: './code/fn/create/index.ts', remove: './code/fn/remove/index.ts' } };",
    ],
)
def test_one_of_many_entries_is_known_by_its_name(tmp_path: Path, text: str) -> None:
    sources = project(tmp_path, "code/fn/create/index.ts", "code/fn/remove/index.ts", "webpack.config.js")
    (tmp_path / "webpack.config.js").write_text(text)
    assert find(sources, "dist/create.run", "nodejs20.x").file == "code/fn/create/index.ts"
    assert find(sources, "dist/remove.run", "nodejs20.x").file == "code/fn/remove/index.ts"


def test_what_is_bundled_may_be_compiled_before(tmp_path: Path) -> None:
    sources = project(tmp_path, "fn/src/index.ts", "fn/webpack.config.js")
    (tmp_path / "fn/webpack.config.js").write_text(
        "module.exports = { entry: path.resolve(__dirname, 'lib/index.js') };"
    )
    assert find(sources, "bundle.run", "nodejs20.x", "fn/dist").file == "fn/src/index.ts"


def test_the_build_of_a_repository_may_write_outside_of_the_project(tmp_path: Path) -> None:
    sources = project(tmp_path, "apps/fn/src/main.ts", "apps/fn/serverless.yml", "apps/other/src/main.ts")
    inner = Sources(sources.root / "apps/fn")
    assert find(inner, "../../dist/apps/fn/main.run", "nodejs20.x") == Found("src/main.ts", "run", "typescript")
    assert find(inner, "../../dist/apps/other/main.run", "nodejs20.x").outside


def test_entries_that_are_alike_are_not_guessed(tmp_path: Path) -> None:
    sources = project(tmp_path, "a/create.ts", "b/create.ts", "webpack.config.js")
    (tmp_path / "webpack.config.js").write_text("module.exports = { entry: ['./a/create.ts', './b/create.ts'] };")
    assert find(sources, "out.d/create.run", "nodejs20.x").file is None


DEEP = f"module.exports = {{entry: {'[' * 3000}{']' * 3000}}};"


@pytest.mark.parametrize(
    "text", ["{{{", "module.exports = {entry: ", "entry: {" * 3000, "\0entry", "entry: `${x}.ts`", DEEP]
)
def test_a_broken_configuration_is_no_matter(tmp_path: Path, text: str) -> None:
    sources = project(tmp_path, "webpack.config.js", "package.json", "dist/h.js.map", "dist/h.js")
    for name in ("webpack.config.js", "package.json", "dist/h.js.map"):
        (tmp_path / name).write_text(text)
    assert find(sources, "dist/h.run", "nodejs20.x").file == "dist/h.js"
    assert find(sources, "dist/gone.run", "nodejs20.x").file is None


@pytest.mark.parametrize(
    "written",
    [
        {"sources": ["../code/lib.ts", "../code/h.ts"]},
        {"sourceRoot": "../", "sources": ["code/h.ts", "node_modules/x/h.ts"]},
        {"sources": ["webpack://app/./code/lib.ts", "webpack://app/./code/h.ts?1234", "webpack/bootstrap"]},
        {"sources": ["..\\code\\h.ts", None, 7]},
    ],
)
def test_the_map_beside_a_bundle_leads_to_its_source(tmp_path: Path, written: object) -> None:
    sources = project(tmp_path, "code/h.ts", "code/lib.ts", "dist/h.js", "dist/h.js.map")
    (tmp_path / "code/h.ts").write_text("export const run = () => 1;")
    (tmp_path / "code/lib.ts").write_text("export const walk = () => 1;")
    (tmp_path / "dist/h.js.map").write_text(json.dumps(written))
    assert find(sources, "dist/h.run", "nodejs20.x").file == "code/h.ts"


@pytest.mark.parametrize("written", [{"sources": ["../gone.ts"]}, {"sources": ["../../../etc/passwd"]}, {}, [], 7])
def test_without_its_sources_a_bundle_is_read_itself(tmp_path: Path, written: object) -> None:
    sources = project(tmp_path, "dist/h.js", "dist/h.js.map")
    (tmp_path / "dist/h.js.map").write_text(json.dumps(written))
    assert find(sources, "dist/h.run", "nodejs20.x").file == "dist/h.js"


def test_a_script_names_the_configuration(tmp_path: Path) -> None:
    sources = project(tmp_path, "code/entry.ts", "package.json", "tools/functions.js")
    (tmp_path / "package.json").write_text('{"scripts": {"build": "webpack --config tools/functions.js"}}')
    (tmp_path / "tools/functions.js").write_text("module.exports = { entry: './code/entry.ts' };")
    assert find(sources, "dist/main.run", "nodejs20.x").file == "code/entry.ts"


def test_what_a_package_begins_with_is_no_handler_beside_its_builds(tmp_path: Path) -> None:
    sources = project(tmp_path, "code/index.ts", "package.json")
    (tmp_path / "code/index.ts").write_text("export const run = () => 1;")
    (tmp_path / "package.json").write_text('{"main": "code/index.ts"}')
    assert find(sources, "fn/index.run", "nodejs20.x").file is None
    assert find(sources, "dist/index.walk", "nodejs20.x").file is None


# Elsewhere


def elsewhere(root: Path, files: dict[str, str], handler: str, runtime: str, folder: str) -> str | None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    found = find(Sources(root), handler, runtime, folder)
    assert found.elsewhere == (found.file is not None)
    return found.file


PYTHON, NODE = "def run(event, context): pass", "exports.run = async () => 1;"


@pytest.mark.parametrize(
    ("files", "handler", "runtime", "folder", "file"),
    [
        ({"src/app.py": PYTHON}, "app.run", "python3.12", "src/lambda", "src/app.py"),
        ({"src/app.js": NODE}, "app.run", "nodejs20.x", "src/handlers", "src/app.js"),
        ({"Fn/app.js": NODE, "Other/app.js": NODE}, "app.run", "nodejs20.x", "fn", "Fn/app.js"),
        ({"a/fn/app.py": PYTHON, "b/app.py": PYTHON}, "app.run", "python3.12", "build.d/fn", "a/fn/app.py"),
        ({"a/app.py": PYTHON, "b/app.py": PYTHON}, "app.run", "python3.12", "fn", None),
        ({"a/app.py": "def other(): pass"}, "app.run", "python3.12", "fn", None),
        ({"tests/app.py": PYTHON, "src/app.py": PYTHON}, "app.run", "python3.12", "fn", "src/app.py"),
        ({"node_modules/x/app.js": NODE, ".venv/app.js": NODE}, "app.run", "nodejs20.x", "fn", None),
        ({"src/app.js": NODE}, "deep/app.run", "nodejs20.x", "fn", None),
        ({"code/deep/app.ts": NODE}, "deep/app.run", "nodejs20.x", "fn", "code/deep/app.ts"),
    ],
)
def test_the_only_file_that_a_handler_fits_is_taken(
    tmp_path: Path, files: dict[str, str], handler: str, runtime: str, folder: str, file: str | None
) -> None:
    assert elsewhere(tmp_path, files, handler, runtime, folder) == file


@pytest.mark.parametrize(
    ("files", "handler", "folder", "names", "file"),
    [
        (["api_lambda/app.js", "consumer_lambda/app.js"], "app.run", "", ["api_lambda.zip"], "api_lambda/app.js"),
        (["fetch_orders/app.js", "ship/app.js"], "app.run", "", ["up/fetch-orders/f.zip"], "fetch_orders/app.js"),
        (["in/fetch/app.js", "in/ship/app.js"], "app.run", "", ["aws_lambda_function.ship"], "in/ship/app.js"),
        (["a/fetch/app.js", "b/fetch/app.js"], "app.run", "", ["fetch.zip"], None),
        (["v1-ship/app.js", "v1-ship-all/app.js"], "app.run", "", ["acme-v1-ship-all-dev"], "v1-ship-all/app.js"),
        (["v1-ship/app.js", "v1-fetch/app.js"], "app.run", "", ["module.ship.this"], None),
        (["user/app.js", "export/app.js"], "app.run", "", ["user-export"], None),
        (["orders-admin/app.js", "users/app.js"], "app.run", "", ["orders"], None),  # the code of orders is not here
        (["lambda/app.js", "site/app.js"], "app.run", "", ["lambda.zip"], None),  # says nothing of which it is
        (["prod/app.js", "site/app.js"], "app.run", "", ["shop-prod-ship"], None),  # nor does a stage
        (["src/in/ship-it.ts", "src/other.ts"], "index.run", "dist/ship-it", [], "src/in/ship-it.ts"),
        (["src/ship.ts", "src/fetch.ts"], "index.run", "out", ["build/ship.zip"], "src/ship.ts"),
        (["a/ship.ts", "b/ship.ts"], "index.run", "dist/ship", [], None),
        (["src/shop.ts"], "index.run", "../shop/dist/ship", [], None),  # the folder around is of other code too
        (["src/shop.ts"], "index.run", "", ["build/shop/ship.zip"], None),
        (["api/src/fn/ship.run.ts"], "dist/src/fn/ship.run.run", "api/dist", [], "api/src/fn/ship.run.ts"),
    ],
)  # fmt: skip
def test_of_several_files_the_one_is_taken_that_the_package_is_named_after(
    tmp_path: Path, files: list[str], handler: str, folder: str, names: list[str], file: str | None
) -> None:
    sources = project(tmp_path, *files)
    for name in files:
        (tmp_path / name).write_text("export const run = async () => 1;" if name.endswith("ts") else NODE)
    assert find(sources, handler, "nodejs20.x", folder, names=names).file == file


@pytest.mark.parametrize(
    ("configuration", "text", "taken"),
    [
        ("", "", True),
        ("serverless.yml", "service: other", False),
        ("deploy/template.yaml", "Type: AWS::Serverless::Function", False),
        ("infra/main.tf", 'provider "aws" {\n}', False),
        ("infra/main.tf", 'resource "aws_sqs_queue" "q" {\n}', True),  # a module
        ("docs/notes.yaml", "text: of no function", True),
    ],
)
def test_code_of_another_project_of_the_repository_is_not_taken(
    tmp_path: Path, configuration: str, text: str, taken: bool
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shop").mkdir()
    (tmp_path / "other/src").mkdir(parents=True)
    (tmp_path / "other/src/app.py").write_text(PYTHON)
    if configuration:
        (tmp_path / "other" / configuration).parent.mkdir(exist_ok=True)
        (tmp_path / "other" / configuration).write_text(text)
    found = find(Sources(tmp_path / "shop"), "app.run", "python3.12", "")
    assert found.file == ("../other/src/app.py" if taken else None)
    assert found.candidates == (() if taken else ("../other/src/app.py",))


@pytest.mark.parametrize(("names", "taken"), [([], False), (["ship.zip"], True), (["fetch.zip"], False)])
def test_one_file_is_not_the_code_of_several_packages(tmp_path: Path, names: list[str], taken: bool) -> None:
    sources = project(tmp_path, "src/ship/app.py")
    (tmp_path / "src/ship/app.py").write_text(PYTHON)
    found = find(sources, "app.run", "python3.12", "", names=names, shared=True)
    assert found.file == ("src/ship/app.py" if taken else None)


def test_a_bundles_namesake_is_taken_only_if_it_exports_the_handler(tmp_path: Path) -> None:
    sources = project(tmp_path, "src/ship.ts", "lib/ship.ts")
    (tmp_path / "src/ship.ts").write_text("import { run } from './run'; run();")
    (tmp_path / "lib/ship.ts").write_text("export async function run() {}")
    found = find(sources, "index.run", "nodejs20.x", "dist/ship")
    assert (found.file, found.elsewhere) == ("lib/ship.ts", True)


def test_a_handler_without_a_name_is_of_no_bundle(tmp_path: Path) -> None:
    sources = project(tmp_path, "src/ship.js")
    (tmp_path / "src/ship.js").write_text("module.exports = {};")
    assert find(sources, "main", "nodejs20.x", names=["ship"]).file is None


@pytest.mark.parametrize("text", ["export {", "export const ", "export const" + " " * 9, "async \n", "\n"])
def test_a_long_file_is_looked_through_once(tmp_path: Path, text: str) -> None:
    """Work with the square of the text would take hours."""
    (tmp_path / "shop").mkdir()
    sources = project(tmp_path / "shop", "site/notes.txt")
    (tmp_path / ".git").mkdir()
    for name in ("other/main.tf", "other/ship.ts"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text * (400_000 // len(text)))
    assert find(sources, "index.run", "nodejs20.x", "dist/ship").file is None
    assert not is_of_another_project(sources, "../other/ship.ts")


@pytest.mark.parametrize(
    ("files", "folder", "others", "file"),
    [
        (["site/page.js", "api/src/app.js"], "site/dist/fn", [], None),  # the site has code of its own
        (["site/package.json", "api/src/app.js"], "site/dist/fn", [], None),
        (["site/notes.txt", "api/src/app.js"], "site/dist/fn", [], "api/src/app.js"),
        (["site/inner/app.js", "api/src/app.js"], "site/dist/fn", [], "site/inner/app.js"),
        (["api/src/app.js"], "gone", [("api/dist", "app.run")], None),  # what the API is built of
        (["api/src/app.js"], "gone", [("", "api/src/app.run")], None),
        (["api/app.js"], "gone", [("api", "app.run")], None),
        (["api/src/app.js"], "gone", [("site", "app.run"), ("", "app.run")], "api/src/app.js"),
        (["api/src/app.js"], "api/gone", [("api/dist", "other.run")], "api/src/app.js"),
    ],
)
def test_code_of_another_part_or_function_is_not_taken(
    tmp_path: Path, files: list[str], folder: str, others: list[tuple[str, str]], file: str | None
) -> None:
    sources = project(tmp_path, *files)
    for name in files:
        (tmp_path / name).write_text(NODE)
    found = find(sources, "app.run", "nodejs20.x", folder, others=others)
    assert found.file == file
    assert found.elsewhere == (file is not None)
    assert found.candidates == (() if file else tuple(name for name in files if "app" in name))
