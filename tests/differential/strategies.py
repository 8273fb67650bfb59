"""The random questions as Hypothesis strategies."""

from hypothesis import strategies as st

from differential import generate

choices = st.randoms(use_true_random=False)


def cases() -> st.SearchStrategy[generate.Json]:
    """One question: a request and policies of every type, in the shape of the case files."""
    return choices.map(generate.case)


def questions(count: int) -> st.SearchStrategy[list[generate.Json]]:
    """`count` requests to one set of policies."""
    return choices.map(lambda r: generate.cases(r, count))
