"""What is known of single packages: ``packages.tsv`` here, and in the folders of ``scopedown/languages/``.

Columns: ``language``; ``package``, its name in the registry (``@scope/*`` and ``name-*`` are all that begin so; an
exact row comes first); ``kind``: ``sdk`` (an AWS SDK, or a package that calls AWS through one, also one that it is not
seen to require), ``signer`` (signs requests to AWS), ``harmless`` (neither, nor in what it requires), ``own-name``
(only its import differs from its name); ``imports``: what Python code imports it as, where that differs; ``may_call``:
patterns of IAM actions that it is limited to, ``client``: those of the service whose client it is, empty: any;
``word``: text without which the importing file does not have it call AWS (an option, a class; ``=`` before it: as a
word of its own), or ``declared`` for a harmless package whose name may well be a project's own module: something must
declare it; ``about``; ``source``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from scopedown.core.tables import RowsByName
from scopedown.source.packages import python_name
from scopedown.source.packages.examined import imported

COLUMNS: Final = ("language", "package", "kind", "imports", "may_call", "word", "about", "source")
KINDS: Final = ("sdk", "signer", "harmless", "own-name")

ANYTHING: Final = ("*",)
_SUFFIX: Final = (
    r"(?=$|[^a-z]|client|db|email|fs|helper|js|lib|mail|message|node|param|producer|publish|py|queue|send|service|store|"
    r"topic|transport|util|worker)"
)
_NAMED_AFTER: Final = (
    ("athena", "athena glue s3"),
    ("aurora", "rds rds-data rds-db secretsmanager"),
    ("bedrock", "bedrock bedrock-agentcore"),
    ("cloudwatch", "cloudwatch logs"),
    ("cognito", "cognito-identity cognito-idp cognito-sync"),
    ("(?:^|[^a-z])dsql", "dsql"),
    ("dynamo", "dax dynamodb"),
    ("eventbridge", "events pipes scheduler schemas"),
    ("kinesis", "firehose kinesis kinesisanalytics kinesisvideo"),
    ("(?:^|[^a-z])qldb", "qldb"),
    ("redshift", "redshift redshift-data redshift-serverless"),
    ("sagemaker", "sagemaker"),
    ("stepfunctions", "states"),
    ("(?:^|[^a-z])s3(?!\\d)", "s3 s3-object-lambda s3express"),
    ("(?:^|[^a-z])sqs", "sqs"),
    (f"(?:^|[^a-z])sns{_SUFFIX}", "sns"),
    (f"(?:^|[^a-z])ses{_SUFFIX}", "ses"),
    (f"(?:^|[^a-z])ssm{_SUFFIX}", "secretsmanager ssm"),
)
"""What in a package's name is a service's, with the IAM prefixes that it then uses. Short words only count at the start
of a part of the name; the shortest only alone or before a word that goes with a service (not ``session``)."""
_OF_AWS: Final = re.compile(r"(?<![jlpr])aws|amazon|amzn|(?:^|[^a-z])lambda", re.IGNORECASE)
_BESIDE: Final = ("iam:PassRole", "kms:*")


@dataclass(frozen=True, slots=True)
class Known:
    """One row. ``may_call`` is empty where nothing limits it;"""

    package: str
    kind: str
    imports: tuple[str, ...]
    may_call: tuple[str, ...]
    word: str
    about: str
    source: str

    @property
    def calls_aws(self) -> bool:
        """Whether it is an SDK or a signer."""
        return self.kind in ("sdk", "signer")

    @property
    def is_harmless(self) -> bool:
        """Whether it can call AWS by nothing of its own."""
        return self.kind == "harmless"

    def may_be_asked(self, source: str) -> bool:
        """Whether code that imports it may have it call AWS, by the text that must then be in it."""
        if not self.word or self.wants_declaring:
            return self.calls_aws
        if self.word.startswith("="):
            whole = rf"(?<![:\w-]){re.escape(self.word[1:])}(?![\w-])"
            return re.search(whole, source, re.IGNORECASE) is not None
        return self.word.lower() in source.lower()

    @property
    def wants_declaring(self) -> bool:
        """Whether its name alone does not tell it from a module of the project's own."""
        return self.word == "declared"


def known(name: str, language: str) -> Known | None:
    """The row of a package by its name in the registry (Python's normalised).

    >>> known("aws-sdk", "javascript").kind, known("uuid", "javascript").kind, known("acme", "python")
    ('sdk', 'harmless', None)
    """
    if (rows := _table().get(f"{language}\t{name}")) is None:
        longest = max((prefix for prefix in _prefixes(language) if name.startswith(prefix)), key=len, default=None)
        rows = () if longest is None else _table()[f"{language}\t{longest}*"]
    return rows[0] if rows else None


@lru_cache(maxsize=20_000)
def sounds_of_aws(name: str) -> tuple[str, ...]:
    """What a package may call that its name says to be made for AWS: it may use an SDK that the runtime or the project
    brings. A service in the name limits it; empty: the name says nothing of AWS.

    >>> sounds_of_aws("acme-dynamodb-store"), sounds_of_aws("acme-aws-tools")
    (('dax:*', 'dynamodb:*', 'iam:PassRole', 'kms:*'), ('*',))
    >>> sounds_of_aws("@acme/s3db")[2:], sounds_of_aws("class3"), sounds_of_aws("express-session")
    (('s3-object-lambda:*', 's3:*', 's3express:*'), (), ())
    """
    prefixes = {
        f"{prefix}:*"
        for pattern, named in _NAMED_AFTER
        if re.search(pattern, name, re.IGNORECASE)
        for prefix in named.split()
    }
    if prefixes:
        return tuple(sorted({*prefixes, *_BESIDE}))
    return ANYTHING if _OF_AWS.search(name) else ()


def distributions(module: str) -> Iterator[str]:
    """The names in the registry that a Python module may be of, the likeliest first: of the table, then its own name
    and those of its parents (PEP 503; ``google.cloud.storage`` of google-cloud-storage).

    >>> list(distributions("jwt.exceptions"))[0], list(distributions("acme_store"))
    ('pyjwt', ['acme-store'])
    """
    parts = module.split(".")
    modules = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    seen: dict[str, None] = {}
    for one in modules:
        seen.update(dict.fromkeys(_imported().get(one, ())))
        seen.update(dict.fromkeys(imported(one)))
    seen.update(dict.fromkeys(map(python_name, modules)))
    yield from seen


@cache
def _imported() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in (row for name in _table() if name.startswith("python\t") for row in _table()[name]):
        for module in row.imports:
            found[module] = (*found.get(module, ()), row.package)
    return found


@cache
def _prefixes(language: str) -> tuple[str, ...]:
    return tuple(one[len(language) + 1 : -1] for one in _table() if one.startswith(f"{language}\t") and one[-1] == "*")


@cache
def _table() -> Mapping[str, tuple[Known, ...]]:
    """The rows by language and package, with a tab between."""
    folders = Path(__file__).parents[2] / "languages"
    return RowsByName(
        [Path(__file__).with_name("packages.tsv"), *sorted(folders.glob("*/packages.tsv"))], _known, COLUMNS, cells=2
    )


def _known(row: dict[str, str]) -> tuple[Known]:
    imports, may_call = tuple(row["imports"].split()), tuple(row["may_call"].split())
    return (Known(row["package"], row["kind"], imports, may_call, row["word"], row["about"], row["source"]),)


def packages(language: str) -> list[str]:
    """The names of a language's packages, as they stand in the rows, which this does not make."""
    return [name.partition("\t")[2] for name in _table() if name.startswith(f"{language}\t")]


def rows() -> Iterator[tuple[str, Known]]:
    """Every row, with its language."""
    return ((name.partition("\t")[0], row) for name, found in _table().items() for row in found)
