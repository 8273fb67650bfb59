"""``scopedown prove``: the real framework and the real functions, run under the generated permissions."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.files import write_file
from scopedown.cli.gates import fail_on_option
from scopedown.cli.output import output_option
from scopedown.cli.projects import Request, options_of
from scopedown.cli.settings.defaults import with_parameters, with_settings
from scopedown.cli.terminal import drawn, prints_unicode
from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from scopedown.checks.gates import FailOn
    from scopedown.project.model import Project
    from scopedown.prove.frameworks import Framework
    from scopedown.prove.model import Proof

_EXAMPLES = """
\b
Examples:
  scopedown prove                                       # the service in this folder
  scopedown prove --events test/events                  # FUNCTION.json, or FUNCTION/*.json
  scopedown prove --env TABLE=orders --stage prod       # a value that the project file asks for
  scopedown prove --deploy-policy deployer.json         # does this policy suffice?
  scopedown prove --function-policies declared          # do the roles in serverless.yml suffice?
  scopedown prove --commands all --thorough             # every command; what nothing needed, taken away for real
  scopedown prove --format markdown > proof.md          # for a pull request
"""


@click.command(epilog=_EXAMPLES)
@click.argument(
    "path", metavar="[PATH]", type=click.Path(path_type=Path), default=Path(), is_eager=True, callback=with_settings
)
@click.option("--stage", help="As the framework's --stage.")
@click.option("--region", help="As the framework's --region.")
@click.option(
    "--param", "params", multiple=True, metavar="KEY=VALUE", callback=with_parameters,
    help="A value of ${param:KEY}; repeatable.",
)  # fmt: skip
@click.option(
    "--param-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="YAML of values that only AWS knows, which are put into the local AWS: {'ssm:/path': value, "
    "'cf:stack.Output': value, 's3:bucket/key': value, 'stack:name': template}.",
)
@click.option(
    "--env", "environment", multiple=True, metavar="NAME=VALUE", help="An environment variable for the framework; "
    "repeatable.",
)  # fmt: skip
@click.option(
    "--framework",
    type=click.Choice(["auto", "osls", "v3"]),
    default="auto",
    show_default=True,
    help="The framework that is run; by default the project's own.",
)
@click.option(
    "--framework-program",
    "program",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The framework's bin/serverless.js, or the folder whose node_modules hold it. By default that of the project, "
    "that which SCOPEDOWN_OSLS or SCOPEDOWN_SERVERLESS names, or that on the PATH.",
)
@click.option(
    "--commands",
    metavar="NAME,…",
    help="The commands to run, and to generate the policy for. By default deploy (three times), info and remove, under "
    "the policy for all commands.",
)
@click.option("--no-functions", is_flag=True, help="Run the framework only.")
@click.option(
    "--events",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Events for the functions: DIR/FUNCTION.json or DIR/FUNCTION/*.json. By default they are made from the "
    "function's triggers.",
)
@click.option(
    "--function-policies",
    type=click.Choice(["generated", "declared"]),
    default="generated",
    show_default=True,
    help="What the functions run under: what scan generates, or what the project declares.",
)
@click.option(
    "--deploy-policy",
    "deploy_policies",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="A policy for the framework user in place of the generated one; repeatable.",
)
@click.option("--thorough", is_flag=True, help="Run again, for real, without what no recorded request needed.")
@click.option("--timeout", type=click.FloatRange(1), default=180.0, show_default=True, help="Seconds for each command.")
@click.option(
    "--function-timeout", type=click.FloatRange(1), default=30.0, show_default=True, help="Seconds for each event."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text to read, JSON (docs/json.md), or Markdown for a pull request.",
)
@fail_on_option("prove", "unseen exits 3. ")
@click.option("--explain", is_flag=True, help="In text: every action with what used it.")
@click.option(
    "--evidence", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the JSON to a file too."
)
@output_option
def prove_command(
    path: Path,
    environment: tuple[str, ...],
    framework: str,
    program: Path | None,
    commands: str | None,
    no_functions: bool,
    events: Path | None,
    function_policies: str,
    deploy_policies: tuple[Path, ...],
    thorough: bool,
    timeout: float,
    function_timeout: float,
    form: str,
    fail_on: FailOn,
    explain: bool,
    evidence: Path | None,
    **request: Any,
) -> None:
    """Deploy the service in PATH (this folder, where none is given) to a local AWS that denies what is not granted.

    The project's real framework runs its life cycle, and the real functions run, under exactly the generated
    permissions; every request is authorised. It needs Node.js, the project's dependencies and its framework as they are
    installed, and runs the project's own code, in a copy: the folder itself stays as it is. Nothing reaches AWS.

    Exits 1 where a request was denied or a command failed, and 3 where the deployment is proven and not every function
    ran (--no-functions: none is to run).
    """
    _require_guard()
    from scopedown.deploy.commands import asked_commands
    from scopedown.guard.cloudformation.provision import driver_of
    from scopedown.prove.frameworks import require_node
    from scopedown.prove.proof import prove
    from scopedown.prove.run import How

    require_node()
    given = _pairs(environment, "--env")
    project, found = _project(path, framework, program, given, request)
    how = How(
        framework=found,
        commands=asked_commands(commands, found.name) if commands else (),
        options=_framework_options(request, project, path),
        environment=given,
        events=events.resolve() if events else None,
        functions=not no_functions,
        declared=function_policies == "declared",
        deploy_documents={policy.name: _document(policy) for policy in deploy_policies},
        timeout=timeout,
        function_timeout=function_timeout,
        thorough=thorough,
        values=_values(request["param_file"]),
    )
    proof = prove(project, how, driver_of, _progress())
    _print(proof, form, explain, evidence)
    if not proof.proven and "missing" in fail_on.names:
        click.get_current_context().exit(1)
    if proof.proven and not proof.functions_proven and "unseen" in fail_on.names:
        click.get_current_context().exit(FUNCTIONS_NOT_PROVEN)


FUNCTIONS_NOT_PROVEN = 3
"""The exit code where the deployment is proven and some functions did not run, so that a gate can tell."""


def _require_guard() -> None:
    for name in ("moto", "boto3", "werkzeug"):
        if importlib.util.find_spec(name) is None:
            from scopedown.core.extras import not_installed

            raise not_installed("scopedown prove", name, "guard")


def _project(
    path: Path, framework: str, program: Path | None, environment: Mapping[str, str], request: dict[str, Any]
) -> tuple[Project, Framework]:
    """The project as the framework that is run compiles it, and that framework."""
    from scopedown.deploy.settings import framework_of
    from scopedown.guard.model import ACCOUNT
    from scopedown.project.load import load_project
    from scopedown.prove.frameworks import find_framework, framework_at

    found = framework_at(program) if program is not None else None
    if found is not None and framework not in ("auto", found.name):
        raise ScopedownError(f"{program} is {found}", remedy=f"leave --framework out, or write {found.name}")
    wanted = found.name if found is not None else None if framework == "auto" else framework
    asked = Request(
        paths=(path,), recursive=False, account=ACCOUNT, framework=wanted, compiled=None, run_framework=False, **request
    )
    options = options_of(asked)
    project = load_project(path, replace(options, environment={**options.environment, **environment}))
    if project.framework != "serverless":
        raise ScopedownError(
            f"{project.config} is a project of {project.framework}; prove runs services of the Serverless Framework",
            remedy="name the folder of a serverless.yml",
        )
    return project, found or find_framework(framework_of(project), Path(project.root))


def _framework_options(request: dict[str, Any], project: Project, path: Path) -> tuple[str, ...]:
    """What the framework is told as scopedown is."""
    words = [f"--{name}={request[name]}" for name in ("stage", "region") if request[name] is not None]
    words += [f"--param={one}" for one in request["params"]]
    return (*words, *([f"--config={project.config}"] if path.is_file() else []))


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise ScopedownError(f"{option} {one} has no '='", remedy=f"write {option} NAME=VALUE")
        found[name] = value
    return found


def _values(path: Path | None) -> dict[str, Any]:
    from scopedown.project.load import read_values

    return read_values(path) if path is not None else {}


def _document(path: Path) -> dict[str, Any]:
    """A policy document in a file. Raises ScopedownError where it is none."""
    from scopedown.iam import parse_policy

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScopedownError(f"{path} cannot be read: {error.strerror}", remedy="check its mode") from error
    parse_policy(data, name=str(path))
    return dict(json.loads(data.decode("utf-8-sig")))


def _progress() -> Any:
    """Told on stderr: what is being done, and since when."""
    started = time.monotonic()

    def tell(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:6.1f} s  {printable(text)}\n")
        sys.stderr.flush()

    return tell


def _print(proof: Proof, form: str, explain: bool, file: Path | None) -> None:
    from scopedown.prove.report.evidence import evidence
    from scopedown.prove.report.markdown import markdown
    from scopedown.prove.report.table import print_proof

    text = json.dumps(evidence(proof), indent=2, ensure_ascii=not prints_unicode())
    if file is not None:
        write_file(file, text + "\n")
    if form == "json":
        click.echo(text)
    elif form == "markdown":
        click.echo(markdown(proof), nl=False)
    else:
        click.echo(drawn(partial(print_proof, proof, explain=explain)), nl=False)
