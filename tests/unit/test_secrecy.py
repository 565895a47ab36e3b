"""The end-to-end tests' last look: no secret of the laboratory in what a session wrote."""

from pathlib import Path

from tests.e2e import secrecy

_CLOUDS = """
clouds:
  demo: {auth: {username: demo, password: demo-secret}}
  app: {auth: {application_credential_secret: app-secret}}
"""
_KUBECONFIG = """
users:
- {name: admin, user: {client-key-data: S0VZS0VZ}}
- {name: ci, user: {token: t0k3n-t0k3n}}
"""


def test_what_a_session_wrote_is_looked_through(tmp_path: Path) -> None:
    """Passwords, tokens and keys of the laboratory are found wherever a test's folder has them."""
    etc, base = tmp_path / "etc", tmp_path / "base"
    (base / "test_a0/infra/stacks/shop").mkdir(parents=True)
    etc.mkdir()
    (etc / "clouds.yaml").write_text(_CLOUDS)
    (etc / "kubeconfig").write_text(_KUBECONFIG)
    (etc / "sa.key").write_text("-----BEGIN KEY-----\nTUlJRXZRSUJBREFOQmdr\n-----END KEY-----\n")
    (base / "test_a0/clouds.yaml").write_text(_CLOUDS)
    (base / "test_a0.said").write_text("nothing to see")
    assert len(secrecy.known(etc)) == 5
    assert secrecy.leaks(base, etc) == []
    (base / "test_a0.said").write_text("error: demo-secret is wrong")
    (base / "test_a0/infra/stacks/shop/terraform.tfstate").write_text('{"k": "S0VZS0VZ"}')
    (base / "test_a0/infra/stacks/shop/x.tf").write_text("t0k3n-t0k3n TUlJRXZRSUJBREFOQmdr")
    assert [leak.partition(" holds ")[0] for leak in secrecy.leaks(base, etc)] == [
        "test_a0/infra/stacks/shop/terraform.tfstate",
        "test_a0/infra/stacks/shop/x.tf",
        "test_a0/infra/stacks/shop/x.tf",
        "test_a0.said",
    ]
