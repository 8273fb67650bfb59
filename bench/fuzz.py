"""Generated configurations, policies and sources through the commands that read them: what fails.

    python bench/fuzz.py [--cases 50000] [--seed 1] [--jobs 2] [--kind KIND,KIND|inputs] [--keep FOLDER]

Every case is one of this repository's own examples and tests, a small program for one of the kinds of :data:`KINDS`,
or an input of ``fuzz_inputs.py``, changed by a seed: cut off, a stretch taken out, doubled or put elsewhere, bytes of
chance, other types, huge numbers, marks that nobody sees, deep nesting, circles of variables, of aliases and of
imports. A worker process (with a limit of memory) takes :data:`BATCH` cases one after another, each with an alarm. What
a case may write, run or ask of the network stays untouched: canaries of the environment and the folder are looked at
after each, and the interpreter's own audit events tell of every process, socket, ``exec`` of a file in the project and
import from it.

Prints the counts, and for each failure its case (kept in ``--keep``). Exit code 1 where anything failed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_inputs import COMMANDS as INPUT_COMMANDS
from fuzz_inputs import FIXED, INPUTS, altered
from meaning.kinds import programs

ROOT = Path(__file__).resolve().parents[1]
BATCH = 250
SECONDS = 10
"""Of processor time, for one case: the wall clock of a machine that does other things tells little."""
MEGABYTES = 500
CANARY = "SCOPEDOWN_FUZZ_CANARY"
UNSEEN = "\x1b[31m\u202e\u200b\ufeff\x00\x9b\u2028"
NUMBERS = ("99999999999999999999999", "-1", "1e999", "0x7fffffffffffffff", ".nan", "1" * 5000, "12:30:45", "1_000")
VALUES = ("null", "[]", "{}", "''", "true", "[[]]", "{a: {b: []}}", "!GetAtt []", "!Ref {}", "!Sub [a]", "!If [x]",
          "${self:}", "${file(serverless.yml)}", "${self:custom}", "${opt:x, self:y, ''}", "*a", "&a [*a]", "<<: *b",
          "Fn::GetAtt: []", "Fn::Join: [1]", "Ref: []", "!Select [9, []]", "!Split ['', '']", "2001-01-01",
          "~")  # fmt: skip
LONG = (40, 400, 4000)
CODE = "import os\nopen(os.environ['{name}'], 'w').write('executed')\n"
JS_CODE = "require('fs').writeFileSync(process.env.{name}, 'executed');\n"
TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {
            "Handler": "app.handler", "Runtime": "python3.12", "Code": "src", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Environment": {"Variables": {"T": {"Ref": "Table"}}}}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Fn::Sub": "${AWS::StackName}-t"}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Policies": [
            {"PolicyName": "p", "PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}]}}]}},
    },
}  # fmt: skip
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "A", "Effect": "Allow", "Action": ["s3:Get*", "s3:ListBucket"],
         "Resource": "arn:aws:s3:::b/${aws:username}/*",
         "Condition": {"StringLike": {"aws:PrincipalTag/team": ["a*", "b?"]},
                       "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["*"], "Principal": {"AWS": "*"}},
    ],
}  # fmt: skip


def _texts(pattern: str, *folders: str) -> list[str]:
    found = sorted(
        path for folder in folders for path in (ROOT / folder).rglob(pattern) if "node_modules" not in str(path)
    )
    return [text for path in found if path.stat().st_size < 20_000 and (text := path.read_text("utf-8", "ignore"))]


class Seeds:
    """The texts that cases are made of, read once a worker."""

    def __init__(self) -> None:
        self.python = _texts("*.py", "examples", "tests/apps", "tests/calls/sources")
        self.javascript = _texts("*.js", "examples", "tests/apps", "tests/calls/sources")
        self.typescript = _texts("*.ts", "tests/apps", "tests/calls/sources") or self.javascript
        self.serverless = _texts("serverless.yml", "examples", "tests/apps", "tests/project") + _configurations()
        self.templates = [*_texts("template.y*ml", "examples", "tests"), json.dumps(TEMPLATE, indent=1)]
        self.further = {language: list(programs(language)) for language in FURTHER}
        self.terraform = [*_texts("*.tf", "src/scopedown/project/terraform"), *_terraform()]
        self.policies = [json.dumps(POLICY, indent=1), *_policies()]


def _configurations() -> list[str]:
    """Configurations that stand in the tests as texts."""
    found = [
        text
        for source in _texts("test_*.py", "tests/project/serverless", "tests/write", "tests/checks", "tests/cli")
        for text in re.findall(r'"""\\?\n(service:.*?)"""', source, re.DOTALL)
    ]
    return sorted(set(found))


def _terraform() -> list[str]:
    """Configurations of Terraform that stand in the tests as texts."""
    found = [
        text
        for source in _texts("test_*.py", "tests/project/terraform")
        for text in re.findall(r'"""\n(.*?)"""', source, re.DOTALL)
        if " {" in text
    ]
    return sorted(set(found))


def _policies() -> list[str]:
    return [
        found
        for source in _texts("*.json", "tests/iam", "tests/reference", "tests/differential")
        for found in [source]
        if '"Statement"' in source
    ]


def changed(text: str, chance: random.Random) -> str:
    """A text with up to four changes that a seed chooses."""
    for _ in range(chance.choice((0, 1, 1, 2, 3, 4))):
        text = chance.choice(CHANGES)(text, chance)[:200_000]
    return text


def _span(text: str, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.choice((1, 3, 20, 200)))


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _hole(text: str, chance: random.Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def _double(text: str, chance: random.Random) -> str:
    start, end = _span(text, chance)
    return text[:end] + text[start:end] * chance.choice((1, 2, 50)) + text[end:]


def _move(text: str, chance: random.Random) -> str:
    start, end = _span(text, chance)
    rest, at = text[:start] + text[end:], chance.randrange(len(text) + 1)
    return rest[:at] + text[start:end] + rest[at:]


def _noise(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    noise = "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0xD800)))) for _ in range(8))
    return text[:at] + noise + text[at:]


def _unseen(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(UNSEEN) + text[at:]


def _other_value(text: str, chance: random.Random) -> str:
    """Another value behind a colon, or in the place of a word."""
    places = [found.span() for found in re.finditer(r"(?<=: )[^\n]+|\b\w+\b", text)]
    if not places:
        return text
    start, end = chance.choice(places)
    return text[:start] + chance.choice((*VALUES, *NUMBERS)) + text[end:]


def _other_json(text: str, chance: random.Random) -> str:
    places = [found.span() for found in re.finditer(r'"[^"]*"|\[[^\[\]]*\]|\d+|\{[^{}]*\}', text)]
    if not places:
        return text
    start, end = chance.choice(places)
    new = chance.choice(
        ('""', "[]", "{}", "null", "1e999", "true", '["*"]', '"*"', '"${"', '{"Ref": []}', '{"Fn::GetAtt": []}')
    )
    return text[:start] + new + text[end:]


def _deep(text: str, chance: random.Random) -> str:
    places = [found.span() for found in re.finditer(r"\b\w+\b", text)]
    if not places:
        return text
    start, end = chance.choice(places)
    opened, closed = chance.choice(
        (("[", "]"), ("{a: ", "}"), ("(", ")"), ("f(", ")"), ("a[", "]"), ("${self:", "}"), ("-", ""))
    )
    depth = chance.choice(LONG)
    return text[:start] + opened * depth + text[start:end] + closed * depth + text[end:]


def _long(text: str, chance: random.Random) -> str:
    places = [found.span() for found in re.finditer(r"\b\w+\b", text)]
    if not places:
        return text
    start, end = chance.choice(places)
    return text[:end] + text[start:end][:50] * chance.choice(LONG) + text[end:]


def _lines(text: str, chance: random.Random) -> str:
    """A line many times, or the lines in another order."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    if chance.random() < 0.3:
        chance.shuffle(lines)
        return "\n".join(lines)
    return "\n".join([*lines[:at], *[lines[at][:200]] * chance.choice(LONG), *lines[at:]])


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    _cut, _hole, _hole, _double, _move, _noise, _unseen, _other_value, _other_value, _other_value, _other_json, _deep,
    _long, _lines,
)  # fmt: skip
PLAIN = "service: s\nprovider: {name: aws, runtime: RUNTIME}\nfunctions: {f: {handler: app.handler}}\n"
FURTHER = {
    "java": ("app.Handler::handle", "java21"), "kotlin": ("app.Handler::handle", "java21"),
    "go": ("bootstrap", "provided.al2023"), "csharp": ("app::Function::Handle", "dotnet8"),
    "ruby": ("handler.handler", "ruby3.3"), "rust": ("bootstrap", "provided.al2023"),
    "php": ("handler.php", "provided.al2"),
}  # fmt: skip
"""The handler and the runtime of the programs of ``bench/meaning``."""
FILES = dict[str, str]


def _python(seeds: Seeds, chance: random.Random) -> FILES:
    source = changed(chance.choice(seeds.python), chance)
    handler = CODE.format(name=CANARY) + "def handler(event, context): pass\n"
    return {
        "serverless.yml": PLAIN.replace("RUNTIME", "python3.12"),
        "app.py": source + chance.choice(("", "\n" + handler)),
    }


def _further(seeds: Seeds, chance: random.Random) -> FILES:
    """A program of one of the languages that bind names by packages, of which one file is changed."""
    language = chance.choice(list(FURTHER))
    one = chance.choice(seeds.further[language])
    files = dict(one.files)
    name = chance.choice([*files, one.file, one.file])
    files[name] = changed(files[name], chance)
    handler, runtime = FURTHER[language]
    config = PLAIN.replace("RUNTIME", runtime).replace("app.handler", f"'{handler}'")
    return {**files, "serverless.yml": config}


def _javascript(seeds: Seeds, chance: random.Random) -> FILES:
    typed = chance.random() < 0.3
    source = changed(chance.choice(seeds.typescript if typed else seeds.javascript), chance)
    tail = JS_CODE.format(name=CANARY) + "exports.handler = async () => {};\n"
    return {
        "serverless.yml": PLAIN.replace("RUNTIME", "nodejs20.x"),
        f"app.{'ts' if typed else 'js'}": source + chance.choice(("", "\n" + tail)),
    }


def _serverless(seeds: Seeds, chance: random.Random) -> FILES:
    text = changed(chance.choice(seeds.serverless), chance)
    return {
        "serverless.yml": text,
        "app.py": "def handler(event, context): pass\n",
        "a.yml": "${file(b.yml)}",
        "b.yml": "${file(a.yml)}",
    }


def _circles(seeds: Seeds, chance: random.Random) -> FILES:
    names = "abcdef"
    custom = "".join(
        f"  {one}: ${{self:custom.{chance.choice(names)}}}-${{self:custom.{chance.choice(names)}}}\n" for one in names
    )
    aliases = "".join(f"  k{n}: &k{n} [{', '.join(f'*k{max(n - 1, 0)}' for _ in range(n and 9))}]\n" for n in range(12))
    imports = {
        f"m{n}.py": f"from m{(n + 1) % 6} import *\nimport m{chance.randrange(6)}\nx{n} = x{(n + 1) % 6}\n"
        for n in range(6)
    }
    config = PLAIN.replace("RUNTIME", "python3.12") + "custom:\n" + chance.choice((custom, aliases, custom + aliases))
    body = "from m0 import *\ndef handler(event, context): return x0.get_item(event)\n"
    return {"serverless.yml": changed(config, chance), "app.py": body, **imports}


def _template(seeds: Seeds, chance: random.Random) -> FILES:
    text = changed(chance.choice(seeds.templates), chance)
    return {"template.yaml": text, "src/app.py": "def handler(event, context): pass\n"}


def _program(seeds: Seeds, chance: random.Random) -> FILES:
    head = JS_CODE.format(name=CANARY)
    body = changed(
        "const a = { name: 'aws', runtime: 'nodejs20.x' };\nmodule.exports = { service: 's', provider: a, "
        "functions: { f: { handler: 'app.handler', environment: { T: `${process.env.X}-${1 + 2}` } } } };\n", chance,
    )  # fmt: skip
    return {"serverless.js": head + body, "app.js": "exports.handler = async () => {};\n"}


def _terraform_files(seeds: Seeds, chance: random.Random) -> FILES:
    """A configuration, with a module, an override file and one in JSON by chance."""
    files = {"main.tf": changed(chance.choice(seeds.terraform), chance)}
    files["main.tf"] += 'module "m" {\n  source = "./m"\n}\nresource "aws_sqs_queue" "q" {}\n'
    others = ("m/main.tf", "override.tf", "terraform.tfvars", "more.tf.json", "m/loop.tf")
    for name in chance.sample(others, chance.randrange(3)):
        files[name] = changed(chance.choice(seeds.terraform), chance)
    tree = {"resource": {"aws_sqs_queue": {"j": {"name": files["main.tf"][:2_000]}}}}
    files["more.tf.json"] = changed(json.dumps(tree), chance)
    return {**files, "app.py": "def handler(event, context): pass\n"}


def _policy(seeds: Seeds, chance: random.Random) -> FILES:
    return {"policy.json": changed(chance.choice(seeds.policies), chance)}


_DENIAL = json.dumps({"Records": [{"eventVersion": "1.11", "eventTime": "2026-11-01T10:00:00Z",
    "awsRegion": "eu-west-1",
    "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "errorCode": "AccessDenied",
    "errorMessage": "User: arn:aws:iam::111122223333:user/u is not authorized to perform: s3:GetObject on resource: "
    "arn:aws:s3:::b/k", "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/u"}}]})  # fmt: skip


def _denied(seeds: Seeds, chance: random.Random) -> FILES:
    return {"denied.json": changed(_DENIAL, chance)}


def _observed(seeds: Seeds, chance: random.Random) -> FILES:
    files = {name: changed(_DENIAL, chance) for name in chance.sample(("a.json", "b.jsonl", "c.log"), 2)}
    text = PLAIN.replace("RUNTIME", "python3.12")
    return {
        **{f"logs/{name}": one for name, one in files.items()},
        "serverless.yml": text,
        "app.py": "handler = print\n",
    }


def _cases(seeds: Seeds, chance: random.Random) -> FILES:
    case = {"id": "a", "policies": {"identity": [json.loads(json.dumps(POLICY))]}, "expected": "Allowed",
            "request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}}  # fmt: skip
    return {"cases.jsonl": changed(json.dumps(case), chance)}


def _input(kind: str) -> Callable[[Seeds, random.Random], FILES]:
    """Cases of one kind of further inputs, of which one to two files are changed: as JSON, as text, or both."""

    def made(seeds: Seeds, chance: random.Random) -> FILES:
        files = dict(INPUTS[kind])
        names = sorted(files.keys() - FIXED)
        for name in chance.sample(names, min(len(names), chance.choice((1, 1, 2)))):
            if chance.random() < 0.75:
                files[name] = altered(files[name], chance)
            if chance.random() < 0.4 or files[name] == INPUTS[kind][name]:
                files[name] = changed(files[name], chance)
        return files

    return made


OWN_COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "denied": (("denied", "--from", "denied.json"),),
    "observed": (("observe", "logs", "--no-cache", "--jobs", "1"),),
    "cases": (("simulate", "--cases", "cases.jsonl"),),
    "policy": (("simulate", "--policy", "policy.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"),),
    **INPUT_COMMANDS,
}
"""The commands of the kinds that scan, check and write alone do not cover."""
KINDS = {"denied": _denied, "observed": _observed, "cases": _cases,
         "python": _python, "javascript": _javascript, "further": _further, "serverless": _serverless,
         "circles": _circles, "template": _template, "program": _program, "policy": _policy,
         "terraform": _terraform_files, **{kind: _input(kind) for kind in INPUTS}}  # fmt: skip
COMMANDS = {"scan": ("scan",), "check": ("check",), "diff": ("write", "--diff")}


class Overdue(BaseException):
    """The alarm of a case; no handler of ours takes it for an error."""


def _overdue(number: int, frame: object) -> None:
    raise Overdue


def worker(seed: int, first: int, count: int, only: str) -> None:
    """Run cases and print one line of JSON for each failure, then the counts."""
    import io

    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_NPROC, resource.getrlimit(resource.RLIMIT_NPROC))
    sys.path.insert(0, str(ROOT / "src"))
    base = Path(tempfile.mkdtemp(prefix="fuzz-"))
    os.environ.update({CANARY: str(base / "canary"), "HOME": str(base), "SCOPEDOWN_CACHE": str(base / "cache")})
    from scopedown.cli.main import main

    executed: list[str] = []
    watching = False

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if not watching:
            return
        told = event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "socket.connect")
        if event == "exec" and arguments and str(base) in str(getattr(arguments[0], "co_filename", "")):
            told = True
        if event == "import" and len(arguments) > 1 and str(base) in str(arguments[1]):
            told = True
        if told:
            executed.append(f"{event} {str(arguments)[:200]}")

    sys.addaudithook(audit)
    signal.signal(signal.SIGVTALRM, _overdue)
    seeds = Seeds()
    slowest, kinds = 0.0, Counter[str]()
    environment = dict(os.environ)
    for number in range(first, first + count):
        chance = random.Random(f"{seed}-{number}")
        kind = chance.choice(only.split(",") if only else list(KINDS))
        files = KINDS[kind](seeds, chance)
        folder = base / "case"
        folder.mkdir()
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        before = _digest(folder)
        own = OWN_COMMANDS.get(kind)
        if own:
            arguments = list(chance.choice(own))
            command = arguments[0]
        else:
            command = chance.choice(("scan", "check", "check", "diff"))
            arguments = [*COMMANDS[command], "--no-cache", "--jobs", "1"]
        os.chdir(folder)
        out, err = io.StringIO(), io.StringIO()
        old = sys.stdout, sys.stderr
        started = time.process_time()
        failure = ""
        try:
            sys.stdout, sys.stderr, watching = out, err, True
            signal.setitimer(signal.ITIMER_VIRTUAL, 2 * SECONDS)
            main(arguments)
        except SystemExit as done:
            if done.code not in (0, 1, 2) or "internal error" in err.getvalue() or "Traceback" in err.getvalue():
                failure = f"exit {done.code}: {err.getvalue()[-400:]}"
        except Overdue:
            failure = f"over {2 * SECONDS} s: {traceback.format_exc()[-600:]}"
        except BaseException:
            failure = traceback.format_exc()[-1200:]
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            watching = False
            sys.stdout, sys.stderr = old
        seconds = time.process_time() - started
        slowest = max(slowest, seconds)
        kinds[f"{kind} {command}"] += 1
        what = "crash" if failure and not failure.startswith("over") else "slow" if failure or seconds > SECONDS else ""
        if executed or (base / "canary").exists() or _digest(folder) != before or dict(os.environ) != environment:
            what, failure = "executed", "; ".join(executed) or "a canary was touched"
            executed.clear()
            (base / "canary").unlink(missing_ok=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        if what or peak > MEGABYTES:
            line = {
                "what": what or "memory", "case": number, "kind": kind, "command": command, "seconds": seconds,
                "failure": failure or f"{peak} MB", "files": files,
            }  # fmt: skip
            print(json.dumps(line), flush=True)
        os.chdir(base)
        shutil.rmtree(folder)
        if peak > MEGABYTES:  # the peak of a process never falls: the next cases get another one
            print(json.dumps({"stopped": number + 1}), flush=True)
            break
    shutil.rmtree(base, ignore_errors=True)
    print(json.dumps({"kinds": kinds, "slowest": slowest, "peak": peak}), flush=True)


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        found.update(f"{path.relative_to(folder)}".encode("utf-8", "surrogateescape"))
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()


def _batch(seed: int, first: int, count: int, only: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The failures of a batch and its counts; a worker that dies is a failure, and the rest gets another one."""
    failures: list[dict[str, Any]] = []
    counts: dict[str, Any] = {"kinds": Counter(), "slowest": 0.0, "peak": 0}
    end = first + count
    while first < end:
        command = [
            sys.executable,
            __file__,
            "--worker",
            str(first),
            str(end - first),
            "--seed",
            str(seed),
            "--kind",
            only,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        told = next((one for one in lines if "kinds" in one), None)
        failures += [one for one in lines if "what" in one]
        if told is None:
            failures.append(
                {"what": "crash", "case": first, "kind": "worker", "failure": done.stderr[-600:], "files": {}}
            )
            break
        counts["kinds"] += Counter(told["kinds"])
        counts["slowest"] = max(counts["slowest"], told["slowest"])
        counts["peak"] = max(counts["peak"], told["peak"])
        first = next((one["stopped"] for one in lines if "stopped" in one), end)
    return failures, counts


def main_program() -> int:
    """Run all cases and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kind", default="", help="only these kinds; inputs means those of fuzz_inputs.py")
    parser.add_argument("--keep", type=Path, help="a folder for the cases that failed")
    parser.add_argument("--worker", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.kind == "inputs":
        options.kind = ",".join(INPUTS)
    if unknown := set(filter(None, options.kind.split(","))) - KINDS.keys():
        parser.error(f"no such kind: {', '.join(sorted(unknown))}; kinds are {', '.join(KINDS)}")
    if options.worker:
        worker(options.seed, *options.worker, options.kind)
        return 0
    totals: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    slowest, peak, done = 0.0, 0, 0
    batches = [
        (options.seed, first, min(BATCH, options.cases - first), options.kind)
        for first in range(0, options.cases, BATCH)
    ]
    with ThreadPoolExecutor(options.jobs) as pool:
        for failures, counts in pool.map(lambda one: _batch(*one), batches):
            kinds += counts["kinds"]
            done += sum(counts["kinds"].values())
            slowest, peak = max(slowest, counts["slowest"]), max(peak, counts["peak"])
            for one in failures:
                totals[one["what"]] += 1
                last = one["failure"].strip().splitlines()[-1:] or [""]
                print(f"{one['what']}: case {one['case']} ({one['kind']}): {last[0][:200]}", flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{one['case']}.json").write_text(json.dumps(one, indent=1))
            if done % 5_000 < BATCH:
                print(f"{done} cases", file=sys.stderr, flush=True)
    for kind, count in sorted(kinds.items()):
        print(f"{count:7} {kind}")
    print(
        f"{done} cases of seed {options.seed}: {totals['crash']} crashes, {totals['slow']} over {SECONDS} s, "
        f"{totals['executed']} executed something; slowest {slowest:.1f} s, peak {peak} MB"
    )
    return 1 if totals else 0


if __name__ == "__main__":
    sys.exit(main_program())
