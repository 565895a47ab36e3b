"""Services and Nodes from files: what kubectl printed, or the manifests of a repository."""

import errno
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from tfgen import errors, model
from tfgen.kube import parse

STDIN = "-"
_SUFFIXES = (".yaml", ".yml", ".json")
_MOST_ANNOTATIONS = 256 * 1024
_SHOWN = 40
"""Characters of a text that was given in the place of a path."""
_LISTS = {"List": "", "ServiceList": "Service", "NodeList": "Node"}
_MEANT = {kind.casefold(): kind for kind in ("Service", "Node", *_LISTS)}
_ANSWERS = {"Table": "Take -o json or -o yaml.", "Status": "The API server refused it."}
"""What the API server may answer in the place of objects, and what then helps."""


def read(source: str) -> model.Listing:
    """Read a file, a folder (with those below it) or `-` for standard input, whole.

    Objects of other kinds are passed over. Raises InputError where something cannot be read, is
    cut, or stands twice: an incomplete listing is never an empty one.
    """
    _check_path(source)
    gathered, folder = _Gathered(), Path(source).is_dir()
    for document in _documents(source):
        for item in _items(document, all_objects=not folder):
            gathered.add(item)
    if not gathered.any_object:
        raise errors.InputError(
            f"{_label(source)} holds no Kubernetes object",
            remedy="Make it with: kubectl get services,nodes -A -o json > input.json",
        )
    services, nodes = tuple(gathered.services.values()), tuple(gathered.nodes.values())
    return model.Listing(services, nodes, cluster_uid=None, source=_label(source))


@dataclass(frozen=True, slots=True)
class _Item:
    """One object, and where it stands."""

    value: Mapping[str, object]
    kind: str
    document: parse.Document
    number: int | None = None

    def __str__(self) -> str:
        return f"{self.document}" + (f", item {self.number}" if self.number else "")


@dataclass(slots=True)
class _Gathered:
    """Objects by identity, in the order in which they came."""

    services: dict[model.ServiceKey, Mapping[str, object]] = field(default_factory=dict)
    nodes: dict[str, Mapping[str, object]] = field(default_factory=dict)
    places: dict[str, _Item] = field(default_factory=dict)
    any_object: bool = False

    def add(self, item: _Item) -> None:
        """Take one object in. Raises InputError where it stands twice."""
        self.any_object = True
        if item.kind == "Service":
            key, service = _service(item)
            _check_annotations(f"{item}: Service {key}", service)
            self._once(f"Service {key}", item)
            self.services[key] = service
        elif item.kind == "Node":
            name = _name(item, _metadata(item))
            _check_annotations(f"{item}: Node {name}", item.value)
            self._once(f"Node {name}", item)
            self.nodes[name] = item.value

    def _once(self, what: str, item: _Item) -> None:
        if (other := self.places.get(what)) is not None:
            raise errors.InputError(
                f"{what} stands twice: {other}; {item}",
                remedy="Keep one of them. Overlays and patches are merged first (kustomize build).",
            )
        self.places[what] = item


def _service(item: _Item) -> tuple[model.ServiceKey, Mapping[str, object]]:
    """Give a Service its identity; without a namespace it goes where kubectl would put it."""
    metadata = _metadata(item)
    name, namespace = _name(item, metadata), metadata.get("namespace")
    if namespace is None or namespace == "":
        named = {**metadata, "namespace": "default"}
        return model.ServiceKey("default", name), {**item.value, "metadata": named}
    if not isinstance(namespace, str):
        raise _misshapen(item, "metadata.namespace", namespace, "text")
    return model.ServiceKey(namespace, name), item.value


def _check_annotations(place: str, value: Mapping[str, Any]) -> None:
    """Refuse what no API server would take: it would stand in messages, files and memory.

    https://github.com/kubernetes/apimachinery: TotalAnnotationSizeLimitB.
    """
    annotations = value["metadata"].get("annotations")
    pairs = annotations.items() if isinstance(annotations, Mapping) else ()
    size = sum(len(str(key)) + len(text) for key, text in pairs if isinstance(text, str))
    if size > _MOST_ANNOTATIONS:
        held = f"{size >> 20} MiB" if size >> 20 else f"{size} bytes"
        raise errors.InputError(
            f"{place}: metadata.annotations hold {held}; expected at most 256 KiB",
            remedy="Kubernetes takes no more. What is that large belongs into a ConfigMap.",
        )


def _metadata(item: _Item) -> Mapping[str, object]:
    metadata = item.value.get("metadata")
    if isinstance(metadata, Mapping):
        return metadata
    raise _misshapen(item, "metadata", metadata, "a mapping with a name")


def _name(item: _Item, metadata: Mapping[str, object]) -> str:
    name = metadata.get("name")
    if isinstance(name, str) and name:
        return name
    raise _misshapen(item, "metadata.name", name, "a name")


def _items(document: parse.Document, *, all_objects: bool) -> Iterator[_Item]:
    """Unfold one document: an object, or a list of them.

    What is no Kubernetes object (a values file, a patch) is passed over in a folder, and refused
    where `all_objects` are expected.
    """
    value = document.value
    if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
        if value is not None and all_objects:
            raise _foreign(document)
        return
    if not all_objects and "apiVersion" not in value and value["kind"] not in _MEANT.values():
        return
    whole = _Item(value, _kind(value, f"{document}"), document)
    yield whole
    if whole.kind in _LISTS:
        _check_whole(whole)
        yield from _listed(whole)


def _kind(value: Mapping[str, object], place: str) -> str:
    """Give the kind where it counts here, "" for all others: Knative has a Service, too.

    Raises InputError for what is nearly one: passed over, it would count as a removal.
    """
    kind, version = str(value["kind"]), value.get("apiVersion", "v1")
    group = version.rpartition("/")[0] if isinstance(version, str) else ""
    if kind in _ANSWERS and group in {"", "meta.k8s.io"}:
        raise errors.InputError(
            f"{place}: a {kind} stands where objects were expected", remedy=_ANSWERS[kind]
        )
    meant = "" if group else _MEANT.get(kind.casefold(), "")
    if meant and (kind, version) != (meant, "v1"):
        raise errors.InputError(
            f"{place}: kind {kind!r} of apiVersion {version!r}; expected {meant!r} of 'v1'",
            remedy="Write it as Kubernetes spells it.",
        )
    return meant


def _listed(whole: _Item) -> Iterator[_Item]:
    items = whole.value.get("items")
    if not isinstance(items, list):
        raise _misshapen(whole, "items", items, "a list")
    for number, item in enumerate(items, start=1):
        if not isinstance(item, Mapping):
            raise _misshapen(whole, f"item {number}", item, "a Kubernetes object")
        kind = _item_kind(item, whole, f"{whole}, item {number}")
        if kind in _LISTS:
            raise _misshapen(whole, f"item {number}", item, "an object, not one more list")
        yield _Item(item, kind, whole.document, number)


def _item_kind(item: Mapping[str, object], whole: _Item, place: str) -> str:
    """Give the kind of an item; those of a list of one kind need not say it."""
    if "kind" not in item and _LISTS[whole.kind]:
        return _LISTS[whole.kind]
    if not isinstance(item.get("kind"), str):
        raise errors.InputError(
            f"{place}: kind is {item.get('kind')!r}; expected a text",
            remedy="Expected Services and Nodes, as kubectl get services,nodes -A -o json prints "
            "them.",
        )
    return _kind(item, place)


def _foreign(document: parse.Document) -> errors.InputError:
    return errors.InputError(
        f"{document}: this is no Kubernetes object: it has no kind",
        remedy="Expected Services and Nodes, as kubectl get services,nodes -A -o json prints them.",
    )


def _check_whole(item: _Item) -> None:
    metadata = item.value.get("metadata")
    if isinstance(metadata, Mapping) and (
        metadata.get("continue") or metadata.get("remainingItemCount")
    ):
        raise errors.InputError(
            f"{item}: the {item.kind} is cut: metadata.continue says that more pages follow",
            remedy="Write the whole listing: kubectl get services,nodes -A -o json",
        )


def _misshapen(item: _Item, name: str, found: object, expected: str) -> errors.InputError:
    said = "missing" if found is None else f"of type {type(found).__name__}"
    return errors.InputError(f"{item}: {item.kind}: {name} is {said}; expected {expected}")


def _documents(source: str) -> Iterator[parse.Document]:
    if source == STDIN:
        yield from parse.documents(sys.stdin.buffer.read(), "standard input")
    elif Path(source).is_dir():
        for path in _paths(Path(source)):
            yield from parse.documents(_bytes(path), str(path))
    else:
        yield from parse.documents(_bytes(Path(source)), source)


def _check_path(source: str) -> None:
    """See that it can be a path: the output of a command is easily given in the place of one."""
    try:
        Path(source).is_dir()
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            _refuse(error)
    else:
        if "\n" not in source:
            return
    raise errors.InputError(
        f"--from was given a text of {len(source)} characters, {source[:_SHOWN]!r}...; "
        "expected a path",
        remedy="Objects themselves go through a pipe: "
        "kubectl get services,nodes -A -o json | tfgen render --from -",
    )


def _paths(folder: Path) -> list[Path]:
    """List its manifests, sorted, without hidden ones: .git, the ..data of a mounted ConfigMap."""
    found = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(place, name)
            for name in names
            if name.endswith(_SUFFIXES) and not name.startswith(".")
        ]
    return sorted(found)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse(error)


def _refuse(error: OSError) -> NoReturn:
    """Say what cannot be read: passing over it would make the listing incomplete."""
    raise errors.InputError(
        f"{error.filename} cannot be read: {error.strerror or error}",
        remedy="Name a file, a folder, or - for standard input, after --from.",
    ) from error


def _label(source: str) -> str:
    if source == STDIN:
        return "standard input"
    return f"{'folder' if Path(source).is_dir() else 'file'} {source}"
