"""Whether two checkouts lower sources to the same intermediate form.

usage: python tools/same_lowering.py BASE NEW FOLDER… [--languages NAME]… [--mutants N] [--limit N] [--shown LINES]

Each source file of the languages under the folders is lowered by both checkouts, and so are ``--mutants`` broken
versions of it, which lack a part. The forms are compared node by node, with every place and with which nodes are
shared. Prints the first lines of each form that differ, and the processor seconds of each checkout's lowering; exits 1
where something differs. ``--limit`` takes a sample of the files.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

LEFT_OUT = frozenset((".git", "node_modules", ".venv", "target", "build"))


def sources(folders: Sequence[Path], names: Sequence[str]) -> list[Path]:
    """The source files under the folders, of some languages or of all."""
    from scopedown.source.language import languages

    endings = {ending for name, known in languages().items() if not names or name in names for ending in known.endings}
    found: list[Path] = []
    for top in folders:
        for folder, below, files in os.walk(top):
            below[:] = sorted(set(below) - LEFT_OUT)
            found += [Path(folder, name) for name in sorted(files) if Path(name).suffix in endings]
    return found


def versions(path: Path, mutants: int) -> Iterator[bytes]:
    """A file's text, and texts that lack a part of it, the same ones each time."""
    source = path.read_bytes()
    yield source
    chance = random.Random(str(path))
    for _ in range(mutants if source else 0):
        begin = chance.randrange(len(source))
        yield source[:begin] + source[begin + chance.choice((1, 3, 10, 40)) :]


def form(module: object) -> str:
    """A module as text: a line for each node, those that are met again by their number."""
    lines: list[str] = []
    known: dict[int, int] = {}

    def show(value: object, depth: int) -> None:
        indent = " " * min(depth, 40)
        if dataclasses.is_dataclass(value):
            if (number := known.get(id(value))) is not None:
                lines.append(f"{indent}#{number}")
                return
            known[id(value)] = len(known)
            lines.append(f"{indent}{type(value).__name__}")
            for part in dataclasses.fields(value):
                inner = getattr(value, part.name)
                if not isinstance(inner, tuple | frozenset) and not dataclasses.is_dataclass(inner):
                    lines.append(f"{indent} {part.name}={inner!r} {type(inner).__name__}")
                elif part.name == "at":
                    lines[-1 if lines[-1] == indent + type(value).__name__ else len(lines) - 1] += f" at={inner}"
                else:
                    lines.append(f"{indent} {part.name}:")
                    show(inner, depth + 2)
        elif isinstance(value, frozenset):
            lines.append(f"{indent}{sorted(value)!r}")
        elif isinstance(value, tuple):
            for one in value:
                show(one, depth)
                lines.append(f"{indent},")
        else:
            lines.append(f"{indent}{value!r}")

    sys.setrecursionlimit(20_000)
    show(module, 0)
    return "\n".join(lines)


def work(mutants: int, whole: bool) -> None:
    """Print a line of JSON for each path of the standard input: seconds, then hashes (or the forms) of its versions."""
    from scopedown.source.language import language_of

    for path in map(Path, sys.stdin.read().splitlines()):
        made: list[str] = []
        spent = 0.0
        for source in versions(path, mutants):
            begin = time.process_time()
            try:
                limit = sys.getrecursionlimit()
                sys.setrecursionlimit(1000)
                lowered = language_of(path.name).lower(source, path.name)
                sys.setrecursionlimit(limit)
                spent += time.process_time() - begin
                text = form(lowered)
            except Exception as error:  # what a checkout raises is what it says
                text = f"{type(error).__name__}: {error}"
            made.append(text if whole else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
        print(json.dumps([spent, made]), flush=True)


def lowered(checkout: Path, paths: Sequence[Path], mutants: int, whole: bool) -> list[tuple[float, list[str]]]:
    """What a checkout makes of some files."""
    environment = os.environ | {"PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, __file__, "--worker", str(mutants), str(int(whole))]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    printed, _ = process.communicate("".join(f"{path}\n" for path in paths))
    return [(spent, made) for spent, made in map(json.loads, printed.splitlines())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--languages", action="append", default=[], metavar="NAME")
    parser.add_argument("--mutants", type=int, default=2)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--shown", type=int, default=20, help="lines of each diff [20]")
    given = parser.parse_args(arguments)
    paths = sources([folder.resolve() for folder in given.folders], given.languages)
    if given.limit is not None and given.limit < len(paths):
        paths = sorted(random.Random(0).sample(paths, given.limit))
    sides = [given.base.resolve(), given.new.resolve()]
    with ThreadPoolExecutor(2) as pool:
        base, new = pool.map(lambda side: lowered(side, paths, given.mutants, False), sides)
        if len(base) != len(paths) or len(new) != len(paths):
            print("a checkout's process ended early")
            return 1
        differing = [path for path, ours, theirs in zip(paths, base, new, strict=True) if ours[1] != theirs[1]]
        for path in differing[:10]:
            forms = pool.map(lambda side, path=path: lowered(side, [path], given.mutants, True)[0][1], sides)
            for number, (before, after) in enumerate(zip(*forms, strict=True)):
                diff = difflib.unified_diff(before.splitlines(), after.splitlines(), "base", "new", n=3, lineterm="")
                if before != after:
                    print(f"\n{path}: version {number}", *islice(diff, given.shown), sep="\n")
    seconds = [sum(spent for spent, _ in side) for side in (base, new)]
    print(f"{len(paths)} files, {len(differing)} differ; seconds {seconds[0]:.1f} and {seconds[1]:.1f}")
    return int(bool(differing))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(int(sys.argv[2]), sys.argv[3] == "1")
    else:
        sys.exit(main())
