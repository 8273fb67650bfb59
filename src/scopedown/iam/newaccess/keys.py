"""The dimension of one condition key: its options beside the blocks.

Values are judged by the evaluator's own tests. Sets of values are tried where a set operator asks for the key. Of
what must hold for all values of a set only intersections matter: the largest set that keeps them is the best for
whatever wants one value more. Without a set operator every set of several values is the same (rule 47), so one is
tried, where the key may have several.

Sources of the keys that may have several values in one request: the service reference
(https://servicereference.us-east-1.amazonaws.com, keys of a type ``ArrayOf…``), and for the keys of all services
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. A test compares the rows with
the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scopedown.iam.condition import ContextTest
from scopedown.iam.errors import LimitError
from scopedown.iam.newaccess.budget import OF_A_TEST, TOO_MANY, Budget
from scopedown.iam.newaccess.choose import maximal
from scopedown.iam.newaccess.patterns import WORD
from scopedown.iam.newaccess.values import Wanted, values_of
from scopedown.iam.satisfy import Atom
from scopedown.iam.variables import Context, ContextValue

_KEYS = """
    a4b:filters_devicetype account:accountresourceorgpaths account:alternatecontacttypes acm:domainnames
    airflow:teamnames apigateway:request/apikeyrequired apigateway:request/authorizertype
    apigateway:request/authorizeruri apigateway:request/conditionbasepaths apigateway:request/endpointtype
    apigateway:request/routeauthorizationtype apigateway:request/securitypolicy apigateway:resource/apikeyrequired
    apigateway:resource/authorizertype apigateway:resource/authorizeruri apigateway:resource/conditionbasepaths
    apigateway:resource/endpointtype apigateway:resource/routeauthorizationtype apigateway:resource/securitypolicy
    autoscaling:capacityreservationids autoscaling:capacityreservationresourcegrouparns
    autoscaling:loadbalancernames autoscaling:targetcapacitytypes autoscaling:targetgrouparns
    autoscaling:trafficsourceidentifiers autoscaling:vpczoneidentifiers aws-marketplace:agreementtype
    aws-marketplace:productid aws:calledvia aws:principalorgpaths aws:principalservicenameslist aws:resourceorgpaths
    aws:sourceorgpaths aws:tagkeys aws:vpceorgpaths backup:copytargetorgpaths backup:copytargets
    backup:frameworkarns bedrock-agentcore:allowedqueryparameters bedrock-agentcore:allowedrequestheaders
    bedrock-agentcore:allowedresponseheaders bedrock-agentcore:credentialproviderscope
    bedrock-agentcore:inboundjwtclaim/aud bedrock-agentcore:inboundjwtclaim/scope bedrock-agentcore:securitygroups
    bedrock-agentcore:subnets bedrock-mantle:files cloudformation:resourcetypes cloudformation:targetregion
    cloudshell:securitygroupids cloudshell:subnetids cloudshell:vpcids cloudwatch:alarmactions
    cloudwatch:requestinsightruleloggroups cloudwatch:requestmanagedresourcearns
    codebuild:buildbatchconfig.restrictions.computetypesallowed
    codebuild:buildbatchconfig.restrictions.fleetsallowed codebuild:cache.modes
    codebuild:environment.environmentvariables.name codebuild:environment.environmentvariables.value
    codebuild:filesystemlocations.identifier codebuild:filesystemlocations.location
    codebuild:filesystemlocations.type codebuild:secondaryartifacts.artifactidentifier
    codebuild:secondaryartifacts.bucketowneraccess codebuild:secondaryartifacts.encryptiondisabled
    codebuild:secondaryartifacts.location codebuild:secondarysources.auth.resource
    codebuild:secondarysources.auth.type codebuild:secondarysources.buildstatusconfig.context
    codebuild:secondarysources.buildstatusconfig.targeturl codebuild:secondarysources.insecuressl
    codebuild:secondarysources.location codebuild:secondarysources.sourceidentifier
    codebuild:vpcconfig.securitygroupids codebuild:vpcconfig.subnets comprehend:vpcsecuritygroupids
    comprehend:vpcsubnets connect:flowtype connect:listrealtimecontactanalysissegmentsbysegmenttype
    connect:monitorcapabilities connect:searchcontactsbycontactanalysis continuum:collectorarn
    continuum:repositoryname datapipeline:pipelinecreator datapipeline:workergroup deadline:farmmembershiplevels
    deadline:fleetmembershiplevels deadline:jobmembershiplevels deadline:queuemembershiplevels
    devops-guru:servicenames dsql:fistargetarns dynamodb:attributes dynamodb:firstpartitionkeyvalues
    dynamodb:fistargetarns dynamodb:fourthpartitionkeyvalues dynamodb:leadingkeys dynamodb:secondpartitionkeyvalues
    dynamodb:thirdpartitionkeyvalues ec2:fistargetarns ec2:ikeversions ec2:phase1dhgroup
    ec2:phase1encryptionalgorithms ec2:phase1integrityalgorithms ec2:phase2dhgroup ec2:phase2encryptionalgorithms
    ec2:phase2integrityalgorithms ec2:vpceprivatednsspecifieddomains ecs:capacity-provider ecs:compute-compatibility
    ecs:subnet eks:encryptionconfigproviderkeyarns eks:kubernetesgroups eks:namespaces
    elasticloadbalancing:listenerprotocol elasticloadbalancing:securitygroup elasticloadbalancing:securitypolicy
    elasticloadbalancing:subnet es:securitygroupids es:subnetids events:detail-type events:eventbusarn
    events:metadata/ events:source events:targetarn fis:operations fis:targets geo:deviceids geo:geofenceids
    glue:securitygroupids glue:subnetids glue:vpcids iam:accountpropertynamespaces
    identitystore:groupexternalidissuers identitystore:groupid identitystore:userexternalidissuers
    identitystore:userid imagebuilder:createdresourcetagkeys iot:thinggrouparn iot:tunneldestinationservice
    iotfleetwise:signals iotsitewise:taskarns iottwinmaker:linkedservices kinesis:fistargetarns
    kms:encryptioncontextkeys kms:grantoperations kms:resourcealiases lambda:layer lambda:securitygroupids
    lambda:subnetids lex:associatedintents lex:associatedslottypes logs:loggeneratingresourcearns
    networkmanager:edgelocations networkmanager:subnetarns oam:resourcetypes
    observabilityadmin:centralizationsourceid observabilityadmin:centralizationsourceregions
    partnercentral-account-management:legacypartnercentralrole
    partnercentral-account-management:marketingcentralrole partnercentral-account-management:proserverole
    partnercentral:fulfillmenttypes partnercentral:programs payment-cryptography:resourcealiases pi:dimensions
    quicksight:allowedembeddingdomains quicksight:kmskeyarns refactor-spaces:createdbyaccountids
    route53:changeresourcerecordsetsactions route53:changeresourcerecordsetsnormalizedrecordnames
    route53:changeresourcerecordsetsrecordtypes s3:inventoryaccessibleoptionalfields s3:requestobjecttagkeys
    s3express:inventoryaccessibleoptionalfields s3express:permissions sagemaker:acceleratortypes
    sagemaker:customermetadatapropertiestoremove sagemaker:imagearns sagemaker:imageversionarns
    sagemaker:instancetypes sagemaker:notebookinstancelifecycleconfigarns sagemaker:studiolifecycleconfigarns
    sagemaker:updatablefeatures sagemaker:vpcsecuritygroupids sagemaker:vpcsubnets saml:cn saml:eduorghomepageuri
    saml:eduorgidentityauthnpolicyuri saml:eduorglegalname saml:eduorgsuperioruri saml:eduorgwhitepagesuri
    saml:edupersonaffiliation saml:edupersonassurance saml:edupersonentitlement saml:edupersonnickname
    saml:edupersonorgunitdn saml:edupersonscopedaffiliation saml:edupersontargetedid
    secretsmanager:addreplicaregions ses:configurationsetoptions ses:recipients ses:replicaregion
    ssm:documentcategories ssm:documentversion ssm:inventorytypename states:statemachinequalifier
    sts:identitytokenaudience sts:requestcontextproviders sts:transitivetagkeys synthetics:names
    transfer:requestserverprotocols vpc-lattice-svcs:requestquerystring/ vpc-lattice:privatednsspecifieddomains
    vpc-lattice:securitygroupids vpc-lattice:targetgrouparns wisdom:messagetemplate/routingprofilearn
    wisdom:searchfilter/qualifier
"""
SEVERAL_VALUES = frozenset(_KEYS.split())
"""In lower case; one that ends with ``/`` stands for all that begin with it."""


def may_have_several(key: str) -> bool:
    """Whether a condition key, in lower case, may have several values."""
    return key in SEVERAL_VALUES or key[: key.find("/") + 1] in SEVERAL_VALUES


Known = Mapping[str, ContextValue | None]
"""The values of policy variables; None for one that has none."""
SEVERAL: ContextValue = (WORD, f"{WORD}2")
"""A set of several values for operators that are not for sets."""
SETS = 512
"""Sets of values of one key that are tried at most."""


@dataclass(frozen=True, slots=True)
class Held:
    """The atoms of one block on a key, any of which leaves it where it does not hold."""

    atoms: tuple[Atom, ...]
    bit: int


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """Options: a value, a set, or None for a key that is missing. ``complete``: whether they are all that matter."""

    options: tuple[tuple[int, ContextValue | None], ...]
    complete: bool = True
    why: str = ""
    """What stopped it where they are not."""
    more: bool = False
    """Whether the others can be found, by more work."""


class Tests:
    """The evaluator's tests of atoms, made once."""

    def __init__(self) -> None:
        self._kept: dict[Atom, ContextTest] = {}

    def of(self, atom: Atom) -> ContextTest:
        """The test of an atom."""
        found = self._kept.get(atom)
        if found is None:
            found = self._kept[atom] = atom.test()
        return found


@dataclass(frozen=True, slots=True)
class Limits:
    """Values that are of interest where not all are: a test of a key's value, and further values of a key to try."""

    fits: Callable[[str, ContextValue | None], bool]
    more: Callable[[str], Sequence[str]]


def key_options(
    key: str,
    positive: Sequence[Atom],
    blocks: Sequence[Held],
    known: Known,
    tests: Tests,
    budget: Budget,
    limits: Limits | None = None,
    *,
    every: bool = True,
) -> KeyOptions:
    """The options of a key. ``known`` fixes the keys of policy variables (a missing one is None), perhaps this one.

    Without ``every`` only those that cost little.
    """
    must = [tests.of(atom) for atom in positive]
    may = [([tests.of(atom) for atom in block.atoms], block.bit) for block in blocks]
    base = {name: value for name, value in known.items() if value is not None}

    def judged(value: ContextValue | None) -> int | None:
        """The blocks that a value leaves, or None where something that must hold does not."""
        context = dict(base)
        if value is not None:
            context[key] = value
        for test in must:
            if not test(context):
                return None
        mask = 0
        for several, bit in may:
            for test in several:
                if not test(context):
                    mask |= bit
                    break
        return mask

    if key in known:
        mask = judged(known[key])
        return KeyOptions(() if mask is None else ((mask, known[key]),))
    group = [
        *(Wanted(atom, True) for atom in dict.fromkeys(positive)),
        *(Wanted(atom, False) for atom in dict.fromkeys(atom for block in blocks for atom in block.atoms)),
    ]
    found = values_of(group, base, budget if every else None)
    values, complete, why = found.texts, found.complete, found.why
    if limits is not None:
        values = tuple(dict.fromkeys((*values, *limits.more(key))))
    out: list[tuple[int, ContextValue | None]] = []
    candidates: list[ContextValue | None] = [None, *values]
    of_sets = any(one.found.quantifier for one in group)
    if of_sets or may_have_several(key):
        candidates.append(SEVERAL)
    if of_sets:
        try:
            candidates += _sets(key, group, values, base, tests.of, budget)
        except LimitError as error:
            complete, why = False, error.message
    of_one = OF_A_TEST * (1 + len(must) + sum(len(several) for several, _ in may))
    for candidate in candidates:
        budget.take(of_one * len(candidate) if isinstance(candidate, tuple) else of_one)
        if budget.over:
            complete, why = False, TOO_MANY
            break
        if limits is not None and not limits.fits(key, candidate):
            continue
        mask = judged(candidate)
        if mask is not None:
            out.append((mask, candidate))
    return KeyOptions(tuple(maximal(out, budget)), complete, why, found.more)


def _sets(
    key: str,
    group: Sequence[Wanted],
    values: Sequence[str],
    base: Context,
    test_of: Callable[[Atom], ContextTest],
    budget: Budget,
) -> Iterator[ContextValue]:
    """The sets of values that matter: the empty one, and the closure of what is asked of all values of a set."""
    yield ("",)
    whole = (1 << len(values)) - 1
    closed = {whole}
    for one in group:
        found = one.found
        if not found.quantifier:
            continue
        budget.take(OF_A_TEST * len(values) + len(closed))
        if budget.over:
            raise LimitError(TOO_MANY)
        test = test_of(one.atom)
        inside = sum(1 << at for at, value in enumerate(values) if test({**base, key: (value,)}))
        if "" in values:  # a set of nothing but empty texts is no set: the text is judged beside another one
            bit = 1 << values.index("")
            holds = _empty_holds(test, base, key, values, found.quantifier == "ForAllValues")
            inside = inside | bit if holds else inside & ~bit
        side = inside if found.quantifier == "ForAllValues" else whole & ~inside
        closed |= {side & other for other in closed}
        if len(closed) > SETS:
            raise LimitError("the sets of values have too many combinations")
    for mask in closed:
        chosen = tuple(value for at, value in enumerate(values) if mask >> at & 1)
        if chosen:
            yield chosen


def _empty_holds(test: ContextTest, base: Context, key: str, values: Sequence[str], every: bool) -> bool:
    """Whether the empty text satisfies an operator as one value among others."""
    for beside in values:
        if beside and test({**base, key: (beside,)}) is every:
            return test({**base, key: ("", beside)})
    return False
