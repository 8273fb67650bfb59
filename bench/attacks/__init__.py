"""The attacks of ``bench/guard_attacks.py``: requests, the local AWS that they attack, and the families."""
