"""Is a call found however its program is written? ``python bench/meaning/run.py``

usage: python bench/meaning/run.py [--language LANGUAGE] [--topic NAME] [--kind WORDS] [--bases N]
                                   [--typescript FOLDER] [--no-execution] [--list]

Each kind of change (``kinds.py``) is applied to 30 functions of its language. The programs are run with packages that
stand in for the SDKs, so that each is seen to make its call: TypeScript where ``--typescript`` names a folder whose
node_modules has it, the further languages where their tools are at hand, each kind with one of nine functions. A kind
whose call does not happen is wrong, and named. Then each is analysed. Prints how many calls are found, lost while
nothing says so (the verdict *whole*) and lost with a notice, by cause. Exit 1 where a kind is wrong or more than 0.1%
is lost in silence.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from meaning import fakes, stand_ins
from meaning.kinds import BASES, LANGUAGES, Kind, Program, kinds, program
from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Outcome:
    """What analysis says of a program."""

    program: Program
    found: bool
    causes: tuple[str, ...]
    notices: tuple[str, ...]
    invented: tuple[str, ...]


def written(root: Path, programs: list[Program]) -> None:
    """One folder a program, numbered."""
    for number, one in enumerate(programs):
        for name, text in one.files:
            path = root / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def executed(
    root: Path, language: str, typescript: str, programs: Sequence[Program] = ()
) -> dict[int, tuple[str, str]]:
    """By program: the calls that were made, and an error."""
    if language not in ("python", "javascript"):
        return stand_ins.executed(root, language, programs)
    if language == "python":
        fakes.python(root)
        command = [sys.executable, str(HERE / "execute.py"), str(root)]
    else:
        fakes.javascript(root)
        command = ["node", str(HERE / "execute.mjs"), str(root), *([typescript] if typescript else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    lines = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") >= 2]
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
    return {int(number): (calls, error) for number, calls, error, *_ in lines}


def analysed(root: Path, number: int, one: Program) -> Outcome:
    """The verdict on a program."""
    report = find_calls(Sources(str(root / str(number))), catalog(), {}, one.file, one.symbol)
    wanted = one.base.service, one.base.operation
    got = {(call.service, call.operation) for call in report.calls}
    unseen = getattr(report, "unseen", ())
    causes = tuple(dict.fromkeys(notice.cause.value for notice in unseen))
    invented = tuple(sorted(f"{service}.{operation}" for service, operation in got - {wanted}))
    return Outcome(one, wanted in got, causes, tuple(notice.what for notice in unseen), invented)


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--topic", default="")
    parser.add_argument("--kind", default="")
    parser.add_argument("--bases", type=int, default=30)
    parser.add_argument("--typescript", default="")
    parser.add_argument("--no-execution", action="store_true")
    parser.add_argument("--list", action="store_true", help="each kind with a loss or a notice")
    asked = parser.parse_args()
    bad = False
    for language in [asked.language] if asked.language else LANGUAGES:
        chosen = [one for one in kinds(language) if asked.topic in one.topic and asked.kind in one.name]
        bases = BASES[language]
        bases = bases[:: max(1, len(bases) // asked.bases)][: asked.bases]
        programs = [program(kind, base) for kind in chosen for base in bases]
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            written(root, programs)
            ran = {} if asked.no_execution else executed(root, language, asked.typescript, programs)
            began = time.process_time()
            outcomes = [analysed(root, number, one) for number, one in enumerate(programs)]
            spent = time.process_time() - began
        bad |= told(language, chosen, programs, outcomes, ran, spent, asked.list)
    return 1 if bad else 0


def told(
    language: str,
    chosen: list[Kind],
    programs: list[Program],
    outcomes: list[Outcome],
    ran: dict[int, tuple[str, str]],
    spent: float,
    each: bool,
) -> bool:
    """Print the table of one language; whether something is wrong."""
    wrong: dict[str, str] = {}
    for number, (calls, error) in ran.items():
        if error != "not executed" and (not calls or error):
            wrong.setdefault(programs[number].kind.title, f"{programs[number].base.name}: {calls} {error}")
    silent = [one for one in outcomes if not one.found and not one.causes]
    noticed = [one for one in outcomes if not one.found and one.causes]
    causes = collections.Counter(one.causes[0] for one in noticed)
    found = [one for one in outcomes if one.found]
    plain = [one for one in outcomes if "plain" in one.program.kind.marks]
    invented = [one for one in outcomes if one.invented]
    count = len(outcomes) or 1
    made = sum(1 for calls, _ in ran.values() if calls)
    print(f"{language}: {len(chosen)} kinds, {count} programs, {made} seen to make their call; {spent:.0f} s of CPU")
    print(f"  found {len(found)}, {sum(not one.causes for one in found)} of them whole")
    print(f"  lost while whole {len(silent)} ({len(silent) / count:.2%})")
    print(f"  lost with a notice {len(noticed)} ({len(noticed) / count:.2%}) {dict(causes)}")
    print(f"  with a call that does not happen {len(invented)}")
    print(f"  nothing dynamic {len(plain)}, {sum(one.found and not one.causes for one in plain)} found and whole")
    for name, why in wrong.items():
        print(f"  WRONG {name}: {why}")
    by_kind("lost while whole", silent)
    if each:
        by_kind("lost with a notice", noticed)
        by_kind("found, with a notice", [one for one in found if one.causes])
        by_kind("does not happen", invented)
    return bool(wrong) or len(silent) > count / 1000


def by_kind(title: str, outcomes: list[Outcome]) -> None:
    """One line a kind."""
    by: dict[str, list[Outcome]] = {}
    for one in outcomes:
        by.setdefault(one.program.kind.title, []).append(one)
    for name, some in by.items():
        print(f"  {title}: {name} {len(some)} ({some[0].program.base.name}) {some[0].notices[:1]} {some[0].invented}")


if __name__ == "__main__":
    sys.exit(main())
