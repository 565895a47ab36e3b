"""What the OpenStack libraries raise, in the words of the person who must act.

Never a word of a credential: of their messages only those about connections are repeated.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from keystoneauth1 import exceptions as keystone
from openstack import exceptions as sdk

from tfgen import errors

_MISSHAPEN = (ValueError, LookupError, TypeError, AttributeError)
"""What the libraries raise where an answer is no JSON, or JSON of another form."""
FAILURES = (sdk.SDKException, keystone.ClientException, OSError, *_MISSHAPEN)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which service is asked, where, and as which cloud."""

    service: str
    endpoint: str
    cloud: str

    def __str__(self) -> str:
        return f"{self.service} at {self.endpoint} (cloud {self.cloud})"


@contextlib.contextmanager
def worded(asked: Asked) -> Iterator[None]:
    """Turn failures within the block into CloudError, naming service, endpoint and status."""
    try:
        yield
    except FAILURES as error:
        raise _error(asked, error) from error


def _error(asked: Asked, error: Exception) -> errors.CloudError:
    status = _status(error)
    if status is not None:
        what, remedy = _by_status(asked, status)
    else:
        what, remedy = _by_kind(asked, error)
    return errors.CloudError(what, remedy=remedy)


def _status(error: Exception) -> int | None:
    if isinstance(error, sdk.HttpException):
        return error.status_code
    return error.http_status if isinstance(error, keystone.HttpError) else None


_REPORT = "Run `tfgen version` and report this with the service's release."
_CREDENTIALS = (
    "Correct user, password and project, or renew the application credential, in clouds.yaml or "
    "the OS_* variables; `openstack token issue` tries them."
)
_ROLE = "Give the user the role member (Octavia: load-balancer_member) in the project."
_ADDRESS = "Correct the address: auth_url in clouds.yaml, or the endpoint in the catalog."
_REACH = "Correct the address in clouds.yaml, or see that the service runs."
_CERTIFICATE = (
    "Name the certificate of its authority as `cacert` in clouds.yaml, or with OS_CACERT."
)
_PATIENCE = (
    "See that the address is reachable from here (network, proxy); a slow cloud is given more "
    "seconds with `api_timeout` in clouds.yaml."
)
_BETWEEN = (
    "Is a proxy or a login page between here and the service? `curl` on that address shows it. "
    "Correct the address in clouds.yaml or the catalog, or name the address in NO_PROXY."
)
_BY_STATUS = {
    401: ("refused the credentials", _CREDENTIALS),
    403: ("does not allow this user to read", _ROLE),
    404: ("has no such page", _ADDRESS),
}


def _by_status(asked: Asked, status: int) -> tuple[str, str]:
    if status in _BY_STATUS:
        what, remedy = _BY_STATUS[status]
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        what, remedy = "failed", "Its own log says why; try again later."
    else:
        what, remedy = "refused the request", _REPORT
    return f"{asked} {what}: status {status}", remedy


def _by_kind(asked: Asked, error: Exception) -> tuple[str, str]:
    match error:
        case keystone.ConnectionError() if type(error).__name__.startswith("SSL"):
            return f"{asked} cannot be trusted: {_reason(error)}", _CERTIFICATE
        case keystone.ConnectTimeout():
            return f"{asked} did not answer in time", _PATIENCE
        case _ if isinstance(error, (keystone.InvalidResponse, *_MISSHAPEN)):
            return f"{asked} gave an answer that is none of its API's", _BETWEEN
        case keystone.ConnectFailure() | keystone.UnknownConnectionError() | OSError():
            return f"{asked} cannot be reached: {_reason(error)}", _REACH
        case keystone.DiscoveryFailure():
            return f"{asked} is no such service: its answer names no version we know", _ADDRESS
        case _:
            return f"{asked} failed: {type(error).__name__}", _REPORT


def _reason(error: Exception) -> str:
    """Give the innermost reason, of those that are known to hold nothing but the reason."""
    text = str(error).lower()
    return next((words for words in _REASONS if words in text), type(error).__name__)


_REASONS = (
    "certificate verify failed",
    "connection refused",
    "name or service not known",
    "temporary failure in name resolution",
    "no route to host",
    "network is unreachable",
    "wrong version number",
)
