"""Variables of serverless 4: stages, named resolvers, and what it reads beside serverless 3."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.project.options import Options
from scopedown.project.serverless.resolve import resolve
from scopedown.project.serverless.resolving import Resolution
from scopedown.project.serverless.v4_sources import GIT_KEYS

SERVICE = """\
service: shop
frameworkVersion: '4'
provider: {name: aws}
stages:
  default:
    params: {table: default-table, size: 1}
    resolvers:
      secrets: {type: vault, address: 'https://vault.example', token: '${env:TOKEN, "none"}'}
      tf: {type: terraform, backend: s3, bucket: b, key: k}
      keys: {type: doppler, project: p}
      other: {type: aws, profile: other, region: eu-north-1}
      odd: {type: azure}
  prod:
    params: {table: prod-table}
    resolvers: {other: {type: aws, profile: prod}}
  unread:
    observability: '${nonsense:x}'
    params: {table: '${nonsense:x}'}
custom:
"""


GOLDEN = Path(__file__).parent / "golden" / "v4_variables"
ANSWERS = [json.loads(line) for line in (GOLDEN / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
"""What the resolver of serverless at b9d7ea5 gave for each variable in the service beside it."""


def resolved(folder: Path, custom: str, options: Options | None = None) -> Resolution:
    (folder / "serverless.yml").write_text(SERVICE + "".join(f"  {line}\n" for line in custom.splitlines()))
    files = Files(folder)
    document = files.document(folder / "serverless.yml")
    assert document is not None
    return resolve(document.tree, files, options or Options())


def value(folder: Path, text: str, options: Options | None = None) -> object:
    """What a variable gives, without any objection."""
    resolution = resolved(folder, f"a: {text}", options)
    assert not resolution.findings()
    return resolution.tree["custom"]["a"]


@pytest.mark.parametrize(("stage", "table", "size"), [(None, "default-table", 1), ("prod", "prod-table", 1)])
def test_parameters_of_the_stage_go_before_those_of_all(
    tmp_path: Path, stage: str | None, table: str, size: int
) -> None:
    options = Options(stage=stage)
    assert value(tmp_path, "${param:table}", options) == table
    assert value(tmp_path, "${param:size}", options) == size
    assert value(tmp_path, "${param:table}", Options(stage=stage, params={"table": "mine"})) == "mine"


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("secrets:secret/data/x.y", "the resolver secrets (HashiCorp Vault)"),
        ("tf:outputs.queue", "the resolver tf (the Terraform state)"),
        ("keys:TOKEN", "the resolver keys (Doppler)"),
        ("other:ssm:/a/b", "the SSM parameter /a/b is read by the resolver other (AWS)"),
        ("other:s3:bucket/key", "the object in S3 bucket/key"),
        ("other:cf:stack.Output", "the stack's output stack.Output"),
        ("other:/a/b", "/a/b is read by the resolver other"),
        ("other:accountId", "accountId is read by the resolver other"),
        ("aws:ssm:/a/b", "the SSM parameter /a/b is read by AWS"),
        ("vault:secret/x", "secret/x is read by HashiCorp Vault"),
        ("terraform:outputs.x", "the Terraform state"),
        ("doppler:X", "Doppler"),
        ("output:service.key", "the output service.key"),
        ("output:app:stage:region:service.key.inner", "the output service.key.inner"),
        *((f"git:{key}", f"git:{key}") for key in GIT_KEYS),
    ],
)
def test_what_only_a_deployment_knows_is_unknown_and_the_reason_names_who_knows(
    tmp_path: Path, variable: str, words: str
) -> None:
    found = value(tmp_path, f"${{{variable}, 'a fallback would be a guess'}}")
    assert isinstance(found, Text)
    assert words in found.unknowns[0].reason
    assert value(tmp_path, f"${{{variable}}}", Options(values={variable: "given"})) == "given"


def test_a_resolver_of_the_stage_goes_before_that_of_all(tmp_path: Path) -> None:
    assert value(tmp_path, "${other:region}") == "eu-north-1"
    assert isinstance(value(tmp_path, "${other:region}", Options(stage="prod")), Text)


def test_the_partition_is_known_or_symbolic(tmp_path: Path) -> None:
    assert str(value(tmp_path, "arn:${aws:partition}:x")) == "arn:${AWS::Partition}:x"
    assert value(tmp_path, "${aws:partition}", Options(partition="aws-cn")) == "aws-cn"


@pytest.mark.parametrize("text", ["${iot:Connection.Thing.ThingName}", "topic/${iot:ClientId}/x", "${AWS::Region}"])
def test_variables_of_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert value(tmp_path, text) == text


def test_variables_beside_those_of_others_are_replaced(tmp_path: Path) -> None:
    assert value(tmp_path, "${param:table}/${iot:ClientId}") == "default-table/${iot:ClientId}"
    assert value(tmp_path, "${opt:no, '${param:table}-${iot:ClientId}'}") == "default-table-${iot:ClientId}"


@pytest.mark.parametrize(
    ("variable", "code"),
    [
        ("odd:x", "variable-resolver"),
        ("git:nothing", "variable-not-found"),
        ("output:service", "variable-syntax"),
        ("output:a:b:service.key", "variable-syntax"),
        ("nobody:x", "variable-unknown-source"),
    ],
)
def test_what_serverless_4_refuses_is_refused(tmp_path: Path, variable: str, code: str) -> None:
    assert [finding.code for finding in resolved(tmp_path, f"a: ${{{variable}}}").findings()] == [code]


def test_serverless_3_knows_none_of_it(tmp_path: Path) -> None:
    for variable in ("git:sha1", "secrets:x", "aws:partition"):
        assert resolved(tmp_path, f"a: ${{{variable}}}", Options(framework="v3")).findings()


def test_items_of_lists_in_files_are_named_by_brackets_too(tmp_path: Path) -> None:
    (tmp_path / "d.yml").write_text("a: [{b: [x, y]}]\n")
    assert value(tmp_path, "${file(d.yml):a[0].b[1]}") == "y"
    assert value(tmp_path, "${file(d.yml):a.0.b.1}") == "y"


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", "stage"), ("useDotenv: true\n", "stage"), ("useDotenv: false\n", "none"), ("useDotenv: more\n", "stage")],
)
def test_files_of_variables_are_read_unless_switched_off(tmp_path: Path, asked: str, found: str) -> None:
    (tmp_path / ".env.dev").write_text("A=stage\n")
    (tmp_path / ".env").write_text("A=all\nB=$A\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / ".env").write_text("A=more\nC=more\n")
    text = "service: s\nframeworkVersion: '4'\nprovider: {name: aws}\n" + asked
    text += "custom: {a: '${env:A, \"none\"}', b: '${env:B, \"none\"}', c: '${env:C, \"none\"}'}\n"
    (tmp_path / "serverless.yml").write_text(text)
    files = Files(tmp_path)
    document = files.document(tmp_path / "serverless.yml")
    assert document is not None
    custom = resolve(document.tree, files, Options()).tree["custom"]
    assert custom["a"] == found
    assert custom["b"] == ("none" if found == "none" else "$A")
    assert custom["c"] == ("more" if "more" in asked else "none")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer["variable"]))
def test_a_variable_gives_what_serverless_4_gives(tmp_path: Path, answer: dict[str, object]) -> None:
    for name in ("d.yml", "t.txt"):
        shutil.copy(GOLDEN / name, tmp_path / name)
    shutil.copy(GOLDEN / "variables.env", tmp_path / ".env")
    text = (GOLDEN / "serverless.yml").read_text(encoding="utf-8").replace("VARIABLE", str(answer["variable"]))
    (tmp_path / "serverless.yml").write_text(text)
    files = Files(tmp_path)
    document = files.document(tmp_path / "serverless.yml")
    assert document is not None
    resolution = resolve(document.tree, files, Options())
    assert bool(resolution.findings()) is answer.get("refused", False)
    if "value" in answer:
        assert resolution.tree["custom"]["A"] == answer["value"]
