"""Policies on their own: every finding that AWS's policy validation has a code for and that can be decided offline.

In: files with policies, or with policies in them. Out: findings with AWS's type and code, a place and a remedy.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""
