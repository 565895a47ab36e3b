"""What the laboratory says when it cannot go on."""


class LabError(Exception):
    """A failure for a person: what happened, where to look, what to do."""
