"""One small program for each cause by which a call was ever lost in silence, as the languages' own tests found them.

``bench/conformance`` makes such programs of the tests; ``minimal/`` has the small ones, ``minimal/silent.tsv`` those
whose call is still lost.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path.append(str(BENCH))

from conformance import run as conformance  # noqa: E402
from conformance.scanning import Answer, scanned  # noqa: E402


@pytest.mark.slow
@pytest.mark.parametrize("name", conformance.LANGUAGES)
def test_no_further_call_is_lost_in_silence(name: str, tmp_path: Path) -> None:
    language = conformance.language(name)
    known = conformance.known_silent(name)
    programs = {one: text for one, text in conformance.minimal(language).items() if one not in known}
    found = scanned(programs, tmp_path / "project", language)
    fine = (Answer.REPORTED, Answer.NOT_WHOLE)
    assert {one: verdict for one, verdict in found.items() if verdict.answer not in fine} == {}


@pytest.mark.parametrize("name", conformance.LANGUAGES)
def test_the_table_of_lost_calls_names_programs_that_there_are(name: str) -> None:
    assert conformance.known_silent(name) <= conformance.minimal(conformance.language(name)).keys()
