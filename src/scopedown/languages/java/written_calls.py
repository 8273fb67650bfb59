"""How the calls of the SDKs for Java are written, and which classes their packages have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

SUFFIXES: Final = ("Async", "Paginator")
"""What the names of methods end in beside the operation's: asynchronous clients of version 1, pages of version 2
(https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/)."""

_MAPPED: Final = (
    ("dynamodb", "GetItem"), ("dynamodb", "PutItem"), ("dynamodb", "UpdateItem"), ("dynamodb", "DeleteItem"),
    ("dynamodb", "Query"), ("dynamodb", "Scan"), ("dynamodb", "BatchGetItem"), ("dynamodb", "BatchWriteItem"),
)  # fmt: skip
OTHERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "batchSave": _MAPPED,
    "batchDelete": _MAPPED,
    "batchLoad": _MAPPED,
    "scanPage": _MAPPED,
    "queryPage": _MAPPED,
    "getObjectAsBytes": (("s3", "GetObject"),),
    "getObjectAsString": (("s3", "GetObject"),),
    "doesObjectExist": (("s3", "HeadObject"),),
    "generatePresignedUrl": (("s3", "GetObject"), ("s3", "PutObject")),
    "uploadFile": (("s3", "PutObject"),),
    "downloadFile": (("s3", "GetObject"),),
}
"""Methods above the operations whose names are nobody else's, with what they may call."""

PACKAGES: Final = ("software.amazon.awssdk", "com.amazonaws")


def is_of_sdk(package: str) -> bool:
    """Whether a package is one of the SDKs'."""
    return any(package == one or package.startswith(one + ".") for one in PACKAGES)


_V1: Final = r"com\.amazonaws\.services\.\w+"
_V2: Final = r"software\.amazon\.awssdk"
_CLASSES: Final[Mapping[str, str]] = {
    r"com\.amazonaws": r"HttpMethod|\w+Exception|ClientConfiguration|Protocol|Request|Response",
    r"com\.amazonaws\.regions": r"Regions?|RegionUtils|DefaultAwsRegionProviderChain",
    r"com\.amazonaws\.auth(?:\.\w+)*": r"\w*(?:Credentials|Provider|Chain|Signer|Wrapper)",
    r"com\.amazonaws\.client\.builder": r"AwsClientBuilder",
    r"com\.amazonaws\.waiters": r"Waiter\w*",
    _V1: r"(?:Amazon|AWS)\w+",
    _V1
    + r"\.document": r"\w*(?:DynamoDB|Table|Index|Items?|Key|Outcome|Condition|Filter|Attributes?|Collection|Update)|"
    r"Expected|Page",
    _V1 + r"\.document\.spec": r"\w+Spec",
    _V1 + r"\.document\.utils": r"ValueMap|NameMap",
    _V1 + r"\.iterable": r"S3(?:Objects|Versions)",
    _V1 + r"\.util": r"Tables?|TableUtils",
    _V1 + r"\.datamodeling": r"(?:I|Abstract)?DynamoDB\w+|Paginated\w*List|S3Link|KeyPair|\w+PageIterator",
    _V1 + r"\.transfer": r"TransferManager\w*|Upload|Download|Copy|Transfer|Multiple\w+|TransferProgress",
    _V2 + r"\.regions": r"Region",
    _V2 + r"\.auth\.credentials": r"\w*(?:Credentials|Provider|Chain|Identity)",
    _V2 + r"\.services\.sts\.auth": r"Sts\w+Provider",
    _V2 + r"\.services\.[\w.]+\.waiters": r"\w+Waiter",
    _V2 + r"\.services\.[\w.]+\.presigner": r"\w+Presigner",
    _V2 + r"\.services\.[\w.]+\.presigner\.model": r"\w*Presign\w+",
    _V2 + r"\.services\.[\w.]+": r"\w+(?:Client|ClientBuilder|Utilities|Configuration)",
    _V2 + r"\.services\.sqs\.batchmanager": r"Sqs\w*BatchManager",
    _V2 + r"\.enhanced\.dynamodb": r"DynamoDb\w+|TableSchema|Key|Expression|EnhancedType|AttributeConverter\w*|"
    r"TableMetadata|MappedTableResource|AttributeValueType|Document",
    _V2 + r"\.enhanced\.dynamodb\.model": r"\w+(?:Enhanced(?:Request|Response)|Batch|Conditional|Iterable|Publisher)|"
    r"Page|ConditionCheck|BatchGetResultPage\w*",
    _V2 + r"\.enhanced\.dynamodb\.mapper(?:\.\w+)*": r"DynamoDb\w+|\w+TableSchema|StaticAttribute\w*",
    _V2 + r"\.transfer\.s3": r"S3TransferManager",
    _V2 + r"\.transfer\.s3\.model": r"\w*(?:File|Directory|Upload|Download|Copy)(?:Request)?|Completed\w+",
    _V2 + r"\.core": r"SdkBytes|ResponseBytes|ResponseInputStream|SdkSystemSetting|SdkPojo|SdkField|BytesWrapper",
    _V2 + r"\.core\.sync": r"RequestBody|ResponseTransformer",
    _V2 + r"\.core\.async": r"AsyncRequestBody|AsyncResponseTransformer|SdkPublisher",
    _V2 + r"\.core\.\w+[\w.]*": r"Sdk\w+|Waiter\w*|\w+Exception|ClientOverrideConfiguration|RetryPolicy|\w*Interceptor",
    _V2 + r"\.http[\w.]*": r"\w*(?:Http\w*|Client)",
}
"""Classes of packages that code may open, as far as their names tell them from any other class
(https://sdk.amazonaws.com/java/api/latest/, https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/)."""


def may_have(package: str, name: str) -> int:
    """How likely a package of an SDK has a class: 2 by its name (more where the name holds the package's), 1 as one of
    the many of a model, 0 not at all.

    >>> may_have("com.amazonaws.services.sqs", "AmazonS3"), may_have("com.amazonaws.services.s3", "PutObjectRequest")
    (2, 0)
    >>> may_have("com.amazonaws.services.s3", "AmazonS3")
    4
    >>> may_have("com.amazonaws.services.s3.model", "PutObjectRequest")
    1
    """
    if any(re.fullmatch(packages, package) and re.fullmatch(classes, name) for packages, classes in _CLASSES.items()):
        own = re.sub(r"v\d$", "", package.rpartition(".")[2])
        return 2 + (len(own) if own in name.lower() else 0)
    return 1 if package.endswith(".model") and name[:1].isupper() else 0
