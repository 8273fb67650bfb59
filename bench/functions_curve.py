"""What a project of N functions costs: CPU seconds of a command for 10 to 160 functions, each with an http event.

usage: python bench/functions_curve.py [COMMAND …]    (by default deploy-policy, report, check and write --diff)

Linear cost shows as seconds that double where functions double.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (10, 20, 40, 80, 160)
COMMANDS = ("deploy-policy --output -", "report --no-cache -o r.html", "check --no-cache", "write --no-cache --diff")


def make(folder: Path, functions: int) -> None:
    """A service of so many functions, each with an http event and a bucket that it reads."""
    code = "\ndef work_{0}(event, context):\n    boto3.client('s3').get_object(Bucket='things-{1}', Key=event['k'])\n"
    numbers = range(functions)
    (folder / "app.py").write_text("import boto3\n" + "".join(code.format(one, one % 7) for one in numbers))
    row = "  work{0}:\n    handler: app.work_{0}\n    events:\n      - http: GET /things/{0}\n"
    head = "service: many\nprovider:\n  name: aws\n  runtime: python3.12\nfunctions:\n"
    (folder / "serverless.yml").write_text(head + "".join(row.format(one) for one in numbers))


def main() -> None:
    """Run each command on each size, and print the curve."""
    for command in sys.argv[1:] or COMMANDS:
        name, *options = command.split()
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                make(Path(folder), size)
                before = os.times()
                asked = [sys.executable, "-m", "scopedown", name, folder, *options]
                subprocess.run(asked, check=False, cwd=folder, capture_output=True)
                after = os.times()
            cpu = after.children_user - before.children_user + after.children_system - before.children_system
            print(f"{command:34} {size:4} functions  {cpu:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
