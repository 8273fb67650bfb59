"""scopedown report on 200 functions and 300 resources: how long it takes, and whether its page stays fluid.

    python bench/report_200.py [--chromium /usr/bin/chromium] [--keep FOLDER]

Comes in: a service that is made here, the same each time: every function reads a table and sends to a queue, some use
buckets, topics and more, all under one role with wildcards. Goes out: the seconds of the command and the bytes of the
page; in headless Chromium the time until the list can be filtered and until the graph is drawn, of each key in the
filter until the list and until the graph is drawn (which waits for a pause of 120 ms), and between frames while the
graph is dragged. Without a graphics card Chromium draws in software.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FUNCTIONS, TABLES, QUEUES, BUCKETS, TOPICS = 200, 120, 80, 60, 40
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CODE = """\
import os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sqs = boto3.client("sqs")
"""
_FUNCTION = """
def {name}(event, context):
    {reads}
    {sends}
"""
_FRAMES = """
() => {
  window.frames_ = [];
  let last = null;
  const note = (now) => {
    if (last !== null) window.frames_.push(now - last);
    last = now;
    window.following = requestAnimationFrame(note);
  };
  window.following = requestAnimationFrame(note);
}
"""
_KEY = """
async (value) => {
  const filter = document.getElementById("filter"), root = document.documentElement, start = performance.now();
  delete root.dataset.drawn;
  filter.value = value;
  filter.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done));
  const list = performance.now() - start;
  while (root.dataset.drawn !== value) await new Promise((done) => setTimeout(done, 5));
  await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done));
  return [list, performance.now() - start];
}
"""
TYPED = ("w", "wo", "wor", "work", "work1", "work10", "work1", "", "table", "table1", "table11", "sns:publish", "")


def make(folder: Path, functions: int = FUNCTIONS) -> None:
    """A service of so many functions, the same each time."""
    code, declared = [_CODE], []
    for number in range(functions):
        table, queue = number * 7 % TABLES, number * 3 % QUEUES
        reads = f'boto3.resource("dynamodb").Table(os.environ["TABLE_{table}"]).get_item(Key=event)'
        sends = f'sqs.send_message(QueueUrl=os.environ["QUEUE_{queue}"], MessageBody="x")'
        more = []
        if number % 3 == 0:
            bucket = number // 3 % BUCKETS
            more.append(f'boto3.client("s3").put_object(Bucket=os.environ["BUCKET_{bucket}"], Key="a/" + event["k"])')
        if number % 4 == 0:
            more.append(
                f'boto3.client("sns").publish(TopicArn=os.environ["TOPIC_{number // 4 % TOPICS}"], Message="x")'
            )
        if number % 5 == 0:
            more.append('boto3.client("sns").publish(TopicArn=event["topic"], Message="x")')
        code.append(_FUNCTION.format(name=f"work_{number}", reads=reads, sends="\n    ".join([sends, *more])))
        event = [
            f"http: GET /things/{number}",
            f"schedule: rate({number + 1} minutes)",
            f"sqs: {{arn: !GetAtt Queue{queue}.Arn}}",
        ][number % 3]
        declared.append(f"  work{number:03}:\n    handler: app.work_{number}\n    events:\n      - {event}\n")
    kinds = (("Table", "DynamoDB::Table", TABLES), ("Queue", "SQS::Queue", QUEUES), ("Bucket", "S3::Bucket", BUCKETS),
             ("Topic", "SNS::Topic", TOPICS))  # fmt: skip
    names = [
        (f"{name}{number}", kind, f"{name.upper()}_{number}") for name, kind, count in kinds for number in range(count)
    ]
    environment = "".join(f"    {variable}: !Ref {name}\n" for name, _, variable in names)
    resources = "".join(f"    {name}: {{Type: AWS::{kind}}}\n" for name, kind, _ in names)
    (folder / "app.py").write_text("".join(code))
    (folder / "serverless.yml").write_text(
        "service: many\nprovider:\n  name: aws\n  runtime: python3.12\n  environment:\n    TABLE: x\n" + environment
        + "  iam:\n    role:\n      statements:\n"
        "        - {Effect: Allow, Action: ['dynamodb:*'], Resource: '*'}\n"
        "        - {Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '*'}\n"
        "        - {Effect: Allow, Action: ['s3:*', sns:Publish], Resource: ['arn:aws:s3:::*', 'arn:aws:sns:*:*:*']}\n"
        "functions:\n" + "".join(declared) + "resources:\n  Resources:\n" + resources
    )  # fmt: skip


def measured(page_file: Path, chromium: str) -> dict[str, Any]:
    """What headless Chromium shows of a page: seconds to ready, milliseconds of keys, of the graph, and of frames."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, headless=True, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto("about:blank")
        began = time.perf_counter()
        page.goto(page_file.resolve().as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-ready]", state="attached")
        whole = time.perf_counter() - began
        usable, ready = (page.evaluate("name => performance.getEntriesByName(name)[0].startTime", name) / 1000
                         for name in ("list", "graph"))  # fmt: skip
        view = page.evaluate("Graph.view()")
        page.locator("#canvas").scroll_into_view_if_needed()
        box = page.locator("#canvas").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20)
        page.mouse.down()
        page.evaluate(_FRAMES)
        for _ in range(4):
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=30)
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 60, steps=30)
        frames = page.evaluate("() => { cancelAnimationFrame(window.following); return window.frames_; }")
        page.mouse.up()
        moved = page.evaluate("Graph.view().pan.y") - view["pan"]["y"]
        keys = [page.evaluate(_KEY, value) for value in TYPED]
        browser.close()
    return {
        "usable": usable, "ready": ready, "whole": whole, "keys": [one for one, _ in keys],
        "graph": [one for _, one in keys], "frames": frames,
        "moved": moved, "nodes": view["nodes"], "edges": view["edges"],
    }  # fmt: skip


def told(name: str, values: list[float]) -> str:
    """Median, 95th percentile and longest of some milliseconds."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{name}: median {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms, longest {ordered[-1]:.0f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--keep", type=Path, help="make the project and its page here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        make(folder)
        page = folder / "report.html"
        command = [sys.executable, "-m", "scopedown", "report", str(folder), "--no-cache", "-o", str(page)]
        began = time.perf_counter()
        subprocess.run(command, check=True)
        print(f"command: {time.perf_counter() - began:.1f} s, page {page.stat().st_size / 1e6:.2f} MB")
        found = measured(page, given.chromium)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"list and filter ready: {found['usable']:.2f} s")
    print(f"graph drawn: {found['ready']:.2f} s (as seen from outside {found['whole']:.2f} s)")
    print(f"{found['nodes']} nodes and {found['edges']} edges shown")
    print(told("a key of the filter, until the list is drawn", found["keys"]))
    print(told("a key of the filter, until the graph is drawn", found["graph"]))
    print(told("a frame while the graph is dragged to and fro", found["frames"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
