"""What is read of every project under a folder: SAM, CloudFormation, CDK and Serverless alike.

usage: python bench/templates.py FOLDER [-v] [--only sam|cloudformation|cdk|serverless]

Reads each project that ``scopedown`` finds there, in one process. For each framework: projects read and refused,
functions, those whose source was found, and why not for the rest (by runtime), findings by their code, and the time:
the median, the 95th percentile and the sum of reading, without the first project (which loads the reader), and the
median of the processor's time, which a busy machine does not stretch. ``-v``
names every refusal and every Python or Node.js function without a source.
"""

from __future__ import annotations

import collections
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.project.load import Options, find_projects, load_project
from scopedown.project.model import Project


@dataclass
class Tally:
    """One framework's figures."""

    read: int = 0
    refused: list[str] = field(default_factory=list)
    functions: int = 0
    sources: int = 0
    roles: int = 0
    statements: int = 0
    missing: collections.Counter[str] = field(default_factory=collections.Counter)
    unfound: list[str] = field(default_factory=list)
    findings: collections.Counter[str] = field(default_factory=collections.Counter)
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, name: str, project: Project) -> None:
        self.read += 1
        self.roles += sum(role.declared for role in project.roles.values())
        self.statements += sum(len(role.statements) for role in project.roles.values())
        self.findings.update(finding.code for finding in project.findings)
        for function in project.functions:
            self.functions += 1
            handler = function.handler
            if handler is not None and handler.file is not None:
                self.sources += 1
                continue
            runtime = function.runtime or "no runtime (an image)"
            self.missing[runtime] += 1
            if function.language in ("python", "javascript", "typescript"):
                self.unfound.append(
                    f"{name}: {function.key} ({runtime}, {handler.declared if handler else 'no handler'})"
                )

    def show(self, framework: str, verbose: bool) -> None:
        print(f"{framework}: read {self.read} of {self.read + len(self.refused)}", end="; ")
        print(f"roles {self.roles} with {self.statements} statements; functions {self.functions}, ", end="")
        print(f"with a source {self.sources}")
        if self.seconds:
            ordered = sorted(self.seconds[1:] or self.seconds)
            late = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
            processor = statistics.median(self.processor) * 1e3
            print(
                f"    median {statistics.median(ordered) * 1e3:.1f} ms (of the processor {processor:.1f} ms), ", end=""
            )
            print(f"95 % below {late * 1e3:.1f} ms, sum {sum(ordered):.2f} s, the first {self.seconds[0] * 1e3:.0f} ms")
        if self.missing:
            print("    without a source, by runtime:", dict(self.missing.most_common()))
        if self.findings:
            print("    findings:", dict(self.findings.most_common()))
        if verbose:
            print(*(f"        {line}" for line in [*self.refused, *self.unfound]), sep="\n")
        else:
            alike = collections.Counter(line.partition(": ")[2] for line in self.refused)
            print(*(f"        {count} refused: {message}" for message, count in alike.most_common()), sep="\n")


def framework_of(path: Path) -> str:
    """What a project that cannot be read seems to be."""
    if path.name.startswith("serverless."):
        return "serverless"
    if path.name in ("cdk.json", "manifest.json"):
        return "cdk"
    return "sam" if b"AWS::Serverless-2016-10-31" in path.read_bytes() else "cloudformation"


def main() -> None:
    """Read and print."""
    arguments = [argument for argument in sys.argv[1:] if argument != "-v"]
    only = arguments.pop(arguments.index("--only") + 1) if "--only" in arguments else None
    arguments = [argument for argument in arguments if argument != "--only"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    root = Path(arguments[0])
    tallies: dict[str, Tally] = collections.defaultdict(Tally)
    for path in find_projects(root):
        name = path.relative_to(root).as_posix()
        if only is not None and framework_of(path) != only:
            continue
        started, processor = time.perf_counter(), time.process_time()
        try:
            project = load_project(path, Options())
        except ScopedownError as error:
            tallies[framework_of(path)].refused.append(f"{name}: {error.message}")
            continue
        tally = tallies[project.framework]
        tally.seconds.append(time.perf_counter() - started)
        tally.processor.append(time.process_time() - processor)
        tally.add(name, project)
    for framework, tally in sorted(tallies.items()):
        tally.show(framework, "-v" in sys.argv)


if __name__ == "__main__":
    main()
