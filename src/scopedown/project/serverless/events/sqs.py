"""The event ``sqs``."""
