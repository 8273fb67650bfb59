"""What went wrong in a command is told in the tool's own words, with the place in the project and what helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.prove.tool_errors import ToolError, error_of

APP = Path("/tmp/prove/copy/shop/app")
TYPESCRIPT = """\
/tmp/modules/ts-node/src/index.ts:859
TSError: ⨯ Unable to compile TypeScript:
app.ts(2,20): error TS2307: Cannot find module 'not-there' or its corresponding type declarations.
app.ts(3,7): error TS2322: Type App is not a number.
npx ts-node app.ts: Subprocess exited with error 1
"""
CONSTRUCT = """\
[WARNING] aws-cdk-lib.aws_appsync.GraphqlApiProps#schema is deprecated.
/tmp/prove/copy/shop/app/lib/shop.ts:26
        const start = new NodejsFunction(this, 'start', props);
                      ^
«CannotFindPackageLockFile» Cannot find a package lock file (`yarn.lock` or `package-lock.json`).
    ...new NodejsFunction in aws-cdk-lib...
    at new Shop (/tmp/prove/copy/shop/app/lib/shop.ts:26:43)
    at <anonymous> (/tmp/prove/copy/shop/app/bin/app.ts:8:1)
Relates to construct:
    <.> (aws-cdk-lib.App)
     └─ Shop (aws-cdk-lib.Stack)
npx ts-node bin/app.ts: Subprocess exited with error 1
"""
PYTHON = """\
jsii.errors.JavaScriptError:
  «CannotFindAsset» Cannot find asset at /tmp/prove/copy/shop/handlers

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/tmp/prove/copy/shop/app/app.py", line 1, in <module>
    import stacks
  File "/tmp/prove/copy/shop/app/stacks.py", line 5, in <module>
    l.Function(self, "f", code=l.Code.from_asset("../handlers"))
  File "/venv/lib/python3.11/site-packages/jsii/_runtime.py", line 135, in __call__
    inst = super(JSIIMeta, cast(JSIIMeta, cls)).__call__(*args, **kwargs)
RuntimeError: Cannot find asset at /tmp/prove/copy/shop/handlers
python3 app.py: Subprocess exited with error 1
"""
NPM = """\
Starting Build use cache
 Running NodejsNpmBuilder:NpmInstall

Build Failed
Error: NodejsNpmBuilder:NpmInstall - NPM Failed: npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error
npm error While resolving: shop@1.0.0
npm error Found: jsbi@4.3.2
"""
CRASH = """\
Error: [Errno 2] No such file or directory: '/tmp/prove/copy/shop/app/.aws-sam/build/Save'
Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/samcli/commands/build/command.py", line 286, in do_cli
FileNotFoundError: [Errno 2] No such file or directory: '/tmp/prove/copy/shop/app/.aws-sam/build/Save'

An unexpected error was encountered while executing "sam build".
Search for an existing issue:
"""
PLUGIN = """\
Environment: linux, node 20.20.2, osls 4.3.1 (local)

Error:
osls plugin "serverless-nope" not found. Make sure it's installed.

"""


@pytest.mark.parametrize(
    ("output", "error", "place", "remedy"),
    [
        pytest.param(TYPESCRIPT, "TS2307: Cannot find module 'not-there' or its corresponding type declarations.",
                     Place("app.ts", 2), "npm install not-there", id="the first error of TypeScript"),
        pytest.param(CONSTRUCT, "«CannotFindPackageLockFile» Cannot find a package lock file (`yarn.lock` or "
                     "`package-lock.json`).", Place("lib/shop.ts", 26), "run npm install", id="error of a construct"),
        pytest.param(PYTHON, "«CannotFindAsset» Cannot find asset at ../handlers", Place("stacks.py", 5),
                     "build the project first", id="an error of a construct in Python"),
        pytest.param(NPM, "Error: NodejsNpmBuilder:NpmInstall - NPM Failed: npm error code ERESOLVE ERESOLVE unable to "
                     "resolve dependency tree While resolving: shop@1.0.0 Found: jsbi@4.3.2", None,
                     "correct the versions", id="what npm says below the error of sam"),
        pytest.param(CRASH, "Error: [Errno 2] No such file or directory: '.aws-sam/build/Save'", None,
                     "the project names a path", id="the error above a traceback of sam"),
        pytest.param(PLUGIN, 'osls plugin "serverless-nope" not found. Make sure it\'s installed.', None,
                     "npm i -D serverless-nope", id="the text under a title"),
        pytest.param("/bin/sh: 1: tsx: not found\napp: Subprocess exited with error 127", "/bin/sh: 1: tsx: not found "
                     "app: Subprocess exited with error 127", None, "install tsx", id="the last lines otherwise"),
        pytest.param("", "it printed nothing", None, "", id="nothing"),
    ],
)  # fmt: skip
def test_the_error_of_an_output_is_found(output: str, error: str, place: Place | None, remedy: str) -> None:
    found = error_of(output, APP)
    assert (found.error, found.place) == (error, place)
    assert remedy in found.remedy and bool(remedy) == bool(found.remedy)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("Cannot find module './lib/a'", "./lib/a is not in the project"),
        ("Cannot find module '@aws-sdk/client-s3/x'", "npm install @aws-sdk/client-s3"),
        ("No module named 'aws_cdk.aws_x'", "pip install -r requirements.txt"),
        ("spawnSync docker ENOENT", "start Docker"),
        ("Esbuild Failed: Cannot find esbuild.", "npm install --save-dev esbuild"),
        ("Binary validation failed for python, searched for python in following locations", "release of python"),
        ("The following CloudFormation Parameters are missing a value: phone", "--param NAME=VALUE"),
        ("Parameters: [phone] must have values", "--param NAME=VALUE"),
        ("Configuration error at 'functions.f.runtime': must be equal to", "write a runtime"),
        ('The osls version (4.3.1) does not satisfy the "frameworkVersion" (3)', "remove frameworkVersion"),
        ("This CDK CLI is not compatible with the CDK library used by your application", "aws-cdk@latest"),
    ],
)
def test_an_error_comes_with_what_helps(error: str, remedy: str) -> None:
    assert remedy in error_of(f"Error: {error}", APP).remedy


def test_a_hostile_output_is_bounded() -> None:
    assert error_of("\x1b[31mError: " + "x" * 10_000, APP).error == "Error: " + "x" * 492 + "…"
    assert error_of("a\n" * 100_000, APP) == ToolError("a a a a")
