"""How many SAM templates and CDK apps of aws-samples/serverless-patterns prove end to end.

usage: SCOPEDOWN_SAM=… python bench/prove_patterns.py sam PATTERNS WORK [NAME …]
       SCOPEDOWN_CDK=FOLDER python bench/prove_patterns.py cdk PATTERNS WORK [NAME …]

PATTERNS is a checkout of the repository. ``sam``: its templates of SAM whose functions run Python or Node, none of them
in a container image, come into the order of ``random.Random(20)``; ``scopedown prove`` runs on one after another until
60 were built by ``sam build`` here. Parameters without a default are given stand-ins, and a Python or Node release that
is not on this machine the nearest that is (:data:`RUNTIMES`). Prints a line a template, and at the end how many are
proven, what stopped the others, how many functions ran, and which of their calls were denied.

``cdk``: of its folders with a cdk.json whose app is TypeScript or Python, 60 drawn by the same seed are proven, all
with the packages and the lock file of FOLDER, and the Python on PATH, which has aws-cdk-lib too. An app that needs
other packages does not synthesize, and is counted so. Parameters that an app leaves open are given stand-ins too.

It goes on where it was stopped: what is in WORK/sam.jsonl (or cdk.jsonl) is not done again; with NAMEs, these are.
Needs aws-sam-cli (or aws-cdk and aws-cdk-lib), node, npm, pip, and the network for the last two.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "src")]

from prove_examples import told_of  # noqa: E402

from scopedown.core.finding import ScopedownError  # noqa: E402
from scopedown.documents.document import Files  # noqa: E402
from scopedown.documents.nodes import as_map  # noqa: E402

SEED, WANTED = 20, 60
RUNTIMES = {"python3.14": "python3.13"}
"""Releases that are not here, and what stands in for them in the copy that is proven."""
LEFT_OUT = {"node_modules", ".aws-sam", "cdk.out", ".git"}
TIMEOUT_COMMAND, TIMEOUT_FUNCTION, TIMEOUT = 600, 60, 1800
"""Seconds: of one command, of one event, of one template."""
ASIDE = ("not built", "not synthesized")
BY_TYPE = {
    "Number": "1", "AWS::EC2::VPC::Id": "vpc-0123456789abcdef0", "AWS::EC2::Subnet::Id": "subnet-0123456789abcdef0",
    "List<AWS::EC2::Subnet::Id>": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
    "AWS::EC2::SecurityGroup::Id": "sg-0123456789abcdef0", "List<Number>": "1,2",
    "List<AWS::EC2::SecurityGroup::Id>": "sg-0123456789abcdef0", "AWS::EC2::KeyPair::KeyName": "key",
    "AWS::EC2::AvailabilityZone::Name": "us-east-1a", "AWS::Route53::HostedZone::Id": "Z0123456789ABCDEFGHIJ",
    "List<AWS::EC2::AvailabilityZone::Name>": "us-east-1a,us-east-1b",
}  # fmt: skip
BY_NAME = (
    (r"mail|sender|recipient", "person@example.com"),
    (r"phone|mobile", "+14255550123"),
    (r"vpc.?id$|^vpc$", "vpc-0123456789abcdef0"),
    (r"subnet", "subnet-0123456789abcdef0"),
    (r"security.?group|sg$", "sg-0123456789abcdef0"),
    (r"cert.*arn", "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"),
    (r"secret.*arn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:stand-in-AbCdEf"),
    (r"topic.*arn", "arn:aws:sns:us-east-1:123456789012:stand-in"),
    (r"role.*arn", "arn:aws:iam::123456789012:role/stand-in"),
    (
        r"^msk.?cluster$|(cluster|msk).*arn",
        "arn:aws:kafka:us-east-1:123456789012:cluster/stand-in/11111111-2222-3333-4444-555555555555-1",
    ),
    (r"queue.*arn", "arn:aws:sqs:us-east-1:123456789012:stand-in"),
    (r"model.*arn", "arn:aws:bedrock:us-east-1::foundation-model/stand-in"),
    (r"hosted.?zone", "Z0123456789ABCDEFGHIJ"),
    (r"domain", "example.com"),
    (r"url|endpoint", "https://example.com/"),
    (r"bucket", "stand-in-bucket-20"),
    (r"account", "123456789012"),
    (r"region", "us-east-1"),
    (r"password", "Stand-in-20"),
    (r"cidr", "10.0.0.0/16"),
)


def main() -> int:
    words = sys.argv[1:]
    if len(words) >= 3 and words[0] == "sam":
        return sam(Path(words[1]).resolve(), Path(words[2]).resolve(), words[3:])
    if len(words) >= 3 and words[0] == "cdk":
        return cdk(Path(words[1]).resolve(), Path(words[2]).resolve(), words[3:])
    print(__doc__)
    return 2


def sam(patterns: Path, work: Path, names: list[str]) -> int:
    results = work / "sam.jsonl"
    (work / "logs").mkdir(parents=True, exist_ok=True)
    known = dict(_templates(patterns))
    order = sorted(known)
    random.Random(SEED).shuffle(order)
    done = {} if names else _results(results)
    modules = _node_modules(patterns, list(known), work)
    built = sum(1 for one in done.values() if one["result"] != "not built")
    for name in names or order:
        if not names and (name in done or built >= WANTED):
            continue
        found = _prove(patterns, name, known[name], work, modules)
        built += found["result"] != "not built"
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name} | found) + "\n")
        print(built, name, found["result"], found["seconds"], *found["why"][:1], flush=True)
    return _summary(_results(results), len(known))


def cdk(patterns: Path, work: Path, names: list[str]) -> int:
    results = work / "cdk.jsonl"
    (work / "logs").mkdir(parents=True, exist_ok=True)
    apps = list(_apps(patterns))
    drawn = random.Random(SEED).sample(apps, min(WANTED, len(apps)))
    modules = _node_modules(patterns, [], work)
    for name in names or drawn:
        if not names and name in _results(results):
            continue
        found = _prove_app(patterns, name, work, modules)
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name} | found) + "\n")
        print(name, found["result"], found["seconds"], *found["why"][:1], flush=True)
    return _summary({name: one for name, one in _results(results).items() if name in drawn}, len(apps))


def _apps(patterns: Path) -> Iterator[str]:
    """The folders of apps in TypeScript or Python."""
    for path in sorted(patterns.rglob("cdk.json")):
        name = path.parent.relative_to(patterns).as_posix()
        if LEFT_OUT & set(path.relative_to(patterns).parts) or "_pattern-model" in name:
            continue
        try:
            command = str(json.loads(path.read_text(encoding="utf-8")).get("app"))
        except ValueError:
            continue
        if re.search(r"\.ts\b|\bpython3?\b", command):
            yield name


def _prove_app(patterns: Path, name: str, work: Path, modules: Path) -> dict[str, Any]:
    """Prove one app, in a copy of the pattern's folder that links to the shared packages."""
    top = name.partition("/")[0]
    copy = work / "apps" / top
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(patterns / top, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    app = work / "apps" / name
    if (app / "package.json").exists():
        shared = Path(os.environ["SCOPEDOWN_CDK"]).resolve()
        (app / "node_modules").symlink_to(shared / "node_modules")
        if not any((app / lock).exists() for lock in ("package-lock.json", "yarn.lock", "pnpm-lock.yaml")):
            shutil.copy(shared / "package-lock.json", app)
    command = [sys.executable, "-m", "scopedown", "prove", str(app), "--format", "json", "--region", "us-east-1"]
    command += ["--timeout", str(TIMEOUT_COMMAND), "--function-timeout", str(TIMEOUT_FUNCTION)]
    environment = {"NODE_PATH": str(modules), "PYTHONPATH": str(ROOT / "src")}
    started = time.monotonic()
    code, output, said = _run(command, environment)
    if open_ := re.search(r"Parameters are missing a value: ([\w, ]+)", output):
        command += [word for key in open_[1].split(", ") for word in ("--param", f"{key}={_stand_in(key, {})}")]
        code, output, said = _run(command, environment)
    found: dict[str, Any] = {"code": code, "seconds": round(time.monotonic() - started, 1), "why": []}
    log = work / "logs" / f"cdk__{name.replace('/', '__')}"
    log.with_name(f"{log.name}.json").write_text(output, encoding="utf-8")
    log.with_name(f"{log.name}.log").write_text(said, encoding="utf-8")
    shutil.rmtree(copy, ignore_errors=True)
    try:
        proof = json.loads(output)
    except ValueError:
        last = " ".join(said[-400:].split()) or f"exit code {code}"
        return found | {"result": "not synthesized" if "cdk synth" in last else "not read", "why": [last]}
    found |= told_of(proof)
    if found["result"] == "failed":
        found["why"] += [" ".join(one["output"][-500:].split()) for one in proof["steps"] if not one["ok"]]
    return found


def _summary(found: Mapping[str, Mapping[str, Any]], known: int) -> int:
    functions: Counter[str] = Counter()
    for name, one in sorted(found.items()):
        functions.update(one.get("functions", {}))
        if one["result"] not in ("proven", *ASIDE):
            print(f"{one['result']:8} {name}: {'; '.join(one['why'])}")
        for denied in one.get("denied", ()):
            print(f"denied   {name}: {denied}")
        for unseen in one.get("unforeseen", ()):
            print(f"not scanned  {name}: {unseen}")
    count = Counter(one["result"] for one in found.values())
    print(
        f"{known} Python and Node templates, {len(found)} tried, {len(found) - count['not built']} built: {dict(count)}"
    )
    print(f"functions: {dict(functions)}")
    return 0


def _templates(patterns: Path) -> Iterator[tuple[str, list[str]]]:
    """The templates of SAM that run Python or Node only, with the parameters that they leave open."""
    for path in sorted(patterns.rglob("*.y*ml")):
        name = path.relative_to(patterns).as_posix()
        if LEFT_OUT & set(path.relative_to(patterns).parts) or "_pattern-model" in name:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if "AWS::Serverless-2016-10-31" not in text or "AWS::Serverless::Function" not in text:
            continue
        runtimes = set(re.findall(r"Runtime: *['\"]?([a-z]+)[\d.]", text))
        if not runtimes or not runtimes <= {"python", "nodejs"} or re.search(r"PackageType: *['\"]?Image", text):
            continue
        try:
            document = Files(path.parent).document(path, template=True)
        except (ScopedownError, OSError):
            continue
        declared = as_map(as_map(document.tree if document else None).get("Parameters"))
        yield name, [f"{key}={_stand_in(key, as_map(one))}" for key, one in declared.items() if "Default" not in one]


def _stand_in(name: str, declared: Mapping[str, Any]) -> str:
    allowed, type = declared.get("AllowedValues"), str(declared.get("Type"))
    if isinstance(allowed, list) and allowed:
        return str(allowed[0])
    if type in BY_TYPE:
        return BY_TYPE[type]
    about = f"{name} {'arn' if re.search('arn', str(declared.get('Description')), re.IGNORECASE) else ''}".strip()
    value = next((value for pattern, value in BY_NAME if re.search(pattern, about, re.IGNORECASE)), "stand-in")
    return value.ljust(int(str(declared.get("MinLength", 0))), "0")


def _prove(patterns: Path, name: str, parameters: list[str], work: Path, modules: Path) -> dict[str, Any]:
    """Prove one template, in a copy of the pattern's folder where its runtimes are those of this machine."""
    top = name.partition("/")[0]
    copy = work / "patterns" / top
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(patterns / top, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    template = work / "patterns" / name
    text = template.read_text(encoding="utf-8")
    stand_ins = [f"{wanted} → {here}" for wanted, here in RUNTIMES.items() if wanted in text]
    for wanted, here in RUNTIMES.items():
        text = text.replace(wanted, here)
    template.write_text(text, encoding="utf-8")
    log = work / "logs" / name.replace("/", "__")
    command = [sys.executable, "-m", "scopedown", "prove", str(template), "--format", "json", "--region", "us-east-1"]
    command += ["--timeout", str(TIMEOUT_COMMAND), "--function-timeout", str(TIMEOUT_FUNCTION)]
    command += [word for one in parameters for word in ("--param", one)]
    started = time.monotonic()
    code, output, said = _run(command, {"NODE_PATH": str(modules), "PYTHONPATH": str(ROOT / "src")})
    found: dict[str, Any] = {"code": code, "seconds": round(time.monotonic() - started, 1), "stand-ins": stand_ins,
                             "parameters": parameters, "why": []}  # fmt: skip
    log.with_name(f"{log.name}.json").write_text(output, encoding="utf-8")
    log.with_name(f"{log.name}.log").write_text(f"{' '.join(command)}\n{said}", encoding="utf-8")
    shutil.rmtree(copy, ignore_errors=True)
    try:
        proof = json.loads(output)
    except ValueError:
        return found | {"result": "failed", "why": [" ".join(said[-400:].split()) or f"exit code {code}"]}
    first = proof["steps"][0]["output"] if proof["steps"] and not proof["steps"][0]["ok"] else ""
    if "Build Failed" in first or ("Starting Build" in first and "Build Succeeded" not in first):
        return found | {"result": "not built", "why": [" ".join(first[-300:].split())]}
    found |= told_of(proof)
    if found["result"] == "failed":
        found["why"] += [" ".join(one["output"][-500:].split()) for one in proof["steps"] if not one["ok"]]
    return found


def _node_modules(patterns: Path, names: Iterable[str], work: Path) -> Path:
    """The clients of the AWS SDK that the functions import, which Lambda's Node runtimes bring along."""
    folder = work / "sdk"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted: set[str] = set()
        for top in {name.partition("/")[0] for name in names}:
            for file in (*(patterns / top).rglob("*.*js"), *(patterns / top).rglob("*.ts")):
                if "node_modules" not in file.parts and file.is_file():
                    text = file.read_text(encoding="utf-8", errors="replace")
                    wanted |= set(re.findall(r"['\"](@aws-sdk/[a-z0-9-]+)['\"]", text))
        (folder / "package.json").write_text("{}", encoding="utf-8")
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(["npm", "install", *options, *sorted(wanted)], cwd=folder, check=False)
    return folder / "node_modules"


def _results(file: Path) -> dict[str, dict[str, Any]]:
    """The last result of each template."""
    if not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {row.pop("name"): row for row in rows}


def _run(command: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Exit code, output and errors; what it started is ended with it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(
        command, env=kept | dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        output, said = process.communicate(timeout=TIMEOUT)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, said = process.communicate()
        code, said = 124, said + f"\nno end after {TIMEOUT} s".encode()
    return code, output.decode(errors="replace"), said.decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
