"""Kotlin: its front end, its files, what its code does when it runs, and the AWS SDKs from it."""
