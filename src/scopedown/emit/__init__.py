"""Policies and reports in the forms that people use."""
