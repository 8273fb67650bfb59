"""HCL is cut into blocks and attributes as python-hcl2, another parser, cuts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2
import pytest

from scopedown.project.terraform import remote
from scopedown.project.terraform.syntax import Body, parse

TEXT = """
# a comment
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
locals { a = 1, }
resource "aws_lambda_function" "fn" {
  function_name = "x-${var.stage}" // another
  environment {
    variables = { A = "b", C = jsonencode({ d = [1, 2] }) }
  }
  dynamic "tracing_config" {
    for_each = var.on ? [1] : []
    content { mode = "Active" }
  }
  /* and
     another */
  policy = <<-EOT
    { "a = b": "{" }
  EOT
}
data "aws_iam_policy_document" "p" {
  statement { actions = ["a"] }
  statement {
    actions = [
      "b",
    ]
  }
}
"""
Cut = tuple[Any, ...]


def ours(body: Body) -> Iterator[Cut]:
    yield from ((name,) for name in body.attributes)
    for block in body.blocks:
        yield (block.type, block.labels, tuple(sorted(ours(block.body), key=repr)))


def theirs(body: dict[str, Any]) -> Iterator[Cut]:
    for name, value in body.items():
        if name.startswith("__"):
            continue
        blocks = [one for one in value if holds_block(one)] if isinstance(value, list) else []
        if not blocks:
            yield (name,)
        for one in blocks:
            labels, inner = [], one
            while "__is_block__" not in inner:
                ((label, inner),) = inner.items()
                labels.append(label.strip('"'))
            yield (name, tuple(labels), tuple(sorted(theirs(inner), key=repr)))


def holds_block(value: Any) -> bool:
    while isinstance(value, dict) and "__is_block__" not in value and len(value) == 1:
        (value,) = value.values()
    return isinstance(value, dict) and "__is_block__" in value


MODELLED = Path(remote.__file__).parent / "modelled"


@pytest.mark.parametrize("name", ["text", *sorted(path.name for path in MODELLED.glob("*.tf"))])
def test_blocks_labels_and_attributes_are_those_of_another_parser(name: str) -> None:
    text = TEXT.replace("1, }", "1 }") if name == "text" else (MODELLED / name).read_text(encoding="utf-8")
    body, findings = parse(text, "main.tf")
    assert not findings
    assert sorted(ours(body), key=repr) == sorted(theirs(hcl2.loads(text)), key=repr)
