"""Examine installed packages: does their code lead to an AWS SDK, to AWS, to the network, or to code that it loads?

    npm install --ignore-scripts --omit=dev       # in a folder with the package.json of a drawn repository
    pip install --only-binary :all: --target TARGET -r requirements.txt --report TARGET/report.json
    python tools/examine_packages.py FOLDER... > src/scopedown/source/packages/examined.tsv

FOLDER is what an install left: one with ``node_modules/.package-lock.json``, or a target of pip with its
``report.json``. Each installed version becomes one row: what its code reaches, what it requires and in which version,
and the digest of its archive. The table's former rows are kept, and versions that have one are not examined
again. Nothing of a package is run.

Code is what can be imported: the package's files but tests, examples and documentation. JavaScript is searched by
patterns, Python by its syntax tree. What cannot be read counts as ``loads``. The marks of ``reaches``:

* ``sdk``: it imports an SDK, a signer, or a package that calls AWS;
* ``aws``: a word without which no request to AWS is signed or sent (an endpoint's domain, the signature's name, an
  access key's variable);
* ``programs``: it starts other programs;
* ``loads``: it imports a module whose name is computed, so also a user's module or a plugin;
* ``evaluates``: it runs text as code;
* ``installs``: a script runs when it is installed, which may bring more code;
* ``network``: it opens connections.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scopedown.core.tables import read_rows
from scopedown.source.packages.examined import COLUMNS, TABLE
from scopedown.source.packages.python_locks import python_name
from scopedown.source.packages.table import distributions, known

HEAD = """# What the code of published packages reaches, each version by its archive's digest. Made by
# tools/examine_packages.py, which says what the marks mean; the columns are described in examined.py.
"""
NOT_CODE = frozenset({"node_modules", "test", "tests", "__tests__", "spec", "example", "examples", "doc", "docs",
                      "benchmark", "benchmarks", "coverage", "__pycache__", ".github", "man"})  # fmt: skip
AWS = re.compile(
    rb"amazonaws\.com|AWS4(?:-HMAC|['\"`])|x-amz-(?:date|security|content|target)|aws_access_key|aws_secret|"
    rb"['\"`](?:aws-sdk|@aws-sdk/)|aws_session_token|aws_container_cred|aws_web_identity|169\.254\.170\.2|(?-i:\bAWS\.[A-Z])|sigv4|AwsV4",
    re.IGNORECASE,
)
MAX_FILE = 30_000_000
MAX_PACKAGE = 15_000_000
"""Bytes of a package's code; a larger one is not read, which counts as ``loads``."""

# JavaScript
JS_CODE = (".js", ".cjs", ".mjs", ".ts", ".mts", ".cts", ".jsx")
JS_BINARY = (".node", ".wasm", ".so", ".dylib", ".dll", ".exe")
COMMENT = re.compile(rb"^[ \t]*//.*$|^[ \t]*\*(?:[ /*].*)?$|/\*[^\n]*?\*/|^[ \t]*/\*(?!.*\*/).*$", re.MULTILINE)
IMPORTED = re.compile(
    rb"""(?:\brequire(?:\.resolve)?\s*\(|\bimport\s*\(|\bfrom|\bimport)\s*["'`]([^"'`\n$]{1,200})["'`]"""
)
COMPUTED = re.compile(
    rb"""\brequire\s*\(\s*(?:[^"'`\s)]|["'][^"'\n]*["']\s*[+.]|`[^`]*\$\{)|"""
    rb"""(?<![.\w$])import\s*\(\s*(?:/\*.*?\*/\s*)*(?:[^"'`\s)/]|["'][^"'\n]*["']\s*[+.]|`[^`]*\$\{)|"""
    rb"""[=(,:?&|;\[{]\s*require\s*[,;)\]}&|.\[](?!resolve\b|main\b|cache\b|extensions\b)|createRequire|"""
    rb"""\bmodule\s*\.\s*(?:require|constructor|parent)\b|\b__non_webpack_require__\b|_load\s*\(|_compile\s*\("""
)
LITERAL = rb"""(?:"(?:(?!require|import|process)[^"\n])*"|'(?:(?!require|import|process)[^'\n])*')"""
EVALUATES = re.compile(
    rb"""\beval\s*\(|\(0,\s*eval\)|\bFunction\s*\((?!\s*%s(?:\s*,\s*%s)*\s*\)|\s*\))""" % (LITERAL, LITERAL)
)
"""A function that is made of literal texts which name no module is as if it was written."""
PROGRAMS = re.compile(
    rb"""\bprocess\s*\.\s*(?:dlopen\b|(?:binding|_linkedBinding)\s*\(\s*(?!["'](?:buffer|constants|fs|natives|util|uv)["']))"""
)
JS_NETWORK = re.compile(rb"\bfetch\s*\(|\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b")
JS_MARKS = ((COMPUTED, "loads"), (EVALUATES, "evaluates"), (PROGRAMS, "programs"), (JS_NETWORK, "network"))
BUILTIN_MARKS = {
    **dict.fromkeys(("child_process", "cluster", "worker_threads", "repl", "inspector"), "programs"),
    **dict.fromkeys(("module", "vm"), "loads"),
    **dict.fromkeys(("http", "https", "http2", "net", "tls", "dgram", "dns", "dns/promises", "undici"), "network"),
}
BUILTINS = frozenset({
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
    "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module",
    "net", "os", "path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "sea", "sqlite",
    "stream", "string_decoder", "sys", "test", "timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm",
    "wasi", "worker_threads", "zlib",
})  # fmt: skip

# Python
PY_MARKS = {
    **dict.fromkeys(("subprocess", "pty", "multiprocessing", "concurrent.futures.process"), "programs"),
    **dict.fromkeys(("runpy", "code", "imp", "pkg_resources", "ctypes", "cffi"), "loads"),
    **dict.fromkeys(("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "telnetlib", "xmlrpc"), "network"),
    "asyncio": "network",
}  # fmt: skip
LOADERS = frozenset({"import_module", "__import__", "entry_points", "iter_entry_points", "exec_module", "load_module",
                     "load_source", "spec_from_file_location", "get_loader", "find_loader"})  # fmt: skip
STARTERS = frozenset({"system", "popen", "fork", "forkpty", "startfile", "posix_spawn", "posix_spawnp"})


@dataclass
class Examined:
    """One installed version."""

    language: str
    name: str
    version: str
    digest: str
    reaches: set[str] = field(default_factory=set)
    requires: dict[str, str] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)

    def cells(self) -> list[str]:
        needs = [f"{name}@{version}" for name, version in sorted(self.requires.items())]
        needs += [f"?{name}" for name in sorted(self.uses - self.requires.keys())]
        return [self.language, self.name, self.version, " ".join(sorted(self.reaches)), " ".join(needs),
                " ".join(sorted(self.imports)), self.digest]  # fmt: skip


# npm


def node(folder: Path, done: Container[tuple[str, str, str]]) -> Iterator[Examined]:
    """What ``npm install`` left in a folder."""
    packages = json.loads((folder / "node_modules/.package-lock.json").read_text("utf-8"))["packages"]
    for path, entry in packages.items():
        name = entry.get("name") or path.rpartition("node_modules/")[2]
        digest = entry.get("integrity", "")
        here = folder / path
        if entry.get("link") or not digest or not (here / "package.json").is_file():
            continue
        if ("javascript", name, entry["version"]) in done:
            continue
        one = Examined("javascript", name, entry["version"], digest)
        for section, sure in (("dependencies", True), ("optionalDependencies", False), ("peerDependencies", False)):
            for other, wanted in (entry.get(section) or {}).items():
                found = _installed(packages, path, other)
                if not sure:
                    one.uses.add(_aliased(other, wanted))
                elif found is None:
                    one.reaches.add("loads")
                else:
                    one.requires[packages[found].get("name") or other] = packages[found]["version"]
        _node_code(one, here, {*(entry.get("dependencies") or {})})
        yield one


def _aliased(name: str, wanted: str) -> str:
    return wanted[4:].rpartition("@")[0] if wanted.startswith("npm:") else name


def _installed(packages: dict[str, object], path: str, name: str) -> str | None:
    while True:
        inner = f"{path}/node_modules/{name}" if path else f"node_modules/{name}"
        if inner in packages:
            return inner
        if not path:
            return None
        path = path.rpartition("/node_modules/")[0] if "/node_modules/" in path else ""


def _node_code(one: Examined, here: Path, declared: set[str]) -> None:
    manifest = json.loads((here / "package.json").read_text("utf-8", "replace"))
    scripts = manifest.get("scripts") or {}
    if any(scripts.get(name) for name in ("preinstall", "install", "postinstall")) or (here / "binding.gyp").exists():
        one.reaches.add("installs")
    files = list(_files(here, (*JS_CODE, *JS_BINARY, "")))
    if sum(path.stat().st_size for path in files) > MAX_PACKAGE:
        one.reaches.add("loads")
        return
    for path in files:
        if path.name.endswith((".d.ts", ".d.mts", ".d.cts")):
            continue
        content = path.read_bytes()
        if path.suffix == "" and not content.startswith(b"#!"):
            continue
        code = content if path.suffix in JS_BINARY else COMMENT.sub(b"", content)
        if AWS.search(code):
            one.reaches.add("aws")
        if path.suffix in JS_BINARY:
            if path.suffix != ".wasm":
                one.reaches.add("programs")
            continue
        one.reaches |= {mark for pattern, mark in JS_MARKS if pattern.search(code)}
        for found in set(IMPORTED.findall(code)):
            _node_import(one, found.decode("utf-8", "replace"), declared)


def _node_import(one: Examined, specifier: str, declared: set[str]) -> None:
    bare = specifier.removeprefix("node:")
    if bare.partition("/")[0] in BUILTINS and (specifier != bare or bare.partition("/")[0] not in declared):
        if mark := BUILTIN_MARKS.get(bare) or BUILTIN_MARKS.get(bare.partition("/")[0]):
            one.reaches.add(mark)
        return
    if specifier.startswith((".", "/", "#", "data:")) or ":" in specifier:
        return
    parts = specifier.split("/")
    name = "/".join(parts[:2] if specifier.startswith("@") else parts[:1])
    if name == one.name or not re.fullmatch(r"(?:@[\w.-]+/)?[A-Za-z0-9_][\w.-]*", name):
        return
    row = known(name, "javascript")
    if row is not None and row.calls_aws:
        one.reaches.add("sdk")
    if name not in declared:
        one.uses.add(name)


# pip


def python(folder: Path, done: Container[tuple[str, str, str]]) -> Iterator[Examined]:
    """What ``pip install --target`` left in a folder, with its report."""
    installed: dict[str, Examined] = {}
    required: dict[str, list[str]] = {}
    for entry in json.loads((folder / "report.json").read_text("utf-8"))["install"]:
        about = entry["metadata"]
        hashes = entry["download_info"].get("archive_info", {}).get("hashes", {})
        name = python_name(about["name"])
        if "sha256" in hashes:
            installed[name] = Examined("python", name, about["version"], f"sha256-{hashes['sha256']}")
            required[name] = about.get("requires_dist") or []
    places = {
        python_name(path.name[: -len(".dist-info")].rpartition("-")[0]): path for path in folder.glob("*.dist-info")
    }
    for name, one in installed.items():
        if name not in places or ("python", name, one.version) in done:
            continue
        for text in required[name]:
            other = python_name(re.split(r"[^\w.-]", text, maxsplit=1)[0])
            if other in installed and ";" not in text:
                one.requires[other] = installed[other].version
            else:
                one.uses.add(other)
        _python_code(one, folder, places[name])
        yield one


def _python_code(one: Examined, folder: Path, information: Path) -> None:
    with (information / "RECORD").open(encoding="utf-8", newline="") as lines:
        files = [folder / row[0] for row in csv.reader(lines) if row]
    tops = {
        path.relative_to(folder).parts[0]
        for path in files
        if not path.name.startswith("..") and path.is_relative_to(folder)
    }
    own = {re.sub(r"\..*$", "", top) for top in tops if not top.endswith((".dist-info", ".data", ".libs", ".pth"))}
    one.imports = {top for top in own if top.isidentifier() and python_name(top) != one.name and top != "bin"}
    for path in files:
        inside = path.relative_to(folder).parts[1:-1] if path.is_relative_to(folder) else ()
        if NOT_CODE & set(inside) or not path.is_file():
            continue
        if path.stat().st_size > MAX_FILE:
            one.reaches.add("loads")
            continue
        if path.suffix in (".pth",):
            one.reaches.add("loads")
        if path.suffix not in (".py", ".so", ".pyx", ".pyd"):
            continue
        content = path.read_bytes()
        if AWS.search(content):
            one.reaches.add("aws")
        if path.suffix == ".py":
            _python_file(one, content, own)


def _python_file(one: Examined, content: bytes, own: set[str]) -> None:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        one.reaches.add("loads")
        return
    for item in ast.walk(tree):
        match item:
            case ast.Import(names=names):
                for alias in names:
                    _python_import(one, alias.name, own)
            case ast.ImportFrom(module=str() as module, level=0, names=names):
                _python_import(one, module, own)
                for alias in names:
                    if alias.name in LOADERS or (module == "os" and alias.name in STARTERS):
                        one.reaches.add("loads" if alias.name in LOADERS else "programs")
            case ast.Call(func=ast.Name(id=("exec" | "eval")), args=arguments):
                if not (arguments and isinstance(arguments[0], ast.Constant)):
                    one.reaches.add("evaluates")
            case ast.Call(func=(ast.Name() | ast.Attribute()) as called, args=arguments):
                name = called.id if isinstance(called, ast.Name) else called.attr
                if name in LOADERS:
                    text = arguments[0] if arguments else None
                    if isinstance(text, ast.Constant) and isinstance(text.value, str) and len(arguments) == 1:
                        _python_import(one, text.value, own)
                    else:
                        one.reaches.add("loads")
            case ast.Attribute(value=ast.Name(id="os"), attr=str() as name):
                if name in STARTERS or name.startswith(("exec", "spawn")):
                    one.reaches.add("programs")
            case ast.Name(id=("__builtins__" | "builtins")):
                one.reaches.add("evaluates")


def _python_import(one: Examined, module: str, own: set[str]) -> None:
    top = module.partition(".")[0]
    if not module or top in own:
        return
    for name in (module, top):
        if name in PY_MARKS:
            one.reaches.add(PY_MARKS[name])
    if top in sys.stdlib_module_names or top.startswith("_"):
        return
    for distribution in distributions(module):
        row = known(distribution, "python")
        if row is not None and row.calls_aws:
            one.reaches.add("sdk")
    if not any(name in one.requires for name in distributions(module)):
        one.uses.add(python_name(top))


def _files(here: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(here.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            if path.name not in NOT_CODE:
                yield from _files(path, endings)
        elif path.suffix in endings:
            yield path


def main(folders: Iterable[str]) -> None:
    rows: dict[tuple[str, str, str], list[str]] = {}
    for row in read_rows(TABLE, COLUMNS) if TABLE.exists() else ():
        rows[row["language"], row["package"], row["version"]] = [row[name] for name in COLUMNS]
    for folder in map(Path, folders):
        is_node = (folder / "node_modules/.package-lock.json").is_file()
        for one in node(folder, rows) if is_node else python(folder, rows):
            rows[one.language, one.name, one.version] = one.cells()
    text = HEAD + "\t".join(COLUMNS) + "\n" + "".join("\t".join(rows[key]) + "\n" for key in sorted(rows))
    sys.stdout.write(text)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
