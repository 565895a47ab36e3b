"""The program behind tests/fakes/terraform.py: few imports, so that it starts in a moment."""
