"""Vendor cytoscape.js, the library that draws the graph of ``scopedown report``, at the version pinned here.

    python tools/vendor_graph.py            # takes it through npm, and writes the library and its licence
    python tools/vendor_graph.py --check    # exits 1 where the vendored files are not those of this version

Comes in: the package's tarball, as ``npm pack`` fetches it. Its integrity (npm's own SHA-512) is compared with the one
pinned here before anything is taken out of it. For another version change VERSION, run ``npm view cytoscape@VERSION
dist.integrity``, read its changes, and put the integrity here.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NAME, VERSION = "cytoscape", "3.35.0"
INTEGRITY = "sha512-sMvBIXiGMnhkCaWz2R06FwF/27MNlS+Tqvi17foO9UhnUg3XGZccKjxsvEqQFAQYMSSZmN5SxYzUYlQ0DOJJ3g=="
FOLDER = Path(__file__).resolve().parent.parent / "src" / "scopedown" / "report" / "assets" / "vendor"
FILES = {"package/dist/cytoscape.min.js": "cytoscape.min.js", "package/LICENSE": "cytoscape.LICENSE"}


def packed(folder: Path) -> bytes:
    """The package's tarball, whose integrity is the pinned one."""
    subprocess.run(["npm", "pack", "--silent", f"{NAME}@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    content = (folder / f"{NAME}-{VERSION}.tgz").read_bytes()
    found = f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"
    if found != INTEGRITY:
        sys.exit(f"{NAME} {VERSION} is not what was pinned: {found} instead of {INTEGRITY}")
    return content


def taken(content: bytes, folder: Path) -> dict[str, bytes]:
    """The files that are vendored, by their names here."""
    archive = folder / "package.tgz"
    archive.write_bytes(content)
    found = {}
    with tarfile.open(archive) as package:
        for member, name in FILES.items():
            file = package.extractfile(member)
            if file is None:
                sys.exit(f"{NAME} {VERSION} has no {member}")
            found[name] = file.read()
    return found


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as made:
        found = taken(packed(Path(made)), Path(made))
    same = all((FOLDER / name).is_file() and (FOLDER / name).read_bytes() == one for name, one in found.items())
    if "--check" in arguments:
        print(f"{NAME} {VERSION}: {'current' if same else 'not current: run python tools/vendor_graph.py'}")
        return 0 if same else 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, one in found.items():
        (FOLDER / name).write_bytes(one)
    print(f"{NAME} {VERSION}: {'as it was' if same else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
