"""Every pair of colours that text and its ground have is told apart by who sees little: WCAG 2.2, level AA."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("scopedown.report").joinpath("assets", "page.css").read_text("utf-8")
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
}
PLAIN = ("ink", "muted", "accent", "error", "warning", "note", "added", "event")
TEXT = [
    *((name, ground) for name in PLAIN for ground in ("back", "panel")),
    *((name, f"{name}-back") for name in ("error", "warning", "note", "event")),
    *(("ink", f"{name}-back") for name in ("event", "function", "resource")),
    ("back", "accent"),
]
LINES = [
    *((name, "back") for name in ("edge", "read", "write", "list")),
    ("function", "function-back"),
    ("resource", "resource-back"),
    ("event", "event-back"),
]


def brightness(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    darker, lighter = sorted([brightness(one), brightness(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_the_published_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21 and round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT, ids=lambda name: name)
def test_text_can_be_read(ink: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES, ids=lambda name: name)
def test_lines_and_frames_can_be_seen(line: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[line][scheme], COLOURS[ground][scheme]) >= 3


def test_no_colour_is_written_out_elsewhere() -> None:
    beyond = re.sub(r":root \{.*?\n\}", "", CSS, count=1, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,6}\b|\brgb|\bhsl", beyond) == []
