"""Does scopedown lose a call in silence? The languages' own tests are the judge.

    python bench/conformance/run.py LANGUAGE SUITE [--form FORM ...] [--limit N] [--seed N] [--out FOLDER]
    python bench/conformance/run.py LANGUAGE --minimal [--record] [--out FOLDER]

Each test of SUITE becomes a Lambda handler with one SDK call in a place that is reached: every program is run first. A
scan must report dynamodb:PutItem, or must not call the function *whole*. LANGUAGE and its SUITE:

* javascript: a checkout of tc39/test262; needs node ($NODE names another program)
* python: Lib/test of a CPython of the version that runs this; of every file one test is drawn before of any a second
* ruby: a checkout of ruby/spec; needs ruby ($RUBY names another program)
* go: test/ of Go's sources; needs go ($GO names another program)
* csharp: mcs/tests of Mono's sources; needs mcs and mono ($MCS, $MONO)
* rust: tests/ui of Rust's sources; needs rustc ($RUSTC)
* php: Zend/tests of PHP's sources; needs php ($PHP names another program)
* kotlin: compiler/testData/codegen/box of Kotlin's sources; needs java, and in $KOTLIN_COMPILER the class path of
  Kotlin's compiler, with kotlin-stdlib and kotlin-reflect

Forms, where the call is put:

* end: after the test (Go, Kotlin: not run first)
* inside: after a statement within a function, loop, branch or class of the test
* expression: as ``(call, value)`` where a value was
* gate: as ``if (what the test asserts) call``
* flow: the literal that an assertion expects becomes a function that calls, and the asserted value is called

Printed are, for each form: programs, how many were reported, not whole and silent; the tests of which no program was
made, by cause, and apart those that do not run here by themselves; the silent ones by name. Their texts are kept in
FOLDER/LANGUAGE/FORM. ``--minimal`` scans one small program for each cause that was ever found (``minimal/``) and
compares with ``minimal/silent.tsv``, the programs whose call is still lost; ``--record`` writes that table again.
Exit 1 where a call is lost in silence that the table does not have.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.programs import HERE, NO_FORM, NOT_HERE, Language, Made
from conformance.scanning import Answer, Verdict, scanned

TABLE = HERE / "minimal" / "silent.tsv"
LANGUAGES = ("javascript", "python", "ruby", "go", "csharp", "rust", "php", "kotlin")


def language(name: str) -> Language:
    """The suite of a language by its name."""
    made: Language = importlib.import_module(f"conformance.{name}_suite").SUITE
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=LANGUAGES)
    parser.add_argument("suite", type=Path, nargs="?", help="the language's tests")
    parser.add_argument("--minimal", action="store_true", help="scan the small programs instead of a suite")
    parser.add_argument("--record", action="store_true", help="write minimal/silent.tsv again")
    parser.add_argument("--form", action="append", help="only programs of it; may be given several times")
    parser.add_argument("--limit", type=int, help="how many tests, drawn by the seed (default: all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("conformance-out"), help="where silent programs are kept")
    asked = parser.parse_args()
    judged = language(asked.language)
    if asked.minimal:
        texts = minimal(judged)
        try:
            for name in texts.keys() - judged.happens(texts):
                print(f"the call does not happen: {name}")
        except FileNotFoundError as error:
            print(f"the programs are not run: there is no {error.filename}")
        found = _show("minimal", texts, [], asked.out / judged.name / "minimal", judged)
        known = known_silent(judged.name)
        print("".join(f"  no longer silent: {name}\n" for name in sorted(known - found)), end="")
        if asked.record:
            _record(judged.name, found)
        return int(bool(found - known))
    if asked.suite is None:
        parser.error("SUITE is missing")
    silent = 0
    for form in asked.form or judged.forms:
        began = time.monotonic()
        made = list(judged.made(asked.suite.resolve(), form, asked.limit, asked.seed))
        texts = {one.name: one.text for one in made if one.text}
        dropped = [one for one in made if not one.text]
        silent += len(_show(form, texts, dropped, asked.out / judged.name / form, judged))
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return int(bool(silent))


def minimal(judged: Language) -> dict[str, str]:
    """The small programs of a language, by name."""
    parts = re.split(r"(?m)^## (.*)\n", (HERE / "minimal" / f"{judged.name}.txt").read_text("utf-8"))[1:]
    names = parts[::2]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"minimal/{judged.name}.txt has {twice} twice")
    return {name: judged.small(body) for name, body in zip(names, parts[1::2], strict=True)}


def known_silent(name: str) -> set[str]:
    """The small programs of a language whose call is lost in silence, as the table has them."""
    return {program for language, program in _table() if language == name}


def _table() -> list[tuple[str, str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [(one.partition("\t")[0], one.partition("\t")[2]) for one in lines]


def _record(name: str, silent: set[str]) -> None:
    rows = [row for row in _table() if row[0] != name] + [(name, program) for program in silent]
    TABLE.write_text("".join(f"{language}\t{program}\n" for language, program in sorted(rows)), "utf-8")


def _show(form: str, texts: dict[str, str], dropped: list[Made], out: Path, judged: Language) -> set[str]:
    """Prints the verdicts; the names of the programs that failed."""
    found = scanned(texts, out / "project", judged)
    counts = Counter(verdict.answer for verdict in found.values())
    print(
        f"{judged.name}, {form}: {len(texts)} programs, {counts[Answer.REPORTED]} reported, "
        f"{counts[Answer.NOT_WHOLE]} not whole, {counts[Answer.SILENT]} silent"
        + "".join(f", {counts[one]} {one.value}" for one in (Answer.CRASH, Answer.SLOW) if counts[one])
    )
    causes = Counter(one.dropped for one in dropped)
    if form != "minimal":
        files = len(_files([*texts, *(one.name for one in dropped)]))
        print(f"  tests of {files} files, programs of {len(_files(texts))}")
    if form != "minimal":
        elsewhere = sum(count for cause, count in causes.items() if cause in NOT_HERE)
        formless = sum(count for cause, count in causes.items() if cause in NO_FORM)
        own = len(dropped) - elsewhere - formless
        print(
            f"  {elsewhere} tests do not run here by themselves, {formless} have no place for the form; "
            f"the harness dropped {own} of the other {len(texts) + own} ({own / max(len(texts) + own, 1):.1%})"
        )
    if causes:
        listed = ", ".join(f"{count} {cause}" for cause, count in causes.most_common())
        print(f"  no program of {len(dropped)} tests: {listed}")
    failed = sorted(name for name, one in found.items() if one.answer not in (Answer.REPORTED, Answer.NOT_WHOLE))
    for name in failed:
        _keep(out, name, texts[name], found[name], judged)
    return set(failed)


def _files(names: Iterable[str]) -> set[str]:
    """The files of tests, by the tests' names."""
    return {name.partition(":")[0] for name in names}


def _keep(out: Path, name: str, text: str, verdict: Verdict, judged: Language) -> None:
    kept = out / verdict.answer.value / (re.sub(r"[^\w.+-]+", "+", name).removesuffix(judged.suffix) + judged.suffix)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text, "utf-8")
    said = "" if verdict.answer is Answer.SILENT else f": {verdict.said.strip()[-200:]}"
    print(f"  {verdict.answer.value}: {name}{said}")


if __name__ == "__main__":
    sys.exit(main())
