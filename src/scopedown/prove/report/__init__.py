"""The forms in which a proof is told: for a terminal, for a pull request, as evidence for a machine."""
