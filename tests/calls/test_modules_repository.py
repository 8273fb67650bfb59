"""Where imports lead in a whole repository: shared packages, folders above the project's, modules that are nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source import repository_tree as tree
from scopedown.source.disk import Disk
from scopedown.source.sources import Sources

SAVES = "import boto3\n\ndef save():\n    boto3.client('s3').put_object(Bucket='b', Key='k')\n"
USES = "\n\ndef handler(event, context):\n    save()\n"
JS_SAVES = (
    "const { S3 } = require('@aws-sdk/client-s3');\n"
    "exports.save = () => new S3({}).putObject({ Bucket: 'b', Key: 'k' });\n"
)
JS_USES = "\nexports.handler = () => save();\n"


def repository(folder: Path, files: Mapping[str, Any]) -> None:
    (folder / ".git").mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def report_on(folder: Path, files: Mapping[str, Any], file: str = "app.py", **options: Any) -> CallReport:
    """What the handler in ``svc/orders`` of a repository calls."""
    repository(folder, files)
    return find_calls(Sources(str(folder / "svc/orders"), **options), catalog(), {}, file, "handler")


def found(report: CallReport) -> list[str]:
    return [call.name for call in report.calls]


def missed(report: CallReport) -> list[str]:
    return [one.what for one in report.unseen if one.cause is Cause.IMPORT]


# Python: packages of the repository


WORKSPACES: dict[str, tuple[str, dict[str, str]]] = {
    "requirements that name a folder above": (
        "shop_store",
        {"svc/orders/requirements.txt": "-e ../../libs/store\n", "libs/store/shop_store/__init__.py": SAVES},
    ),
    "requirements that include others": (
        "shop_store",
        {
            "svc/orders/requirements.txt": "boto3\n-r ../../common/requirements.txt\n",
            "common/requirements.txt": "./store\n",
            "common/store/src/shop_store/__init__.py": SAVES,
        },
    ),
    "a folder without a dot after -e": (
        "shop_store",
        {"svc/orders/requirements.txt": "-e libs/store", "svc/orders/libs/store/shop_store/__init__.py": SAVES},
    ),
    "setup.py with package_dir": (
        "shop_store.s3",
        {
            "svc/orders/requirements.txt": "store @ file:../../libs/store",
            "libs/store/setup.py": "import setuptools as s\ns.setup(package_dir={'shop_store': 'code'})",
            "libs/store/code/__init__.py": "",
            "libs/store/code/s3.py": SAVES,
        },
    ),
    "setup.py with find_packages": (
        "shop_store",
        {
            "svc/orders/requirements.txt": "file:../../libs/store",
            "libs/store/setup.py": "import setuptools as s\ns.setup(packages=s.find_packages(where='lib'))",
            "libs/store/lib/shop_store/__init__.py": SAVES,
        },
    ),
    "setup.cfg": (
        "shop_store",
        {
            "svc/orders/Pipfile": "[packages]\nstore = {path = '../../libs/store', editable = true}\n",
            "libs/store/setup.cfg": "[options]\npackage_dir =\n    = python\n",
            "libs/store/python/shop_store.py": SAVES,
        },
    ),
    "a workspace of uv": (
        "shop_store",
        {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['svc/*', 'libs/*']\n",
            "svc/orders/pyproject.toml": "[project]\nname = 'orders'\ndependencies = ['shop-store']\n"
            "[tool.uv.sources]\nshop-store = {workspace = true}\n",
            "libs/store/pyproject.toml": "[project]\nname = 'shop-store'\n",
            "libs/store/src/shop_store/__init__.py": SAVES,
            "libs/other/shop_store/__init__.py": "",
        },
    ),
    "a path of Poetry": (
        "shop_store",
        {
            "svc/orders/pyproject.toml": "[tool.poetry.group.main.dependencies]\n"
            "store = {path = '../../libs/store', develop = true}\n",
            "libs/store/pyproject.toml": "[tool.poetry]\nname = 'store'\n"
            "packages = [{include = 'shop_store', from = 'code'}]\n",
            "libs/store/code/shop_store/__init__.py": SAVES,
        },
    ),
    "packages of Hatch": (
        "shop_store",
        {
            "svc/orders/pyproject.toml": "[project]\ndependencies = ['shop.store>=1']\n",
            "libs/store/pyproject.toml": "[project]\nname = 'Shop_Store'\n"
            "[tool.hatch.build.targets.wheel]\npackages = ['code/shop_store']\n",
            "libs/store/code/shop_store/__init__.py": SAVES,
            "libs/copy/shop_store/__init__.py": "",
        },
    ),
    "the package that the whole repository is": (
        "shop_store",
        {"pyproject.toml": "[project]\nname = 'shop'\n", "shop_store/__init__.py": SAVES},
    ),
}


@pytest.mark.parametrize("case", WORKSPACES)
def test_a_package_that_metadata_names_is_found(tmp_path: Path, case: str) -> None:
    module, files = WORKSPACES[case]
    report = report_on(tmp_path, {**files, "svc/orders/app.py": f"from {module} import save{USES}"})
    assert found(report) == ["s3.PutObject"]
    assert report.findings == () and report.unseen == ()


@pytest.mark.parametrize(
    "addition",
    [
        "os.path.join(os.path.dirname(__file__), '..', '..', 'libs')",
        "os.path.abspath(os.path.join(os.path.dirname(__file__), '../../libs'))",
        "str(Path(__file__).resolve().parents[2] / 'libs')",
        "str(Path(__file__).parent.parent.parent / 'libs')",
        "os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + '/libs'",
        "'../../libs'",
    ],
)
def test_a_folder_above_the_project_on_the_search_path(tmp_path: Path, addition: str) -> None:
    source = f"import os, sys\nfrom pathlib import Path\nsys.path.append({addition})\nfrom store import save{USES}"
    files = {"libs/store.py": "from deep import save", "libs/deep.py": SAVES, "svc/orders/app.py": source}
    report = report_on(tmp_path, {**files, "svc/other/store.py": "", "svc/other/deep.py": ""})
    assert found(report) == ["s3.PutObject"] and report.findings == ()


@pytest.mark.parametrize("value", ["/var/task/shared:/opt/python", "../../shared", "/var/task/../../shared"])
def test_pythonpath_leads_above_the_project_and_into_layers(tmp_path: Path, value: str) -> None:
    files = {
        "svc/orders/app.py": "from store import save" + USES,
        "shared/store.py": SAVES,
        "svc/orders/shared/store.py": SAVES,
        "other/store.py": "",
    }
    report = report_on(tmp_path, files, environment={"PYTHONPATH": value})
    assert found(report) == ["s3.PutObject"] and report.findings == ()


# the only one, and several


def test_the_only_module_of_the_repository_is_taken_and_named(tmp_path: Path) -> None:
    files = {"layers/common/python/shop/store.py": SAVES, "svc/orders/app.py": "from shop.store import save" + USES}
    report = report_on(tmp_path, files)
    assert found(report) == ["s3.PutObject"] and report.unseen == ()
    (finding,) = report.findings
    assert finding.code == "module-elsewhere" and "../../layers/common/python/shop/store.py" in finding.message


@pytest.mark.parametrize("root", ["layers/common/python", "layers/common/src", "."])
def test_a_root_of_imports_may_hold_an_init_file(tmp_path: Path, root: str) -> None:
    files = {f"{root}/__init__.py": "", f"{root}/shop/__init__.py": "", f"{root}/shop/store.py": SAVES}
    report = report_on(tmp_path, {**files, "svc/orders/app.py": "from shop.store import save" + USES})
    assert found(report) == ["s3.PutObject"] and report.unseen == ()


def test_what_lies_inside_of_a_package_is_not_taken_for_a_module_of_that_name(tmp_path: Path) -> None:
    files = {"web/__init__.py": "", "web/shop/__init__.py": SAVES, "web/forms/shop/store.py": SAVES}
    report = report_on(tmp_path, {**files, "svc/orders/app.py": "from shop import save" + USES})
    assert found(report) == [] and "../../web/shop" not in str(report.findings)


def test_of_several_none_is_guessed(tmp_path: Path) -> None:
    files = {"a/shop/store.py": SAVES, "b/shop/store.py": SAVES}
    report = report_on(tmp_path, {**files, "svc/orders/app.py": "from shop.store import save" + USES})
    assert found(report) == []
    (finding,) = report.findings
    assert finding.code == "module-ambiguous"
    assert "../../a/shop/store.py" in finding.message and "../../b/shop/store.py" in finding.message
    assert missed(report) == [finding.message]


def test_of_several_packages_the_one_that_has_the_name_is_taken(tmp_path: Path) -> None:
    files = {"a/shop/__init__.py": "", "a/shop/store.py": SAVES, "b/shop/__init__.py": "", "b/shop/mail.py": ""}
    source = "from shop import store\n\ndef handler(event, context):\n    store.save()\n"
    report = report_on(tmp_path, {**files, "svc/orders/app.py": source})
    assert found(report) == ["s3.PutObject"] and report.unseen == ()


def test_the_projects_own_folder_comes_first(tmp_path: Path) -> None:
    files = {"svc/orders/lib/shop/store.py": SAVES, "svc/other/shop/store.py": ""}
    report = report_on(tmp_path, {**files, "svc/orders/app.py": "from shop.store import save" + USES})
    assert found(report) == ["s3.PutObject"]


def test_a_package_that_a_lock_file_has_is_not_looked_for(tmp_path: Path) -> None:
    files = {"tools/shapely.py": SAVES, "poetry.lock": '[[package]]\nname = "shapely"\nversion = "2.0.0"\n'}
    report = report_on(tmp_path, {**files, "svc/orders/app.py": "from shapely import save" + USES})
    assert found(report) == [] and report.harmless == ("shapely",)


def test_what_pip_put_into_a_layer_is_no_module_of_the_repository(tmp_path: Path) -> None:
    files = {"layer/python/shapely/__init__.py": SAVES, "layer/python/shapely-2.0.dist-info/RECORD": ""}
    report = report_on(tmp_path, {**files, "svc/orders/app.py": "from shapely import save" + USES})
    assert found(report) == [] and report.findings == ()


def test_a_package_that_is_known_to_call_nothing_is_not_looked_for(tmp_path: Path) -> None:
    files = {"a/requests.py": SAVES, "svc/orders/app.py": "from requests import save" + USES}
    assert report_on(tmp_path, files).findings == ()


def test_a_file_of_a_layer_is_told_from_others_of_its_name(tmp_path: Path) -> None:
    files = {"layers/common/nodejs/store.js": JS_SAVES, "svc/mail/store.js": "", "svc/sms/store.js": ""}
    files["svc/orders/app.js"] = "const { save } = require('/opt/nodejs/store');" + JS_USES
    assert found(report_on(tmp_path, files, "app.js")) == ["s3.PutObject"]


def test_where_the_repository_is_too_large_nothing_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_FOLDERS", 4)
    files = {f"a{number}/x.py": "" for number in range(9)}
    files |= {"a0/shop/store.py": SAVES, "svc/orders/app.py": "from .shop.store import save" + USES}
    report = report_on(tmp_path, files)
    assert found(report) == []
    assert missed(report) == ["scopedown did not find .shop.store; the repository is too large for a complete search"]


# what leads nowhere


@pytest.mark.parametrize(
    ("source", "files", "what"),
    [
        ("from .store import save", {}, "scopedown did not find .store"),
        ("from . import store as save", {}, "scopedown did not find store in ./"),
        ("from lib.store import save", {"lib/__init__.py": ""}, "scopedown did not find lib.store"),
        ("from lib import store as save", {"lib/__init__.py": ""}, "scopedown did not find store in lib/__init__.py"),
        ("from lib import store as save", {"lib/other.py": ""}, "scopedown did not find store in lib/"),
        ("import lib.store\nsave = lib.store.save", {"lib/other.py": ""}, "scopedown did not find lib.store"),
        (
            "try:\n    from .store import save\nexcept ImportError:\n    save = print",
            {},
            "scopedown did not find .store",
        ),
    ],
)
def test_an_import_of_ones_own_that_leads_nowhere_is_not_seen(
    tmp_path: Path, source: str, files: dict[str, str], what: str
) -> None:
    inner = {f"svc/orders/{name}": text for name, text in files.items()}
    report = report_on(tmp_path, {**inner, "svc/orders/app.py": source + USES})
    assert missed(report) == [what]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    from lib.store import save\nexcept ImportError:\n    from store import save",
        "try:\n    from .lib.store import save\nexcept ImportError:\n    from store import save",
        "try:\n    from store import save\nexcept ImportError:\n    from .lib.store import save",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .shapes import Shape\nfrom store import save",
        "from store import save, __version__",
    ],
)
def test_an_import_with_another_in_its_place_is_not_missed(tmp_path: Path, source: str) -> None:
    files = {"svc/orders/store.py": SAVES, "svc/orders/lib/__init__.py": "", "svc/orders/app.py": source + USES}
    report = report_on(tmp_path, files)
    assert found(report) == ["s3.PutObject"] and report.unseen == ()


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("const { save } = require('./store');", "scopedown did not find ./store"),
        ("const { save } = require('/opt/nodejs/store');", "scopedown did not find /opt/nodejs/store"),
        ("const { save } = require('#store');", "scopedown did not find #store"),
        ("const { save } = require('@lib/store');", "scopedown did not find @lib/store"),
        ("const { save } = require('@acme/orders/store');", "scopedown did not find @acme/orders/store"),
        ("const { save } = require('@acme/mail/store');", "scopedown did not find @acme/mail/store"),
        ("import { save } from '~/store';", "scopedown did not find ~/store"),
        ("export * from './store'; const save = () => 1;", "scopedown did not find ./store"),
    ],
)
def test_the_same_of_javascript(tmp_path: Path, source: str, what: str) -> None:
    files = {
        "package.json": {"workspaces": ["svc/*"]},
        "svc/orders/package.json": {"name": "@acme/orders"},
        "svc/mail/package.json": {"name": "@acme/mail"},
        "svc/orders/tsconfig.json": {"compilerOptions": {"paths": {"@lib/*": ["./lib/*"], "*": ["./types/*"]}}},
        "svc/orders/app.js": source + JS_USES,
    }
    assert missed(report_on(tmp_path, files, "app.js")) == [what]


@pytest.mark.parametrize(
    "source",
    [
        "const { save } = require('uuid');",
        "require('./page.html'); require('./settings.json'); const save = () => 1;",
        "import './style.css'; const save = () => 1;",
    ],
)
def test_packages_and_data_are_no_imports_of_ones_own(tmp_path: Path, source: str) -> None:
    files = {"svc/orders/tsconfig.json": {"compilerOptions": {"paths": {"*": ["./types/*"]}}}}
    assert missed(report_on(tmp_path, {**files, "svc/orders/app.js": source + JS_USES}, "app.js")) == []


def test_an_import_for_types_alone_is_not_missed(tmp_path: Path) -> None:
    source = "import type { Shape } from './gone';\nexport const handler = (shape: Shape) => shape;\n"
    assert missed(report_on(tmp_path, {"svc/orders/app.ts": source}, "app.ts")) == []


# JavaScript: packages of the repository


STORE_AT: dict[str, tuple[str, dict[str, Any]]] = {
    "paths of Nx": (
        "@shop/store",
        {
            "tsconfig.base.json": {"compilerOptions": {"paths": {"@shop/store": ["libs/store/src/index.js"]}}},
            "libs/store/src/index.js": JS_SAVES,
        },
    ),
    "a configuration that extends a package of the workspace": (
        "@lib/store",
        {
            "package.json": {"workspaces": ["tools/*"]},
            "tools/ts/package.json": {"name": "@shop/ts"},
            "tools/ts/base.json": {"compilerOptions": {"paths": {"@lib/*": ["../../libs/*"]}}},
            "svc/orders/tsconfig.json": {"extends": "@shop/ts/base.json"},
            "libs/store.js": JS_SAVES,
        },
    ),
    "a path to another project's output": (
        "../../libs/store/out-tsc/index.js",
        {
            "libs/store/tsconfig.json": {"compilerOptions": {"outDir": "out-tsc", "rootDir": "source"}},
            "libs/store/source/index.js": JS_SAVES,
        },
    ),
    "paths to an output that is not built": (
        "@lib/store",
        {
            "tsconfig.json": {"compilerOptions": {"paths": {"@lib/*": ["./packages/*/dist"]}}},
            "packages/store/src/index.js": JS_SAVES,
        },
    ),
    "paths of SWC": (
        "@lib/store",
        {"svc/orders/.swcrc": {"jsc": {"paths": {"@lib/*": ["lib/*"]}}}, "svc/orders/lib/store.js": JS_SAVES},
    ),
    "a dependency on a path": (
        "db",
        {"svc/orders/package.json": {"dependencies": {"db": "../../libs/store"}}, "libs/store/index.js": JS_SAVES},
    ),
    "a dependency by another name": (
        "db",
        {
            "package.json": {"workspaces": ["libs/*"]},
            "svc/orders/package.json": {"dependencies": {"db": "npm:@shop/store@1.0.0"}},
            "libs/store/package.json": {"name": "@shop/store"},
            "libs/store/index.js": JS_SAVES,
        },
    ),
    "workspaces without those that are left out": (
        "@shop/store",
        {
            "pnpm-workspace.yaml": "packages: ['packages/**', '!**/old/**']\n",
            "packages/old/store/package.json": {"name": "@shop/store"},
            "packages/old/store/index.js": "",
            "packages/new/store/package.json": {"name": "@shop/store", "main": "build/index.js"},
            "packages/new/store/src/index.js": JS_SAVES,
        },
    ),
    "an alias in a list": (
        "@lib/store",
        {
            "svc/orders/vite.config.js": "export default { resolve: { alias: [{ find: '@lib', "
            "replacement: fileURLToPath(new URL('./code', import.meta.url)) }] } }",
            "svc/orders/code/store.js": JS_SAVES,
        },
    ),
    "an alias of a build script": (
        "@lib/store",
        {
            "svc/orders/build.js": "require('esbuild').build({ alias: { '@lib': './code' } })",
            "svc/orders/code/store.js": JS_SAVES,
        },
    ),
    "an alias of Babel in package.json": (
        "@lib/store",
        {
            "svc/orders/package.json": {"babel": {"plugins": [["module-resolver", {"alias": {"@lib": "./code"}}]]}},
            "svc/orders/code/store.js": JS_SAVES,
        },
    ),
}


@pytest.mark.parametrize("case", STORE_AT)
def test_a_name_that_settings_give_is_found(tmp_path: Path, case: str) -> None:
    specifier, files = STORE_AT[case]
    report = report_on(
        tmp_path, {**files, "svc/orders/app.js": f"const {{ save }} = require('{specifier}');{JS_USES}"}, "app.js"
    )
    assert found(report) == ["s3.PutObject"]
    assert report.findings == () and report.unseen == ()


def test_node_path_of_the_function_names_folders_of_its_own(tmp_path: Path) -> None:
    files = {"svc/orders/code/lib/store.js": JS_SAVES, "other/lib/store.js": ""}
    files["svc/orders/app.js"] = "const { save } = require('lib/store');" + JS_USES
    report = report_on(tmp_path, files, "app.js", environment={"NODE_PATH": "./code:/opt/nodejs/node_modules"})
    assert found(report) == ["s3.PutObject"] and report.findings == ()


def test_a_package_that_no_workspace_lists_is_taken_and_named(tmp_path: Path) -> None:
    files = {
        "svc/orders/package.json": {"dependencies": {"@acme/store": "^1.0.0"}},
        "svc/orders/app.js": "const { save } = require('@acme/store');" + JS_USES,
        "packages/store/package.json": {"name": "@acme/store", "main": "dist/index.js"},
        "packages/store/src/index.js": JS_SAVES,
        "packages/mail/package.json": {"name": "@acme/mail"},
    }
    report = report_on(tmp_path, files, "app.js")
    assert found(report) == ["s3.PutObject"]
    assert [finding.code for finding in report.findings] == ["module-elsewhere"]


def test_a_file_above_the_project_whose_folder_a_build_copies(tmp_path: Path) -> None:
    files = {"svc/orders/app.js": "const { save } = require('./common/store');" + JS_USES}
    report = report_on(tmp_path, {**files, "lib/common/store.js": JS_SAVES, "lib/common/store.test.js": ""}, "app.js")
    assert found(report) == ["s3.PutObject"]


@pytest.mark.parametrize(
    ("packages", "missing"),
    [
        (("orders", "bills"), ["scopedown did not find store and read bills/store.py instead"]),
        (("orders",), []),
        (("orders", ""), []),
    ],
)
def test_a_module_of_another_functions_package_is_missing_from_this_one(
    tmp_path: Path, packages: tuple[str, ...], missing: list[str]
) -> None:
    repository(tmp_path, {"orders/app.py": "from store import save" + USES, "bills/store.py": SAVES})
    sources = Sources(str(tmp_path), "orders", others=packages)
    report = find_calls(sources, catalog(), {}, "orders/app.py", "handler")
    assert found(report) == ["s3.PutObject"] and missed(report) == missing


# the boundary


def test_nothing_outside_of_the_repository_is_read(tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(SAVES)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/shop.py").write_text(SAVES)
    inside = tmp_path / "repository"
    inside.mkdir()
    source = "import sys\nsys.path.append('../../..')\nfrom store import save\nfrom shop import save as other" + USES
    files = {"svc/orders/app.py": source, "svc/orders/requirements.txt": "-e ../../../pkg\n-r ../../../more.txt"}
    assert found(report_on(inside, files)) == []


def test_without_a_repository_nothing_above_the_given_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "svc/orders").mkdir(parents=True)
    (tmp_path / "store.py").write_text(SAVES)
    (tmp_path / "svc/orders/app.py").write_text("import sys\nsys.path.append('../..')\nfrom store import save" + USES)
    report = find_calls(Sources(str(tmp_path / "svc/orders")), catalog(), {}, "app.py", "handler")
    assert found(report) == []


def test_a_result_does_not_depend_on_the_present_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"lib/store.py": SAVES, "svc/orders/app.py": "from store import save" + USES}
    here = report_on(tmp_path, files)
    monkeypatch.chdir(tmp_path / "lib")
    assert report_on(tmp_path, files) == here


@pytest.mark.parametrize("inside", [True, False])
def test_links_are_followed_as_far_as_they_stay_in_the_repository(tmp_path: Path, inside: bool) -> None:
    top = tmp_path / "repository"
    top.mkdir()
    target = (top if inside else tmp_path) / "shared"
    target.mkdir()
    (target / "store.js").write_text("const { save } = require('../base/s3'); exports.save = save;")
    repository(
        top, {"base/s3.js": JS_SAVES, "svc/orders/app.js": "const { save } = require('./linked/store');" + JS_USES}
    )
    (top / "svc/orders/linked").symlink_to(target, target_is_directory=True)
    report = find_calls(Sources(str(top / "svc/orders")), catalog(), {}, "app.js", "handler")
    assert found(report) == (["s3.PutObject"] if inside else [])


# the walk


def test_a_tree_that_did_not_change_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_SETTLED", -1.0)
    monkeypatch.setattr(tree, "_TRUSTED", 0.0)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.py").touch()
    first = Disk().tree(str(tmp_path))
    assert Disk().tree(str(tmp_path)) is first
    (tmp_path / "a/y.py").touch()
    second = Disk().tree(str(tmp_path))
    assert second.folders == {"a": ("x.py", "y.py")} and second.digest != first.digest


def test_a_tree_leaves_out_what_is_installed_built_or_linked(tmp_path: Path) -> None:
    for name in ("node_modules/p/i.js", "a/.venv/m.py", "a/tests/t.py", "a/dist/b.js", "a/own.ts", "a/own.d.ts"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/linked.py").symlink_to(tmp_path / "a/own.ts")
    assert tree.tree_of(str(tmp_path)).folders == {"a": ("own.ts",)}


def test_the_package_itself_is_on_nodes_path(tmp_path: Path) -> None:
    files = {"svc/orders/store.js": JS_SAVES, "other/store.js": ""}
    files["svc/orders/in/app.js"] = "const { save } = require('store');" + JS_USES
    report = report_on(tmp_path, files, "in/app.js")
    assert found(report) == ["s3.PutObject"] and report.findings == ()


def test_a_package_that_is_asked_for_is_no_file_of_the_same_name(tmp_path: Path) -> None:
    files = {"svc/orders/package.json": {"dependencies": {"store": "1"}}, "svc/orders/store.js": JS_SAVES}
    files["svc/orders/in/app.js"] = "const { save } = require('store');" + JS_USES
    assert found(report_on(tmp_path, files, "in/app.js")) == []
