"""Who may take the CI role: by the evaluator, with the claims that the systems' tokens carry."""

from __future__ import annotations

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.deploy.trust import trust_of
from scopedown.iam import Caller, Kind, PolicySet, Request, evaluate, parse_policy

ROLE = "arn:aws:iam::123456789012:role/deploy"
WORKSPACE, REPOSITORY, ENVIRONMENT = (
    f"{digit * 8}-{digit * 4}-{digit * 4}-{digit * 4}-{digit * 12}" for digit in "abc"
)


def may_take(trust: str, subject: str, audience: str | None = None) -> bool:
    """Whether a token with these claims takes the role."""
    found = trust_of(trust)
    policy = parse_policy(found.document("aws", "123456789012"), Kind.TRUST)
    caller = Caller.identity_of(found.provider_arn("aws", "123456789012"))
    context = {f"{found.provider}:aud": audience or found.audience, f"{found.provider}:sub": subject}
    request = Request(caller, "sts:AssumeRoleWithWebIdentity", ROLE, "123456789012", context)
    return evaluate(request, PolicySet(resource=policy)).allowed


@pytest.mark.parametrize(
    ("trust", "taken", "refused"),
    [
        ("github:acme/shop:ref:main", "repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:ref:refs/heads/main2"),
        ("github:acme/shop:ref:refs/tags/v1", "repo:acme/shop:ref:refs/tags/v1", "repo:acme/shop:ref:refs/heads/v1"),
        ("github:acme/shop:environment:prod", "repo:acme/shop:environment:prod", "repo:acme/shop:ref:refs/heads/prod"),
        ("github:acme/shop", "repo:acme/shop:pull_request", "repo:acme/shop2:pull_request"),
        ("gitlab:acme/team/shop:ref:main", "project_path:acme/team/shop:ref_type:branch:ref:main",
         "project_path:acme/team/shop:ref_type:tag:ref:main"),
        ("gitlab:acme/shop:ref:refs/tags/v1", "project_path:acme/shop:ref_type:tag:ref:v1",
         "project_path:acme/shop:ref_type:branch:ref:v1"),
        ("gitlab:acme/shop", "project_path:acme/shop:ref_type:branch:ref:any", "project_path:acme/shop2:ref_type:tag"),
        (f"bitbucket:acme/{WORKSPACE}/{REPOSITORY}", f"{{{REPOSITORY}}}:{{{ENVIRONMENT}}}",
         f"{{{WORKSPACE}}}:{{{ENVIRONMENT}}}"),
        (f"bitbucket:acme/{{{WORKSPACE}}}/{{{REPOSITORY}}}:environment:{ENVIRONMENT}",
         f"{{{REPOSITORY}}}:{{{ENVIRONMENT}}}:{{{WORKSPACE}}}", f"{{{REPOSITORY}}}:{{{WORKSPACE}}}"),
        (f"circleci:{WORKSPACE}/{REPOSITORY}", f"org/{WORKSPACE}/project/{REPOSITORY}/user/{ENVIRONMENT}",
         f"org/{WORKSPACE}/project/{WORKSPACE}/user/{ENVIRONMENT}"),
    ],
)  # fmt: skip
def test_only_the_named_pipeline_takes_the_role(trust: str, taken: str, refused: str) -> None:
    assert may_take(trust, taken)
    assert not may_take(trust, refused)
    assert not may_take(trust, taken, audience="https://example.com")


@pytest.mark.parametrize(
    "trust",
    [
        "github", "github:", "github:acme", "github:acme/*", "github:acme/shop:ref:*", "github:acme/shop:ref:",
        "github:acme/shop:environment:a b", "github:acme/shop:branch:main", "github:acme/shop:ref:${aws:username}",
        "gitlab:acme/shop:environment:prod", "bitbucket:acme/shop", "circleci:acme/shop", "jenkins:acme/shop", "*",
    ],
)  # fmt: skip
def test_what_names_no_pipeline_is_refused_with_how_it_is_written(trust: str) -> None:
    with pytest.raises(ScopedownError) as refused:
        trust_of(trust)
    assert refused.value.remedy
