"""Draw further services of serverless/examples to label by hand: a fixed seed, so anybody draws the same.

usage: draw_services.py CORPUS_DIR LABELS.jsonl [--seed N] [--with-sdk N] [--without N]

Population: the folders of CORPUS_DIR (a checkout of github.com/serverless/examples) that hold a serverless.yml or
serverless.yaml whose provider is aws, whose functions all run on Python or Node.js, and which LABELS.jsonl (labels
already made) does not name. It is parted in two, sorted: folders of which a source file names an AWS SDK or a library
above one, and the rest. Each part is drawn with its own `random.Random(seed).sample`. Printed: `sdk` or `none`, a tab,
the folder; then the sizes of the two parts on stderr.

Nothing here reads function code beyond the names it imports, and nothing is scanned: the draw comes before the labels.
"""

import argparse
import json
import random
import re
import sys
from pathlib import Path

import yaml

SOURCES = {".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts"}
SKIPPED = {"node_modules", ".git", "venv", ".venv", "dist", "build", "__pycache__"}
# An AWS SDK, or a library that calls one, named where a module name stands: after import, from, or in quotes.
SDK = (
    r"boto3|botocore|aioboto3|aws-sdk|@aws-sdk/[\w.-]+|pynamodb|dynamoose|dynamodb-toolbox|@typedorm/[\w.-]+|"
    r"ask-sdk(?:-core|-dynamodb-persistence-adapter)?|ask_sdk\w*|@aws/dynamodb-[\w-]+|@shiftcoders/dynamo-easy|"
    r"aws_lambda_powertools|@aws-lambda-powertools/[\w-]+|aws-xray-sdk(?:-core)?|aws_xray_sdk|awswrangler|"
    r"dynamodb-localhost|dynamodb-doc|vogels|electrodb|sns-mobile|sqs-consumer|sqs-producer"
)
NAMED = re.compile(
    rf"""(?:^|\n)[ \t]*(?:import|from)[ \t]+(?:{SDK})\b|["'](?:{SDK})(?:/[^"']*)?["']""",
)


class Loader(yaml.SafeLoader):
    """YAML as the framework writes it: CloudFormation's tags are read as their plain content."""


def _plain(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)  # type: ignore[arg-type]


Loader.add_multi_constructor("!", _plain)


def functions_of(config: dict[str, object], folder: Path) -> list[dict[str, object]]:
    """The function entries of a configuration; a `${file(x.yml)}` entry or block is read, anything else is left out."""
    block = _followed(config.get("functions"), folder)
    parts = block if isinstance(block, list) else [block]
    entries: list[dict[str, object]] = []
    for part in parts:
        part = _followed(part, folder)
        if isinstance(part, dict):
            entries += [e for e in (_followed(v, folder) for v in part.values()) if isinstance(e, dict)]
    return entries


FILE = re.compile(r"\$\{file\(([^)]+)\)(?::([\w.-]+))?\}")


def _followed(value: object, folder: Path) -> object:
    if not isinstance(value, str) or not (found := FILE.fullmatch(value.strip())):
        return value
    path = folder / found[1]
    if path.suffix not in {".yml", ".yaml", ".json"} or not path.is_file():
        return value
    data = yaml.load(path.read_text(encoding="utf-8", errors="replace"), Loader)
    for key in (found[2] or "").split(".") if found[2] else []:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def is_candidate(folder: Path) -> bool:
    """Whether the folder is an AWS service whose functions (one at least) all run on Python or Node.js."""
    path = next((folder / n for n in ("serverless.yml", "serverless.yaml") if (folder / n).is_file()), None)
    if path is None:
        return False
    try:
        config = yaml.load(path.read_text(encoding="utf-8", errors="replace"), Loader)
    except yaml.YAMLError:
        return False
    if not isinstance(config, dict):
        return False
    provider = config.get("provider")
    name = provider.get("name") if isinstance(provider, dict) else provider
    if name != "aws":
        return False
    default = provider.get("runtime", "nodejs") if isinstance(provider, dict) else "nodejs"
    runtimes = [str(f.get("runtime", default)) for f in functions_of(config, folder)]
    return bool(runtimes) and all(r.startswith(("python", "nodejs")) for r in runtimes)


def names_sdk(folder: Path) -> bool:
    """Whether any source file of the folder imports an AWS SDK or a library above one."""
    return any(
        NAMED.search(path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted(folder.rglob("*"))
        if path.suffix in SOURCES and path.is_file() and not SKIPPED & set(path.relative_to(folder).parts)
    )


def main() -> None:
    """Read the arguments, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--seed", type=int, default=20251125)
    parser.add_argument("--with-sdk", type=int, default=10)
    parser.add_argument("--without", type=int, default=5)
    options = parser.parse_args()
    labelled = {json.loads(line)["dir"] for line in options.labels.read_text(encoding="utf-8").splitlines() if line}
    configs = [*options.corpus.rglob("serverless.yml"), *options.corpus.rglob("serverless.yaml")]
    folders = {p.parent for p in configs if not SKIPPED & set(p.relative_to(options.corpus).parts)}
    parts: dict[bool, list[str]] = {True: [], False: []}
    for folder in sorted(folders):
        relative = folder.relative_to(options.corpus).as_posix()
        if relative not in labelled and is_candidate(folder):
            parts[names_sdk(folder)].append(relative)
    for label, part, count in (("sdk", parts[True], options.with_sdk), ("none", parts[False], options.without)):
        for relative in sorted(random.Random(options.seed).sample(sorted(part), count)):
            print(f"{label}\t{relative}")
    print(f"population: {len(parts[True])} name an SDK, {len(parts[False])} do not", file=sys.stderr)


if __name__ == "__main__":
    main()
