"""What each row of the vocabulary promises, as tests/e2e/test_every_row.py shows it."""

from tests.promises.annotations import ANNOTATIONS
from tests.promises.classes import CLASSES, NAMES
from tests.promises.fields import FIELDS
from tests.promises.promise import Port, Promise, Seen, filled

__all__ = ["ANNOTATIONS", "CLASSES", "FIELDS", "NAMES", "Port", "Promise", "Seen", "filled"]
