"""Case is ignored among the letters A to Z alone."""

from iam.ask import allow, decide, policy, when

KELVIN = "\u212a"


def allowed(statement, **asked) -> bool:
    return decide(identity=[policy(statement)], **asked).allowed


def test_the_kelvin_sign_is_no_k_in_an_action():
    assert allowed(allow("KMS:Decrypt"), action="kms:Decrypt")
    assert not allowed(allow("kms:Decrypt"), action=f"{KELVIN}ms:Decrypt")


def test_the_kelvin_sign_is_no_k_in_a_condition_key():
    statement = when(StringEquals={"aws:RequestTag/key": "x"})
    assert allowed(statement, context={"aws:requesttag/KEY": "x"})
    assert not allowed(statement, context={f"aws:RequestTag/{KELVIN}ey": "x"})


def test_values_whose_case_is_ignored_fold_letters_of_ascii_alone():
    assert allowed(when(StringEqualsIgnoreCase={"aws:username": "KIT"}), context={"aws:username": "kit"})
    assert not allowed(when(StringEqualsIgnoreCase={"aws:username": "kit"}), context={"aws:username": f"{KELVIN}it"})
    street = when(StringEqualsIgnoreCase={"aws:username": "stra\u00dfe"})
    assert not allowed(street, context={"aws:username": "strasse"})
