"""The policy language and its exact evaluation. Standard library only."""
