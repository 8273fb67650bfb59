"""``scopedown report`` as a user runs it: one file, whole, the same each time, in which all is text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command_line import run
from scopedown.cli.main import cli
from scopedown.cli.terminal import ShownStream

CODE = """\
import os, boto3
table = boto3.resource("dynamodb").Table(os.environ["NOTES"])
def read(event, context):
    return table.get_item(Key=event)
def purge(event, context):
    boto3.client("sqs").purge_queue(QueueUrl=event["queue"])
"""
SERVICE = """\
service: notes
provider:
  name: aws
  runtime: python3.12
  environment: {NOTES: !Ref Notes}
  iam:
    role:
      statements:
        - Effect: Allow
          Action: [dynamodb:GetItem, dynamodb:DeleteTable]
          Resource: !GetAtt Notes.Arn
        - Effect: Allow
          Action: kinesis:*
          Resource: '*'
functions:
  read:
    handler: app.read
    events: [{http: GET /notes}]
  purge:
    handler: app.purge
resources:
  Resources:
    Notes: {Type: AWS::DynamoDB::Table}
"""


class Read(HTMLParser):
    """A page's elements by tag, and what a reader sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "app.py").write_text(CODE)
    (folder / "serverless.yml").write_text(SERVICE)
    return folder


def invoked(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["report", *map(str, arguments)])


def page_of(folder: Path, *arguments: object) -> str:
    done = invoked(folder, *arguments, "-o", folder / "page.html")
    assert done.exit_code == 0, done.output
    return (folder / "page.html").read_text("utf-8")


def test_what_is_needed_and_why_stands_in_the_page_without_any_script(folder: Path) -> None:
    said = Read(page_of(folder)).text
    assert "app.py:4:12 dynamodb.GetItem (boto3)" in said
    assert "the environment variable NOTES is set to ${Notes}" in said
    assert "Notes is the AWS::DynamoDB::Table of serverless.yml:23:" in said


def test_what_changes_of_its_role_is_shown_of_each_function(folder: Path) -> None:
    page = page_of(folder)
    read = page[page.index('class="function" id="p0f0"') : page.index('id="p0x-findings"')]
    rows = [
        re.sub(r"<[^>]+>", " ", row) for row in re.findall(r'<tr class="(?:gone|same|added|narrowed).*?</tr>', read)
    ]
    shown = [" ".join(row.split()) for row in rows]
    assert "removed dynamodb:DeleteTable ${Notes.Arn} serverless.yml:9" in shown
    assert "removed kinesis:* * serverless.yml:12" in shown
    assert "unchanged dynamodb:GetItem ${Notes.Arn} serverless.yml:9" in shown


def test_what_a_rule_objects_to_stands_there_with_its_remedy_and_what_is_open_too(folder: Path) -> None:
    said = Read(page_of(folder)).text
    assert "purge will be denied sqs:PurgeQueue" in said and "Allow the action on the resource" in said
    assert "app.py:6: sqs:PurgeQueue" in said


def test_a_finding_is_in_the_row_of_the_call_or_the_statement_that_it_names(folder: Path) -> None:
    (folder / "app.py").write_text(CODE.replace('event["queue"]', '"https://sqs.us-east-1.amazonaws.com/1/jobs"'))
    page = page_of(folder)
    call = re.search(r"<li>app\.py:6:\d+ sqs\.PurgeQueue.*?</tr>", page)
    assert call and ">SD101 " in call[0]
    statement = re.search(r'<tr class="gone">(?:(?!</tr>).)*kinesis:\*.*?</tr>(<tr class="of-row">.*?</tr>)', page)
    assert statement and ">SD20" in statement[1]


def test_the_file_that_is_named_is_written_and_told(folder: Path) -> None:
    done = run("-o", "page.html", cwd=folder, command="report")
    assert done.returncode == 0 and done.stdout == ""
    assert re.fullmatch(r"scopedown: wrote page.html \(2 functions, 0\.\d MB\)\n", done.stderr)
    assert (folder / "page.html").stat().st_size > 100_000


def test_a_terminal_is_not_filled_with_html(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShownStream, "isatty", lambda stream: True)
    done = run(cwd=folder, command="report")
    assert (done.returncode, done.stdout) == (2, "")
    assert "choose a file: scopedown report -o report.html" in done.stderr


@pytest.mark.parametrize("options", [(), ("-o", "-")])
def test_it_prints_the_page_and_nothing_else(options: tuple[str, ...], folder: Path) -> None:
    done = run(*options, cwd=folder, command="report")
    assert done.stdout.startswith("<!doctype html>") and done.stdout.endswith("</html>\n") and done.stderr == ""
    assert [path.name for path in folder.iterdir() if path.suffix == ".html"] == []


def test_the_same_project_elsewhere_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "deep"
    other.parent.mkdir()
    folder_page = page_of(folder)
    (folder / "page.html").unlink()
    folder.rename(other)
    assert page_of(other) == folder_page
    assert str(tmp_path) not in folder_page


def test_several_projects_are_one_page_and_one_that_cannot_be_read_is_named(folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "orders"
    second.mkdir()
    (second / "serverless.yml").write_text(SERVICE.replace("service: notes", "service: orders"))
    (second / "app.py").write_text(CODE)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "serverless.yml").write_text("service: [\n")
    done = invoked(tmp_path, "--recursive", "-o", tmp_path / "all.html")
    assert done.exit_code == 0, done.output
    page = Read((tmp_path / "all.html").read_text("utf-8"))
    articles = [found for tag, found in page.elements if tag == "article"]
    assert [one["id"] for one in articles] == ["p0", "p1"]
    assert "notes/serverless.yml" in page.text and "orders/serverless.yml" in page.text
    assert "1 project could not be read" in page.text and "broken/serverless.yml" in page.text
    assert "2 projects, 4 functions" in done.output


def test_rules_that_the_project_leaves_out_are_left_out(folder: Path) -> None:
    assert "SD101" in Read(page_of(folder)).text
    (folder / ".scopedown.toml").write_text('[check]\nignore = ["SD101"]\n')
    assert "SD101" not in Read(page_of(folder)).text


def test_what_a_baseline_knows_is_marked(folder: Path) -> None:
    CliRunner().invoke(cli, ["check", str(folder), "--write-baseline", "--baseline", str(folder / "known.json")])
    assert "error in baseline SD101" not in Read(page_of(folder)).text
    (folder / ".scopedown.toml").write_text('[check]\nbaseline = "known.json"\n')
    assert "error in baseline SD101" in Read(page_of(folder)).text


def test_a_file_that_cannot_be_written_is_one_line_and_exit_code_2(folder: Path) -> None:
    done = run("-o", "there/is/none.html", cwd=folder, command="report")
    assert done.returncode == 2 and done.stderr.startswith("scopedown: there/is/none.html cannot be written")


def test_a_function_that_is_not_there_is_refused(folder: Path) -> None:
    done = run("--function", "none", cwd=folder, command="report")
    assert done.returncode == 2 and "no function is named 'none'" in done.stderr


def test_a_project_without_functions_has_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text(
        json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "AWSTemplateFormatVersion": "2010-09-09"})
    )
    assert "0 functions" in Read(page_of(tmp_path)).text


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--<script>"]
)
def test_names_of_a_hostile_project_are_text(folder: Path, name: str) -> None:
    code = CODE.replace('os.environ["NOTES"]', json.dumps(name))
    (folder / "app.py").write_text(code)
    (folder / "serverless.yml").write_text(SERVICE.replace("kinesis:*", json.dumps(name)))
    plain, hostile = Read(page_of(folder)), page_of(folder)
    read = Read(hostile)
    assert name in read.text
    assert [tag for tag, _ in read.elements if tag in ("script", "img")] == ["script"] * 6
    assert {tag for tag, _ in read.elements} == {tag for tag, _ in plain.elements}
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', hostile)
    assert data and not re.search("[<>&]", data[1])
    assert name in json.dumps(json.loads(data[1]), ensure_ascii=False).replace('\\"', '"')
