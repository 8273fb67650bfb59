"""Two evaluators, the same questions: random requests and policies, theorems, hostile documents.

`generate.py` makes the questions from any source of choices, `strategies.py` hands them to Hypothesis,
`adapter.py` asks `scopedown.iam`, `reference.evaluator` is the other side. `cases/*.jsonl` keeps every question on
which the two once differed, with a note on which side was wrong and the source that decides.
"""
