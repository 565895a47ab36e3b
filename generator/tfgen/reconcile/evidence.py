"""All that can be read about one Service, beside what a survey found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tfgen import errors, manifest, model, terraform
from tfgen.inspection import children, trace
from tfgen.inspection.subject import Subject
from tfgen.reconcile import survey
from tfgen.render import facts
from tfgen.status import marks
from tfgen.translate import groups, nodes

OCTAVIA = "Octavia"


class Sky(survey.Lists, Protocol):
    """The part of the cloud that is asked."""

    def status_tree(self, load_balancer_id: str) -> Mapping[str, Any]:
        """Give Octavia's status tree of one load balancer."""


@dataclass(frozen=True, slots=True)
class Records:
    """A survey, and what else can be asked for; who does not answer is noted in `away`."""

    found: survey.Survey
    sky: Sky | None
    read_state: Callable[[str], terraform.State]
    away: dict[str, errors.TfgenError]

    def services(self) -> Iterator[tuple[model.ServiceKey, Mapping[str, Any]]]:
        """Give all Services of the cluster, ours or not."""
        for service in self.found.listing.services if self.found.listing else ():
            metadata = marks.metadata(service)
            namespace = str(metadata.get("namespace") or "default")
            yield model.ServiceKey(namespace, str(metadata.get("name"))), service

    def service(self, key: model.ServiceKey) -> Mapping[str, Any] | None:
        """Give one Service; None where the cluster has none, or was not asked."""
        return next((service for found, service in self.services() if found == key), None)

    def state(self, stack: str) -> Mapping[str, str] | None:
        """Give the ids of a state by address; None where it cannot be read."""
        try:
            whole = self.read_state(stack)
        except errors.Interrupted:
            raise
        except errors.TfgenError as failure:
            self.away[survey.STATES] = failure
            return None
        return {instance.address: instance.id for instance in whole.instances}

    def gather(self, subject: Subject) -> trace.Evidence:
        """Gather what there is about one Service of ours."""
        entry = subject.entry or subject.wanted
        stack = entry.stack if entry else ""
        group = self._facts(stack).nodes(entry.node_group) if entry else {}
        listeners = self._listeners(subject)
        return trace.Evidence(
            service=self.service(subject.key),
            nodes=self._nodes(entry),
            facts=group,
            listeners=listeners,
            octavia=self.sky is not None and OCTAVIA not in self.away,
            floating_ip_id=self._floating_ip_id(subject),
            state=self.state(stack) if stack else None,
        )

    def _facts(self, stack: str) -> facts.Facts:
        return self.found.snapshot.facts(stack) or facts.Facts()

    def _nodes(self, entry: manifest.Entry | None) -> trace.JudgedNodes | None:
        listing = self.found.listing
        if listing is None or not (listing.live or listing.nodes):
            return None
        whole = groups.Groups(
            tuple(listing.nodes), self.found.loaded.settings.members.node_selector
        )
        return whole.judge(entry.nodes if entry else model.NodeChoice(nodes.DEFAULT_GROUP))

    def _listeners(self, subject: Subject) -> Mapping[str, children.Listener] | None:
        if self.sky is None or subject.balancer is None:
            return None
        try:
            return children.read(self.sky.status_tree(subject.balancer.id))
        except errors.TfgenError as failure:
            self.away[OCTAVIA] = failure
            return None

    def _floating_ip_id(self, subject: Subject) -> str:
        address = subject.balancer.floating_ip if subject.balancer else ""
        listed = self.found.sky.floating_ips if self.found.sky else ()
        return next((each.id for each in listed if address and each.address == address), "")
