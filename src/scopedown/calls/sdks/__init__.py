"""Models of the AWS SDKs."""
