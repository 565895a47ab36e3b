"""Keys and certificates of the laboratory, made by openssl."""

from pathlib import Path

from lab import commands, ports
from lab.settings import Settings

DAYS = "3650"


def make(settings: Settings) -> str:
    """Make what is missing; nothing to say of it."""
    kubernetes = settings.state / "kubernetes"
    if not (kubernetes / "admin.crt").exists():
        kubernetes.mkdir(parents=True, exist_ok=True)
        authority(kubernetes, "lab-kubernetes")
        names = f"IP:{ports.HOST},IP:10.96.0.1,DNS:localhost"
        signed(kubernetes, "api", "/CN=kube-apiserver", names)
        service_accounts(kubernetes)
        signed(kubernetes, "admin", "/O=system:masters/CN=lab-admin", "DNS:lab-admin")
    octavia = settings.state / "octavia-ca"
    if not (octavia / "ca.crt").exists():
        octavia.mkdir(parents=True, exist_ok=True)
        authority(octavia, "lab-octavia")
    return ""


def authority(folder: Path, name: str) -> None:
    """Make a certificate authority: ca.key, ca.crt."""
    made = ("-keyout", folder / "ca.key", "-out", folder / "ca.crt")
    request = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", DAYS)
    commands.run("openssl", *request, "-subj", f"/CN={name}", *made)


def signed(folder: Path, name: str, subject: str, names: str) -> None:
    """Make a certificate of the folder's authority: NAME.key, NAME.crt."""
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject)
    commands.run("openssl", *new, "-keyout", folder / f"{name}.key", "-out", request)
    extensions.write_text(f"subjectAltName={names}\n")
    signer = ("-CA", folder / "ca.crt", "-CAkey", folder / "ca.key", "-CAcreateserial")
    made = ("-out", folder / f"{name}.crt", "-days", DAYS, "-extfile", extensions)
    commands.run("openssl", "x509", "-req", "-in", request, *signer, *made)


def service_accounts(folder: Path) -> None:
    """Make the key pair that signs service account tokens."""
    key = folder / "service-accounts.key"
    commands.run("openssl", "genrsa", "-out", key, "2048")
    public = ("-pubout", "-out", folder / "service-accounts.pub")
    commands.run("openssl", "rsa", "-in", key, *public)
