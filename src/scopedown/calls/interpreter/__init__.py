"""Runs a handler's intermediate form over symbolic values and notes the SDK calls that it reaches."""
