"""Python handlers are loaded and called as Lambda does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from prove.functions.local_aws import one_of, run_in, service


def test_a_handler_gives_its_result_and_knows_its_context(tmp_path: Path) -> None:
    code = (
        "def handler(event, context):\n"
        "    left = context.get_remaining_time_in_millis()\n"
        "    return [context.function_name, context.invoked_function_arn, 0 < left <= 6000]\n"
    )
    ran = one_of(tmp_path, code, python=True)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:sample-dev-one"
    assert json.loads(ran.result) == ["sample-dev-one", arn, True]


def test_a_handler_in_a_package_imports_its_neighbours(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: pkg/app.handler}\n", runtime="python3.11"),
        "pkg/__init__.py": "",
        "pkg/app.py": "import shared\nfrom pkg import network as n\nhandler = lambda *_: shared.NAME + n.NAME\n",
        "pkg/network.py": "NAME = ' and near'\n",
        "shared.py": "NAME = 'far'\n",
    }
    assert run_in(tmp_path, files)["one"].events[0].result == '"far and near"'


def test_an_error_of_the_handler_is_told_with_its_log(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "def handler(e, c):\n    print('before')\n    raise KeyError('k')\n", python=True)
    assert (ran.outcome, ran.error_type, ran.error) == ("error", "KeyError", "'k'")
    assert "before" in ran.log and "app.py" in ran.log


def test_a_missing_module_is_named_with_what_to_do(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: app.handler}\n", runtime="python3.11"),
        "app.py": "import not_there_at_all\n",
    }
    found = run_in(tmp_path, files)["one"]
    assert not found.ran
    assert found.why_not == (
        "No module named 'not_there_at_all': install it into the project's .venv, or package the project"
    )


def test_the_projects_own_virtual_environment_is_used(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: app.handler}\n", runtime="python3.11"),
        "app.py": "import installed\n\ndef handler(e, c):\n    return installed.NAME\n",
        ".venv/lib/python3.11/site-packages/installed.py": "NAME = 'installed'\n",
    }
    assert run_in(tmp_path, files)["one"].events[0].result == '"installed"'


def test_a_result_that_is_no_json_is_an_error(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "def handler(e, c):\n    return {1, 2}\n", python=True)
    assert (ran.outcome, ran.error_type) == ("error", "TypeError")


def test_ten_megabytes_of_output_are_read_and_their_end_is_kept(tmp_path: Path) -> None:
    code = "def handler(e, c):\n    for _ in range(10):\n        print('x' * 1024 * 1024)\n    print('the end')\n"
    ran = one_of(tmp_path, code, python=True)
    assert ran.outcome == "ok"
    assert ran.log.endswith("the end\n") and len(ran.log) == 64 * 1024


def test_a_process_that_kills_itself_is_told(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "import os\n\ndef handler(e, c):\n    os._exit(7)\n", python=True)
    assert (ran.outcome, ran.error_type) == ("exit", "exit 7")


def test_a_hanging_import_ends_with_its_time(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "import time\ntime.sleep(60)\n", python=True, timeout=1.0)
    assert (ran.outcome, ran.error) == ("timeout", "its module did not load within 1 s")


def test_standard_input_is_empty(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "import sys\n\ndef handler(e, c):\n    return sys.stdin.read()\n", python=True)
    assert ran.result == '""'


def test_other_runtimes_and_images_say_why_they_do_not_run(tmp_path: Path) -> None:
    functions = "  go: {handler: bootstrap, runtime: provided.al2}\n  old: {handler: app.handler, runtime: python2.7}\n"
    files = {"serverless.yml": service(functions), "app.py": "def handler(e, c):\n    return 1\n"}
    found = run_in(tmp_path, files)
    assert found["go"].why_not == "provided.al2 was not run, because prove runs only Python and Node functions"
    version = ".".join(str(part) for part in sys.version_info[:3])
    assert found["old"].notes == (f"python {version} instead of python2.7",)


def test_an_application_that_only_a_plugin_wraps_is_run_from_its_package_alone(tmp_path: Path) -> None:
    config = service("  one: {handler: wsgi_handler.handler}\n", runtime="python3.11")
    plugin = "plugins: [serverless-wsgi]\ncustom: {wsgi: {app: app.app}}\n"
    found = run_in(tmp_path, {"serverless.yml": config + plugin, "app.py": "def app(environ, start):\n    return []\n"})
    assert found["one"].why_not == (
        "wsgi_handler.handler names a file that does not exist: package or build the project first"
    )


def test_a_program_of_a_layer_runs_where_the_code_starts_it(tmp_path: Path) -> None:
    layer = "layers:\n  tools: {path: tools}\n"
    config = "  one: {handler: app.handler, layers: [{Ref: ToolsLambdaLayer}]}\n"
    files = {
        "serverless.yml": service(config, runtime="python3.11", more=layer),
        "tools/cli/tool": "#!/var/lang/bin/python\nimport sys, helper, urllib.request\n"
                          "print(helper.NAME, sys.argv[1:])\n"
                          "try:\n    urllib.request.urlopen('https://example.com/')\n"
                          "except OSError as error:\n    print(error)\n",
        "tools/cli/helper.py": "NAME = 'helped'\n",
        "app.py": "import subprocess\n\ndef handler(e, c):\n"
                  "    return subprocess.check_output(iter(['/opt/cli/tool', 'a b']), text=True)\n",
    }  # fmt: skip
    ran = run_in(tmp_path, files)["one"].events[0]
    assert ran.ok, ran
    assert json.loads(ran.result).startswith("helped ['a b']\n") and "no network: example.com:443" in ran.result
    assert ran.refused_hosts == ("example.com:443",)


def test_a_program_that_no_layer_has_is_an_error_as_on_lambda(tmp_path: Path) -> None:
    code = "import subprocess\n\ndef handler(e, c):\n    subprocess.run(['/opt/none'])\n"
    assert one_of(tmp_path, code, python=True).error_type == "FileNotFoundError"
