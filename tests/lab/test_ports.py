from lab import ports


def test_offsets_differ() -> None:
    """No two services share a port: an alias in the enumeration would be hidden by it."""
    assert len(ports.Port.__members__) == len({port.value for port in ports.Port})


def test_offsets_stay_in_the_block() -> None:
    """Two laboratories whose bases are a block apart share no port."""
    assert all(0 <= port.value < ports.BLOCK for port in ports.Port)


def test_url() -> None:
    """A service's URL has the base and the offset in it."""
    assert ports.url(17000, ports.Port.OCTAVIA) == "http://127.0.0.1:17076"
    url = ports.url(15000, ports.Port.KUBERNETES, scheme="https")
    assert url == "https://127.0.0.1:15043"
