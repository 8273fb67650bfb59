"""A process that is killed while it writes leaves the old file or the new one, never anything between."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import pytest

pytestmark = pytest.mark.slow
MOMENTS = 200
WRITER = """\
import sys
from pathlib import Path
from scopedown.emit.splice.edits import replace_file
path, one, other = Path(sys.argv[1]), b"a" * 400_000, b"b" * 400_000
print("ready", flush=True)
while True:
    replace_file(path, one, other)
    replace_file(path, other, one)
"""


def test_the_file_is_always_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    seed = random.Random(8)
    file = tmp_path / "serverless.yml"
    file.write_bytes(b"a" * 400_000)
    writer = tmp_path.parent / "writer.py"
    writer.write_text(WRITER)
    seen: set[bytes] = set()
    left = 0
    for _ in range(MOMENTS):
        file.write_bytes(b"a" * 400_000)
        process = Popen([sys.executable, str(writer), str(file)], stdout=PIPE, stderr=DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seed.uniform(0, 0.03))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        data = file.read_bytes()
        assert len(data) == 400_000 and len(set(data)) == 1
        seen.add(data[:1])
        for other in tmp_path.iterdir():
            if other != file:
                assert other.name.startswith(".serverless.yml.") and other.name.endswith(".new")
                other.unlink()
                left += 1
    assert seen == {b"a", b"b"} and left  # it was killed before, between and while it wrote
