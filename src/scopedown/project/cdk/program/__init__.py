"""The program of a CDK app, read and never run: where it makes each construct, and in which variable it keeps it."""
