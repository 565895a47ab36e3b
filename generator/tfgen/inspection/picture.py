"""The way of a packet from the client to the pod, as lines of text."""

from collections.abc import Iterator

from tfgen.inspection import behind
from tfgen.inspection.trace import Port, Trace

_WORLD = frozenset({"0.0.0.0/0", "::/0"})
_WIDE = 30
_DOWN = "  |"
_NULL = "null"


def of(trace: Trace, port: Port) -> tuple[str, ...]:
    """Draw one port."""
    return tuple(_lines(trace, port))


def _lines(trace: Trace, port: Port) -> Iterator[str]:
    yield from _client(port)
    yield _DOWN
    yield from _front(trace, port)
    yield _DOWN
    yield from _pool(port)
    yield from _members(port)
    yield _DOWN
    yield "kube-proxy of that node"
    yield _DOWN
    target = f"port {port.target}" if port.target else "the target port"
    pods = f"a pod with {trace.pods}" if trace.pods else "a pod of the Service"
    yield f"{target} of {pods}, on any node"


def _client(port: Port) -> Iterator[str]:
    cidrs = [cidr for cidr in port.intent.get("allowed_cidrs", "").split(", ") if cidr]
    if not cidrs:
        yield "client"
    elif cidrs == [_NULL]:
        yield "client: anyone (Octavia, or its provider, cannot limit who connects)"
    elif everyone := _WORLD & set(cidrs):
        yield f"client: anyone (allowed_cidrs {', '.join(sorted(everyone))})"
    else:
        yield f"client in {', '.join(cidrs)}; all others are dropped"


def _front(trace: Trace, port: Port) -> Iterator[str]:
    protocol, _, number = port.key.partition("-")
    balancer, suffix = trace.row.balancer, f":{number}/{protocol.upper()}"
    attached = balancer is not None and balancer.attached
    if trace.row.floats and not (attached and balancer and not balancer.floating_ip):
        network = f" of network {trace.floating_network}" if trace.floating_network else ""
        lost = (
            ", bound no more" if balancer and trace.row.address and not balancer.floating_ip else ""
        )
        address = _host(trace.row.address) or "not known yet"
        yield _beside(f"{address}{suffix}", f"floating IP{network}{lost}")
        yield _DOWN
    vip = _host(balancer.vip_address) if balancer else ""
    identity = f", {balancer.id} ({balancer.provisioning}/{balancer.operating})" if balancer else ""
    yield _beside(f"{vip or 'not known yet'}{suffix}", f"VIP of the load balancer{identity}")
    limit = port.intent.get("connection_limit", "-1")
    most = "" if limit in {"-1", _NULL} else f", at most {limit} connections at once"
    listener = f"listener {port.listener.id}" if port.listener else "listener"
    spoken = port.intent.get("protocol", protocol.upper())
    prefix = port.intent.get("redirect_prefix")
    away = f", redirects to {prefix}" if prefix else ""
    yield _beside(_DOWN, f"{listener}, {spoken}{most}{away}")


def _pool(port: Port) -> Iterator[str]:
    sticky = port.intent.get("pool.persistence", "null")
    spoken = port.intent.get("pool.protocol", "")
    plain = spoken in {"", port.intent.get("protocol", "")}
    words = [port.intent.get("pool.lb_method", ""), "" if plain else f"by {spoken}"]
    words += [] if sticky == "null" else [f"sticky by {sticky}"]
    delay = port.intent.get("monitor.delay")
    kind = port.intent.get("monitor.type", "")
    words += [f"probed by {kind} every {delay} s"] if delay else ["not probed: no monitor"]
    identity = f" {port.listener.pool_id}" if port.listener else ""
    yield f"pool{identity}: {', '.join(filter(None, words))}"


def _members(port: Port) -> Iterator[str]:
    members = [node for node in port.nodes if node.member]
    for node in members:
        place = f"{_host(node.address)}:{port.node_port or '?'}"
        yield _beside(f"  +- {node.name} {place}", _health(node))
    if not members:
        yield f"  +- {'no members' if port.listener else 'no members yet'}: it goes nowhere"


def _host(address: str) -> str:
    """Write an address before a port: one of IPv6 in brackets."""
    return f"[{address}]" if ":" in address else address


def _health(node: behind.Node) -> str:
    return f"{node.operating}: {node.why}" if node.why else node.operating


def _beside(left: str, right: str) -> str:
    return f"{left:<{_WIDE}}  {right}".rstrip()
