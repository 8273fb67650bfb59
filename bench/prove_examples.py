"""How many services of a repository are packaged by their own framework here, and how many of those prove end to end.

usage: OSLS_DIR=… SERVERLESS_DIR=… python bench/prove_examples.py package REPOSITORY WORK [NAME …]
       OSLS_DIR=… SERVERLESS_DIR=… python bench/prove_examples.py prove WORK [NAME …]

``package`` copies the Python and Node services of a checkout of serverless/examples to WORK, runs ``npm install`` (no
scripts of packages) and the framework's own ``package``: serverless 3, then osls. Values and files that a service
leaves to who deploys it are given stand-ins, each a row of ``prove_examples.tsv``. Prints a line a service, and the
number that are packaged. ``prove`` runs ``scopedown prove`` on each of these, and prints how many are proven, what
stopped the others, how many functions ran, and which of their calls were denied.

Both go on where they were stopped: what is in WORK/packaged.jsonl and WORK/proven.jsonl is not done again; with NAMEs,
these are. Needs node, npm, the network for npm, and for some services a ``python3.9`` on PATH; takes half an hour and
an hour on two cores.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from oracle.harness import OSLS, SERVERLESS_3  # noqa: E402
from scopedown.core.finding import ScopedownError  # noqa: E402
from scopedown.project.load import find_projects  # noqa: E402

WORKERS = 2
STAND_INS = Path(__file__).with_name("prove_examples.tsv")
NPM = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund")
SDK = ("@aws-sdk/client-dynamodb", "@aws-sdk/lib-dynamodb", "@aws-sdk/client-sqs")
"""What the services import and leave to Lambda, whose Node runtimes from 18 on bring the AWS SDK along
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html)."""
TIMEOUT, TIMEOUT_COMMAND, TIMEOUT_PROVE = 180, 600, 1800
FRAMEWORKS = {
    "v3": SERVERLESS_3.folder / "node_modules" / "serverless" / "bin" / "serverless.js",
    # What serverless 3 starts where a service brings an older one of its own: that one is not asked.
    "v3 itself": SERVERLESS_3.folder / "node_modules" / "serverless" / "scripts" / "serverless.js",
    "osls": OSLS.folder / "node_modules" / "osls" / "bin" / "serverless.js",
}
KEY = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "stand-in", "AWS_REGION": "us-east-1"}
PROVIDER = re.compile(r"^\s*runtime: *['\"]?(nodejs|python)\d", re.MULTILINE)
PROFILES = "[{}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = stand-in\n"


def main() -> int:
    words = sys.argv[1:]
    if len(words) >= 3 and words[0] == "package":
        return package(Path(words[1]), Path(words[2]), words[3:])
    if len(words) >= 2 and words[0] == "prove":
        return prove(Path(words[1]), words[2:])
    print(__doc__)
    return 2


# -- packaging ---------------------------------------------------------------------------------------------------------


def package(repository: Path, work: Path, names: list[str]) -> int:
    work.mkdir(parents=True, exist_ok=True)
    services = list(_services(repository))
    copies = work / "services"
    for top in sorted({_top(name) for name in services}):
        if not (copies / top).exists():
            shutil.copytree(repository / top, copies / top, symlinks=True)
    stand_ins = _stand_ins()
    results = work / "packaged.jsonl"
    _each(services, names, results, lambda name: _package(copies, name, stand_ins.get(name, []), work))
    found = _results(results)
    good = [one for one in found.values() if one.get("framework")]
    for name, one in sorted(found.items()):
        if not one.get("framework"):
            print(f"not packaged  {name}: {one['why']}")
    print(f"{len(found)} Python and Node services, {len(good)} packaged: {Counter(one['framework'] for one in good)}")
    return 0


def _services(repository: Path) -> Iterable[str]:
    """The folders of services that run Python or Node on AWS."""
    for config in find_projects(repository):
        if not config.name.startswith("serverless."):
            continue
        text = config.read_text(encoding="utf-8")
        if re.search(r"name: *['\"]?aws['\"]?", text) and (PROVIDER.search(text) or config.suffix == ".ts"):
            yield str(config.parent.relative_to(repository))


def _top(name: str) -> str:
    parts = Path(name).parts
    return str(Path(*parts[:2])) if parts[0] == "legacy" else parts[0]


def _stand_ins() -> dict[str, list[tuple[str, str, str]]]:
    """The rows of each service: what kind of stand-in, its name, its value."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for line in STAND_INS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            service, kind, name, value = line.split("\t")
            found.setdefault(service, []).append((kind, name, value.replace("\\n", "\n")))
    return found


def _package(copies: Path, name: str, stand_ins: list[tuple[str, str, str]], work: Path) -> dict[str, Any]:
    folder = copies / name
    log = work / "logs" / f"{name.replace('/', '__')}.package"
    log.parent.mkdir(exist_ok=True)
    log.write_text("", encoding="utf-8")
    found: dict[str, Any] = {"stand-ins": [f"{kind} {one}={value}" for kind, one, value in stand_ins], "why": ""}
    environment = _environment(work)
    options = []
    for kind, one, value in stand_ins:
        if kind == "env":
            environment[one] = value
        elif kind == "option":
            options += [f"--{one}", value]
        elif kind == "file":
            (folder / one).parent.mkdir(parents=True, exist_ok=True)
            (folder / one).write_text(value, encoding="utf-8")
        elif kind == "event":  # what invokes a function that the project gives no event
            event = work / "events" / name / f"{one}.json"
            event.parent.mkdir(parents=True, exist_ok=True)
            event.write_text(value, encoding="utf-8")
        elif kind == "text":
            for file in (*folder.glob("serverless.y*ml"), *folder.glob("*.js")):
                file.write_text(file.read_text(encoding="utf-8").replace(one, value), encoding="utf-8")
        elif kind == "profile":
            profiles = work / f"profile-{name.replace('/', '__')}"
            profiles.write_text(PROFILES.format(one), encoding="utf-8")
            environment["AWS_SHARED_CREDENTIALS_FILE"] = str(profiles)
    started = time.monotonic()
    for where in (folder, *(one for one in folder.parents if one.is_relative_to(copies / _top(name)))):
        if (where / "package.json").exists() and not (where / "node_modules").exists():
            code, said = _run(NPM, where, environment, log)
            if code:
                shutil.rmtree(where / "node_modules", ignore_errors=True)
                code, said = _run((*NPM, "--legacy-peer-deps"), where, environment, log)
            if code:
                found["why"] = f"npm install: {_first_error(said)}"
    for framework, program in FRAMEWORKS.items():
        shutil.rmtree(folder / ".serverless", ignore_errors=True)
        begun = time.monotonic()
        code, said = _run(("node", str(program), "package", *options), folder, environment, log)
        if code == 0:
            found |= {"framework": framework, "package_seconds": round(time.monotonic() - begun, 1)}
            found |= {"environment": {one: value for kind, one, value in stand_ins if kind == "env"}}
            found |= {
                "stacks": {f"stack:{one}": json.loads(value) for kind, one, value in stand_ins if kind == "stack"}
            }
            found |= {"options": options, "why": ""}
            break
        found["why"] += f"{'; ' if found['why'] else ''}{framework}: {_first_error(said)}"
    else:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
    return found | {"seconds": round(time.monotonic() - started, 1)}


def _environment(work: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    quiet = {
        "CI": "1",
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_NOTIFICATIONS_MODE": "off",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return kept | KEY | quiet | {"npm_config_cache": str(work / "npm"), "PUPPETEER_SKIP_DOWNLOAD": "1"}


def _first_error(said: str) -> str:
    """What a command that failed said first about it, on one line."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    found = re.search(r"^(?:Error:\n|npm error (?!code)|.*?Error: ?)(.+(?:\n.*\S){0,2})", plain, re.MULTILINE)
    return " ".join((found[1] if found else plain[-300:]).split())[:300]


# -- proving -----------------------------------------------------------------------------------------------------------


def prove(work: Path, names: list[str]) -> int:
    packaged = {name: one for name, one in _results(work / "packaged.jsonl").items() if one.get("framework")}
    results = work / "proven.jsonl"
    if not (work / "sdk" / "node_modules").exists():
        (work / "sdk").mkdir()
        (work / "sdk" / "package.json").write_text("{}", encoding="utf-8")
        _run((*NPM, *SDK), work / "sdk", _environment(work), work / "logs" / "sdk")
    _each(list(packaged), names, results, lambda name: _prove(work, name, packaged[name]))
    found = {name: one for name, one in _results(results).items() if name in packaged}
    functions: Counter[str] = Counter()
    for name, one in sorted(found.items()):
        functions.update(one["functions"])
        if one["result"] != "proven":
            print(f"{one['result']:8} {name}: {'; '.join(one['why'])}")
    for name, one in sorted(found.items()):
        for denied in one["denied"]:
            print(f"denied   {name}: {denied}")
        for unseen in one["unforeseen"]:
            print(f"not scanned  {name}: {unseen}")
    count = Counter(one["result"] for one in found.values())
    print(f"{len(packaged)} packaged, {len(found)} tried: {dict(count)}")
    print(f"functions: {dict(functions)}")
    return 0


def _prove(work: Path, name: str, packaged: dict[str, Any]) -> dict[str, Any]:
    folder = work / "services" / name
    log = work / "logs" / f"{name.replace('/', '__')}.prove"
    log.parent.mkdir(exist_ok=True)
    log.write_text("", encoding="utf-8")
    program = FRAMEWORKS[packaged["framework"]]
    command = [
        str(Path(sys.executable).with_name("scopedown")),
        "prove",
        str(folder),
        "--format",
        "json",
        *packaged["options"],
    ]
    command += ["--framework-program", str(program), "--timeout", str(TIMEOUT_COMMAND)]
    for one, value in packaged["environment"].items():
        command += ["--env", f"{one}={value}"]
    started = time.monotonic()
    output = log.with_suffix(".json")
    with output.open("w", encoding="utf-8") as file:
        environment = _environment(work) | {"NODE_PATH": str(work / "sdk" / "node_modules")}
        code, said = _run(command, ROOT, environment, log, TIMEOUT_PROVE, file)
    found = {"result": "failed", "why": [], "denied": [], "unforeseen": [], "functions": {}, "code": code}
    found["seconds"] = round(time.monotonic() - started, 1)
    try:
        proof = json.loads(output.read_text(encoding="utf-8"))
    except ValueError:
        return found | {"why": [" ".join(said[-400:].split()) or f"exit code {code}"]}
    return found | told_of(proof)


def told_of(proof: dict[str, Any]) -> dict[str, Any]:
    """What the results keep of a proof (docs/json.md, scopedown.prove/1)."""
    denials = [one for one in proof["denials"] if not one["harmless"]]
    denied = {one["holder"] for one in denials}
    functions: Counter[str] = Counter()
    for one in proof["functions"]:
        functions["ran" if one["ran"] else "did not run"] += 1
        functions["ended well"] += one["ran"] and all(event["outcome"] == "ok" for event in one["events"])
        functions["denied"] += one["function"] in denied
    return {
        "result": "proven" if proof["proven"] else "denied" if denials else "failed",
        "why": proof["failures"],
        "denied": [f"{one['holder']} {one['action']} on {one['resource']} during {one['during']}" for one in denials],
        "unforeseen": [f"{one['function']} {one['action']} on {one['resource']}" for one in proof["unforeseen"]],
        "functions": dict(functions),
        "not_run": {one["function"]: one["whyNot"] for one in proof["functions"] if not one["ran"]},
        "errors": {
            f"{one['function']}: {event['event']}": f"{event['outcome']} {event['errorType']} {event['error'][:200]}"
            for one in proof["functions"]
            for event in one["events"]
            if event["outcome"] != "ok"
        },
        "stand_ins": proof["standIns"],
        "presupposed": proof["presupposed"],
    }


# -- both --------------------------------------------------------------------------------------------------------------


def _each(all_names: list[str], names: list[str], results: Path, do: Callable[[str], dict[str, Any]]) -> None:
    done = set() if names else set(_results(results))
    lock = Lock()

    def one(name: str) -> None:
        try:
            found = do(name)
        except (OSError, ScopedownError) as error:
            found = {"why": str(error)}
        with lock, results.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name} | found) + "\n")
            print(name, found.get("framework") or found.get("result") or found["why"], found.get("seconds"), flush=True)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, [name for name in all_names if name not in done and (not names or name in names)]))


def _results(file: Path) -> dict[str, dict[str, Any]]:
    """The last result of each service."""
    if not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {row.pop("name"): row for row in rows}


def _run(
    command: Iterable[str],
    where: Path,
    environment: dict[str, str],
    log: Path,
    timeout: float = TIMEOUT,
    output: TextIO | None = None,
) -> tuple[int, str]:
    """Exit code and what was said, which goes to the log too; what it started is ended with it. Where ``output`` is
    given, standard output goes there."""
    words = ["nice", "-n", "5", *command]
    process = subprocess.Popen(
        words, cwd=where, env=environment, stdin=subprocess.DEVNULL, stdout=output or subprocess.PIPE,
        stderr=subprocess.PIPE if output else subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        told = process.communicate(timeout=timeout)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        told = process.communicate()
        code = 124
    text = b"".join(one for one in told if one).decode(errors="replace")
    if code == 124:
        text += f"\nno end after {timeout:.0f} s"
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(words)}\nexit code {code}\n{text}\n")
    return code, text


if __name__ == "__main__":
    sys.exit(main())
