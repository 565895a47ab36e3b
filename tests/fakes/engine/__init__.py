"""The program behind tests/fakes/terraform.py: plain Python, so that it starts in a moment."""
