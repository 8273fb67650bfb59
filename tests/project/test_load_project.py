"""From a path to a Project: what is read, what is told, and what ends as one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.project.load import NotAwsError, Options, find_projects, load_project, read_values

HEAD = "service: shop\nprovider: {name: aws, runtime: python3.12}\n"


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def codes(folder: Path, options: Options | None = None) -> set[str]:
    return {finding.code for finding in load_project(folder, options or Options()).findings}


def test_a_folder_and_its_file_are_the_same_project(tmp_path: Path) -> None:
    write(tmp_path, serverless_yml=HEAD + "functions: {f: {handler: h.main}}", h_py="")
    assert load_project(tmp_path, Options()) == load_project(tmp_path / "serverless.yml", Options())


def test_a_configuration_of_another_name_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "service.prod.yml").write_text(HEAD + "functions: {f: {handler: h.main}}")
    assert load_project(tmp_path / "service.prod.yml", Options()).config == "service.prod.yml"
    (tmp_path / "other.yml").write_text("openapi: 3.0.0")
    with pytest.raises(ScopedownError, match=r"other\.yml has no service"):
        load_project(tmp_path / "other.yml", Options())


def test_json_is_read_like_yaml(tmp_path: Path) -> None:
    (tmp_path / "serverless.json").write_text(
        '{\n "service": "s",\n "provider": {"name": "aws"},\n "functions": {\n  "f": {"handler": "h.x"}}}'
    )
    project = load_project(tmp_path, Options())
    assert project.functions[0].place == Place("serverless.json", 5, 3)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "is empty", 1),
        ("# nothing\n", "is empty", 1),
        ("- a\n- b\n", "is not a mapping", 1),
        ("just text", "is not a mapping", 1),
        ("service: s\n", "has no provider", 1),
        ("provider: {name: aws}\nfunctions: {}\n", "has no service", 1),
        ("service: s\nprovider: [1]\n", "cannot read the provider of", 2),
        (HEAD + "functions: 5\n", "cannot read the functions of", 3),
        (
            HEAD + "functions: ${env:NOWHERE}\n",
            "cannot read the functions of serverless.yml: the environment variable NOWHERE is not set",
            3,
        ),
        (HEAD + "functions:\n  a: 1\n  a: 2\n", "repeats the key", 5),
        (HEAD + "functions: {f: {handler: h.main}\n", "is not valid YAML", 4),
    ],
)
def test_what_cannot_be_read_is_one_error_with_a_place_and_a_remedy(
    tmp_path: Path, text: str, words: str, line: int
) -> None:
    with pytest.raises(ScopedownError, match="(?s)" + words) as raised:
        load_project(write(tmp_path, serverless_yml=text), Options())
    assert raised.value.place is not None and raised.value.place.line == line
    assert raised.value.remedy


def test_no_project_file_is_told_with_the_names_that_would_do(tmp_path: Path) -> None:
    with pytest.raises(ScopedownError, match="no project file was found") as raised:
        load_project(tmp_path, Options())
    assert "serverless.yml" in raised.value.remedy
    with pytest.raises(ScopedownError, match="does not exist"):
        load_project(tmp_path / "nowhere", Options())


def test_a_program_is_never_run(tmp_path: Path) -> None:
    write(tmp_path, serverless_js="require('fs').writeFileSync('ran', '')")
    with pytest.raises(ScopedownError, match="has no service"):
        load_project(tmp_path, Options())
    assert not (tmp_path / "ran").exists()


def test_another_cloud_is_no_project_of_ours(tmp_path: Path) -> None:
    with pytest.raises(NotAwsError, match="google"):
        load_project(write(tmp_path, serverless_yml="service: s\nprovider: {name: google}\n"), Options())


def test_a_service_without_functions_is_read(tmp_path: Path) -> None:
    project = load_project(write(tmp_path, serverless_yml=HEAD), Options())
    assert project.functions == () and project.roles == {}


def test_notations_of_the_first_versions_are_read_with_a_warning(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml="service:\n  name: old\nprovider: aws\n"
        "custom: {stage: '${opt:stage, self:provider.stage}'}\n"
        "functions: {f: {handler: h.main, name: '${self:custom.stage}-${self:provider.region}'}}\n",
    )
    project = load_project(tmp_path, Options())
    assert (project.service, project.stage) == ("old", "dev")
    assert project.functions[0].name.literal == "dev-us-east-1"
    assert {"legacy-service", "legacy-default"} <= {finding.code for finding in project.findings}
    staged = load_project(tmp_path, Options(stage="prod"))
    assert staged.functions[0].name.literal == "prod-us-east-1"


def test_a_fallback_in_brackets_of_its_own_is_read_with_a_warning(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml="service: s\nprovider: {name: aws, stage: '${opt:stage, ${self:custom.s, ${env:X}}}'}\n"
        "custom: {s: qa}\nfunctions: {f: {handler: h.main}}\n",
    )
    project = load_project(tmp_path, Options())
    assert project.stage == "qa"
    assert "legacy-fallback" in {finding.code for finding in project.findings}


def test_a_missing_variable_is_a_finding_and_the_rest_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml=HEAD + "functions:\n  f:\n    handler: h.main\n    environment:\n"
        "      TABLE: items-${env:STAGE_NAME}\n      QUEUE: plain\n      SECRET: ${ssm:/deep}\n",
        h_py="",
    )
    project = load_project(tmp_path, Options())
    environment = project.functions[0].environment
    assert environment["QUEUE"].literal == "plain"
    assert str(environment["TABLE"]) == "items-*"
    assert environment["TABLE"].unknowns[0].reason == "the environment variable STAGE_NAME is not set"
    assert "read from AWS" in environment["SECRET"].unknowns[0].reason
    (finding,) = project.findings
    assert finding.code == "variable-not-found"
    assert finding.place == Place("serverless.yml", 7, 14)
    assert "STAGE_NAME" in finding.remedy
    known = load_project(tmp_path, Options(environment={"STAGE_NAME": "qa"}, values={"ssm:/deep": "s"}))
    assert known.functions[0].environment["TABLE"].literal == "items-qa"
    assert known.functions[0].environment["SECRET"].literal == "s"
    assert known.findings == ()


def test_the_account_is_a_pseudo_parameter_until_it_is_given(tmp_path: Path) -> None:
    write(tmp_path, serverless_yml=HEAD + "functions: {f: {handler: h.m, environment: {A: 'x-${aws:accountId}'}}}")
    assert str(load_project(tmp_path, Options()).functions[0].environment["A"]) == "x-${AWS::AccountId}"
    given = load_project(tmp_path, Options(account="111122223333"))
    assert given.functions[0].environment["A"].literal == "x-111122223333"


def test_problems_of_one_variable_are_told_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml=HEAD + "custom: {a: '${env:NONE}', b: '${self:custom.a}', c: '${self:custom.b}-x'}\n",
    )
    assert len(load_project(tmp_path, Options()).findings) == 1


@pytest.mark.parametrize(
    ("custom", "code"),
    [
        ("{a: '${self:custom.b}', b: '${self:custom.a}'}", "variable-cycle"),
        ("{a: '${self:custom}'}", "variable-cycle"),
        ("{a: '${vault:x}'}", "variable-unknown-source"),
        ("{a: '${opt:x, dev}'}", "variable-syntax"),
        ("{a: '${self:custom.b'}", "variable-syntax"),
        ("{a: 'x-${self:provider}'}", "variable-not-text"),
        ("{a: '${file(none.yml)}'}", "variable-not-found"),
        ("{a: '${file(broken.yml)}'}", "variable-file-broken"),
        ("{a: '${file(.)}'}", "variable-file-broken"),
        ("{a: '${file(latin.yml)}'}", "variable-file-broken"),
        ("{a: '${strToBool(${self:service})}'}", "variable-not-boolean"),
        ("{a: '${cf.eu-west-1:stack.Out}'}", "variable-unknown-source"),
        ("{a: '${sls:stage}', b: '${param:none}'}", "variable-not-found"),
    ],
)
def test_each_refusal_of_the_framework_is_a_finding(tmp_path: Path, custom: str, code: str) -> None:
    (tmp_path / "latin.yml").write_bytes(b"a: \xe9")
    write(tmp_path, serverless_yml=HEAD + f"custom: {custom}\nfunctions: {{f: {{handler: h.main}}}}\n", broken_yml="{")
    project = load_project(tmp_path, Options())
    assert code in {finding.code for finding in project.findings}
    assert [function.key for function in project.functions] == ["f"]
    assert all(finding.place for finding in project.findings)


def test_variables_that_multiply_end_quickly(tmp_path: Path) -> None:
    def row(name: str, number: int, quote: str) -> str:
        return quote.replace("NEXT", f"${{self:custom.{name}{number + 1}}}")

    lists = "".join(f"  a{n}: {row('a', n, '[NEXT, NEXT]')}\n" for n in range(40))
    write(
        tmp_path, serverless_yml=HEAD + "custom:\n" + lists.replace("[", "['").replace("]", "']").replace(", ", "', '")
    )
    assert {"variable-too-large", "variable-too-deep"} & codes(tmp_path)
    texts = "".join(f"  t{n}: {row('t', n, 'NEXTNEXTNEXTNEXT')}\n" for n in range(40))
    write(tmp_path, serverless_yml=HEAD + "custom:\n" + texts + "  t40: xxxxxxxxxx\n")
    assert "variable-too-large" in codes(tmp_path)


def test_a_long_chain_of_variables_is_no_crash(tmp_path: Path) -> None:
    rows = "".join(f"  a{n}: ${{self:custom.a{n + 1}}}\n" for n in range(3000))
    write(tmp_path, serverless_yml=HEAD + "custom:\n" + rows + "  a3000: end\n")
    assert load_project(tmp_path, Options()).service == "shop"


def test_functions_that_are_wrong_are_told_one_by_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml=HEAD + "functions:\n  a: text\n  b:\n  c: {}\n  d: {handler: ../out.main}\n"
        "  e: {handler: none.main}\n  f: {handler: h.main}\n  g: {handler: 5}\n  h: {image: remote}\n",
        h_py="",
    )
    project = load_project(tmp_path, Options())
    assert [function.key for function in project.functions] == ["c", "d", "e", "f", "g", "h"]
    found = {function.key: function.handler.file if function.handler else None for function in project.functions}
    assert found == {"c": None, "d": None, "e": None, "f": "h.py", "g": None, "h": None}
    assert {finding.code for finding in project.findings} == {
        "function-invalid", "handler-missing", "handler-outside", "handler-not-found", "image-not-read",
    }  # fmt: skip


def test_files_outside_of_the_folder_are_read_but_never_run(tmp_path: Path) -> None:
    inner = tmp_path / "services" / "one"
    inner.mkdir(parents=True)
    (tmp_path / "services" / "shared.yml").write_text("table: items\nfunctions:\n  f:\n    handler: h.main\n")
    (tmp_path / "services" / "shared.js").write_text("module.exports = () => { throw 1 }")
    write(
        inner,
        serverless_yml=HEAD + "custom: {t: '${file(../shared.yml):table}', j: '${file(../shared.js):x}'}\n"
        "functions: ${file(../shared.yml):functions}\n",
        h_py="",
    )
    project = load_project(inner, Options())
    assert project.functions[0].place == Place("../shared.yml", 3, 3)
    assert [(one.code, one.place) for one in project.findings] == [("program-not-read", Place("../shared.js", 1, 26))]


def test_dotenv_is_loaded_where_the_framework_loads_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml=HEAD + "useDotenv: true\nfunctions: {f: {handler: h.main, environment: {A: '${env:A}'}}}\n",
        _env="A=from-default\n",
        _env_qa='export A="from $B"  # note\n',
    )
    assert load_project(tmp_path, Options()).functions[0].environment["A"].literal == "from-default"
    staged = load_project(tmp_path, Options(stage="qa", environment={"B": "qa"}))
    assert staged.functions[0].environment["A"].literal == "from qa"
    process = load_project(tmp_path, Options(environment={"A": "mine"}))
    assert process.functions[0].environment["A"].literal == "mine"


def test_projects_are_found_everywhere_but_in_what_is_installed(tmp_path: Path) -> None:
    for folder in (".", "b", "a/deep", "node_modules/x", ".serverless", "a/.git"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "serverless.yml").write_text(HEAD)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    found = [path.relative_to(tmp_path).as_posix() for path in find_projects(tmp_path)]
    assert found == ["a/deep/serverless.yml", "b/serverless.yml", "serverless.yml"]


def test_a_handler_behind_a_loop_of_links_is_no_hang(tmp_path: Path) -> None:
    write(
        tmp_path,
        serverless_yml=HEAD + "functions: {f: {handler: loop/loop/h.main}, g: {handler: self.main}}\n",
        h_py="",
    )
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")
    project = load_project(tmp_path, Options())
    assert project.functions[1].handler is not None and project.functions[1].handler.file is None


def test_a_number_that_was_an_account_is_told(tmp_path: Path) -> None:
    write(tmp_path, serverless_yml=HEAD + "custom: {account: 012345678901}\n")
    assert "account-leading-zero" in codes(tmp_path)


def test_values_of_a_parameter_file_are_read(tmp_path: Path) -> None:
    write(tmp_path, v_yml='"ssm:/a": 1\n"cf:s.o": {x: y}\n', bad_yml="- x\n")
    assert read_values(tmp_path / "v.yml") == {"ssm:/a": 1, "cf:s.o": {"x": "y"}}
    for name in ("bad.yml", "none.yml"):
        with pytest.raises(ScopedownError):
            read_values(tmp_path / name)
