"""Go's own test/ folder as programs: the handler runs the main function of a ``// run`` test, with an SDK call in it.

Of the form *end* no program is run: a test that fails would fail in Go's own suite.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from conformance.programs import Made, drawn

CALL = 'sdk.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: aws.String("t")})'
GO = os.environ.get("GO", "go")

_SDK = """
import (
	"context"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

var sdk = dynamodb.New(dynamodb.Options{Region: "us-east-1"})
"""
_MAIN = """
func handler(ctx context.Context) error {
	conformanceMain()
	%s
	return nil
}

func main() {
	lambda.Start(handler)
}
"""
_PACKAGES = ("encoding/json", "errors", "fmt", "reflect", "sort", "strings", "sync", "sync/atomic")
"""What the small programs import."""

Edit = tuple[int, str]
"""The number of a line, and what takes its place; ``%s`` is the call."""


class Go:
    """The folder test/ of Go's sources."""

    name = "go"
    forms = ("end", "inside", "gate")
    suffix = ".go"
    runtime = "provided.al2023"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        for path in drawn(_tests(suite), limit, seed):
            name = str(path.relative_to(suite))
            lines = path.read_text("utf-8", errors="replace").splitlines()
            if unfit := _unfit(lines):
                yield Made(name, dropped=unfit)
            elif form == "end":
                yield Made(name, _program(lines, CALL))
            else:
                yield _made(name, lines, _inside(lines) if form == "inside" else _gate(lines), seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        return {name for name, text in texts.items() if _reached(_alone(text).splitlines())}

    def small(self, text: str) -> str:
        imports = "".join(f'import "{one}"\n' for one in _PACKAGES if re.search(rf"\b{Path(one).name}\.", text))
        source = f"package main\n\n{imports}\n{text.replace('CALL', CALL)}\nfunc main() {{\n\tbody()\n}}\n"
        return _program(source.splitlines(), "")

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Transform: AWS::Serverless-2016-10-31", "Resources:"]
        for number, text in enumerate(texts):
            own = folder / f"f{number}"
            own.mkdir()
            (own / "go.mod").write_text("module program\n\ngo 1.24\n", "utf-8")
            (own / "main.go").write_text(text, "utf-8")
            lines += [
                f"  f{number}:",
                "    Type: AWS::Serverless::Function",
                f"    Properties: {{CodeUri: f{number}/, Handler: bootstrap, Runtime: {self.runtime}}}",
            ]
        (folder / "template.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def _tests(suite: Path) -> list[Path]:
    found = (path for path in suite.rglob("*.go") if path.is_file())
    return sorted(path for path in found if re.search(r"(?m)^// run *$", path.read_text("utf-8", errors="replace")))


def _unfit(lines: list[str]) -> str:
    text = "\n".join(lines)
    if "package main\n" not in text:
        return "not package main"
    return "ends the process, or uses C or a dot import" if re.search(r'os\.Exit|import "C"|import \. ', text) else ""


def _made(name: str, lines: list[str], places: list[Edit], seed: int) -> Made:
    if not places:
        return Made(name, dropped="no place for the form")
    marked = [(at, words % f'print("CONFORMANCE {number};")') for number, (at, words) in enumerate(places)]
    reached = sorted(_reached(_edited(lines, dict(marked))))
    if not reached:
        return Made(name, dropped="the call does not happen")
    at, words = places[random.Random(f"{seed} {name}").choice(reached)]
    return Made(name, _program(_edited(lines, {at: words % CALL}), ""))


def _program(lines: Sequence[str], end: str) -> str:
    text = re.sub(r"(?m)^func main\(\)", "func conformanceMain()", "\n".join(lines) + "\n", count=1)
    return text.replace("package main\n", "package main\n" + _SDK, 1) + _MAIN % end


def _alone(text: str) -> str:
    """The program without Lambda and the SDK."""
    body, _, rest = text.replace(_SDK, "", 1).rpartition("\nfunc handler(ctx context.Context) error {\n")
    called = rest.partition("\treturn nil\n")[0]
    return f"{body}\nfunc main() {{\n{called}}}\n".replace(CALL, 'print("CONFORMANCE 0;")')


def _edited(lines: list[str], edits: dict[int, str]) -> list[str]:
    return [part for number, line in enumerate(lines) for part in edits.get(number, line).split("\n")]


def _inside(lines: list[str]) -> list[Edit]:
    """The first place in every block of a function, a branch or a loop."""
    return [
        (number, line.replace("%", "%%") + "\n%s")
        for number, line in enumerate(lines)
        if re.match(r"^(\t+(if|for|.*\bfunc\()|func ).*\{$", line)
        and not line.startswith("func main(")
        and not re.search(r"\b(struct|interface|switch|select) *\{$", line)
    ]


def _gate(lines: list[str]) -> list[Edit]:
    """The else of every ``if`` that has none."""
    found = []
    for number, line in enumerate(lines):
        if head := re.match(r"^(\t+)if .*\{$", line):
            after = range(number + 1, len(lines))
            end = next((one for one in after if lines[one].startswith(head[1] + "}")), None)
            if end is not None and lines[end] == head[1] + "}":
                found.append((end, f"{head[1]}}} else {{\n%s\n{head[1]}}}"))
    return found


def _reached(lines: Sequence[str]) -> set[int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "main.go")
        path.write_text("\n".join(lines) + "\n", "utf-8")
        environment = {**os.environ, "GO111MODULE": "off", "GOTOOLCHAIN": "local"}
        # go starts the program as a process of its own, which timeout ends as well.
        command = ["timeout", "--kill-after=1", "20", GO, "run", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)
    return {int(one) for one in re.findall(r"CONFORMANCE (\d+);", done.stderr)} if done.returncode == 0 else set()


SUITE = Go()
