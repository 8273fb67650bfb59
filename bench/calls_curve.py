"""What reachable code costs: a handler that reaches 10, 100 and 1,000 generated files, and time and memory for each.

usage: python bench/calls_curve.py [--language python|javascript]

Every generated module imports the next ones, has a class, uses a helper that all share, and makes calls that need
permissions; each size runs in a process of its own, cold. Prints seconds of CPU in all and for each file, the calls
found, and the peak of memory. Linear cost shows as equal time for each file.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (10, 100, 1000)

PYTHON = '''
import os
import boto3
from common import put, log
{imports}

TABLE = os.environ["TABLE_{number}"]
s3 = boto3.client("s3")


class Store{number}:
    """Keeps things."""

    def __init__(self, bucket):
        self.bucket = bucket
        self.cache = {{}}

    def load(self, key):
        if key not in self.cache:
            try:
                self.cache[key] = s3.get_object(Bucket=self.bucket, Key=f"{{key}}/{number}")["Body"].read()
            except Exception as error:
                log("load", error)
                raise
        return self.cache[key]

    def keys(self, names):
        return [self.load(name) for name in names if name]


def work(event):
    store = Store{number}("bucket-{number}")
    for record in event["Records"]:
        found = store.keys(record["names"])
        put(TABLE, {{"id": record["id"], "size": len(found)}})
    {calls}
'''
PYTHON_COMMON = """
import logging
import boto3
table = boto3.resource("dynamodb")
logger = logging.getLogger()


def log(what, error):
    logger.error("%s: %s", what, error)


def put(name, item):
    try:
        return table.Table(name).put_item(Item=item)
    except Exception as error:
        log("put", error)
"""
JAVASCRIPT = """
const {{ S3Client, GetObjectCommand }} = require('@aws-sdk/client-s3');
const {{ put, log }} = require('./common');
{imports}

const TABLE = process.env.TABLE_{number};
const s3 = new S3Client({{}});

class Store{number} {{
  constructor(bucket) {{
    this.bucket = bucket;
    this.cache = new Map();
  }}
  async load(key) {{
    if (!this.cache.has(key)) {{
      try {{
        this.cache.set(key, await s3.send(new GetObjectCommand({{ Bucket: this.bucket, Key: `${{key}}/{number}` }})));
      }} catch (error) {{
        log('load', error);
        throw error;
      }}
    }}
    return this.cache.get(key);
  }}
  keys(names) {{
    return Promise.all(names.filter(Boolean).map((name) => this.load(name)));
  }}
}}

exports.work = async (event) => {{
  const store = new Store{number}('bucket-{number}');
  for (const record of event.Records) {{
    const found = await store.keys(record.names);
    await put(TABLE, {{ id: record.id, size: found.length }});
  }}
  {calls}
}};
"""
JAVASCRIPT_COMMON = """
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
const log = (what, error) => console.error(what, error);
const put = async (name, item) => {
  try {
    return await client.send(new PutItemCommand({ TableName: name, Item: item }));
  } catch (error) {
    log('put', error);
  }
};
module.exports = { put, log };
"""


def write(root: Path, size: int, language: str) -> str:
    """Lay out a project of so many modules; the entry's file."""
    python = language == "python"
    extension = ".py" if python else ".js"
    (root / f"common{extension}").write_text(PYTHON_COMMON if python else JAVASCRIPT_COMMON, encoding="utf-8")
    for number in range(size):
        below = [one for one in (3 * number + 1, 3 * number + 2, 3 * number + 3) if one < size]
        if python:
            imports = "\n".join(f"import m{one}" for one in below)
            calls = "\n    ".join(f"m{one}.work(event)" for one in below) or "return None"
            source = PYTHON.format(number=number, imports=imports, calls=calls)
        else:
            imports = "\n".join(f"const m{one} = require('./m{one}');" for one in below)
            calls = "\n  ".join(f"await m{one}.work(event);" for one in below)
            source = JAVASCRIPT.format(number=number, imports=imports, calls=calls)
        (root / f"m{number}{extension}").write_text(source, encoding="utf-8")
    return f"m0{extension}"


def measure(size: int, language: str) -> None:
    """Analyse one project in this process and print the figures as JSON."""
    from scopedown.calls.find import find_calls
    from scopedown.catalog.load import catalog
    from scopedown.source.sources import Sources

    with tempfile.TemporaryDirectory() as folder:
        entry = write(Path(folder), size, language)
        started = time.process_time()
        report = find_calls(Sources(folder), catalog(), {}, entry, "work")
        seconds = time.process_time() - started
    row = {
        "seconds": seconds,
        "files": len(report.files),
        "calls": len(report.calls),
        "findings": [finding.message for finding in report.findings],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(row))


def main() -> None:
    """Run each size in a process of its own, and print the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=("python", "javascript"), action="append")
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.size:
        measure(options.size, options.language[0])
        return
    for language in options.language or ("python", "javascript"):
        for size in SIZES:
            command = [sys.executable, __file__, "--language", language, "--size", str(size)]
            row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            print(
                f"{language:10} files {row['files']:5}  calls {row['calls']:5}  {row['seconds']:6.2f} s  "
                f"{1000 * row['seconds'] / row['files']:5.1f} ms a file  peak {row['peak']:.0f} MiB",
                *row["findings"],
                flush=True,
            )


if __name__ == "__main__":
    main()
