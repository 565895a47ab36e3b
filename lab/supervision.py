"""The one door to supervisor, the library that runs and watches the laboratory's processes."""

import contextlib
import dataclasses
import hashlib
import http.client
import os
import shlex
import signal
import sys
import time
import xmlrpc.client
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
from supervisor import xmlrpc as transport

from lab import commands, config, errors
from lab.machines.site import HOME_VARIABLE, PORT_VARIABLE
from lab.services.record import Service
from lab.settings import Settings

RUNNING = {"RUNNING", "STARTING"}
NOT_WAITING = False
LONGEST_STOP_SECONDS = 60
SERVERS = "/usr/local/sbin:/usr/sbin:/sbin"


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """What supervisor knows of a process."""

    running: bool
    pid: int
    # What it ended with, in supervisor's words, or since when it runs.
    description: str


def configuration(settings: Settings, services: Iterable[Service]) -> str:
    """Give the text of supervisord's configuration."""
    programs = [
        {
            "name": service.name,
            "command": escape(shlex.join(service.command)),
            "environment": environment_text(service),
            "stop_signal": service.stop_signal,
            "stop_seconds": service.stop_seconds,
        }
        for service in services
    ]
    return config.render(settings, "supervisord.conf", programs=programs)


def environment_text(service: Service) -> str:
    """Give a service's environment in supervisor's form, with a digest of what the service reads.

    By the digest supervisor notices that a file has changed, and `apply` starts the service anew.
    """
    digest = hashlib.sha256()
    for path in service.reads:
        digest.update(path.read_bytes() if path.exists() else b"(none)")
    variables = {**service.environment, "TFGEN_LAB_READS": digest.hexdigest()[:16]}
    return escape(",".join(f"{key}={quote(value)}" for key, value in sorted(variables.items())))


def quote(value: str) -> str:
    """Put a value in quotes as supervisor reads them: it knows both kinds, and no escapes.

    Raises LabError for what has both.
    """
    for mark in ('"', "'"):
        if mark not in value:
            return mark + value + mark
    raise errors.LabError(f"supervisor cannot be told a value with both kinds of quotes: {value}")


def escape(text: str) -> str:
    """Text in which supervisor finds nothing to expand, nor the begin of a comment."""
    if ";" in text or "\n" in text:
        raise errors.LabError(f"supervisor would read this as a comment or two lines: {text}")
    return text.replace("%", "%%")


class Supervisor:
    """The supervisord of one laboratory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def file(self) -> Path:
        """Its configuration."""
        return self._settings.etc / "supervisord.conf"

    @property
    def socket(self) -> Path:
        """Where it takes orders."""
        return self._settings.run / "supervisor.sock"

    @contextlib.contextmanager
    def _calls(self) -> Iterator[Any]:
        """Its remote procedures; a connection of its own for each user, as threads share this.

        Raises DownError if it does not answer.
        """
        door = transport.SupervisorTransport(None, None, f"unix://{self.socket}")
        with contextlib.closing(door), xmlrpc.client.ServerProxy("http://lab", door) as proxy:
            try:
                yield proxy.supervisor
            except (OSError, http.client.HTTPException) as error:
                raise errors.DownError("supervisord") from error

    def pid(self) -> int | None:
        """Its process, if it lives."""
        try:
            with self._calls() as calls:
                return int(calls.getPID())
        except (errors.DownError, xmlrpc.client.Error):
            return None

    def log(self, name: str) -> Path:
        """Where a process writes."""
        return self._settings.log / f"{name}.out"

    def launch(self, services: Iterable[Service]) -> None:
        """Start supervisord, with none of its processes. Raises LabError if it does not answer."""
        settings = self._settings
        config.write(self.file, configuration(settings, services))
        for folder in (settings.run, settings.log, settings.state):
            folder.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self.file)]
        # A clean environment: what a shell happens to have (OS_CLOUD, PYTHONPATH) is not a setting.
        variables = {
            "PATH": f"{os.environ.get('PATH', '/usr/bin:/bin')}:{SERVERS}",
            "LANG": "C.UTF-8",
            HOME_VARIABLE: str(settings.home),
            PORT_VARIABLE: str(settings.port),
        }
        env = [f"{name}={value}" for name, value in variables.items()]
        commands.run_logged(["env", "-i", *env, *command], settings.log / "supervisord.out")
        for _ in range(100):
            if self.pid() is not None:
                return
            time.sleep(0.05)
        raise errors.LabError(f"supervisord does not answer; see {settings.log}/supervisord.log")

    def apply(self, services: Iterable[Service]) -> list[str]:
        """Make the services those of the table; which running ones had to be stopped for it.

        Supervisord is asked each time: an `up` that was cut short may have written the file only.
        """
        config.write(self.file, configuration(self._settings, services))
        with self._calls() as calls:
            ((added, changed, removed),) = calls.reloadConfig()
            stopped = [name for name in (*changed, *removed) if self.state(name).running]
            for name in stopped:
                calls.stopProcess(name)
            for name in (*changed, *removed):
                calls.removeProcessGroup(name)
            for name in (*added, *changed):
                calls.addProcessGroup(name)
        return stopped

    def states(self) -> dict[str, State]:
        """All processes, by name; empty while supervisord is down."""
        try:
            with self._calls() as calls:
                found = calls.getAllProcessInfo()
        except (errors.DownError, xmlrpc.client.Error):
            return {}
        return {info["name"]: to_state(info) for info in found}

    def state(self, name: str) -> State:
        """One process; not running while supervisord is down."""
        return self.states().get(name, State(running=False, pid=0, description="never started"))

    def start(self, name: str) -> bool:
        """Start a process; whether it was not running."""
        with self._calls() as calls:
            try:
                calls.startProcess(name)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode == transport.Faults.ALREADY_STARTED:
                    return False
                raise errors.LabError(f"{name} cannot be started: {fault.faultString}") from fault
        return True

    def stop(self, *names: str) -> None:
        """Stop processes, together, and wait until they have ended."""
        with self._calls() as calls:
            for name in names:
                with contextlib.suppress(xmlrpc.client.Fault):  # not running
                    calls.stopProcess(name, NOT_WAITING)
            while any(self.state(name).pid for name in names):
                time.sleep(0.05)

    def kill(self, name: str) -> int:
        """Kill -9 a process and its children; its pid. Raises LabError if it is down."""
        state = self.state(name)
        if not state.running:
            raise errors.LabError(f"{name} is not running")
        os.killpg(state.pid, signal.SIGKILL)
        while self.state(name).running:
            time.sleep(0.02)
        return state.pid

    def shutdown(self) -> None:
        """Stop all processes and supervisord, and wait until it has ended."""
        pid = self.pid()
        if pid is None:
            return
        process = psutil.Process(pid)
        with contextlib.suppress(errors.DownError, xmlrpc.client.Error), self._calls() as calls:
            calls.shutdown()
        psutil.wait_procs([process], timeout=LONGEST_STOP_SECONDS)


def to_state(info: dict[str, Any]) -> State:
    """Give a record of supervisor's getAllProcessInfo as ours."""
    return State(info["statename"] in RUNNING, info["pid"], info["description"])
