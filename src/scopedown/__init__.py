"""scopedown: least-privilege IAM for serverless applications on AWS.

Importing the package loads nothing else; see ARCHITECTURE.md for the way data flows.
"""

__version__ = "0.1.0"
