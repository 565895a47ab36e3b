"""What the laboratory says when it cannot go on."""


class LabError(Exception):
    """A failure for a person: what happened, where to look, what to do."""


class DownError(LabError):
    """A part of the laboratory was asked, and does not answer."""

    def __init__(self, part: str) -> None:
        super().__init__(
            f"{part} does not answer: the laboratory is down, or a part of it; make lab-up"
        )
