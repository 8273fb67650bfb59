"""The event ``s3``."""
