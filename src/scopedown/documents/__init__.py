"""YAML, JSON and dotenv files as trees whose every node knows its place."""
