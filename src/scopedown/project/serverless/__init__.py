"""Serverless Framework projects."""
