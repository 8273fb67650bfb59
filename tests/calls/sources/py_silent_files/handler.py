import os
import shutil
import tempfile
from pathlib import Path

import boto3


def handler(event, context):
    shutil.copy("/tmp/a", "/tmp/b")
    shutil.copyfileobj(open("/tmp/a"), open("/tmp/b", "w"))
    os.remove("/tmp/a")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "k"
        path.write_bytes(b"x")
        path.rename(folder + "/other").unlink()
    Path("/tmp").joinpath("x").exists()
    return os.scandir("/tmp"), boto3.__file__
