"""Ask the CDK for the assembly of an app, where the user asked for that: ``cdk synth`` runs the app.

The assembly goes into a folder of its own, and what an earlier synth wrote stays as it is. Look-ups are off: they
would ask AWS, and write what it answers into the app's ``cdk.context.json``
(https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-synth.html).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.project.discovery import ASSEMBLY
from scopedown.project.framework_command import LIMIT, failure, ran
from scopedown.project.options import Options

COMMAND: Final = "cdk"
PACKAGE: Final = "aws-cdk"
ENTRY: Final = Path("bin") / COMMAND
"""The command in its package."""
PROGRAM: Final = "SCOPEDOWN_CDK"
"""The environment variable that names the command, its package, or the folder whose node_modules hold it."""
_FOLDER: Final = ".scopedown"


def room_for_assembly(output: Path) -> tuple[Path, Callable[[], None]]:
    """An empty folder inside of an app's output folder, and what removes it again, with the output folder where that
    was not there. Raises ScopedownError where it cannot be made.

    It is ``cdk.out/.scopedown``, so that places in it are the same each time; where a second run is at work, another.
    """
    is_new = not output.exists()
    folder = output / _FOLDER
    try:
        output.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}-", dir=output))
    except OSError as error:
        raise ScopedownError(
            f"scopedown cannot write to {output}: {error.strerror or error}", None,
            "run `cdk synth` yourself and leave --run-framework out",
        ) from error  # fmt: skip

    def remove() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if is_new:
            try:
                output.rmdir()
            except OSError:
                pass  # something else wrote there meanwhile

    return folder, remove


def cdk_command(root: Path, environment: Mapping[str, str]) -> Path | None:
    """The cdk command: what :data:`PROGRAM` names, that of the node_modules of the folder or one above it, or the one
    on the PATH; None where there is none. Raises ScopedownError where the variable names something else."""
    if given := environment.get(PROGRAM):
        named = Path(given)
        found = named if named.is_file() else _command_in(named) or _existing(named / ENTRY)
        if found is None:
            raise ScopedownError(f"{PROGRAM} names {given}, which has no cdk command", None, "correct it, or unset it")
        return found
    for folder in (root, *root.parents):
        if (found := _command_in(folder)) is not None:
            return found
    on_path = shutil.which(COMMAND)
    return Path(on_path) if on_path else None


def _command_in(folder: Path) -> Path | None:
    """The command of a folder's node_modules: npm's link, or the package where npm made none."""
    found = shutil.which(COMMAND, path=str(folder / "node_modules" / ".bin"))
    return Path(found) if found is not None else _existing(folder / "node_modules" / PACKAGE / ENTRY)


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def package_of(command: Path) -> Path | None:
    """The folder of the package that a cdk command is of, which npm links to and other tools call from a script."""
    found = next((one for one in command.resolve().parents if one.name == PACKAGE and (one / ENTRY).is_file()), None)
    beside = command.parent.parent / PACKAGE
    return found or (beside.resolve() if (beside / ENTRY).is_file() else None)


def synthesize(root: Path, options: Options, folder: Path, limit: float = LIMIT) -> None:
    """Synthesize the app in ``root`` into ``folder``.

    Raises ScopedownError where no cdk is installed, where it fails (with the end of its output) or takes longer than
    ``limit`` seconds.
    """
    environment = {**os.environ, **options.environment}
    tool = cdk_command(root, environment)
    if tool is None:
        raise ScopedownError(
            f"the cdk command is not installed in {root}, nor on the PATH", None,
            "run npm install in the app's folder, or npm install -g aws-cdk; or run `cdk synth` elsewhere and leave "
            "--run-framework out",
        )  # fmt: skip
    program = [str(tool)] if os.access(tool, os.X_OK) else ["node", str(tool)]
    command = [*program, "synth", "--quiet", "--no-lookups", "--no-notices", "--output", str(folder)]
    ended = ran(command, root, {**environment, "CI": "1"}, limit)
    if ended.code == 0 and (folder / ASSEMBLY).is_file():
        return
    raise failure(
        "cdk synth", ended, ASSEMBLY, "fix the app until `cdk synth --no-lookups` works, or leave --run-framework out",
        limit,
    )  # fmt: skip
