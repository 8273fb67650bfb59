"""A second IAM evaluator: slow, plain, written from AWS's documentation alone.

It exists to disagree. `scopedown.iam` is built for speed and explanations; this one is built to be read beside the
IAM User Guide, one function a rule, with no index, no cache and no cleverness, and it never imports the other.
`tests/differential` asks both the same questions.

Comes in: a case, the dictionary of one line of a case file: `request` (action, resource, resource_account,
principal, context) and `policies` (identity, resource, session, boundary, scp, rcp, vpce).
Goes out: "Allowed", "ExplicitlyDenied" or "ImplicitlyDenied".

Where the documentation is silent or contradicts itself the reading chosen is said in the docstring of the one
function that holds it, with the word "Contested".
"""
