"""How resources of stacks are checked and made."""
