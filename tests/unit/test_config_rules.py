"""Rules between settings: each breach is found, and what is right passes."""

import datetime as dt
import math
from datetime import date
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import config
from tfgen.config import faults, rules, settings

S3 = {"bucket": "states", "key": "tfgen/{cluster}/{stack}.tfstate"}


APART = {
    "azurerm": {"key": "{stack}"},
    "consul": {"path": "{stack}"},
    "gcs": {"prefix": "{stack}"},
    "http": {"address": "{stack}"},
    "kubernetes": {"secret_suffix": "{stack}"},
    "s3": {"key": "{stack}"},
}


def broken(section: settings.Section) -> list[str]:
    """Give what a section breaks, in words."""
    return [
        f"{faults.dotted(rule.key)} is {rule.found}; expected {rule.expected}. {rule.remedy}"
        for rule in rules.broken(section)
    ]


def backend(kind: str, **arguments: Any) -> list[str]:  # noqa: ANN401  backend arguments are free
    """Give what a backend breaks."""
    return broken(config.Backend(type=kind, config=arguments))


def test_a_probe_ends_before_the_next_starts() -> None:
    """A monitor's timeout is less than its delay."""
    assert broken(config.Monitor(delay=5, timeout=4)) == []
    (told,) = broken(config.Monitor(delay=5, timeout=5))
    assert told.startswith("timeout is 5 s with a delay of 5 s; expected less than delay.")


def test_every_stack_has_a_state_of_its_own() -> None:
    """{stack} stands somewhere in the backend's arguments, and only local does without."""
    assert broken(config.Backend()) == []
    assert backend("local", path="states/x.tfstate") == []
    assert backend("s3", **S3) == []
    assert backend("kubernetes", secret_suffix="{stack}") == []
    assert backend("remote", workspaces={"name": "net-{stack}"}) == []
    assert backend("strange", anything="{stack}") == []
    assert "without {stack}" in backend("s3", bucket="b", key="k")[0]


def test_a_stack_in_another_argument_tells_no_state_from_another() -> None:
    """{stack} counts only where the backend makes the state's address of it."""
    assert (
        "with {stack} in region alone; expected {stack} in key or bucket"
        in (backend("s3", bucket="b", key="k", region="{stack}")[0])
    )
    assert "in secret_suffix or namespace" in backend("kubernetes", labels={"a": "{stack}"})[0]


@pytest.mark.parametrize(
    "path", ["/states/x.tfstate", "../../x.tfstate", "a/../../x", "..", "../{stack}/../x"]
)
def test_a_local_state_outside_the_stack_names_it(path: str) -> None:
    """A path counts from the folder of each stack: one that leaves it is one for all."""
    (told,) = backend("local", path=path)
    assert told.startswith(f"config.path is {path!r}, the same for all stacks")


@pytest.mark.parametrize(
    "path", ["x.tfstate", "a/../x.tfstate", "/states/{stack}.tfstate", "../../{stack}/x", ""]
)
def test_a_local_state_of_each_stack_passes(path: str) -> None:
    """Within its folder, or with {stack} in its path, a state is one stack's."""
    assert backend("local", path=path) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (dt.date(2026, 1, 1), "config.x is datetime.date(2026, 1, 1)"),
        (math.nan, "config.x is nan"),
        (math.inf, "config.x is inf"),
        ([{"a": b"x"}], "config.x[0].a is b'x'"),
        ({1: 2}, "config.x is a map with the name 1"),
    ],
)
def test_a_value_that_hcl_has_no_form_for_is_told(value: object, found: str) -> None:
    """YAML knows dates, .nan and maps by number: the backend's block does not."""
    (told,) = backend("local", x=value)
    assert told.startswith(f"{found}; expected text, a number, true or false.")


def test_an_alias_within_itself_is_told() -> None:
    """YAML can nest without end; the arguments of a backend cannot."""
    endless: list[Any] = []
    endless.append(endless)
    (told,) = backend("local", x=endless)
    assert told.startswith("config.x is more levels than a backend has")


def test_an_argument_has_a_name_that_hcl_takes() -> None:
    """A name with a space would be no argument of the backend's block."""
    (told,) = backend("local", **{"a b": 1})
    assert told.startswith("config.a b is no such name")


def test_a_placeholder_is_one_of_two() -> None:
    """A mistyped placeholder is not written into a state's address."""
    told = backend("s3", bucket="b", key="{stack}/{clustr}")
    assert told[0].startswith("config.key is a text with {clustr}")


@pytest.mark.parametrize(
    ("kind", "name", "variable"),
    [
        ("s3", "secret_key", "AWS_SECRET_ACCESS_KEY"),
        ("s3", "access_key", "AWS_ACCESS_KEY_ID"),
        ("s3", "token", "AWS_PROFILE"),
        ("s3", "sse_customer_key", "AWS_"),
        ("http", "password", "TF_HTTP_PASSWORD"),
        ("azurerm", "sas_token", "ARM_SAS_TOKEN"),
        ("gcs", "credentials", "GOOGLE_APPLICATION_CREDENTIALS"),
        ("gcs", "encryption_key", "GOOGLE_ENCRYPTION_KEY"),
        ("kubernetes", "client_key", "KUBE_CLIENT_KEY_DATA"),
        ("consul", "http_auth", "CONSUL_HTTP_AUTH"),
        ("strange", "client_secret", "its own environment variables"),
    ],
)
def test_a_secret_in_the_backend_is_refused(kind: str, name: str, variable: str) -> None:
    """A secret-looking argument is answered with the backend's own variable, and not shown."""
    (told,) = backend(kind, **{name: "geheim"}, **APART.get(kind, {"where": "{stack}"}))
    assert told.startswith(f"config.{name} is a secret")
    assert variable in told
    assert "geheim" not in told


def test_a_secret_that_is_no_text_is_not_shown() -> None:
    """YAML makes a date of some passwords; that it has no form in HCL is said without it."""
    told = backend("http", password=date(1999, 3, 4), **APART.get("http", {"where": "{stack}"}))
    assert len(told) == 2
    assert "1999" not in "".join(told)


@pytest.mark.parametrize(
    "text", ["postgres://me:geheim@db/states", "host=db password=geheim", "https://a:b@state/x"]
)
def test_a_password_within_an_address_is_refused(text: str) -> None:
    """A connection string with a password is a secret, whatever its name."""
    (told,) = backend("pg", conn_str=text, schema_name="{stack}")
    assert "PG_CONN_STR" in told
    assert "geheim" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        {"secret_suffix": "{stack}"},
        {"shared_credentials_files": ["/etc/aws"], "key": "{stack}"},
        {"web_identity_token_file": "/var/token", "key": "{stack}"},
        {"skip_credentials_validation": True, "key": "{stack}"},
        {"kms_encryption_key": "projects/x", "key": "{stack}"},
        {"conn_str": "postgres://me@db/states", "schema_name": "{stack}"},
    ],
)
def test_what_only_sounds_like_a_secret_passes(arguments: dict[str, Any]) -> None:
    """Names of files, switches and names of keys kept elsewhere are no secrets."""
    assert backend("any", **arguments) == []


def test_secrets_are_found_within_blocks() -> None:
    """Arguments within maps and lists are looked at as well."""
    told = backend("s3", **S3, assume_role=[{"external_id": "x", "token": "geheim"}])
    assert [line.split(" is ")[0] for line in told] == ["config.assume_role[0].token"]


def test_keystones_address_holds_no_password() -> None:
    """A password in auth_url is refused and not shown."""
    (told,) = broken(config.OpenStack(auth_url="https://me:geheim@keystone/v3"))
    assert "geheim" not in told


def test_a_cloud_without_tags_is_too_old() -> None:
    """What is whose is told by tags: Octavia has them since 2.5."""
    assert broken(config.Octavia(api_version="2.5")) == []
    (told,) = broken(config.Octavia(api_version="2.4"))
    assert told.startswith("api_version is 2.4; expected 2.5 or later")


def test_an_external_network_is_listed_once_and_has_a_name_or_id() -> None:
    """A repeated network, and one with neither id nor name, are told."""
    public = config.FloatingNetwork(name="public")
    assert broken(config.Network(floating_networks=[public])) == []
    assert "2 times" in broken(config.Network(floating_networks=[public, public]))[0]
    empty = config.Network(floating_networks=[config.FloatingNetwork()])
    assert broken(empty)[0].startswith("floating_networks[0] is without id and name")


@pytest.mark.parametrize(
    "template",
    [
        "{cluster}_{namespace}_{name}",
        "kube_service_{cluster}_{namespace}_{name}",
        "k8s {name}.{namespace} ({cluster})",
        "{cluster}-_{namespace}/{name}-lb",
    ],
)
def test_a_name_that_tells_services_apart(template: str) -> None:
    """Any order and any signs pass, as long as the parts can be read back."""
    assert broken(config.Names(load_balancer=template)) == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{namespace}_{name}", "{cluster}, {namespace} and {name}"),
        ("{cluster}_{namespace}", "{cluster}, {namespace} and {name}"),
        ("{cluster}_{namespace}_{name}_{uid}", "no other braces"),
        ("{cluster}_{namespace}_{name!r}", "no other braces"),
        ("{cluster}_{namespace}_{name}}", "no other braces"),
        ("{cluster}{namespace}_{name}", "between two placeholders"),
        ("{cluster}_{namespace}-{name}", "between two placeholders"),
        ("{cluster}_{namespace}-x-{name}", "between two placeholders"),
        ("{cluster}_{namespace}\n{name}", "signs that print"),
        ("{cluster}_{namespace}_{name}" + 54 * "x", "at most 255 characters"),
        ("{cluster}_{namespace}_{name}_{name}", "at most 255 characters"),
        ("", "{cluster}, {namespace} and {name}"),
    ],
)
def test_a_name_that_two_services_could_share_is_told(template: str, expected: str) -> None:
    """What cannot be read back into its parts, or is too long for Octavia, is no name."""
    (told,) = broken(config.Names(load_balancer=template))
    assert told.startswith("load_balancer is ")
    assert expected in told


SECRET = "https://barbican/v1/secrets/99999999-2222-3333-4444-555555555555"


def test_a_certificate_is_named_as_its_store_has_it() -> None:
    """In the defaults and in classes; an external store has references of any form."""
    wrong = {"container_ref": "vault/web", "sni_refs": [SECRET, "x"]}
    told = broken(objects.settings(defaults={"tls": wrong}, classes={"gold": {"tls": wrong}}))
    assert [line.partition("; expected ")[0] for line in told] == [
        "defaults.tls.container_ref is 'vault/web'",
        "defaults.tls.sni_refs[1] is 'x'",
        "classes.gold.tls.container_ref is 'vault/web'",
        "classes.gold.tls.sni_refs[1] is 'x'",
    ]
    assert told[0].endswith("Correct it; tls.container_store: external checks none.")
    external = {"container_store": "external"}
    assert broken(objects.settings(defaults={"tls": wrong}, tls=external)) == []
    assert broken(objects.settings(defaults={"tls": {"container_ref": SECRET}})) == []


def test_hsts_has_an_age() -> None:
    """Octavia refuses its switches without one."""
    (told,) = broken(config.Tls(hsts_preload=True))
    assert told.startswith("hsts_preload is true; expected false while hsts_max_age is 0.")
    assert broken(config.Tls(hsts_preload=True, hsts_max_age=1)) == []
