"""A cluster that lists one object a page, and breaks after the first."""

from dataclasses import dataclass
from typing import Any

from tests.fakes import cluster


@dataclass
class BrokenPages(cluster.FakeCluster):
    """A fake cluster of which nobody gets a second page."""

    cutting: bool = False
    """The connection ends in the middle of the page; else the server fails (500)."""

    def answer(self, method: str, url: str, body: cluster.Json | None) -> cluster.Json:
        """Answer, but for what is asked beyond the first page."""
        further = "continue=" in url
        if further and not self.cutting:
            raise cluster.RefusalError(500, "InternalError", "etcdserver: request timed out")
        self.cut = further
        return super().answer(method, url, body)

    def _page(self, kind: str, items: list[cluster.Json], query: dict[str, str]) -> Any:  # noqa: ANN401  JSON
        return super()._page(kind, items, {**query, "limit": "1"})
