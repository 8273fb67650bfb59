"""Tests of scopedown.iam."""
