"""One haproxy in an amphora: started, reloaded and asked as the amphora's agent does it."""

import contextlib
import dataclasses
import hashlib
import os
import shutil
import signal
import socket
import time
from pathlib import Path

from lab.machines import namespaces

# In an amphora, Octavia's files lie in /var/lib/octavia and haproxy logs to a socket in
# /run/rsyslog/octavia. `ip netns exec` gives each command a mount namespace of its own: there, the
# amphora's folder is mounted at that place, so that Octavia's configuration is used to the letter.
INSIDE = """
mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/octavia && mount --bind "$0" /var/lib/octavia &&
mount -t tmpfs tmpfs /run && mkdir -p /run/rsyslog/octavia &&
mount --bind "$1" /run/rsyslog/octavia && shift && cd / && exec "$@"
"""


class ReloadError(RuntimeError):
    """haproxy went on with its old configuration."""


@dataclasses.dataclass(frozen=True, slots=True)
class Haproxy:
    """The haproxy of one load balancer. `folder` is what the amphora has as /var/lib/octavia."""

    amphora: str
    netns: str
    folder: Path
    syslog: Path
    load_balancer: str

    @property
    def socket(self) -> Path:
        """The socket that answers about state and statistics."""
        return self.folder / f"{self.load_balancer}.sock"

    def take_config(self, text: str) -> None:
        """Check a configuration, and put it in place if it is good; CommandError if not."""
        home = self.folder / self.load_balancer
        home.mkdir(exist_ok=True)
        new = home / "haproxy.cfg.new"
        new.write_text(text)
        self._inside("haproxy", "-c", *self._files("haproxy.cfg.new"))
        new.rename(home / "haproxy.cfg")

    def start(self) -> None:
        """Start it with the configuration that is in place."""
        pid_file = f"/var/lib/octavia/{self.load_balancer}/pid"
        self._inside("haproxy", "-W", "-D", *self._files("haproxy.cfg"), "-p", pid_file)

    def reload(self) -> None:
        """Let it take the configuration in place, and wait until it has; start it if it is down.

        Like the real agent, with what its health checks found outliving the reload. Unlike it, this
        waits: a test wants to know that it is done. Raises ReloadError after three seconds.
        """
        pid = master(self.folder, self.load_balancer)
        if pid is None:
            self.start()
            return
        state = self.folder / self.load_balancer / "servers-state"
        state.write_text(self.ask("show servers state") or "")
        old = {*Path(f"/proc/{pid}/task/{pid}/children").read_text().split(), None}
        # For a moment the old worker and the new one answer in turn, so the new one must answer
        # three times in a row. A master that has only just started loses the signal: send it again.
        in_a_row = 0
        for attempt in range(300):
            if attempt % 50 == 0 and not in_a_row:
                os.kill(pid, signal.SIGUSR2)
            in_a_row = in_a_row + 1 if self.worker() not in old else 0
            if in_a_row == 3:  # noqa: PLR2004 - see above
                return
            time.sleep(0.01)
        raise ReloadError(f"haproxy of load balancer {self.load_balancer} did not reload")

    def delete(self) -> None:
        """End it and remove its files."""
        namespaces.kill_all_in(self.netns)
        shutil.rmtree(self.folder / self.load_balancer, ignore_errors=True)
        shutil.rmtree(self.folder / "certs" / self.load_balancer, ignore_errors=True)
        self.socket.unlink(missing_ok=True)

    def ask(self, command: str) -> str | None:
        """Ask its socket one command; None if nobody answers within two seconds."""
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
            connection.settimeout(2)
            with namespaces.short(self.socket) as path:
                connection.connect(path)
            connection.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        return None

    def worker(self) -> str | None:
        """Give the pid, as text, of the worker process that answers, if one does."""
        lines = (self.ask("show info") or "").splitlines()
        return next((line.split()[1] for line in lines if line.startswith("Pid:")), None)

    def _inside(self, *command: str) -> None:
        namespaces.run_in(self.netns, "sh", "-c", INSIDE, self.folder, self.syslog, *command)

    def _files(self, config: str) -> tuple[str, ...]:
        peer = hashlib.sha1(self.amphora.encode(), usedforsecurity=False).hexdigest()
        inside = f"/var/lib/octavia/{self.load_balancer}/{config}"
        return ("-f", inside, "-f", "/var/lib/octavia/group.cfg", "-L", peer)


def master(folder: Path, load_balancer: str) -> int | None:
    """Give the pid of haproxy's master process, if it lives."""
    try:
        pid = int((folder / load_balancer / "pid").read_text().split()[0])
        words = Path(f"/proc/{pid}/cmdline").read_text()
    except (OSError, ValueError, IndexError):
        return None
    # A zombie has an empty command line; a reused pid another one.
    return pid if f"/{load_balancer}/haproxy.cfg" in words else None
