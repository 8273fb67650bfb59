"""Where imports of JavaScript and TypeScript lead: tsconfig.json, package.json, workspaces."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.resolve.manifest import Manifest
from scopedown.source.sources import Sources


def lay(folder: Path, files: Mapping[str, Any]) -> None:
    """Write files; what is no text is written as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def leads(folder: Path, specifier: str, importer: str = "src/app.ts", root: str = "", **options: Any) -> str | None:
    """The file that an import in ``importer`` means; ``root`` is the project's folder below ``folder``."""
    return Sources(str(folder / root), **options).resolve(specifier, importer, "javascript")


@pytest.mark.parametrize(
    ("options", "specifier", "file"),
    [
        ({"baseUrl": "."}, "lib/store", "lib/store.ts"),
        ({"baseUrl": "./lib"}, "store", "lib/store.ts"),
        ({"paths": {"@lib/*": ["lib/*"]}}, "@lib/store", "lib/store.ts"),
        ({"baseUrl": "lib", "paths": {"~/*": ["./*"]}}, "~/store", "lib/store.ts"),
        ({"paths": {"store": ["lib/store.ts"]}}, "store", "lib/store.ts"),
        ({"paths": {"@lib/*": ["nowhere/*", "lib/*"]}}, "@lib/store", "lib/store.ts"),
        ({"paths": {"*": ["lib/*"], "store": ["src/app.ts"]}}, "store", "src/app.ts"),
        ({"paths": {"@lib/*": ["lib/*"], "@lib/deep/*": ["lib/deep/*"]}}, "@lib/deep/x", "lib/deep/x.ts"),
        ({"paths": {"@lib/*-model": ["lib/*"]}}, "@lib/store-model", "lib/store.ts"),
        ({"paths": {"/opt/nodejs/*": ["lib/*"]}}, "/opt/nodejs/store", "lib/store.ts"),
        ({"rootDirs": ["src", "generated"]}, "./types", "generated/types.ts"),
        ({"outDir": "dist", "rootDir": "."}, "../dist/lib/store", "lib/store.ts"),
        ({"paths": {"@lib/*": ["dist/lib/*"]}, "outDir": "dist", "rootDir": "."}, "@lib/store", "lib/store.ts"),
    ],
)
def test_tsconfig_gives_names_to_files(tmp_path: Path, options: Any, specifier: str, file: str) -> None:
    code = {"src/app.ts": "", "lib/store.ts": "", "lib/deep/x.ts": "", "generated/types.ts": ""}
    lay(tmp_path, {**code, "tsconfig.json": {"compilerOptions": options}})
    assert leads(tmp_path, specifier) == file


def test_tsconfig_is_inherited_from_files_lists_packages_and_the_folders_above(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "tsconfig.base.json": '{ // shared\n "compilerOptions": {"paths": {"@shared/*": ["libs/*"]},}, }',
            "node_modules/@acme/tsconfig/tsconfig.json": {"compilerOptions": {"baseUrl": "${configDir}/lib"}},
            "services/a/tsconfig.json": {"extends": "../../tsconfig.base"},
            "services/b/tsconfig.json": {"extends": ["../../tsconfig.base.json", "@acme/tsconfig/tsconfig.json"]},
            "services/c/src/app.ts": "",
            "tsconfig.json": {"files": [], "references": [{"path": "./tsconfig.base.json"}]},
            "libs/store.ts": "",
            "services/b/lib/local.ts": "",
            "nx.json": {},
        },
    )
    assert leads(tmp_path, "@shared/store", "services/a/src/app.ts") == "libs/store.ts"
    assert leads(tmp_path, "@shared/store", "services/b/src/app.ts") == "libs/store.ts"
    assert leads(tmp_path, "local", "services/b/src/app.ts") == "services/b/lib/local.ts"
    assert leads(tmp_path, "@shared/store", "src/app.ts", "services/c") == "../../libs/store.ts"


def test_a_name_for_files_does_not_hide_a_package_of_the_same_beginning(tmp_path: Path) -> None:
    lay(tmp_path, {"tsconfig.json": {"compilerOptions": {"paths": {"@lib/*": ["lib/*"]}}}, "lib/a.ts": ""})
    assert leads(tmp_path, "@library/a") is None
    assert leads(tmp_path, "@lib/b") is None


@pytest.mark.parametrize(
    ("specifier", "file"),
    [
        ("./store.js", "src/store.ts"),
        ("./store", "src/store.ts"),
        ("./view.jsx", "src/view.tsx"),
        ("./module.mjs", "src/module.mts"),
        ("./common.cjs", "src/common.cts"),
        ("./data.json", "src/data.json"),
        ("./data", "src/data.json"),
        ("./folder", "src/folder/index.ts"),
        ("./folder/", "src/folder/index.ts"),
        (".", "src/index.ts"),
        ("..", "index.js"),
        ("./packed", "src/packed/code/start.js"),
        ("./unbuilt", "src/unbuilt/src/main.ts"),
        ("./store?raw", "src/store.ts"),
        (".\\folder\\index", "src/folder/index.ts"),
        ("./user.model", "src/user.model.ts"),
        ("./missing", None),
        ("./types.d", None),
    ],
)
def test_relative_imports(tmp_path: Path, specifier: str, file: str | None) -> None:
    names = ("store.ts", "view.tsx", "module.mts", "common.cts", "data.json", "folder/index.ts", "index.ts")
    lay(
        tmp_path,
        {
            **{f"src/{name}": "" for name in (*names, "user.model.ts", "packed/code/start.js", "unbuilt/src/main.ts")},
            "index.js": "",
            "src/packed/package.json": {"main": "./code/start"},
            "src/unbuilt/package.json": {"main": "dist/main.js"},
        },
    )
    assert leads(tmp_path, specifier) == file


# package.json


@pytest.mark.parametrize(
    ("exports", "subpath", "targets"),
    [
        ("./a.js", "", ["a.js"]),
        ({".": "./a.js", "./b": "./b.js"}, "b", ["b.js", "b"]),
        ({"require": "./a.cjs", "import": "./a.mjs"}, "", ["a.mjs", "a.cjs"]),
        ({".": {"types": "./a.d.ts", "default": "./a.js"}}, "", ["a.js"]),
        ({".": {"node": {"import": "./n.mjs"}, "default": "./a.js"}}, "", ["n.mjs", "a.js"]),
        ({".": {"@acme/source": "./src/a.ts", "import": "./a.js"}}, "", ["src/a.ts", "a.js"]),
        ({".": {"browser": "./b.js"}}, "", ["b.js"]),
        ({"./*": "./lib/*.js"}, "x/y", ["lib/x/y.js", "x/y"]),
        ({"./*": "./lib/*.js", "./x/*": "./other/*.js"}, "x/y", ["other/y.js", "x/y"]),
        ({"./*.js": "./lib/*.js"}, "x.js", ["lib/x.js", "x.js"]),
        ({"./lib/": "./out/"}, "lib/a.js", ["out/a.js", "lib/a.js"]),
        ({"./x/*": None}, "x/y", ["x/y"]),
        (["./a.js", "./b.js"], "", ["a.js", "b.js"]),
        ({".": "../../escape.js"}, "", []),
        ({".": 7}, "", []),
    ],
)
def test_exports_of_a_package(exports: Any, subpath: str, targets: list[str]) -> None:
    found = list(Manifest("/p", {"name": "p", "exports": exports}).targets(subpath))
    assert list(dict.fromkeys(found)) == targets


def test_a_condition_that_the_project_sets_comes_first() -> None:
    manifest = Manifest("/p", {"exports": {".": {"import": "./a.js", "live": "./live.js"}}})
    assert list(manifest.targets("", ("live",))) == ["live.js", "a.js"]


def test_what_a_package_calls_its_own(tmp_path: Path) -> None:
    imports = {
        "#store": "./src/store.ts",
        "#lib/*": {"development": "./src/lib/*.ts", "default": "./dist/lib/*.js"},
        "#built/*": "./dist/*.js",
        "#peer": "@acme/peer",
    }
    code = {f"src/{name}": "" for name in ("app.ts", "store.ts", "lib/a.ts", "self.ts")}
    package = {"name": "me", "imports": imports, "exports": {"./self": "./dist/self.js"}, "workspaces": ["peer"]}
    lay(tmp_path, {**code, "package.json": package, "peer/package.json": {"name": "@acme/peer", "main": "p.js"}})
    lay(tmp_path, {"peer/p.js": ""})
    assert leads(tmp_path, "#store") == "src/store.ts"
    assert leads(tmp_path, "#lib/a") == "src/lib/a.ts"
    assert leads(tmp_path, "#built/store") == "src/store.ts"
    assert leads(tmp_path, "#peer") == "peer/p.js"
    assert leads(tmp_path, "me/self") == "src/self.ts"
    assert leads(tmp_path, "#nothing") is None


def test_module_alias(tmp_path: Path) -> None:
    lay(tmp_path, {"package.json": {"_moduleAliases": {"@root": ".", "models": "src/models"}}, "src/models/a.js": ""})
    assert leads(tmp_path, "models/a", "src/app.js") == "src/models/a.js"
    assert leads(tmp_path, "@root/src/models/a", "src/app.js") == "src/models/a.js"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("webpack.config.js", "module.exports = { resolve: { alias: { '@lib': resolve(__dirname, 'code/lib') } } }"),
        ("webpack.config.js", "module.exports = { resolve: { alias: { '@lib': join(__dirname, 'code', 'lib') } } }"),
        ("esbuild.config.mjs", "build({ alias: { '@lib': './code/lib' } })"),
        ("vite.config.ts", "export default defineConfig({ resolve: { alias: { '@lib/*': './code/lib' } } });"),
        ("babel.config.js", "x = { plugins: [['module-resolver', { alias: { '@lib': './code/lib' } }]] };"),
        (".babelrc", '{"plugins": [["module-resolver", {"alias": {"@lib": "./code/lib"}}]]}'),
        (".babelrc", '{"env": {"x": {"plugins": [["module-resolver", {"alias": {"@lib": "./code/lib"}}]]}}}'),
        ("serverless.yml", "custom:\n  bundle:\n    aliases:\n      - '@lib': ./code/lib\n"),
        ("serverless.yml", "build:\n  esbuild:\n    alias:\n      '@lib': ./code/lib\n"),
    ],
)  # fmt: skip
def test_names_that_a_bundler_is_told_of(tmp_path: Path, name: str, text: str) -> None:
    lay(tmp_path, {name: text, "code/lib/store.js": "", "code/lib/index.js": ""})
    assert leads(tmp_path, "@lib/store") == "code/lib/store.js"
    assert leads(tmp_path, "@lib") == "code/lib/index.js"
    assert leads(tmp_path, "@library/store") is None


def test_an_exact_alias_and_a_root_of_babel(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {"webpack.config.js": "({ alias: { 'store$': './lib/store.js' } })", "lib/store.js": "", "lib/a.js": ""},
    )
    lay(tmp_path, {".babelrc": {"plugins": [["module-resolver", {"root": ["./lib"]}]]}})
    assert leads(tmp_path, "store") == "lib/store.js"
    assert leads(tmp_path, "store/a") is None
    assert leads(tmp_path, "a") == "lib/a.js"


# workspaces

PACKAGE = {"name": "@acme/shared", "main": "dist/index.js"}


@pytest.mark.parametrize(
    "declared",
    [
        {"package.json": {"workspaces": ["packages/*"]}},
        {"package.json": {"workspaces": {"packages": ["./packages/**"]}}},
        {"package.json": {"workspaces": ["{apps,packages}/*", "!packages/old"]}},
        {"pnpm-workspace.yaml": "packages:\n  - 'services/*'\n  - \"packages/*\"\n"},
        {"pnpm-workspace.yaml": "packages: [packages/**]"},
        {"lerna.json": {"packages": ["packages/*"]}},
        {"rush.json": '{"projects": [{"packageName": "x", "projectFolder": "packages/shared"}], /* all */}'},
    ],
)
def test_a_package_of_the_workspace_is_found_by_its_source(tmp_path: Path, declared: Any) -> None:
    lay(tmp_path, {**declared, "packages/shared/package.json": PACKAGE, "packages/shared/src/index.ts": ""})
    lay(tmp_path, {"packages/shared/src/deep/x.ts": "", "services/a/serverless.yml": ""})
    assert leads(tmp_path, "@acme/shared", "src/app.ts", "services/a") == "../../packages/shared/src/index.ts"
    assert leads(tmp_path, "@acme/shared/deep/x", "a.ts", "services/a") == "../../packages/shared/src/deep/x.ts"
    assert leads(tmp_path, "@acme/shared/dist/deep/x", "a.ts", "services/a") == "../../packages/shared/src/deep/x.ts"
    assert leads(tmp_path, "@acme/other", "src/app.ts", "services/a") is None


def test_the_compiler_says_what_a_package_is_built_of_even_where_it_is_built(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "package.json": {"workspaces": ["packages/*"]},
            "packages/shared/package.json": {"name": "shared", "exports": {".": "./made/main.js"}},
            "packages/shared/tsconfig.json": {"compilerOptions": {"outDir": "made", "rootDir": "code"}},
            "packages/shared/code/main.ts": "",
            "packages/shared/made/main.js": "",
        },
    )
    assert leads(tmp_path, "shared") == "packages/shared/code/main.ts"


def test_the_types_of_a_package_tell_of_its_source_where_a_bundle_is_not_built(tmp_path: Path) -> None:
    package = {"name": "shared", "main": "dist/bundle.js", "typings": "dist/core.d.ts"}
    lay(tmp_path, {"package.json": {"workspaces": ["libs/*"]}, "libs/a/package.json": package, "libs/a/core.ts": ""})
    assert leads(tmp_path, "shared") == "libs/a/core.ts"


def test_a_dependency_on_a_folder_needs_no_workspace(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "service/package.json": {"dependencies": {"shared": "file:../shared", "far": "link:../far"}},
            "shared/package.json": {"name": "shared"},
            "shared/index.js": "",
            ".git/HEAD": "",
        },
    )
    assert leads(tmp_path, "shared", "app.js", "service") == "../shared/index.js"
    assert leads(tmp_path, "far", "app.js", "service") is None


def test_a_link_of_the_package_manager_leads_to_the_package_itself(tmp_path: Path) -> None:
    lay(tmp_path, {"libs/shared/package.json": PACKAGE, "libs/shared/src/index.ts": "", "service/app.ts": ""})
    (tmp_path / "node_modules/@acme").mkdir(parents=True)
    (tmp_path / "node_modules/@acme/shared").symlink_to(tmp_path / "libs/shared", target_is_directory=True)
    beyond = Sources(str(tmp_path)).beyond("@acme/shared", "service/app.ts", "javascript")
    assert beyond is not None and beyond.file == "libs/shared/src/index.ts" and not beyond.installed


# layers


@pytest.mark.parametrize(
    ("layer", "specifier"),
    [
        ("layer/nodejs/store.js", "/opt/nodejs/store"),
        ("layer/nodejs/store.js", "/opt/nodejs/store.js"),
        ("layer/store.js", "/opt/store"),
        ("layer/store.js", "/opt/nodejs/store"),
        ("layer/nodejs/store/index.js", "../../opt/nodejs/store"),
        ("src/store.js", "/var/task/store"),
    ],
)
def test_paths_of_the_running_function(tmp_path: Path, layer: str, specifier: str) -> None:
    lay(tmp_path, {layer: "", "src/app.js": ""})
    assert leads(tmp_path, specifier, "src/app.js", package="src", layers=["layer"]) == layer


@pytest.mark.parametrize(("use", "is_seen"), [("work()", False), ("1 as Kind", True)])
def test_declarations_are_not_the_code_of_what_is_imported(tmp_path: Path, use: str, is_seen: bool) -> None:
    (tmp_path / "tsconfig.json").write_text('{"compilerOptions": {"paths": {"/opt/nodejs/*": ["./layer.d.ts"]}}}')
    (tmp_path / "layer.d.ts").write_text("export declare function work(): void;\nexport type Kind = number;\n")
    (tmp_path / "app.ts").write_text(
        f"import {{ work, Kind }} from '/opt/nodejs/things';\nexport const handler = async () => {use};\n"
    )
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.ts", "handler")
    assert (report.unseen == ()) is is_seen
