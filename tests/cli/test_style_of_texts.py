"""The rules of CONTRIBUTING's "Style of texts" that a machine can hold, over ``tools/texts.py``'s texts and pages."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 25
"""Words of a sentence."""
BANNED = {
    r"\btold\b|\btells\b|(?<!cannot )\btell\b": "report, say, show",
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\bbeside\b": "next to, compared with",
    r"\bnobody\b": "no function, no user",
    r"\bstands?\b(?! for| in for)": "is",
    r"\bwhoever\b": "the user or role that",
    r"\bno matter of\b": "unrelated to",
    r"\bsays? no\b": "denies",
    r"\bof (its|one's|their) own\b": "its own",
    r"(?<!there )\b(is|are) no (?!longer\b)\w": "is not a",
    r"\bobjects? to\b|\bobjection": "report, problem",
    r"\bas far as\b": "where",
    r"\bone's\b": "your",
    r"!$": "no exclamation mark",
}


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("texts", ROOT / "tools" / "texts.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["texts"] = module
    spec.loader.exec_module(module)
    return module


PAGES = [
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if "decisions" not in page.parts),
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "plugin/README.md", "action.yml")),
    *sorted((ROOT / "templates").glob("*.yml")),
]
_CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def prose(text: str) -> list[str]:
    """The lines of a page; code blocks are empty lines, and code in a line is one mark."""
    return _CODE.sub(lambda code: "`" + "\n" * code[0].count("\n"), text).splitlines()


PROSE = {page.relative_to(ROOT).as_posix(): prose(page.read_text(encoding="utf-8")) for page in PAGES}
TEXTS = list(load_tool().texts())


@pytest.mark.parametrize("pattern", BANNED)
def test_no_text_uses_a_banned_word(pattern: str) -> None:
    found = [f"{text.file}:{text.line}: {text.text!r}" for text in TEXTS if re.search(pattern, text.text, re.I)]
    assert not found, f"write instead: {BANNED[pattern]}\n" + "\n".join(found)


@pytest.mark.parametrize("pattern", BANNED)
def test_no_page_uses_a_banned_word(pattern: str) -> None:
    found = [
        f"{page}:{number}: {line.strip()}"
        for page, lines in PROSE.items()
        for number, line in enumerate(lines, 1)
        if re.search(pattern, line, re.I)
    ]
    assert not found, f"write instead: {BANNED[pattern]}\n" + "\n".join(found)


def test_code_of_a_page_is_left_out_and_lines_keep_their_numbers() -> None:
    assert prose("a `told` b\n```sh\ntold\n```\nend\n") == ["a ` b", "`", "", "", "end"]


def test_no_sentence_is_longer_than_twenty_five_words() -> None:
    found = [
        f"{text.file}:{text.line}: {len(words)} words: {sentence!r}"
        for text in TEXTS
        for sentence in re.split(r"[.;:]\s|\n\s*\n|\n {2,}", text.text)
        if len(words := sentence.split()) > LONGEST
    ]
    assert not found, "\n".join(found)


def test_the_tool_finds_help_and_messages_and_leaves_docstrings_out() -> None:
    found = list(load_tool().texts())
    assert any(text.help for text in found) and any(text.file.startswith("project/") for text in found)
    assert not any(text.text.startswith("The ids of commands") for text in found)
