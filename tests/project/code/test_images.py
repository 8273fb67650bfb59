"""Images: the handler that a Dockerfile starts, among what it copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.images import Image, InImage, find_in_image

PYTHON = "FROM public.ecr.aws/lambda/python:3.12\n"
NODE = "FROM public.ecr.aws/lambda/nodejs:20\n"
CLIENT = (
    "FROM python:3.12\nWORKDIR /code\nCOPY src .\n"
    'ENTRYPOINT ["python", "-m", "awslambdaric"]\nCMD ["app.main"]'
)  # fmt: skip


def image(
    root: Path,
    dockerfile: str,
    *files: str,
    folder: str | None = "image",
    command: tuple[str, ...] | None = None,
    target: str = "",
    arguments: dict[str, str] | None = None,
    variables: dict[str, str] | None = None,
) -> InImage:
    (root / ".git").mkdir(exist_ok=True)
    for name in ("image/Dockerfile", *files):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dockerfile if name.endswith("Dockerfile") else "main run handler app other")
    environment = {name: Text.of(value) for name, value in (variables or {}).items()}
    wanted = Image("f", folder, "Dockerfile", command, None, target, arguments or {}, environment, Place("t.yaml"))
    return find_in_image(Sources(root), wanted)


def place(found: InImage) -> tuple[str | None, str, str]:
    assert found.handler is not None
    return found.handler.file, found.handler.symbol, found.handler.root


@pytest.mark.parametrize(
    ("dockerfile", "file", "expected"),
    [
        (PYTHON + 'COPY src/ ${LAMBDA_TASK_ROOT}\nRUN pip \\\n install x\nCMD ["app.main"]', "src/app.py", "src"),
        (PYTHON + 'COPY src/app.py ./\nCMD ["app.main"]', "src/app.py", "src"),
        (PYTHON + 'COPY src ${LAMBDA_TASK_ROOT}/code\nCMD ["code.app.main"]', "src/app.py", "src"),
        (PYTHON + 'COPY src ./src\nCMD ["src.app.main"]', "src/app.py", ""),
        (PYTHON + 'COPY src/*.py ./\nCMD app.main', "src/app.py", "src"),
        (PYTHON + 'COPY src/worker.py ./app.py\nCMD ["app.main"]', "src/worker.py", "src"),
        (PYTHON + 'WORKDIR /code\nCOPY . .\nWORKDIR lib\nCMD ["app.main"]', "lib/app.py", "lib"),
        (CLIENT, "src/app.py", "src"),
        (PYTHON + 'COPY src /tmp/src\nRUN cp -r /tmp/src/* /var/task/\nCMD ["app.main"]', "src/app.py", "src"),
        (PYTHON + "ENV CODE=lib\nCOPY $CODE/ ./\nCMD [ \"app.main\" ]", "lib/app.py", "lib"),
        (PYTHON + "COPY <<EOF /x\nCOPY no /var/task\nEOF\nCOPY src ./\nCMD [\"app.main\"]", "src/app.py", "src"),
    ],
)  # fmt: skip
def test_what_is_copied_tells_where_a_python_handler_stands(
    dockerfile: str, file: str, expected: str, tmp_path: Path
) -> None:
    found = image(tmp_path, dockerfile, f"image/{file}")
    assert place(found) == (f"image/{file}", "main", f"image/{expected}".rstrip("/"))
    assert found.language == "python"
    assert found.findings == []


STAGES = (
    "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
    + NODE
    + 'COPY --from=build /app/dist ./\nCMD ["index.handler"]\n'
)


def test_a_stage_s_output_is_led_back_to_its_source(tmp_path: Path) -> None:
    found = image(tmp_path, STAGES, "image/src/index.ts", "image/package.json")
    assert place(found)[:2] == ("image/src/index.ts", "handler")
    assert found.language == "typescript"


def test_a_stage_that_a_template_asks_for(tmp_path: Path) -> None:
    both = (
        PYTHON.strip() + " AS one\nCOPY a ./\nCMD [\"app.run\"]\nFROM public.ecr.aws/lambda/python:3.12 AS two\n"
        "COPY b ./\nCMD [\"app.other\"]\n"
    )  # fmt: skip
    assert place(image(tmp_path, both, "image/a/app.py", "image/b/app.py", target="one"))[0] == "image/a/app.py"
    assert place(image(tmp_path, both, target="two"))[:2] == ("image/b/app.py", "other")
    assert place(image(tmp_path, both))[0] == "image/b/app.py"


def test_the_function_s_own_command_and_build_arguments(tmp_path: Path) -> None:
    dockerfile = PYTHON + 'ARG NAME=a\nCOPY functions/${NAME} ./\nCMD ["app.main"]\n'
    files = ("image/functions/a/app.py", "image/functions/b/app.py")
    assert place(image(tmp_path, dockerfile, *files))[0] == "image/functions/a/app.py"
    assert place(image(tmp_path, dockerfile, arguments={"NAME": "b"}))[0] == "image/functions/b/app.py"
    assert place(image(tmp_path, dockerfile, command=("app.other",)))[1] == "other"


def test_a_context_above_the_project_and_one_that_leaves_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    found = image(inner, PYTHON + 'COPY src ./\nCMD ["app.main"]', "image/src/app.py")
    assert place(found)[0] == "image/src/app.py"
    outside = image(inner, "", folder="../..")
    assert outside.handler is None
    assert [one.code for one in outside.findings] == ["image-not-read"]
    assert [part.cause.value for part in outside.unread] == ["source"]


def test_a_command_whose_image_nobody_builds_here_is_found_where_one_file_fits(tmp_path: Path) -> None:
    found = image(tmp_path, "", "lib/jobs.py", folder=None, command=("jobs.run",))
    assert place(found)[:2] == ("lib/jobs.py", "run")
    assert [one.code for one in found.findings] == ["handler-elsewhere"]


def test_of_several_files_that_fit_none_is_taken(tmp_path: Path) -> None:
    found = image(tmp_path, PYTHON + 'CMD ["jobs.run"]', "a/jobs.py", "b/jobs.py")
    assert found.handler is not None and found.handler.file is None
    assert [one.code for one in found.findings] == ["handler-not-found"]
    assert "a/jobs.py, b/jobs.py" in found.findings[0].message


def test_a_wrapper_in_an_image(tmp_path: Path) -> None:
    dockerfile = PYTHON + 'COPY src ./\nCMD ["datadog_lambda.handler.handler"]'
    found = image(tmp_path, dockerfile, "image/src/app.py", variables={"DD_LAMBDA_HANDLER": "app.main"})
    assert place(found)[:2] == ("image/src/app.py", "main")
    unnamed = image(tmp_path, dockerfile)
    assert [part.cause.value for part in unnamed.unread] == ["wrapper"]


@pytest.mark.parametrize(
    ("command", "file", "symbol"),
    [
        ('CMD ["node", "server.js"]', "server.js", ""),
        ('ENTRYPOINT ["python", "app.py"]', "app.py", ""),
        ('CMD ["uvicorn", "--port", "8080", "web.api:app"]', "web/api.py", "app"),
        ("CMD exec gunicorn --bind :8080 app:app", "app.py", "app"),
        ('CMD ["sh", "-c", "python -m uvicorn web.api:app"]', "web/api.py", "app"),
        ('CMD ["./run.sh"]', "server.js", ""),
    ],
)
def test_a_web_server_behind_the_adapter_is_the_program(command: str, file: str, symbol: str, tmp_path: Path) -> None:
    dockerfile = (
        "FROM python:3.12-slim\n"
        "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.9.0 /lambda-adapter /opt/extensions/lambda-adapter\n"
        f"WORKDIR /srv\nCOPY . .\n{command}\n"
    )
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "run.sh").write_text("#!/bin/sh\nexport A=1\nexec node server.js\n")
    found = image(tmp_path, dockerfile, f"image/{file}")
    assert place(found)[:2] == (f"image/{file}", symbol)


@pytest.mark.parametrize(
    "text",
    [
        "", "FROM", "COPY", "FROM x\nCOPY a", "FROM x\nCMD [", "ARG\nENV\nFROM x AS\nWORKDIR\nRUN", "FROM x\n" * 9_000,
        "FROM x\nRUN " + "cp -r a b && " * 5_000, "FROM x\nRUN <<E\n", "\0", "FROM x\nCOPY --from=y a b\nCMD \\",
    ],
)  # fmt: skip
def test_any_text_ends_in_a_finding(text: str, tmp_path: Path) -> None:
    assert image(tmp_path, text).findings


def test_a_project_of_csharp_is_sought_beside_its_dockerfile_first(tmp_path: Path) -> None:
    csproj = '<Project Sdk="Microsoft.NET.Sdk"></Project>'
    code = "namespace Shop; public class Function { public void Run(string one) { } }"
    for folder in ("a", "b"):
        (tmp_path / "image" / folder).mkdir(parents=True)
        (tmp_path / "image" / folder / "Shop.csproj").write_text(csproj)
        (tmp_path / "image" / folder / "Function.cs").write_text(code)
    (tmp_path / "image/b/Dockerfile").write_text(
        'FROM public.ecr.aws/lambda/dotnet:8\nCOPY bin/publish /var/task\nCMD ["Shop::Shop.Function::Run"]\n'
    )
    (tmp_path / ".git").mkdir()
    wanted = Image("f", "image", "b/Dockerfile", None, None, "", {}, {}, Place("t.yaml"))
    assert place(find_in_image(Sources(tmp_path), wanted))[0] == "image/b/Function.cs"


def unknown(root: Path, *names: str, alone: bool = True, **dockerfiles: str) -> InImage:
    """An image that is built nobody knows how, in a repository with these folders, each with a Dockerfile."""
    (root / ".git").mkdir(exist_ok=True)
    for folder, text in dockerfiles.items():
        (root / "services" / folder).mkdir(parents=True, exist_ok=True)
        (root / "services" / folder / "Dockerfile").write_text(text)
        (root / "services" / folder / "app.py").write_text("def main(event, context): pass")
    wanted = Image("f", None, "Dockerfile", None, None, "", {}, {}, Place("main.tf"), names, alone)
    return find_in_image(Sources(root), wanted)


OWN, ABOVE = PYTHON + 'COPY app.py ./\nCMD ["app.main"]', PYTHON + 'COPY ship_order/app.py ./\nCMD ["app.main"]'


@pytest.mark.parametrize(
    ("names", "dockerfiles", "file"),
    [
        (["acme-ship-order-dev"], {"ship_order": OWN, "fetch": OWN}, "services/ship_order/app.py"),
        (["ship-order"], {"ship_order": ABOVE, "fetch": OWN}, "services/ship_order/app.py"),  # built from above
        ([], {"src": OWN}, "services/src/app.py"),
        (["pay"], {"ship_order": OWN}, None),  # the only one, of another name
        (["123456789012.dkr.ecr.x.amazonaws.com/fetch:1"], {"ship": OWN, "fetch": OWN}, "services/fetch/app.py"),
        ([], {"ship": OWN, "fetch": OWN}, None),
        (["pay"], {"ship": OWN, "fetch": OWN}, None),
        (["site"], {"site": 'FROM node:20\nCOPY app.py ./\nCMD ["app.main"]'}, None),  # nothing of Lambda
    ],
)  # fmt: skip
def test_an_image_is_built_of_the_dockerfile_that_is_named_like_it(
    tmp_path: Path, names: list[str], dockerfiles: dict[str, str], file: str | None
) -> None:
    found = unknown(tmp_path, *names, **dockerfiles)
    assert (found.handler.file if found.handler else None) == file
    assert [one.code for one in found.findings] == ["handler-elsewhere" if file else "image-not-read"]


def test_the_only_dockerfile_may_be_another_functions(tmp_path: Path) -> None:
    assert unknown(tmp_path, alone=False, ship=OWN).handler is None
