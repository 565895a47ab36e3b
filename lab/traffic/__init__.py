"""Traffic: the nodes' servers, and clients on the internet."""
