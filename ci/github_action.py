"""The two steps of action.yml: install scopedown beside the job's own Python packages, and check with it.

    python -I ci/github_action.py install
    python -I ci/github_action.py check

Comes in: the action's inputs as ``INPUT_…`` variables, and GitHub's own variables
(https://docs.github.com/en/actions/reference/workflows-and-actions/variables). Goes out: annotations on standard
output, the summary of the job, the action's outputs, files, and the exit code of ``scopedown check``.

Nothing of the checked repository is executed: programs are started without a shell, and in Python's isolated mode, in
which the working directory is no place for modules. Standard library only; it is started by whatever Python the runner
has, so its syntax is that of old ones.

Nothing of it speaks to the runner either. The runner takes commands from whatever a step prints, on both streams: a
``::command`` at a line's start and a ``##[command]`` anywhere in it (actions/runner,
src/Runner.Common/ActionCommand.cs). Annotations apart, what scopedown said is
therefore printed where the runner takes none:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

OLDEST = (3, 11)
SUMMARY_LIMIT = 1_000_000
"""Bytes; GitHub takes 1 MiB of a step's summary, and shows an error instead of a larger one."""
ANNOTATION = re.compile(r"::(error|warning|notice)( [^:]*)?::")
"""How a line of ``check --format github`` begins; values in it are escaped."""


class InputError(Exception):
    """An input of the action that cannot be meant."""


def main(arguments: list[str]) -> int:
    """Run one step; its exit code."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # on Windows it is not
    try:
        if sys.version_info < OLDEST:
            have = ".".join(map(str, sys.version_info[:2]))
            raise InputError(
                f"scopedown needs Python 3.11 or newer, and this is {have}: run actions/setup-python before, "
                "or name another one with the input python"
            )
        return {"install": install, "check": check}[arguments[0]]()
    except (InputError, OSError) as error:  # uncaught they would end it with 1, which says that a gate objects
        print(f"::error title=scopedown::{_escaped(str(error))}")
        return 2


def install() -> int:
    """Install scopedown from the action's own checkout, once in a job."""
    folder = _environment()
    done = folder / "installed"
    if done.exists():
        print(f"scopedown is installed in {folder}")
        return 0
    action = Path(__file__).resolve().parent.parent
    try:
        venv.create(folder, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:  # Debian's python3 comes without the module ensurepip
        raise InputError(
            f"this Python makes no environment (on Debian: apt-get install python3-venv): {error}"
        ) from error
    pip = [str(_python(folder)), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    code = subprocess.run([*pip, "-c", str(action / "constraints.txt"), str(action)], check=False).returncode
    if code:
        raise InputError(f"scopedown could not be installed: pip ended with {code}")
    done.touch()
    return 0


def check() -> int:
    """Check, write the summary and the outputs, and only then fail."""
    temporary = Path(tempfile.mkdtemp(prefix="scopedown-", dir=os.environ.get("RUNNER_TEMP")))
    files = {
        "sarif": _path("SARIF_FILE", temporary / "scopedown.sarif"),
        "markdown": _path("COMMENT_FILE", temporary / "scopedown-comment.md"),
        "json": temporary / "scopedown.json",
    }
    for path in files.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # one of an earlier run is not this run's
    command = [str(_python(_environment())), "-I", "-X", "utf8", "-m", "scopedown", "check", "--format=github"]
    command += [f"--output={form}={path}" for form, path in files.items()]
    ran = subprocess.run(
        [*command, *_options(), "--", *_paths()],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    _print(ran.stdout, ran.stderr)
    report = json.loads(files["json"].read_text("utf-8")) if files["json"].exists() else None
    compared = _compare(temporary, files["markdown"])
    # Without a report nothing was checked, whatever it ended with: Python itself ends with 1 where it cannot start.
    code = ran.returncode if report and ran.returncode in (0, 1) else 2
    if code == 0 and compared and _flag("FAIL_ON_NEW_ACCESS"):
        code = 1
    _write_summary(files["markdown"], ran.stderr if code == 2 else "")
    _write_outputs(
        {
            "exit-code": str(code),
            "failed": str(report["failed"] or code == 1).lower() if report else "",
            "new-access": "" if compared is None else str(compared).lower(),
            "problems": str(len(report["problems"])) if report else "",
            "sarif-file": str(files["sarif"]) if files["sarif"].exists() else "",
            "comment-file": str(files["markdown"]) if files["markdown"].exists() else "",
            "json-file": str(files["json"]) if report else "",
        }
    )
    if code == 2:
        raise InputError(_why_not(ran.returncode, ran.stderr.strip()))
    return code


def _compare(temporary: Path, comment: Path) -> bool | None:
    """Whether the change allows something new; what it is becomes part of the comment. None where nobody asked."""
    base = _input("COMPARE_BASE")
    if not base:
        return None
    found = False
    for number, path in enumerate(_paths()):
        told = temporary / f"compare-{number}.md"
        command = [str(_python(_environment())), "-I", "-X", "utf8", "-m", "scopedown", "compare", f"--base={base}"]
        command += ["--format=markdown", f"--output={told}"]
        command += [f"--framework={value}" for value in [_input("FRAMEWORK")] if value]
        command += ["--recursive"] if _flag("RECURSIVE") else []
        ran = subprocess.run(
            [*command, "--", path], capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        _print(ran.stdout, ran.stderr)
        if ran.returncode not in (0, 1) or not told.exists():
            raise InputError(ran.stderr.strip() or f"scopedown compare ended with {ran.returncode}")
        found = found or ran.returncode == 1
        before = comment.read_text("utf-8") + "\n" if comment.exists() else ""
        comment.write_text(before + told.read_text("utf-8"), encoding="utf-8")
    return found


def _flag(name: str) -> bool:
    """Whether an input that is true or false is true."""
    value = _input(name).lower()
    if value not in ("", "true", "false"):
        raise InputError(f"{name.lower().replace('_', '-')} is true or false, not {value!r}")
    return value == "true"


def _why_not(ended: int, errors: str) -> str:
    """Why there is no result to trust: in scopedown's words where it knows."""
    if ended == 0:  # a gate that has looked at nothing is not passed
        return "nothing was checked: args hold an option that does something else, as --help or --fix do"
    if ended == 1:
        said = f": {errors}" if errors else ""
        return f"nothing was checked: scopedown did not start, or args hold an option that does something else{said}"
    return errors or f"it ended with {ended}"


def _options() -> list[str]:
    """Each value is one word with its option's name, so that none is taken for an option."""
    options = [
        f"--{name.lower().replace('_', '-')}={value}"
        for name in ("FAIL_ON", "BASELINE", "FRAMEWORK")
        if (value := _input(name))
    ]
    try:
        further = shlex.split(os.environ.get("INPUT_ARGS", ""))
    except ValueError as error:
        raise InputError(f"args cannot be read: {error}") from error
    return [*options, *(["--recursive"] if _flag("RECURSIVE") else []), *further]


def _paths() -> list[str]:
    return [line.strip() for line in os.environ.get("INPUT_PATH", "").splitlines() if line.strip()] or ["."]


def _path(name: str, usual: Path) -> Path:
    """An absolute path. Links are not followed, for what they name is text of the checked repository."""
    given = _input(name)
    return Path.cwd() / given if given else usual


def _input(name: str) -> str:
    """The value of an input, which is one line."""
    value = os.environ.get(f"INPUT_{name}", "").strip()
    if not value.isprintable():
        raise InputError(f"{name.lower().replace('_', '-')} is one line of text, not {value!r}")
    return value


def _environment() -> Path:
    """Where scopedown is installed: a folder that ends with the job."""
    return Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()) / "scopedown-python"


def _python(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def _write_summary(markdown: Path, errors: str) -> None:
    """The report, and what could not be checked, under the job."""
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    text = markdown.read_text("utf-8") if markdown.exists() else "### scopedown check\n"
    if errors:
        # Indented by four it is preformatted, whatever stands in it.
        text += "\nNot checked:\n\n" + "".join(f"    {line}\n" for line in errors.splitlines())
    with Path(target).open("a", encoding="utf-8") as file:
        file.write(text.encode()[:SUMMARY_LIMIT].decode("utf-8", "ignore") + "\n")


def _print(said: str, errors: str) -> None:
    """Annotations as they are; the rest where the runner takes no commands, all on one stream to keep the order."""
    lines = said.split("\n")
    annotations = [line for line in lines if ANNOTATION.match(line)]
    rest = [line for line in lines if not ANNOTATION.match(line)] + errors.split("\n")
    rest = [line for line in rest if line]
    if rest:
        token = secrets.token_hex(16)
        rest = [f"::stop-commands::{token}", *rest, f"::{token}::"]
    sys.stdout.write("".join(f"{line}\n" for line in [*annotations, *rest]))
    sys.stdout.flush()


def _write_outputs(values: dict[str, str]) -> None:
    """One line each; a value of two lines would be an output that nobody wrote."""
    for name, value in values.items():
        if not value.isprintable():
            raise InputError(f"the output {name} is one line of text, not {value!r}")
    target = os.environ.get("GITHUB_OUTPUT")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in values.items())


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
