"""The layers that a service makes, and the folders of those that a function uses."""

from __future__ import annotations

from pathlib import Path

from scopedown.project.load import load_project
from scopedown.project.options import Options

GOLDEN = Path(__file__).parent / "golden" / "resources"


def layers(folder: Path) -> dict[str, tuple[str, ...]]:
    return {function.key: function.layers for function in load_project(folder, Options()).functions}


def test_a_function_has_the_folders_of_the_layers_that_the_service_makes() -> None:
    assert layers(GOLDEN / "layers-shared") == {"one": ("layers/common",), "two": ("layers/kept",)}


def test_layers_of_a_wrong_form_have_no_folders(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        "layers: {a: {path: {x: y}}, b: 5, c: {path: ./code/}, d: {}}\n"
        "functions:\n"
        "  f: {handler: h.f, layers: [{Ref: ALambdaLayer}, {Ref: [CLambdaLayer]}, {Ref: BLambdaLayer}, 7]}\n"
        "  g: {handler: h.g, layers: [{Ref: CLambdaLayer}, {Ref: CLambdaLayer}]}\n"
        "  h: {handler: h.h, layers: {Ref: CLambdaLayer}}\n"
    )
    assert layers(tmp_path) == {"f": (), "g": ("code",), "h": ()}
