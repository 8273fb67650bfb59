"""Messages name a few resources of many, and the report names a role's problem once."""

from __future__ import annotations

import json
import re
from pathlib import Path

from command_line import run
from terraform_folder import BASE, POLICY, Folder, function


def test_a_message_names_five_resources_and_counts_the_others(tmp_path: Path) -> None:
    named = [f'"arn:aws:dynamodb:us-east-1:123456789012:table/t{number}"' for number in range(8)]
    statement = f'{{ Effect = "Allow", Action = ["dynamodb:PutItem"], Resource = [{", ".join(named)}] }}'
    Folder(tmp_path, BASE + POLICY.replace("STATEMENTS", statement) + function())
    found = json.loads(run("--format", "json", command="check", cwd=tmp_path).stdout)["problems"]
    (one,) = (problem for problem in found if problem["rule"] == "SD202")
    assert "table/t4 and 3 more: no function" in one["message"]
    assert "table/t7" in one["about"]


def test_the_report_names_what_functions_of_one_role_have_in_common_once(tmp_path: Path) -> None:
    Folder(tmp_path, BASE + "".join(function(name, logs="") for name in "abc"))
    assert run("-o", "report.html", command="report", cwd=tmp_path).returncode == 0
    page = (tmp_path / "report.html").read_text()
    rows = re.findall(r"<tr id=.*?</tr>", page, re.DOTALL)
    (row,) = (one for one in rows if "SD101" in one)
    assert "The same is true of 2 more functions of the role aws_iam_role.fn." in row
    for name in "abc":
        assert f">aws_lambda_function.{name}</a>" in row
    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in page, target
