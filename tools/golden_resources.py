"""Write what the framework compiles of golden services: their ``expected.json``.

usage: python tools/golden_resources.py FOLDER...

FOLDER is a folder of tests/project/serverless/golden/resources with a serverless.yml of our own making. osls 4.3.1
compiles it (tests/oracle/harness.py says where it is taken from), and expected.json is written beside it:
``{"Resources": {...}, "Outputs": {...}}``, logical ids without the hashes at their ends, and without the properties
that the comparison leaves out. Exits with 1 where the framework compiles a folder to nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from oracle.comparing import FROM_CONTENT, HASHED, LEFT_OUT, OUTPUTS_FROM_CONTENT
from oracle.harness import Framework, missing


def main() -> None:
    """Ask the framework about every folder, and write."""
    folders = [Path(argument) for argument in sys.argv[1:]]
    if not folders:
        sys.exit(__doc__)
    if reason := missing():
        sys.exit(reason)
    failed = False
    with Framework() as framework:
        for folder in folders:
            answer = framework.read(folder.resolve())
            if answer.template is None:
                failed = True
                print(f"{folder}: not compiled: {answer.failed or dict(answer.refused)}", file=sys.stderr)
                continue
            template = {name: answer.template.get(name, {}) for name in ("Resources", "Outputs")}
            text = HASHED.sub(lambda match: next(filter(None, match.groups())), json.dumps(template))
            template = json.loads(text)
            for resource in template["Resources"].values():
                _drop(resource)
            for name in [name for name in template["Outputs"] if OUTPUTS_FROM_CONTENT.search(name)]:
                del template["Outputs"][name]
            (folder / "expected.json").write_text(json.dumps(template, indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if failed else 0)


def _drop(resource: dict[str, Any]) -> None:
    """Take out the properties that the comparison leaves out."""
    for path in (*FROM_CONTENT.get(resource["Type"], ()), *LEFT_OUT.get(resource["Type"], ())):
        *way, last = path.split(".")
        holder = resource.get("Properties", {})
        for name in way:
            holder = holder.get(name, {})
        holder.pop(last, None)


if __name__ == "__main__":
    main()
