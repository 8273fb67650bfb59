"""Ask the CDK for the assembly of an app, where the user asked for that: ``cdk synth`` runs the app.

The assembly goes into a folder of its own, and what an earlier synth wrote stays as it is. Look-ups are off: they
would ask AWS, and write what it answers into the app's ``cdk.context.json``
(https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-synth.html).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.project.discovery import ASSEMBLY
from scopedown.project.framework_command import LIMIT, failure, installed, ran
from scopedown.project.options import Options

NAMES: Final = ("cdk",)
"""What the command is called."""
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


def synthesize(root: Path, options: Options, folder: Path, limit: float = LIMIT) -> None:
    """Synthesize the app in ``root`` into ``folder``.

    Raises ScopedownError where no cdk is installed, where it fails (with the end of its output) or takes longer than
    ``limit`` seconds.
    """
    tool = installed(root, NAMES)
    if tool is None:
        raise ScopedownError(
            f"the cdk command is not installed in {root}, nor on the PATH", None,
            "run npm install in the app's folder, or npm install -g aws-cdk; or run `cdk synth` elsewhere and leave "
            "--run-framework out",
        )  # fmt: skip
    command = [str(tool), "synth", "--quiet", "--no-lookups", "--no-notices", "--output", str(folder)]
    ended = ran(command, root, {**os.environ, **options.environment, "CI": "1"}, limit)
    if ended.code == 0 and (folder / ASSEMBLY).is_file():
        return
    raise failure(
        "cdk synth", ended, ASSEMBLY, "fix the app until `cdk synth --no-lookups` works, or leave --run-framework out",
        limit,
    )  # fmt: skip
