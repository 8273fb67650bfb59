"""What the author of a CDK app writes: grants of the app's own constructs, and which wider grants they replace."""
