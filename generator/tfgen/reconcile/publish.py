"""The publishing pass: what is known of addresses, written back to the Services it concerns.

Level-based: each pass judges every Service anew and writes only what differs, so that a second
pass writes nothing. An address that a Service has is never taken away because a source is silent.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tfgen import config, errors, manifest, model, status, translate, workspace
from tfgen.kube import call, live, write
from tfgen.reconcile import known, provenance, scope, work

_WRITERS = 8
"""Requests at once: a first pass over thousands of Services waits for the network, not for us."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before addresses are asked for."""

    listing: model.Listing
    translation: model.Translation
    manifest: manifest.Manifest
    commits: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    suffix: str = ""
    """Of host names that are published with PROXY protocol; empty: none are."""

    def question(self, found: status.Found, asked: scope.Scope) -> status.Question:
        """Ask about the Services of a scope."""
        return status.Question(
            self.listing,
            self.translation,
            self.manifest,
            found,
            asked.stacks,
            asked.services,
            self.commits,
            self.suffix,
        )


def know(loaded: config.Loaded, listing: model.Listing) -> Known:
    """Judge a live listing by settings and tree.

    Raises TreeError where there is no tree, Refused where it or the cluster is another one.
    """
    found = known.tree(loaded)
    _check_cluster(found, listing)
    frozen = {key: entry.frozen for key, entry in found.services.items()}
    told = workspace.Tree(loaded.out).resolved()
    context = translate.Context(
        settings=loaded.settings, frozen=frozen, resolved=told, seats=found.seats
    )
    commits = provenance.commits(loaded, found, listing)
    translation = translate.translate(listing, context)
    return Known(listing, translation, found, commits, loaded.settings.publish.suffix)


def _check_cluster(found: manifest.Manifest, listing: model.Listing) -> None:
    if found.cluster_uid and listing.cluster_uid != found.cluster_uid:
        raise errors.Refused(
            f"{listing.source} is another cluster: its kube-system has the UID "
            f"{listing.cluster_uid}, and the tree was rendered from {found.cluster_uid}",
            remedy="Choose the right kubeconfig or --context. If the cluster was rebuilt: "
            f"tfgen render --accept-cluster {listing.cluster_uid}",
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one Service."""

    service: model.ServiceKey
    outcome: write.Outcome
    phase: str = ""
    """How it stands, where that is known."""
    address: str = ""
    second_address: str = ""
    text: str = ""
    """Why it failed or was left alone, or what holds it."""
    remedy: str = ""
    notices: tuple[str, ...] = ()
    """Events that could not be written."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a pass did, sorted by Service; Services that are none of ours are not mentioned."""

    results: tuple[Result, ...]

    def of(self, outcome: write.Outcome) -> tuple[Result, ...]:
        """Give the Services with one outcome."""
        return tuple(result for result in self.results if result.outcome is outcome)

    @property
    def notices(self) -> tuple[str, ...]:
        """What else went wrong, each thing once."""
        return tuple(sorted({notice for result in self.results for notice in result.notices}))

    @property
    def code(self) -> errors.ExitCode:
        """Nothing failed: done; some: partial; all: error."""
        failed = self.of(write.Outcome.FAILED)
        if not failed:
            return errors.ExitCode.DONE
        whole = len(failed) == len(self.results)
        return errors.ExitCode.ERROR if whole else errors.ExitCode.PARTIAL


def publish(cluster: live.Cluster, question: status.Question, *, events: bool = True) -> Report:
    """Write to each Service what it should carry and does not; one failure stops no other."""
    judgements = sorted(status.judge(question), key=lambda judgement: judgement.service)
    with work.threads(_WRITERS, "writer") as writers:
        carry_out = partial(_carry_out, cluster, events=events)
        return Report(tuple(writers.map(carry_out, judgements)))


def announce(
    cluster: live.Cluster, listing: model.Listing, services: Iterable[model.ServiceKey]
) -> tuple[str, ...]:
    """Write EnsuringLoadBalancer for Services whose load balancer is about to be made or changed.

    Gives what went wrong: an Event that cannot be written holds nothing back.
    """
    told = status.Event("Normal", "EnsuringLoadBalancer", "The plan of its stack is being applied.")
    wanted = frozenset(services)
    concerned = [each for each in listing.services if write.key(each) in wanted]
    cut = threading.Event()
    with work.threads(_WRITERS, "writer") as writers:
        notices = writers.map(partial(_announce, cluster, told, cut), concerned)
        return tuple(sorted({notice for notice in notices if notice}))


def _announce(
    cluster: live.Cluster, told: status.Event, cut: threading.Event, service: write.Service
) -> str:
    """Write one Event; give why not. Once there is no way to the cluster, no other is tried."""
    if cut.is_set():
        return ""
    try:
        write.event(cluster, service, told)
    except call.ApiError as refusal:
        return refusal.what
    except errors.ClusterError as failure:
        cut.set()
        return failure.what
    return ""


def _carry_out(cluster: live.Cluster, judgement: status.Judgement, *, events: bool) -> Result:
    standing = judgement.standing
    if standing is None:
        outcome = write.Outcome.FAILED if judgement.failure else write.Outcome.UNCHANGED
        text = judgement.failure or judgement.text
        return Result(judgement.service, outcome, text=text, remedy=judgement.remedy)
    wanted = partial(status.patch, standing=standing, now=write.now())
    written = write.apply(cluster, judgement.object, wanted)
    told = status.events(judgement.object, standing) if events else ()
    wrote = written.outcome is write.Outcome.WRITTEN
    notices = tuple(_tell(cluster, judgement.object, told)) if wrote else ()
    return _result(judgement, standing, written, notices)


def _result(
    judgement: status.Judgement,
    standing: status.Standing,
    written: write.Written,
    notices: tuple[str, ...],
) -> Result:
    failure = written.error.what if written.error else judgement.failure
    return Result(
        judgement.service,
        write.Outcome.FAILED if failure else written.outcome,
        phase=standing.phase.value,
        address=standing.address.address if standing.address else "",
        second_address=standing.second.address if standing.second else "",
        text=failure or " ".join((standing.why, *standing.problems)).strip() or judgement.text,
        remedy=written.error.remedy if written.error else judgement.remedy,
        notices=notices,
    )


def _tell(
    cluster: live.Cluster, service: write.Service, told: Iterable[status.Event]
) -> Iterator[str]:
    """Write Events; give why one could not be written."""
    for event in told:
        try:
            write.event(cluster, service, event)
        except errors.ClusterError as error:
            yield error.what
