"""Certificates from Secrets into Barbican: each content once, its reference into the tree.

No part of a key passes through the engine, its state, a file or a message.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from tfgen import config, errors, keypair, model, resolved, translate, workspace

if TYPE_CHECKING:
    from tfgen.cloud import barbican  # its library takes a second to load

Read = Callable[[str, str], keypair.KeyPair]
"""Reads a Secret, by namespace and name. Raises ClusterError."""


class Store(Protocol):
    """The part of Barbican that is needed."""

    def name(self, secret: str, digest: str) -> str:
        """Name a content."""

    def find(self, name: str) -> "barbican.Stored | None":
        """Give the secret of a name."""

    def add(self, name: str, bundle: keypair.Bundle) -> "barbican.Stored":
        """Store a bundle."""

    def all(self) -> "tuple[barbican.Stored, ...]":
        """Give all secrets of the tree."""

    def remove(self, stored: "barbican.Stored") -> None:
        """Delete one."""


class Change(StrEnum):
    """What became of one Secret."""

    NEW = "new"
    RENEWED = "renewed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One Secret."""

    secret: str
    services: tuple[model.ServiceKey, ...]
    change: Change
    certificate: resolved.Certificate | None = None
    """None where there is none, or none yet."""
    error: errors.TfgenError | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a pass found and stored."""

    rows: tuple[Row, ...]
    dropped: tuple[str, ...]
    """Secrets that no Service names any more."""
    before: resolved.Resolved
    after: resolved.Resolved

    @property
    def stale(self) -> bool:
        """Whether the file of the tree is behind."""
        return self.before != self.after

    def code(self, *, check: bool) -> errors.ExitCode:
        """Give the exit code: a Secret that fails holds its Services, the others are done."""
        failed = any(row.change is Change.FAILED for row in self.rows)
        held = errors.ExitCode.HELD if failed else errors.ExitCode.DONE
        stale = errors.ExitCode.CHANGES if check and self.stale else errors.ExitCode.DONE
        return errors.worst(held, stale)


def sync(
    listing: model.Listing, loaded: config.Loaded, read: Read, store: Store, *, check: bool
) -> Report:
    """Bring Barbican to what the Secrets hold; with `check` nothing is stored.

    A Secret that cannot be read or used keeps what it had: its listener goes on with that.
    """
    before = workspace.Tree(loaded.out).resolved()
    named = translate.certificates.wanted(listing, loaded.settings)
    rows = tuple(
        _row(secret, services, before.certificates.get(secret), _Doing(read, store, check))
        for secret, services in named.items()
    )
    kept = {row.secret: row.certificate for row in rows if row.certificate}
    dropped = tuple(sorted(before.certificates.keys() - named.keys()))
    return Report(rows, dropped, before, replace(before, certificates=kept))


def write(loaded: config.Loaded, report: Report) -> None:
    """Write the file of the tree, where it differs. Raises TreeError."""
    if report.stale:
        text = resolved.dumps(report.after)
        workspace.Tree(loaded.out).write({resolved.FILE: text})


@dataclass(frozen=True, slots=True)
class _Doing:
    """With what a pass works."""

    read: Read
    store: Store
    check: bool


def _row(
    secret: str,
    services: tuple[model.ServiceKey, ...],
    known: resolved.Certificate | None,
    doing: _Doing,
) -> Row:
    namespace, _, name = secret.partition("/")
    try:
        bundle = keypair.bundle(doing.read(namespace, name))
        made = _stored(secret, bundle, known, doing)
    except keypair.Unusable as unusable:
        error = errors.ClusterError(f"Secret {secret}: {unusable}", remedy="Correct the Secret.")
        return Row(secret, services, Change.FAILED, known, error)
    except (errors.ClusterError, errors.CloudError) as error:
        return Row(secret, services, Change.FAILED, known, error)
    changed = Change.RENEWED if known else Change.NEW
    return Row(secret, services, Change.UNCHANGED if made == known else changed, made)


def _stored(
    secret: str, bundle: keypair.Bundle, known: resolved.Certificate | None, doing: _Doing
) -> resolved.Certificate:
    """Find the content in Barbican, or put it there."""
    name = doing.store.name(secret, bundle.digest)
    found = doing.store.find(name)
    if found is None and not doing.check:
        found = doing.store.add(name, bundle)
    same = known.container_ref if known and known.digest == bundle.digest else ""
    return resolved.Certificate(
        digest=bundle.digest,
        container_ref=found.ref if found else same,
        names=bundle.names,
        until=f"{bundle.until:%Y-%m-%d}",
    )


def clean(
    store: Store, used: Iterable[str], known: resolved.Resolved
) -> tuple["barbican.Stored", ...]:
    """Delete what neither a listener uses nor the tree names; gives what went."""
    needed = {_id(ref) for ref in used}
    needed |= {_id(each.container_ref) for each in known.certificates.values()}
    over = tuple(each for each in store.all() if _id(each.ref) not in needed)
    for stored in over:
        store.remove(stored)
    return over


def _id(ref: str) -> str:
    return ref.rpartition("/")[2]


def document(report: Report) -> Mapping[str, object]:
    """Give the report as part of a JSON document; nothing of it is secret."""
    return {
        "stale": report.stale,
        "certificates": [_row_document(row) for row in report.rows],
        "dropped": list(report.dropped),
    }


def _row_document(row: Row) -> Mapping[str, object]:
    made = row.certificate or resolved.Certificate("", "")
    return {
        "secret": row.secret,
        "services": list(map(str, row.services)),
        "change": str(row.change),
        "names": list(made.names),
        "until": made.until,
        "container_ref": made.container_ref,
        "error": {"what": row.error.what, "remedy": row.error.remedy} if row.error else None,
    }
