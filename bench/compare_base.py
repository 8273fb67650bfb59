"""How long ``compare --base`` takes for a service of 50 functions, each with a role of its own.

usage: python bench/compare_base.py [--functions 50] [--rounds 5]

The service is written to a new folder and committed to git; then each role gets one action more. Prints the median of
the wall times in seconds, the first run included, and exits with 1 if a role is not reported as new access.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HANDLER = """import boto3

table = boto3.resource("dynamodb").Table("T{n}")


def handler(event, context):
    return table.get_item(Key={{"id": 1}})
"""
ROLE = """    T{n}: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: T{n}}}}}
    R{n}:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: "sts:AssumeRole"}}]
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement:
                - {{Effect: Allow, Action: [dynamodb:GetItem, dynamodb:Query], Resource: !GetAtt T{n}.Arn}}
                - {{Effect: Allow, Action: [dynamodb:PutItem], Resource: !GetAtt T{n}.Arn}}
                - {{Effect: Allow, Action: [s3:GetObject, "s3:List*"], Resource: "arn:aws:s3:::b{n}/*"}}
                - {{Effect: Allow, Action: [sqs:SendMessage], Resource: "arn:aws:sqs:eu-west-1:123456789012:q{n}"}}
"""


def service(functions: int) -> str:
    """The text of ``serverless.yml``."""
    lines = ["service: shop", 'frameworkVersion: "4"', "provider: {name: aws, runtime: python3.12, region: eu-west-1}"]
    lines += ["functions:", *(f"  f{n}: {{handler: f{n}.handler, role: R{n}}}" for n in range(functions))]
    lines += ["resources:", "  Resources:"]
    return "\n".join(lines) + "\n" + "".join(ROLE.format(n=n) for n in range(functions))


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(options.functions):
            (folder / f"f{number}.py").write_text(HANDLER.format(n=number))
        text = service(options.functions)
        (folder / "serverless.yml").write_text(text)
        git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", "-C", name]
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "base"]):
            subprocess.run([*git, *arguments], check=True)
        (folder / "serverless.yml").write_text(
            text.replace("[dynamodb:PutItem]", "[dynamodb:PutItem, dynamodb:DeleteItem]")
        )
        command = [sys.executable, "-m", "scopedown", "compare", name, "--base", "HEAD"]
        seconds = []
        for _ in range(options.rounds):
            started = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            seconds.append(time.perf_counter() - started)
    seen = set(re.findall(r"\bR\d+\b", done.stdout))
    print(f"{options.functions} functions: median {statistics.median(seconds):.2f} s, highest {max(seconds):.2f} s")
    print(f"{len(seen)} of {options.functions} roles are reported, exit code {done.returncode}")
    return 0 if len(seen) == options.functions and done.returncode == 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
