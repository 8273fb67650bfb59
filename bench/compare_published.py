"""Comparisons that others published, read from their repositories: nothing of them is kept here.

    git clone https://github.com/aws-samples/iam-access-analyzer-custom-policy-check-samples SAMPLES
    git clone https://github.com/zoph-io/MAMIP MAMIP
    python bench/compare_published.py --samples SAMPLES     # AWS's verdicts on its own samples
    python bench/compare_published.py --managed MAMIP       # each change of AWS's managed policies, in both directions

The samples are pages of Markdown: a reference policy, then candidates, each headed by PASS or FAIL. MAMIP (GPL-3.0) has
every version of AWS's managed policies since 2019; it is only read, through git.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.iam import Policy, parse_policy
from scopedown.iam.newaccess import new_access

_BLOCK = re.compile(r"```json\s*\n(.*?)```", re.DOTALL)
_ACCOUNT = ("<ACCOUNT ID>", "111111111111")
"""Two reference policies leave the account to the reader; their candidates name this one."""


def git(repository: str, *arguments: str) -> str:
    """What git prints."""
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout.decode("utf-8")


def samples(repository: str) -> int:
    """AWS's verdicts on its samples; exit code 1 where fewer than 206 of 207 agree."""
    names = catalog().action_names()
    agree = count = 0
    for file in git(repository, "ls-tree", "-r", "--name-only", "HEAD").splitlines():
        text = (
            git(repository, "show", f"HEAD:{file}").replace(*_ACCOUNT) if file.endswith(".md") and "/" in file else ""
        )
        reference, *candidates = list(_BLOCK.finditer(text)) or [None]
        if reference is None:
            continue
        old = _policy(json.loads(reference[1]), file)
        for one in candidates:
            assert one is not None
            verdict = re.search(r"\b(PASS|FAIL)\b", text[: one.start()].rsplit("#####", 1)[-1])
            if verdict is None:
                continue
            count += 1
            found = new_access([[old]], [[_policy(json.loads(one[1]), file)]], names)
            if (found.answer == "no new access") is (verdict[1] == "PASS"):
                agree += 1
            else:
                print(f"{file}: AWS says {verdict[1]}, scopedown {found.answer}")
    print(f"{agree} of {count} verdicts agree")
    return int(agree < count - 1)


def _policy(document: Any, file: str) -> Policy:
    kind = "trust" if "role-trust" in file else "resource" if file.startswith("resource") else "identity"
    try:
        return parse_policy(document, kind)
    except ScopedownError:
        return parse_policy(document, "resource")  # a reference may name resources where a trust policy has none


def managed(repository: str, every: int) -> int:
    """Each changed version of a managed policy beside the one before; exit code 1 where a witness is not confirmed."""
    names = catalog().action_names()
    seen: Counter[str] = Counter()
    times: list[float] = []
    for number, (path, old, new) in enumerate(changes(repository)):
        if number % every:
            continue
        for before, after in ((old, new), (new, old)):
            start = time.process_time()
            found = new_access([[before]], [[after]], names)
            times.append(time.process_time() - start)
            seen[found.answer] += 1
            if any("does not confirm" in one.reason for one in found.undecided):
                seen["not confirmed"] += 1
                print(f"{path}: {found.undecided[0].reason}")
    times.sort()
    at = [times[int(part * (len(times) - 1))] * 1000 for part in (0.5, 0.99, 1)]
    print(f"{len(times)} questions: {dict(seen)}; median {at[0]:.2f} ms, p99 {at[1]:.0f} ms, most {at[2]:.0f} ms")
    return int(bool(seen["not confirmed"]))


def changes(repository: str) -> Iterator[tuple[str, Policy, Policy]]:
    """The versions of each policy beside the versions before."""
    log = git(repository, "log", "--raw", "--no-abbrev", "--no-renames", "--format=", "--", "policies")
    with subprocess.Popen(
        ["git", "-C", repository, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for line in log.splitlines():
            if not line.startswith(":"):
                continue
            about, _, path = line.partition("\t")
            _, _, before, after, change = about.split()
            documents = []
            for blob in (before, after) if change == "M" else ():
                process.stdin.write(f"{blob}\n".encode())
                process.stdin.flush()
                size = int(process.stdout.readline().split()[2])
                documents.append(process.stdout.read(size))
                process.stdout.read(1)
            try:
                old, new = (json.loads(one)["PolicyVersion"]["Document"] for one in documents)
                if old != new:
                    yield path, parse_policy(old), parse_policy(new)
            except (ValueError, KeyError, ScopedownError):
                continue


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", metavar="FOLDER")
    parser.add_argument("--managed", metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, help="Only each Nth change.")
    given = parser.parse_args()
    if given.samples:
        return samples(given.samples)
    return managed(given.managed, given.every) if given.managed else parser.error("name --samples or --managed")


if __name__ == "__main__":
    sys.exit(main())
