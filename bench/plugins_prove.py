"""Whether services with a plugin of the Serverless Framework live under the generated policy, plugin by plugin.

usage: OSLS_DIR=… SERVERLESS_DIR=… python bench/plugins_prove.py WORK [--osls] [SERVICE …]

Each ``bench/plugins/NAME.yml`` is a small service with the plugin of its name, or those that its first lines name.
These say too which commands are run, and what is in AWS before. The plugins are installed from npm (no scripts of
packages). deploy-policy's policy, for the packaged template where a plugin changes it, is given to the user who runs
the commands against the guard: with serverless 3, or osls where the service asks for it; with ``--osls``, osls for all.
Prints a line a plugin: whether every command ended well, what was denied, how many rows of
``deploy/commands/plugins.tsv`` allowed a request.

Goes on where it was stopped: what is in WORK/results.jsonl (results-osls.jsonl) is not done again; with SERVICEs, these
are. Needs node, npm, and the network for npm. Takes half an hour on two cores.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from oracle.harness import OSLS, SERVERLESS_3, Package  # noqa: E402
from scopedown.catalog.load import catalog  # noqa: E402
from scopedown.core.finding import ScopedownError  # noqa: E402
from scopedown.deploy.commands import commands_of  # noqa: E402
from scopedown.deploy.documents import documents  # noqa: E402
from scopedown.deploy.model import Plan  # noqa: E402
from scopedown.deploy.plan import plan  # noqa: E402
from scopedown.guard.cloudformation.provision import driver_of  # noqa: E402
from scopedown.guard.model import ACCOUNT, Decided  # noqa: E402
from scopedown.project.load import Options, load_compiled, load_project  # noqa: E402
from scopedown.project.serverless.plugins import table  # noqa: E402
from scopedown.prove.frameworks import framework_at  # noqa: E402
from scopedown.prove.local_aws import LocalAws  # noqa: E402
from scopedown.prove.proof import named  # noqa: E402
from scopedown.prove.runner import Runner  # noqa: E402

SERVICES = Path(__file__).with_name("plugins")
NPM = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps")
REGION = "us-east-1"
TIMEOUT = float(os.environ.get("PROVE_SECONDS", "400"))
SETTINGS = {"AWS_REGION": REGION}
"""What most users have in their environment; single plugins make clients without a region."""
HANDLER = "module.exports.greet = async () => ({ statusCode: 200, body: 'good day' });\n"
SCHEMA = "type Query { greet: String }\n"
PACKAGES: dict[str, Package] = {"v3": SERVERLESS_3, "osls": OSLS}
Admin = Callable[[str], Any]


def main() -> int:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if not words:
        print(__doc__)
        return 2
    forced = "osls" if "--osls" in sys.argv else ""
    work, names = Path(words[0]).resolve(), words[1:]
    work.mkdir(parents=True, exist_ok=True)
    results = work / f"results{'-osls' if forced else ''}.jsonl"
    done = {one["service"] for one in _results(results).values()}
    for file in sorted(SERVICES.glob("*.yml")):
        if (names and file.stem not in names) or (not names and file.stem in done):
            continue
        started = time.monotonic()
        try:
            found = _prove(work, file, forced)
        except (ScopedownError, OSError, subprocess.SubprocessError, BotoCoreError, ClientError) as error:
            found = [{"plugin": name, "failed": f"{type(error).__name__}: {error}"[:400]} for name in _plugins_of(file)]
        for one in found:
            one |= {"service": file.stem, "seconds": round(time.monotonic() - started)}
            with results.open("a", encoding="utf-8") as out:
                out.write(json.dumps(one) + "\n")
            print(_shown(one), flush=True)
    found = list(_results(results).values())
    ran = [one for one in found if one.get("ran")]
    clean = [one for one in ran if not one["denied"]]
    print(f"{len(found)} plugins, {len(ran)} ran to the end, {len(clean)} of them without a denial")
    return 0


def _plugins_of(file: Path) -> list[str]:
    """The plugins of a service: those that its first lines name, or the one of the file's name."""
    named_ = re.search(r"^# plugins: (.+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    if named_:
        return [one.strip() for one in named_[1].split(",")]
    scope, plus, name = file.stem.partition("+")
    return [f"@{scope}/{name}" if plus else file.stem]


def _results(path: Path) -> dict[str, dict[str, Any]]:
    """The last result of each plugin."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {one["plugin"]: {"service": one["plugin"], **one} for one in map(json.loads, lines)}


def _shown(one: dict[str, Any]) -> str:
    if "failed" in one:
        return f"not run    {one['plugin']}: {one['failed']}"
    state = "denied" if one["denied"] else "ran" if one["ran"] else "broken"
    told = [*one["denied"], *(f"{name}: {why}" for name, why in one["broken"].items())]
    who = f"{one['plugin']} {one['version']}, {one['framework']}"
    return f"{state:10} {who} ({len(one['used'])} rows used): {'; '.join(told) or 'clean'}"


def _prove(work: Path, file: Path, forced: str) -> list[dict[str, Any]]:
    plugins = _plugins_of(file)
    installed = work / "npm" / file.stem
    versions = _install(installed, plugins, work)
    if missing := [name for name in plugins if not versions[name]]:
        return [{"plugin": name, "failed": f"npm could not install {', '.join(missing)}"} for name in plugins]
    text = file.read_text(encoding="utf-8")
    framework = forced or next(iter(re.findall(r"^# framework: (.+)", text, re.MULTILINE)), "v3")
    folder = work / framework / file.stem
    shutil.rmtree(folder, ignore_errors=True)
    _write(folder, file)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    commands = [one.strip() for one in re.findall(r"^# commands: (.+)", text, re.MULTILINE)[0].split(",")]
    package = PACKAGES[framework]
    program = framework_at(package.folder / "node_modules" / package.name)
    project = load_project(folder, Options(account=ACCOUNT, framework=framework))
    with LocalAws(driver_of) as aws:
        aws.gate.learn = True
        admin: Admin = lambda service: aws.admin(service, REGION)  # noqa: E731
        _prepare(text, admin)
        all_ = aws.user("packager", {"all": _everything()})
        home, at = folder / ".home", aws.gate.address
        if "# compiled" in text or any(table().get(name, ("", ""))[0] in ("resources", "") for name in plugins):
            runner = Runner.of(program, project, folder, home, at, all_.key_id, all_.secret, (), SETTINGS, TIMEOUT)
            packaged = runner.run("package")
            if packaged.code != 0:
                return [{"plugin": name, "failed": f"package: {_why(packaged.output)}"} for name in plugins]
            compiled = load_compiled(folder / ".serverless" / "cloudformation-template-update-stack.json",
                                     Options(account=ACCOUNT, framework=framework))  # fmt: skip
            project = replace(compiled, asked=project.asked, compiler=project.compiler)
        made = plan(project, catalog(), framework, commands_of(framework, project.plugins))
        user = aws.user("deployer", named(documents(made.permissions)))
        aws.gate.learn = False
        runner = Runner.of(program, project, folder, home, at, user.key_id, user.secret, (), SETTINGS, TIMEOUT)
        broken: dict[str, str] = {}
        for number, command in enumerate(commands, 1):
            if (act := ACTS.get(command)) is not None:
                with suppress(ClientError):  # what a command that failed did not make
                    act(folder, admin)
                continue
            aws.during(command)
            with _execution_logs(admin) if "# execution log" in text else nullcontext():
                ended = runner.run(command)
            if ended.code != 0:
                broken[f"{number} {command}"] = _why(ended.output)
        record = [one for one in aws.record() if one.principal == user.caller.arn]
    common = {
        "framework": str(program),
        "ran": not broken,
        "broken": broken,
        "denied": _denied(record, made),
        "unresolved": [str(one) for one in made.unresolved if one.subject.startswith("plugin")],
        "unmapped": sorted(set(aws.gate.unmapped)),
        "stand_ins": list(aws.stand_ins()),
    }
    return [
        {"plugin": name, "version": versions[name], **common, "used": _used(record, made, name)} for name in plugins
    ]


def _install(folder: Path, names: list[str], work: Path) -> dict[str, str]:
    """The version of each plugin, after npm has installed them; empty where it could not."""
    packages = {name: folder / "node_modules" / name / "package.json" for name in names}
    if not all(package.exists() for package in packages.values()):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="utf-8")
        wanted = [*names, *(one for name in names for one in BESIDE.get(name, ()))]
        environment = {**os.environ, "npm_config_cache": str(work / "npm-cache")}
        subprocess.run((*NPM, *wanted), cwd=folder, env=environment, capture_output=True, timeout=900, check=False)
    return {
        name: str(json.loads(package.read_text(encoding="utf-8"))["version"]) if package.exists() else ""
        for name, package in packages.items()
    }


BESIDE = {"serverless-esbuild": ("esbuild",), "serverless-apigateway-service-proxy": ("serverless@3.40.0",)}
"""What a plugin wants to be installed beside it."""


def _write(folder: Path, file: Path) -> None:
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "index.html").write_text("<p>good day</p>\n", encoding="utf-8")
    (folder / "handler.js").write_text(HANDLER, encoding="utf-8")
    (folder / "schema.graphql").write_text(SCHEMA, encoding="utf-8")
    (folder / "package.json").write_text('{"name": "shop", "version": "1.0.0", "dependencies": {}}\n', encoding="utf-8")
    shutil.copy(file, folder / "serverless.yml")


def _everything() -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def _why(output: str) -> str:
    """What a command that failed said about it, on one line."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    found = re.search(r"^(?:Error:\n|.*?Error: ?)(.+(?:\n.*\S){0,2})", plain, re.MULTILINE)
    return " ".join((found[1] if found else plain[-300:]).split())[:300]


# -- what is in AWS before, and what happens between commands ----------------------------------------------------------


def _prepare(text: str, admin: Admin) -> None:
    """The hosted zone and certificate of shop.test, buckets and a web ACL; what single services name in comments."""
    admin("route53").create_hosted_zone(Name="shop.test.", CallerReference="1")
    admin("acm").request_certificate(DomainName="*.shop.test", ValidationMethod="DNS")
    for bucket in ("shop-old-bucket", "shop-existing-bucket"):
        admin("s3").create_bucket(Bucket=bucket)
    admin("wafv2").create_web_acl(
        Name="shop-acl", Scope="REGIONAL", DefaultAction={"Allow": {}},
        VisibilityConfig={"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "shop"},
    )  # fmt: skip
    for kind, name in re.findall(r"^# (bucket|layer|function|parameter|vpc): (.+)", text, re.MULTILINE):
        if kind == "bucket":
            admin("s3").create_bucket(Bucket=name)
        elif kind == "parameter":
            admin("ssm").put_parameter(Name=name, Value="shop", Type="String")
        elif kind == "layer":
            admin("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": b"PK\x05\x06" + bytes(18)})
        elif kind == "function":
            _make_function(name, admin)
        else:
            _make_vpc(name, admin)


def _make_function(name: str, admin: Admin) -> None:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]}  # fmt: skip
    role = admin("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    admin("lambda").create_function(
        FunctionName=name, Runtime="nodejs20.x", Role=role, Handler="i.h", Code={"ZipFile": b"PK\x05\x06" + bytes(18)}
    )


def _make_vpc(name: str, admin: Admin) -> None:
    ec2 = admin("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": name}])
    ec2.create_tags(Resources=[subnet], Tags=[{"Key": "Name", "Value": f"{name}-private"}])
    ec2.create_security_group(VpcId=vpc, GroupName=f"{name}-functions", Description="functions")


def _change(folder: Path, admin: Admin) -> None:
    with (folder / "handler.js").open("a", encoding="utf-8") as file:
        file.write("process.env.ANOTHER_DEPLOYMENT;\n")
    (folder / "site" / "index.html").write_text(f"<p>{time.time()}</p>\n", encoding="utf-8")


def _fill(folder: Path, admin: Admin) -> None:
    for bucket in ("shop-site-bucket", "shop-old-bucket"):
        admin("s3").put_object(Bucket=bucket, Key="old.html", Body=b"old")


@contextmanager
def _execution_logs(admin: Admin) -> Iterator[None]:
    """The log groups that API Gateway itself makes for stages with logs, and moto does not
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)."""
    over = threading.Event()

    def watch() -> None:
        made: set[str] = set()
        while not over.wait(0.2):
            for api in admin("apigateway").get_rest_apis()["items"]:
                if api["id"] not in made:
                    made.add(api["id"])
                    with suppress(ClientError):
                        admin("logs").create_log_group(logGroupName=f"API-Gateway-Execution-Logs_{api['id']}/dev")

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _empty(folder: Path, admin: Admin) -> None:
    s3 = admin("s3")
    for one in s3.list_objects_v2(Bucket="shop-site-bucket").get("Contents", []):
        s3.delete_object(Bucket="shop-site-bucket", Key=one["Key"])


ACTS: dict[str, Callable[[Path, Admin], None]] = {"change": _change, "fill": _fill, "empty": _empty}
"""What is done between commands, by nobody of the service."""


# -- what came of it ---------------------------------------------------------------------------------------------------


def _denied(record: list[Decided], made: Plan) -> list[str]:
    tolerated = {one.action for one in made.permissions if one.tolerated}
    found = [one for one in record if not one.allowed]
    mark = {True: " (tolerated)", False: ""}
    return list(dict.fromkeys(
        f"{one.check.action} on {one.check.resource} during {one.during}{mark[one.check.action in tolerated]}"
        for one in found
    ))  # fmt: skip


def _used(record: list[Decided], made: Plan, plugin: str) -> list[str]:
    """The plugin's rows that a request which came over HTTP was allowed by: ``command call action``."""
    asked = {(one.check.action, one.check.resource, one.during) for one in record if one.allowed and not one.modelled}
    used = []
    for permission in made.permissions:
        for because in permission.because:
            source = getattr(because, "source", "")
            if f"plugins.{plugin}" not in str(because) and f" {plugin} " not in f"{source} ":
                continue
            command = getattr(because, "command", "")
            if any(
                action == permission.action
                and (command == "*" or during.startswith(command))
                and any(fnmatchcase(resource, pattern) for pattern in permission.resources)
                for action, resource, during in asked
            ):
                used.append(f"{command}\t{getattr(because, 'call', '')}\t{permission.action}")
    return sorted(set(used))


if __name__ == "__main__":
    raise SystemExit(main())
