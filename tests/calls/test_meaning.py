"""A call is found, or something says that it may have been missed, however the program around it is written.

``bench/meaning`` has the kinds of change and applies all of them to all of its functions; here is a sample.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path.append(str(BENCH))

from meaning import run as meaning  # noqa: E402
from meaning.kinds import BASES, LANGUAGES, Program, kinds, program  # noqa: E402

SEED = 14
KINDS = 40
FUNCTIONS = 2


def sample(language: str) -> list[Program]:
    chance = random.Random(SEED)
    known = kinds(language)
    chosen = chance.sample(known, min(KINDS, len(known)))
    return [program(kind, base) for kind in chosen for base in chance.sample(BASES[language], FUNCTIONS)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_call_is_lost_in_silence(language: str, tmp_path: Path) -> None:
    programs = sample(language)
    meaning.written(tmp_path, programs)
    outcomes = [meaning.analysed(tmp_path, number, one) for number, one in enumerate(programs)]
    assert [one.program.name for one in outcomes if not one.found and not one.causes] == []
    assert sum(one.found for one in outcomes) >= 0.85 * len(outcomes)
    assert [one.program.name for one in outcomes if one.invented] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_without_anything_dynamic_is_seen_whole(language: str, tmp_path: Path) -> None:
    plain = [one for one in kinds(language) if "plain" in one.marks]
    programs = [program(kind, base) for kind in plain for base in BASES[language][::6]]
    meaning.written(tmp_path, programs)
    outcomes = [meaning.analysed(tmp_path, number, one) for number, one in enumerate(programs)]
    assert [(one.program.name, one.notices) for one in outcomes if not one.found or one.causes] == []


def test_programs_make_the_call_that_is_looked_for(tmp_path: Path) -> None:
    """Run with packages that stand in for the SDKs, each is seen to call; so no kind is wrong."""
    programs = sample("python")
    meaning.written(tmp_path, programs)
    ran = meaning.executed(tmp_path, "python", "")
    assert [programs[number].name for number, (calls, error) in ran.items() if error or not calls] == []
    assert len(ran) == len(programs)
