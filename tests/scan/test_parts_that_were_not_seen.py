"""Code that was not seen, as ``scan`` and ``check`` list it: each thing once, and a few of many."""

from __future__ import annotations

from pathlib import Path

from command_line import run

SERVICE = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"


def lines(folder: Path, code: str, *options: str, command: str = "scan") -> list[str]:
    (folder / "serverless.yml").write_text(SERVICE)
    (folder / "app.py").write_text(code)
    return run(*options, command=command, cwd=folder).stdout.splitlines()


def test_what_is_alike_in_a_file_is_one_line(tmp_path: Path) -> None:
    code = "def f(event, context):\n" + "    exec(event['x'])\n" * 3
    (one,) = [line for line in lines(tmp_path, code) if "not seen" in line]
    assert "app.py:2:5: " in one and one.endswith("; so at 2 more places of the file")
    shown = lines(tmp_path, code, "--explain")
    assert sum("not seen" in line and "run time" in line for line in shown) == 3


def test_many_different_parts_are_counted(tmp_path: Path) -> None:
    names = [f"ours{number}" for number in range(12)]
    code = "".join(f"import {name}\n" for name in names) + "def f(event, context):\n"
    code += "".join(f"    {name}.go()\n" for name in names)
    shown = [line for line in lines(tmp_path, code) if "not seen" in line and "app.py" in line]
    assert len(shown) == 8
    assert "  not seen 4 more parts of its code (--explain shows all)" in lines(tmp_path, code)
    assert sum("    app.py:" in line for line in lines(tmp_path, code, command="check")) == 8
