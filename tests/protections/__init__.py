"""What tfgen protects against, as a table, and the proof that a test guards each protection.

Each entry names a text of the source that is a protection, the same text without it, and the
tests that must then fail. `make protections` takes out one after the other, in a copy.
"""
