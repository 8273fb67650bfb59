"""Decisions a second: scopedown.iam, moto, cedarpy and iam-simulate on the same policies and requests, in one run.

usage: python bench/iam/run.py [--json]

The others are installed from their registries into a cache folder (``SCOPEDOWN_BENCH_CACHE``, else
``~/.cache/scopedown-bench``) and run as programs of their own. iam-simulate is AGPL: it is run, never imported or
copied.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from workload import ACCOUNT, PRINCIPAL, requests, statements

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("SCOPEDOWN_BENCH_CACHE", Path.home() / ".cache" / "scopedown-bench"))
SIZES = (10, 100, 1000)
COUNTS = {"scopedown": 40_000, "cedarpy": 4_000, "moto": 4_000, "iam-simulate": 300}
FEWER = {"cedarpy": {1000: 400}, "iam-simulate": {100: 100, 1000: 20}}


def run(command: list[str], stdin: str = "") -> dict[str, Any]:
    """A program's one line of JSON."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd=HERE)
    if done.returncode:
        raise SystemExit(f"{command[:2]} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def python_with_rivals() -> str:
    """An environment of its own with moto and cedarpy."""
    folder = CACHE / "venv"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "moto", "cedarpy"], check=True)
    return str(python)


def node_folder() -> Path | None:
    """A folder with iam-simulate, or None without node."""
    if not shutil.which("npm"):
        return None
    folder = CACHE / "node"
    if not (folder / "node_modules" / "@cloud-copilot" / "iam-simulate").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "@cloud-copilot/iam-simulate"]
        subprocess.run(command, cwd=folder, check=True)
    return folder


def measure(name: str, size: int, rivals: str, node: Path | None) -> dict[str, Any] | None:
    """One program at one size."""
    count = FEWER.get(name, {}).get(size, COUNTS[name])
    if name == "scopedown":
        return run([sys.executable, str(HERE / "measure_scopedown.py"), str(size), str(count)])
    if name in ("moto", "cedarpy"):
        script = HERE / ("measure_moto.py" if name == "moto" else "measure_cedar.py")
        return run([rivals, str(script), str(size), str(count)])
    if node is None:
        return None
    work = {
        "statements": statements(size),
        "requests": requests(count, size),
        "principal": PRINCIPAL,
        "account": ACCOUNT,
    }
    return run(["node", str(HERE / "measure_iam_simulate.mjs"), str(node)], json.dumps(work))


def main() -> None:
    """Measure and print."""
    rivals, node = python_with_rivals(), node_folder()
    rows: dict[str, dict[int, float]] = {}
    differ: dict[str, int] = {}
    for size in SIZES:
        ours = measure("scopedown", size, rivals, node)
        assert ours is not None
        for name in ("scopedown", "cedarpy", "moto", "iam-simulate"):
            found = ours if name == "scopedown" else measure(name, size, rivals, node)
            for mode in ("single", "batch"):
                if found and mode in found:
                    rows.setdefault(f"{name} {mode}", {})[size] = found[mode]
            if found:
                answers = found["answers"]
                wrong = sum(a != b for a, b in zip(answers, ours["answers"], strict=False))
                differ[name] = differ.get(name, 0) + wrong
    if "--json" in sys.argv:
        print(json.dumps({"rates": rows, "different answers": differ, "sizes": SIZES}))
        return
    print(f"decisions a second, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':24}" + "".join(f"{size:>12} st." for size in SIZES))
    for name, rates in rows.items():
        print(f"{name:24}" + "".join(f"{rates.get(size, 0):>16,.0f}" for size in SIZES))
    print("answers that differ from scopedown's:", ", ".join(f"{name} {count}" for name, count in differ.items()))


if __name__ == "__main__":
    main()
