"""Whatever stands in a project's files, no form for people holds a character that a reader does not see."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from command_line import run
from scopedown.checks.forms import github, junit
from scopedown.core.finding import printable
from scopedown.emit.lines import safe
from scopedown.emit.markdown_text import markdown_text
from scopedown.report.markup import el

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
NASTY = "\x1b[31m\x1b]8;;http://a.example\x07\u202e\u2066\u200b\x9b2J\u2028|`<img src=x>](javascript:a)@all"
TEXTS = some.text(some.one_of(some.sampled_from(NASTY), some.characters()), max_size=40)
FORMS = (
    *(("scan", "--format", form) for form in ("text", "json", "yaml")),
    *(("check", "--format", form) for form in ("text", "json", "sarif", "github", "gitlab", "junit", "markdown")),
    ("project",), ("write", "--diff"), ("deploy-policy", "--explain"), ("report", "-o", "report.html"),
)  # fmt: skip


@given(TEXTS)
def test_no_text_is_unseen_in_any_form(text: str) -> None:
    for shown in (printable(text), safe(text), markdown_text(text), github._property(text), junit._text(text)):
        assert not UNSEEN.search(shown) and "\n" not in shown
    assert not UNSEEN.search(el("p", {"title": text}, text))


@given(TEXTS)
def test_text_in_markdown_and_html_is_no_mark(text: str) -> None:
    assert not re.search(r"(?<!\\)[`*\[\]]|[<>|@]", markdown_text(text).replace("\\\\", ""))
    assert html.unescape(el("p", {}, text)[3:-4]) == "\n".join(map(printable, text.split("\n")))


def project(folder: Path) -> Path:
    names = json.dumps(NASTY)
    statement = {"Effect": "Allow", "Action": ["s3:Get" + NASTY, "s3:*"], "Resource": "arn:aws:s3:::" + NASTY}
    (folder / "serverless.yml").write_text(
        f"service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  stage: {names}\n  iam:\n    role:\n"
        f"      statements: [{json.dumps(statement)}]\nfunctions:\n  {names}: {{handler: app.handler}}\n"
        f"  g: {{handler: {names}, description: {names}}}\n{names}: {names}\n"
        f"resources: {{Resources: {{{names}: {{Type: {names}, Properties: {{Name: {names}}}}}}}}}\n"
    )
    (folder / "app.py").write_text(
        f"import boto3\ndef handler(event, context):\n    s3 = boto3.client('s3')\n"
        f"    s3.get_object(Bucket={NASTY!r}, Key='a')\n    s3.get_{NASTY[-3:]}(event)  # {NASTY[:4]}\n"
        f"    boto3.client({NASTY!r}).put(event)\n"
    )
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_no_command_prints_what_is_not_seen(form: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*form[1:], cwd=project(tmp_path), command=form[0])
    assert "internal error" not in done.stderr
    written = tmp_path / "report.html"
    page = written.read_text().split("<script")[0] if written.exists() else ""  # after it: scripts of ours
    for text in (done.stdout, done.stderr, page):
        assert not UNSEEN.search(text)
        assert "<img" not in text or form[0] != "report"


def test_a_name_of_a_file_is_shown_too(tmp_path: Path) -> None:
    done = run("no\x1b[31m\u202ename.yml", cwd=tmp_path)
    assert done.returncode == 2 and not UNSEEN.search(done.stderr)
    done = run("--no-such\x1b[31m\u202e", cwd=tmp_path)
    assert done.returncode == 2 and not UNSEEN.search(done.stderr)
