"""A Serverless project of which no template can be compiled: what its file says plainly is enough for its commands.

The commands' own calls depend on names and settings alone. What CloudFormation would do for the resources is not known
then, but for those that every service has: the deployment bucket and its policy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.deploy.settings import COMPILERS, OWN_BUCKET
from scopedown.documents.document import Files
from scopedown.documents.nodes import as_map
from scopedown.project.discovery import find_config
from scopedown.project.load import PROGRAMS
from scopedown.project.model import DeclaredResource, Project
from scopedown.project.options import Options

DEFAULT_STAGE, DEFAULT_REGION = "dev", "us-east-1"


def uncompiled(path: Path, options: Options) -> Project | None:
    """The project that a configuration file names, with what every service deploys; None where none is plain."""
    try:
        config = find_config(path)
        if config.suffix in PROGRAMS:
            return None
        files = Files(config.parent.resolve())
        document = files.document(config.resolve())
    except (ScopedownError, OSError, RecursionError):
        return None
    tree = as_map(document.tree) if document is not None else {}
    service = tree.get("service")
    service = as_map(service).get("name") if isinstance(service, dict) else service
    provider = as_map(tree.get("provider"))
    if document is None or not _plain(service, "") or provider.get("name", "aws") != "aws":
        return None
    plain: dict[str, Any] = {key: value for key, value in provider.items() if "${" not in repr(value)}
    place = Place(document.file)
    bucket = DeclaredResource(OWN_BUCKET, "AWS::S3::Bucket", {"BucketEncryption": {"encrypted": True}}, place)
    policy = DeclaredResource(f"{OWN_BUCKET}Policy", "AWS::S3::BucketPolicy", {"Bucket": {"Ref": OWN_BUCKET}}, place)
    own = {} if plain.get("deploymentBucket") else {resource.logical_id: resource for resource in (bucket, policy)}
    by_word = {word: name for name, word in COMPILERS.items()}
    return Project(
        root=str(files.root),
        config=document.file,
        framework="serverless",
        service=str(service),
        stage=options.stage or _plain(plain.get("stage"), DEFAULT_STAGE),
        region=options.region or _plain(plain.get("region"), DEFAULT_REGION),
        functions=(),
        generated=own,
        account=options.account,
        partition=options.partition,
        given_region=options.region,
        provider=plain,
        compiler=by_word[options.framework or "osls"],
    )


def _plain(value: Any, otherwise: str) -> str:
    """A value that is text without variables."""
    return value if isinstance(value, str) and value and "${" not in value else otherwise
