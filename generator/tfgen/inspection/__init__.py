"""What stands where, and why: tree, cluster and cloud laid beside one another. Pure.

Nothing here asks anything: what could not be read is None, and is said, never guessed.
"""

from tfgen.inspection.differences import Difference, Kind
from tfgen.inspection.overview import Row, rows
from tfgen.inspection.subject import Balancer, InState, Known

__all__ = ["Balancer", "Difference", "InState", "Kind", "Known", "Row", "rows"]
