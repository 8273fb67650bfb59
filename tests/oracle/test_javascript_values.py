"""JavaScript's built-ins on known values are worth what node says."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from typing import Any

import pytest

from scopedown.languages.javascript.known import numbers, strings
from scopedown.languages.javascript.known.values import UNDEFINED, Known, Regex
from scopedown.source.known import NotKnown

pytestmark = pytest.mark.oracle

TEXTS = (
    "",
    "a",
    "My_Table",
    " a b ",
    "aXbXc",
    "orders-dev-orders",
    "é_ß",
    "x\ty\n",
    "7",
    "😀a",
    "a.b*c",
    "\ufeffa\u2003",
)
PATTERNS = (
    "_", "[^a-z]+", "(\\w)-(\\w)", "o", "^a", "c$", "a|b", "\\s+", "(x)?X", "[A-Z]", ".", "\\.", "b{1,2}", "[a-c]*?X",
)  # fmt: skip
OTHERS = ("", "_", "X", "o", "-", "a", "$&", "$1", "$$", "$2x", 0, 1, 2, -1, 3.7, 30, None, True, "2", UNDEFINED)
NUMBERS = (0, 1, -1, 2.5, 255, 1.005, -0.4, 12345.678, 1e21, 0.1)
BASES = (UNDEFINED, 2, 10, 16, 36, 0, 3, "2")


def cases() -> list[tuple[Known, str, list[Known]]]:
    drawn = random.Random(15)
    found: list[tuple[Known, str, list[Known]]] = []
    for name in sorted(strings.METHODS):
        for _ in range(120):
            arguments: list[Known] = [drawn.choice(OTHERS) for _ in range(drawn.randrange(3))]
            if name in ("replace", "replaceAll", "match", "matchAll", "search", "split") and drawn.random() < 0.7:
                arguments[:1] = [
                    Regex(drawn.choice(PATTERNS), "g" if "All" in name else drawn.choice(("", "g", "gi", "m")))
                ]
            found.append((drawn.choice(TEXTS), name, arguments))
    found += [(value, name, [base]) for value in NUMBERS for name in ("toString", "toFixed") for base in BASES]
    found += [(None, f"Math.{name}", [value]) for value in NUMBERS for name in numbers.MATH]
    found += [(None, "parseInt", [text, base]) for text in ("12px", "0x1f", "-7", "z", "", " 8") for base in BASES]
    return found


def js(value: Known) -> str:
    if isinstance(value, Regex):
        return f"/{value.pattern}/{value.flags}"
    return "undefined" if value is UNDEFINED else json.dumps(value)


def expression(case: tuple[Known, str, list[Known]]) -> str:
    value, name, arguments = case
    called = f"{name}" if value is None else f"({js(value)}).{name}"
    result = f"{called}({', '.join(map(js, arguments))})"
    return f"[...{result}]" if name == "matchAll" else result


def worth(case: tuple[Known, str, list[Known]]) -> Known:
    value, name, arguments = case
    if isinstance(value, str):
        strings.cost(name, value, arguments)
        return strings.call(name, value, arguments)
    if value is not None:
        return numbers.call(name, value, arguments)
    if name == "parseInt":
        return numbers.parse_int(*arguments)
    return numbers.of_math(name.removeprefix("Math."), arguments)


def plain(value: Known) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is UNDEFINED:
        return {"undefined": True}
    if isinstance(value, float) and value != value:
        return {"nan": True}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_what_is_worked_out_is_what_node_works_out() -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    drawn = cases()
    program = (
        "const plain = (v) => v === undefined ? {undefined: true} : Number.isNaN(v) ? {nan: true} :"
        " Array.isArray(v) ? [...v].map(plain) : v;\n"
        "const answers = [];\n"
        "for (const one of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {\n"
        "  try { answers.push([plain(new Function(`return ${one}`)())]) } catch (error) { answers.push(null) }\n"
        "}\n"
        "console.log(JSON.stringify(answers));\n"
    )
    done = subprocess.run(
        ["node", "-e", program], input=json.dumps([expression(case) for case in drawn]),
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    different, known = [], 0
    for case, answer in zip(drawn, json.loads(done.stdout), strict=True):
        try:
            ours = plain(worth(case))
        except NotKnown:
            continue
        known += 1
        if answer is None or plain(answer[0]) != ours:
            different.append((expression(case), answer, ours))
    assert different == []
    assert known > len(drawn) * 0.8
