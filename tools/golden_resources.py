"""Write what the framework compiles of golden services: their ``expected.json``.

usage: python tools/golden_resources.py [--cut] FOLDER...

FOLDER is a folder of tests/project/serverless/golden/resources with a serverless.yml of our own making. osls 4.3.1
compiles it (tests/oracle/harness.py says where it is taken from), and expected.json is written beside it:
``{"Resources": {...}}``, logical ids without the hashes at their ends, and of each resource what
tests/oracle/comparing.py compares. With --cut no framework is asked: the files that are there are cut to that.
Exits with 1 where the framework compiles a folder to nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from oracle.comparing import HASHED, compared
from oracle.harness import Framework, missing

EXPECTED: Final = "expected.json"


def main() -> None:
    """Ask the framework about every folder, and write."""
    folders = [Path(argument) for argument in sys.argv[1:] if argument != "--cut"]
    if not folders:
        sys.exit(__doc__)
    if "--cut" in sys.argv[1:]:
        for folder in folders:
            _write(folder, json.loads((folder / EXPECTED).read_text(encoding="utf-8")))
        return
    if reason := missing():
        sys.exit(reason)
    failed = False
    with Framework() as framework:
        for folder in folders:
            answer = framework.read(folder.resolve())
            if answer.template is None:
                failed = True
                print(f"{folder}: not compiled: {answer.failed or dict(answer.refused)}", file=sys.stderr)
            else:
                _write(folder, answer.template)
    sys.exit(1 if failed else 0)


def _write(folder: Path, template: Mapping[str, Any]) -> None:
    """Write what is compared of a template."""
    text = HASHED.sub(lambda match: next(filter(None, match.groups())), json.dumps(template.get("Resources", {})))
    resources = {id: compared(resource) for id, resource in json.loads(text).items()}
    (folder / EXPECTED).write_text(json.dumps({"Resources": resources}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
