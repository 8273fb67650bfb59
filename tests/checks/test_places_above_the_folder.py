"""Places of a project whose files are above the folder where the command runs."""

from __future__ import annotations

from pathlib import Path

from command_line import run

MODULE = """\
resource "aws_lambda_function" "f" {
  function_name = "f"
  handler = "app.f"
  runtime = "python3.12"
  role = "arn:aws:iam::123456789012:role/r"
  filename = "absent.zip"
}
"""


def test_they_are_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in (("modules/f/main.tf", MODULE), ("init/main.tf", 'module "f" {\n  source = "../modules/f"\n}\n')):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    scanned = run(command="scan", cwd=tmp_path / "init").stdout
    checked = run(command="check", cwd=tmp_path / "init").stdout
    assert scanned.splitlines()[0].startswith("init (terraform, main.tf, ")
    assert checked.startswith("../modules/f/main.tf:1:1: ") and str(tmp_path) not in checked
