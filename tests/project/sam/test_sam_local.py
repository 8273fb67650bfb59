"""Code, layers, definitions and applications that a SAM template names by a local path."""

from __future__ import annotations

from pathlib import Path

import pytest
from sam_projects import HEAD, codes, line, plain, read, read_at, resources, write

from scopedown.core.text import Text
from scopedown.project.model import Project
from scopedown.project.options import Options

PYTHON = "def read(event, context):\n    pass\n"


def function(*properties: str, runtime: str = "python3.12", handler: str = "app.read", metadata: str = "") -> str:
    """A function Reader with these properties."""
    lines = [f"Runtime: {runtime}", f"Handler: {handler}", *properties]
    body = "".join(f"\n    {one}" for one in lines)
    return resources(f"Reader:\n  Type: AWS::Serverless::Function\n  Properties:{body}\n{metadata}")


def handler_of(project: Project) -> str | None:
    handler = project.functions[0].handler
    return handler.file if handler is not None else None


def test_code_in_a_folder(tmp_path: Path) -> None:
    project = read(tmp_path, function("CodeUri: src/"), src__app_py=PYTHON)
    assert handler_of(project) == "src/app.py"
    assert project.functions[0].handler is not None and project.functions[0].handler.root == "src"
    assert codes(project) == []


def test_code_in_a_single_file(tmp_path: Path) -> None:
    project = read(tmp_path, function("CodeUri: src/app.py"), src__app_py=PYTHON)
    assert handler_of(project) == "src/app.py"


def test_code_that_nobody_names_stands_in_the_template_s_folder(tmp_path: Path) -> None:
    assert handler_of(read(tmp_path, function(), app_py=PYTHON)) == "app.py"


def test_code_that_globals_name(tmp_path: Path) -> None:
    template = "Globals: {Function: {CodeUri: src, Runtime: python3.12}}\n" + resources("""
    Reader:
      Type: AWS::Serverless::Function
      Properties: {Handler: app.read}
    """)
    assert handler_of(read(tmp_path, template, src__app_py=PYTHON)) == "src/app.py"


def test_code_that_a_condition_on_a_parameter_chooses(tmp_path: Path) -> None:
    head = "Parameters: {Stage: {Type: String, Default: dev}}\nConditions: {Live: !Equals [!Ref Stage, live]}\n"
    template = head + function("CodeUri: !If [Live, new, old]")
    files = {"old__app_py": PYTHON, "new__app_py": PYTHON}
    assert handler_of(read(tmp_path, template, **files)) == "old/app.py"
    assert handler_of(read(tmp_path, template, Options(params={"Stage": "live"}), **files)) == "new/app.py"


@pytest.mark.parametrize("written", ["!Ref Folder", "!Sub '${Folder}'", "!Sub ['${F}', {F: !Ref Folder}]"])
def test_code_that_a_parameter_names_by_its_default_or_by_the_user_s_value(written: str, tmp_path: Path) -> None:
    template = "Parameters: {Folder: {Type: String, Default: old}}\n" + function(f"CodeUri: {written}")
    files = {"old__app_py": PYTHON, "new__app_py": PYTHON}
    assert handler_of(read(tmp_path, template, **files)) == "old/app.py"
    assert handler_of(read(tmp_path, template, Options(params={"Folder": "new"}), **files)) == "new/app.py"


def test_code_that_a_parameter_without_a_value_names_is_told(tmp_path: Path) -> None:
    template = "Parameters: {Folder: {Type: String}}\n" + function("CodeUri: !Ref Folder")
    project = read(tmp_path, template)
    assert codes(project) == ["sam-code-elsewhere"]
    assert project.findings[0].place == line(template, "!Ref Folder")


@pytest.mark.parametrize(
    "written", ["build/app.zip", "s3://bucket/app.zip", "{Bucket: b, Key: k}", "https://x.example/a"]
)
def test_code_that_is_an_archive_or_elsewhere_is_said_once_and_its_role_is_read(written: str, tmp_path: Path) -> None:
    project = read(
        tmp_path, function(f"CodeUri: {written}", "Policies: [{Statement: [{Effect: Allow, Action: 'sns:*'}]}]")
    )
    assert len(project.findings) == 1 and project.findings[0].code in ("sam-code-elsewhere", "handler-packaged")
    assert handler_of(project) is None
    assert len(project.roles["ReaderRole"].statements) == 1


def test_a_source_beside_an_archive_is_read_in_its_place_and_this_is_said(tmp_path: Path) -> None:
    project = read(tmp_path, function("CodeUri: src/app.zip"), src__app_py=PYTHON)
    assert handler_of(project) == "src/app.py"
    assert codes(project) == ["sam-code-archive"]


def test_code_that_does_not_exist_is_told_where_it_is_named(tmp_path: Path) -> None:
    template = function("CodeUri: sources/")
    project = read(tmp_path, template)
    assert codes(project) == ["sam-code-missing"]
    assert project.findings[0].place == line(template, "sources/")


def test_a_place_in_s3_that_packaging_decides_is_unknown_and_no_placeholder(tmp_path: Path) -> None:
    project = read(tmp_path, function("CodeUri: src/"), src__app_py=PYTHON)
    code = project.resources["Reader"].properties["Code"]
    assert isinstance(code["S3Bucket"], Text) and code["S3Bucket"].unknowns
    assert "scopedown" not in str(plain(project.deployed["Reader"].properties))


def test_code_in_the_template_has_the_place_of_its_first_line(tmp_path: Path) -> None:
    template = function("InlineCode: |\n      import boto3\n      def read(event, context): pass")
    project = read(tmp_path, template)
    handler = project.functions[0].handler
    assert handler is not None and handler.inline is not None
    assert handler.inline.text.startswith("import boto3")
    assert handler.inline.place == line(template, "import boto3")


def test_inline_code_beside_code_from_globals_is_refused_as_sam_does_and_still_read(tmp_path: Path) -> None:
    template = "Globals: {Function: {CodeUri: src}}\n" + function("InlineCode: 'def read(e, c): pass'")
    project = read(tmp_path, template)
    assert codes(project) == ["sam-code-twice"]
    assert project.functions[0].handler is not None and project.functions[0].handler.inline is not None


def test_a_handler_in_nested_folders(tmp_path: Path) -> None:
    template = function("CodeUri: .", handler="src/handlers/orders.create", runtime="nodejs22.x")
    project = read(tmp_path, template, src__handlers__orders_js="exports.create = 1")
    assert handler_of(project) == "src/handlers/orders.js"


@pytest.mark.parametrize(
    ("points", "handler"),
    [("[src/orders/app.ts]", "app.create"), ("[src/orders/app.ts, src/users/app.ts]", "orders/app.create")],
)
def test_a_handler_that_esbuild_bundles(points: str, handler: str, tmp_path: Path) -> None:
    metadata = f"  Metadata: {{BuildMethod: esbuild, BuildProperties: {{EntryPoints: {points}}}}}"
    template = function("CodeUri: .", handler=handler, runtime="nodejs22.x", metadata=metadata)
    project = read(tmp_path, template, src__orders__app_ts="export const create = 1", src__users__app_ts="")
    assert handler_of(project) == "src/orders/app.ts"
    assert project.functions[0].language == "typescript"


def test_a_makefile_s_code_is_the_folder_that_it_is_built_from(tmp_path: Path) -> None:
    template = function("CodeUri: src/", metadata="  Metadata: {BuildMethod: makefile}")
    assert handler_of(read(tmp_path, template, src__app_py=PYTHON)) == "src/app.py"


def test_an_image_s_handler_is_its_dockerfile_s_command(tmp_path: Path) -> None:
    template = resources("""
    Reader:
      Type: AWS::Serverless::Function
      Properties: {PackageType: Image}
      Metadata: {Dockerfile: Dockerfile.lambda, DockerContext: ./image, DockerTag: v1}
    """)
    write(
        tmp_path,
        {"image/Dockerfile.lambda": 'FROM public.ecr.aws/lambda/python:3.12\nCOPY app.py ./\nCMD ["app.read"]\n'},
    )
    project = read(tmp_path, template, image__app_py=PYTHON)
    assert handler_of(project) == "image/app.py"
    assert codes(project) == []


def test_an_image_that_the_tools_of_dotnet_build_from_a_folder(tmp_path: Path) -> None:
    template = resources("""
    Reader:
      Type: AWS::Serverless::Function
      Properties: {PackageType: Image, ImageUri: ./image}
    """)
    write(tmp_path, {"image/Dockerfile": 'FROM public.ecr.aws/lambda/python:3.12\nCOPY app.py ./\nCMD ["app.read"]\n'})
    project = read(tmp_path, template, image__app_py=PYTHON)
    assert handler_of(project) == "image/app.py"
    assert codes(project) == []


def test_a_layer_of_the_project_is_a_folder_of_its_function(tmp_path: Path) -> None:
    template = resources("""
    Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/shared}}
    Reader:
      Type: AWS::Serverless::Function
      Properties: {Runtime: python3.12, Handler: app.read, CodeUri: src, Layers: [!Ref Shared]}
    """)
    project = read(tmp_path, template, src__app_py=PYTHON, layers__shared__python__shared_py="")
    assert project.functions[0].layers == ("layers/shared",)
    assert any(id.startswith("Shared") for id in project.resources)


@pytest.mark.parametrize(("kind", "instead"), [("StateMachine", "Definition"), ("Api", "Body"), ("HttpApi", "Body")])
def test_a_local_definition_is_read_in_the_place_of_its_uri(kind: str, instead: str, tmp_path: Path) -> None:
    more = {"StateMachine": "", "Api": "StageName: live, ", "HttpApi": ""}[kind]
    template = resources(
        f"Thing: {{Type: AWS::Serverless::{kind}, Properties: {{{more}DefinitionUri: def/thing.yaml}}}}"
    )
    project = read(tmp_path, template, def__thing_yaml="openapi: 3.0.1\npaths: {}\nStartAt: A\nStates: {}\n")
    found = project.deployed["Thing"].properties
    assert found[instead]["StartAt"] == "A"
    assert found[instead].keys_at["StartAt"].file == "def/thing.yaml"
    assert not any(key.endswith("S3Location") for key in found)


def test_a_definition_that_does_not_exist_is_told_and_the_role_is_read(tmp_path: Path) -> None:
    template = resources("Steps: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: nope.json}}")
    project = read(tmp_path, template)
    assert codes(project) == ["sam-definition-missing"]
    assert "StepsRole" in project.roles


def test_a_local_application_is_read_as_a_nested_stack_by_the_same_translation(tmp_path: Path) -> None:
    child = resources("""
    Worker:
      Type: AWS::Serverless::Function
      Properties: {Runtime: python3.12, Handler: app.read, CodeUri: code, Policies: [{SQSPollerPolicy: {QueueName: q}}]}
    """)
    template = resources("""
    Child: {Type: AWS::Serverless::Application, Properties: {Location: child/template.yaml}}
    """)
    project = read(tmp_path, template, child__template_yaml=child, child__code__app_py=PYTHON)
    assert [function.logical_id for function in project.functions] == ["Child/Worker"]
    assert handler_of(project) == "child/code/app.py"
    (statement,) = project.roles["Child/WorkerRole"].statements
    assert statement.place == line(child, "{SQSPollerPolicy", "child/template.yaml")


def test_code_above_the_template_makes_the_folder_above_the_project_s(tmp_path: Path) -> None:
    write(tmp_path, {"infra/template.yaml": function("CodeUri: ../src"), "src/app.py": PYTHON})
    project = read_at(tmp_path / "infra" / "template.yaml")
    assert (project.root, project.config) == (str(tmp_path.resolve()), "infra/template.yaml")
    assert handler_of(project) == "src/app.py"
    assert project.functions[0].place.file == "infra/template.yaml"


BUILT = """
[function_build_definitions.1a2b]
codeuri = "src"
runtime = "python3.12"
functions = ["Reader"]

[layer_build_definitions.3c4d]
codeuri = "{folder}/layers/shared"
layer = "Shared"
"""


def test_a_template_that_sam_build_made_is_led_back_to_its_sources(tmp_path: Path) -> None:
    template = HEAD + """\
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: Shared}}
  Reader:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.read, CodeUri: Reader, Layers: [!Ref Shared]}
"""  # fmt: skip
    write(
        tmp_path,
        {
            ".aws-sam/build/template.yaml": template,
            ".aws-sam/build.toml": BUILT.replace("{folder}", tmp_path.resolve().as_posix()),
            ".aws-sam/build/Reader/app.py": PYTHON,
            ".aws-sam/build/Shared/python/shared.py": "",
            "src/app.py": PYTHON,
            "layers/shared/shared.py": "",
        },
    )
    project = read_at(tmp_path / ".aws-sam" / "build" / "template.yaml")
    assert handler_of(project) == "src/app.py"
    assert project.functions[0].layers == ("layers/shared",)
    assert project.root == str(tmp_path.resolve())
    assert project.functions[0].place.file == ".aws-sam/build/template.yaml"


def test_a_built_template_without_its_record_keeps_its_built_folders(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".aws-sam/build/template.yaml": function("CodeUri: Reader"),
            ".aws-sam/build/Reader/app.py": PYTHON,
            ".aws-sam/build.toml": "[[ no toml",
        },
    )
    assert handler_of(read_at(tmp_path / ".aws-sam" / "build" / "template.yaml")) == ".aws-sam/build/Reader/app.py"


@pytest.mark.parametrize(
    "body",
    [
        "Thing: {Type: AWS::Serverless::WebFunction, Properties: {CodeUri: web/, Runtime: nodejs22.x, AuthType: NONE}}",
        "Thing: {Type: AWS::Serverless::MicrovmImage, Properties: {Name: n, CodeUri: vm/, BaseImageArn: 'arn:aws:a',"
        " BaseImageVersion: '1'}}",
        "Thing: {Type: AWS::Serverless::GraphQLApi, Properties: {SchemaUri: s.graphql, Auth: {Type: AWS_IAM}}}",
        "Thing: {Type: AWS::Serverless::Application,"
        " Properties: {Location: {ApplicationId: a, SemanticVersion: 1.0.0}}}",
    ],
)
def test_no_placeholder_is_left_in_any_kind_of_resource(body: str, tmp_path: Path) -> None:
    project = read(tmp_path, resources(body))
    assert "sam-refused" not in codes(project), project.findings
    assert project.deployed
    for resource in project.deployed.values():
        assert "scopedown" not in str(plain(resource.properties)), resource
