"""The passes: which step follows which, as prose."""
