"""Another kind of file system, with the same methods."""

import fsspec
from gcsfs import GCSFileSystem

fs = GCSFileSystem()
local = fsspec.filesystem("file")


def handler(event, context):
    fs.ls("bucket/in")
    local.rm("/tmp/x")
    with fsspec.open("/tmp/y", "w") as file:
        file.write("x")
    return fs.open("bucket/key").read()
