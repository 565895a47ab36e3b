"""Reading Services and Nodes from files, folders and standard input."""

import errno
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tfgen import errors, model
from tfgen.kube import files, parse


def service(name: str, namespace: str | None = "shop", **fields: object) -> dict[str, Any]:
    """Make a Service as kubectl prints it."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, **fields}


def node(name: str) -> dict[str, Any]:
    """Make a Node as kubectl prints it."""
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}


def listed(*items: object, kind: str = "List", **metadata: object) -> dict[str, Any]:
    """Make a list as kubectl prints it."""
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "items": list(items)}


def write(path: Path, *documents: object) -> str:
    """Write documents as a stream of JSON and give the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(document) for document in documents))
    return str(path)


def refused(source: str | Path) -> errors.InputError:
    """Read what must be refused, and give the refusal."""
    with pytest.raises(errors.InputError) as caught:
        files.read(str(source))
    return caught.value


def test_a_list_as_kubectl_prints_it_is_read_whole(tmp_path: Path) -> None:
    """Services and Nodes come out as they stand, in their order; other kinds are passed over."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    source = write(tmp_path / "in.json", listed(service("b"), pod, service("a"), node("n")))
    assert files.read(source) == model.Listing(
        (service("b"), service("a")), (node("n"),), None, f"file {source}"
    )


def test_the_same_objects_in_yaml_give_the_same_listing(tmp_path: Path) -> None:
    """YAML and JSON are two spellings of one input."""
    path = tmp_path / "in.yaml"
    path.write_text(
        """\
apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: web
    namespace: shop
    annotations: {a: "true", b: 2026-01-01, c: on, d: true}
  spec: {ports: [{port: 80, nodePort: 30080}]}
"""
    )
    annotations = {"a": "true", "b": "2026-01-01", "c": "on", "d": True}
    expected = service("web", spec={"ports": [{"port": 80, "nodePort": 30080}]})
    expected["metadata"]["annotations"] = annotations
    assert files.read(str(path)).services == (expected,)


def test_lists_of_the_raw_api_have_items_without_a_kind(tmp_path: Path) -> None:
    """`kubectl get --raw /api/v1/services` is understood too."""
    bare = {"metadata": {"name": "web", "namespace": "shop"}}
    bare_node = {"metadata": {"name": "n"}}
    source = write(
        tmp_path / "in.json",
        listed(bare, kind="ServiceList"),
        listed(bare_node, kind="NodeList"),
    )
    listing = files.read(source)
    assert (listing.services, listing.nodes) == ((bare,), (bare_node,))


def test_plain_manifests_of_many_documents_are_read(tmp_path: Path) -> None:
    """A manifest file with Deployments, comments and empty documents gives its Services."""
    path = tmp_path / "web.yaml"
    path.write_text(
        "---\n# shop\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n---\n"
    )
    assert files.read(str(path)).services == (service("web"),)


def test_a_service_without_a_namespace_goes_to_default(tmp_path: Path) -> None:
    """It is where kubectl apply would put it."""
    source = write(tmp_path / "in.json", service("web", namespace=None))
    assert files.read(source).services == (service("web", "default"),)


def test_a_service_of_another_api_group_is_not_one(tmp_path: Path) -> None:
    """Knative's Service asks for no load balancer."""
    knative = service("web") | {"apiVersion": "serving.knative.dev/v1"}
    assert files.read(write(tmp_path / "in.json", knative)).services == ()


NEARLY = [
    ({"kind": "service"}, "kind 'service' of apiVersion 'v1'; expected 'Service' of 'v1'"),
    ({"kind": "NODE"}, "kind 'NODE' of apiVersion 'v1'; expected 'Node' of 'v1'"),
    ({"apiVersion": "V1"}, "kind 'Service' of apiVersion 'V1'; expected 'Service' of 'v1'"),
    ({"apiVersion": None}, "kind 'Service' of apiVersion None; expected 'Service' of 'v1'"),
    ({"kind": "Table", "apiVersion": "meta.k8s.io/v1"}, "a Table stands where objects were"),
    ({"kind": "Status"}, "a Status stands where objects were expected"),
]


@pytest.mark.parametrize(("fields", "what"), NEARLY)
def test_what_is_nearly_an_object_is_refused(
    tmp_path: Path, fields: dict[str, Any], what: str
) -> None:
    """Passed over it would count as a removal; alone, in a list, and in a folder."""
    wrong = {**service("web"), **fields}
    assert what in refused(write(tmp_path / "in.json", wrong)).what
    assert what in refused(tmp_path).what
    told = refused(write(tmp_path / "in.json", listed(service("a"), wrong))).what
    assert told.startswith(f"{tmp_path / 'in.json'}, line 1, item 2: ")


@pytest.mark.parametrize("kind", [None, 5, ...])
def test_an_item_without_a_kind_is_refused(tmp_path: Path, kind: object) -> None:
    """Only a list of Services or of Nodes alone says of itself what its items are."""
    item = {**service("web"), "kind": kind}
    if kind is ...:
        del item["kind"]
    told = refused(write(tmp_path / "in.json", listed(item))).what
    assert told.endswith(f"item 1: kind is {item.get('kind')!r}; expected a text")
    typed = listed(item, kind="ServiceList")
    if kind is ...:
        assert len(files.read(write(tmp_path / "in.json", typed)).services) == 1
    else:
        assert "kind is" in refused(write(tmp_path / "in.json", typed)).what


def test_other_files_of_a_folder_may_have_a_kind(tmp_path: Path) -> None:
    """A values file is no object, whatever it calls itself."""
    write(tmp_path / "values.yaml", {"kind": "service"})
    write(tmp_path / "web.yaml", service("web"))
    assert len(files.read(str(tmp_path)).services) == 1


def test_a_folder_is_read_with_those_below_it_in_sorted_order(tmp_path: Path) -> None:
    """Manifests of any depth count; hidden folders, other files and values files do not."""
    write(tmp_path / "b/z.yaml", service("z"))
    write(tmp_path / "b/a.yml", service("a"))
    write(tmp_path / "a.json", service("first"), node("n"))
    write(tmp_path / "values.yaml", {"replicas": 3})
    write(tmp_path / ".git/x.yaml", service("hidden"))
    write(tmp_path / "..data/a.json", service("first"))
    (tmp_path / "README.md").write_text("not: [yaml")
    listing = files.read(str(tmp_path))
    assert [found["metadata"]["name"] for found in listing.services] == ["first", "a", "z"]  # type: ignore[index]  # raw JSON
    assert listing.source == f"folder {tmp_path}"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """`kubectl get ... | tfgen render --from -` works, also with two outputs in one pipe."""
    text = json.dumps(listed(service("web")), indent=2) + "\n" + json.dumps(listed(node("n")))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    listing = files.read("-")
    assert (len(listing.services), len(listing.nodes)) == (1, 1)
    assert (listing.source, listing.live) == ("standard input", False)


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    """Some editors and shells write one."""
    path = tmp_path / "in.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(service("web")).encode())
    assert files.read(str(path)).services == (service("web"),)


def test_yaml_in_braces_is_yaml(tmp_path: Path) -> None:
    """A .yaml file may begin with a brace and be no JSON."""
    path = tmp_path / "in.yaml"
    path.write_text("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}")
    assert files.read(str(path)).services == (service("web"),)


@pytest.mark.parametrize("metadata", [{"continue": "abc"}, {"remainingItemCount": 3}])
def test_a_cut_list_is_refused(tmp_path: Path, metadata: dict[str, object]) -> None:
    """One page of a listing is never taken for the whole."""
    source = write(tmp_path / "in.json", listed(service("web"), kind="ServiceList", **metadata))
    error = refused(source)
    assert error.what == (
        f"{source}, line 1: the ServiceList is cut: metadata.continue says that more pages follow"
    )
    assert "kubectl get services,nodes -A -o json" in error.remedy


def test_a_service_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    """Which of the two holds is not ours to choose."""
    first = write(tmp_path / "a.json", service("other"), service("web"))
    second = write(tmp_path / "b.json", listed(service("web")))
    assert refused(tmp_path).what == (
        f"Service shop/web stands twice: {first}, line 2; {second}, line 1, item 1"
    )


def test_a_node_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The same holds for Nodes."""
    source = write(tmp_path / "a.json", node("n"), node("n"))
    assert refused(source).what == f"Node n stands twice: {source}, line 1; {source}, line 2"


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ('{"kind": "List",\n "items": [', "in.json", "line 2: unexpected end of data"),
        ("kind: List\nitems: [\n", "in.yaml", "line 3: did not find expected node content"),
        ("items: []\nitems: []\n", "in.yaml", "line 2: key 'items' stands twice in one mapping"),
        ("replicas: 3\n", "in.yaml", "line 1: this is no Kubernetes object: it has no kind"),
        ("just text", "in.yaml", "line 1: this is no Kubernetes object: it has no kind"),
    ],
)
def test_broken_text_is_refused_with_file_line_and_reason(
    tmp_path: Path, text: str, name: str, what: str
) -> None:
    """The message leads to the place."""
    path = tmp_path / name
    path.write_text(text)
    error = refused(path)
    assert error.what == f"{path}, {what}"
    assert "kubectl get" in error.remedy


@pytest.mark.parametrize(
    ("item", "what"),
    [
        (listed(), "List: item 1 is of type dict; expected an object, not one more list"),
        (5, "List: item 1 is of type int; expected a Kubernetes object"),
        ({"kind": "Service"}, "Service: metadata is missing; expected a mapping with a name"),
        (service(""), "Service: metadata.name is of type str; expected a name"),
        (service("web", 7), "Service: metadata.namespace is of type int; expected text"),  # type: ignore[arg-type]  # what a manifest may hold
        (node(None), "Node: metadata.name is missing; expected a name"),  # type: ignore[arg-type]  # what a manifest may hold
    ],
)
def test_an_object_without_an_identity_is_refused(tmp_path: Path, item: object, what: str) -> None:
    """Nothing of ours can be told from it, and leaving it out would mean a removal."""
    assert refused(write(tmp_path / "in.json", listed(item))).what.endswith(what)


def test_items_must_be_a_list(tmp_path: Path) -> None:
    """A list without items is broken, not empty."""
    broken = {"apiVersion": "v1", "kind": "List", "items": None}
    assert refused(write(tmp_path / "in.json", broken)).what.endswith(
        "List: items is missing; expected a list"
    )


@pytest.mark.parametrize("text", ["", "---\n", "# nothing\n"])
def test_an_empty_file_is_not_an_empty_cluster(tmp_path: Path, text: str) -> None:
    """Kubectl that failed before a `>` leaves an empty file behind."""
    path = tmp_path / "in.yaml"
    path.write_text(text)
    error = refused(path)
    assert error.what == f"file {path} holds no Kubernetes object"
    assert error.code is errors.ExitCode.ERROR


def test_an_empty_list_is_an_answer(tmp_path: Path) -> None:
    """A cluster may have no Services; what follows from it the guards decide."""
    assert files.read(write(tmp_path / "in.json", listed())).services == ()


def test_a_folder_without_manifests_is_refused(tmp_path: Path) -> None:
    """A wrong path is not an empty cluster either."""
    assert refused(tmp_path).what == f"folder {tmp_path} holds no Kubernetes object"


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    """A missing file is named with the system's reason."""
    error = refused(tmp_path / "none.yaml")
    assert error.what == f"{tmp_path}/none.yaml cannot be read: No such file or directory"


@pytest.mark.parametrize("end", ["", "\n"])
def test_objects_in_the_place_of_a_path(end: str) -> None:
    """`--from "$(kubectl ...)"` is a slip that is told as one, without its thousands of lines."""
    text = json.dumps(listed(service("web"), *map(node, "abcdefghijkl"))) + end
    error = refused(text)
    assert error.what == (
        f"--from was given a text of {len(text)} characters, '{text[:40]}'...; expected a path"
    )
    assert error.remedy.endswith("-o json | tfgen render --from -")


def test_a_folder_that_cannot_be_looked_into_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passing over it would make an incomplete listing look whole."""
    write(tmp_path / "a.json", service("a"))
    write(tmp_path / "closed" / "b.json", service("b"))
    scan = os.scandir

    def refuse(path: str) -> Any:  # noqa: ANN401  an iterator of the system's own kind
        if path.endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert refused(tmp_path).what == f"{tmp_path}/closed cannot be read: Permission denied"


def test_templates_are_recognised(tmp_path: Path) -> None:
    """A Helm template is no manifest yet; the remedy says which step is missing."""
    path = tmp_path / "service.yaml"
    path.write_text("{{- if .Values.x }}\nkind: Service\n{{- end }}\n")
    assert "helm template" in refused(path).remedy


def test_a_file_above_a_sane_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of YAML names the faster way."""
    monkeypatch.setattr(parse, "MAX_YAML", 2**20)
    path = tmp_path / "in.yaml"
    path.write_text("#" * (2**20 + 1))
    error = refused(path)
    assert error.what == f"{path} holds 1 MiB; expected at most 1"
    assert "-o json" in error.remedy


def test_ten_thousand_services_are_read_whole(tmp_path: Path) -> None:
    """A large cluster's listing comes back complete (how fast: benchmarks/render.py)."""
    ports = [{"port": 80 + n, "nodePort": 30000 + n, "protocol": "TCP"} for n in range(2)]
    many = [service(f"web-{n}", f"ns-{n % 50}", spec={"ports": ports}) for n in range(10_000)]
    source = write(tmp_path / "in.json", listed(*many))
    assert len(files.read(source).services) == 10_000
