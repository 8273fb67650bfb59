"""Three ``scopedown write`` at once on one project, again and again: the files are one writer's, or the old ones.

    python bench/three_writers.py [ROUNDS] [--seed N]

Each round copies a service of three files, starts three writers that would each write it in another way (at moments
that a seed chooses), and holds all of its files against those that the writers make one after another: the old ones,
one writer's, or those of writers of which each began after the one before had ended. Exit code 1 where anything else
was found, a file was left behind, or a writer that lost did not exit 2 and say that the project was changed.
"""

from __future__ import annotations

import argparse
import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from scopedown.cli.main import main; main(sys.argv[1:])",
    "write",
    "--yes",
]
WAYS = (("--shared",), ("--dialect", "inline"), ("--dialect", "inline", "--function", "send"))
FUNCTIONS = 12
FILES = {
    "serverless.yml": """\
service: letters
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow  # as it was on the first day
          Action: ['sqs:SendMessage', 'sqs:DeleteQueue', 'sns:Publish']
          Resource: '*'
functions: ${file(functions.yml)}
resources: ${file(resources.yml)}
""",
    "functions.yml": "send:\n  handler: app.send\n"
    + "".join(f"count{number}:\n  handler: app.count\n" for number in range(FUNCTIONS)),
    "resources.yml": "Resources:\n  Letters:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: letters}\n",
    "app.py": """\
import boto3
def send(event, context):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/letters"
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="")
def count(event, context):
    boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:counts", Message=str(len(event)))
""",
}
State = tuple[tuple[str, str], ...]


def project(folder: Path) -> Path:
    """The service as it is before anybody writes."""
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def state(folder: Path) -> State:
    """All of a folder's files."""
    return tuple(sorted((one.name, one.read_text()) for one in folder.iterdir()))


def in_order(base: Path) -> dict[State, str]:
    """The states that writers make one after another, by who wrote."""
    found: dict[State, str] = {}
    for count in range(len(WAYS) + 1):
        for order in itertools.permutations(range(len(WAYS)), count):
            folder = project(base / ("order" + "".join(map(str, order))))
            for number in order:
                subprocess.run([*PROGRAM, *WAYS[number]], cwd=folder, check=False, capture_output=True)
            found.setdefault(state(folder), f"{count} in a row" if count else "nobody wrote")
    return found


def main() -> int:
    """Run the rounds and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seed = random.Random(options.seed)
    outcomes: Counter[str] = Counter()
    exits: Counter[int] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        states = in_order(base)
        for number in range(options.rounds):
            folder = project(base / f"round{number}")
            processes = []
            for way in seed.sample(WAYS, len(WAYS)):
                processes.append(
                    subprocess.Popen(
                        [*PROGRAM, *way], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE, text=True,
                    )
                )  # fmt: skip
                time.sleep(seed.choice((0, 0, 0.01, 0.1)))
            for process in processes:
                _, said = process.communicate(timeout=120)
                exits[process.returncode] += 1
                if process.returncode not in (0, 1, 2) or ("in the meantime" in said) != (process.returncode == 2):
                    wrong += 1
                    print(f"round {number}: exit {process.returncode}: {said}", file=sys.stderr)
            found = states.get(state(folder))
            outcomes[found or "a mixture"] += 1
            wrong += found is None
    for what, count in outcomes.most_common():
        print(f"{count:5} rounds: {what}")
    print(f"exits: {', '.join(f'{code}: {count}' for code, count in sorted(exits.items()))}")
    print(f"{options.rounds} rounds, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
