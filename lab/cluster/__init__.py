"""The Kubernetes cluster: its API, its nodes, and what makes its Services reachable."""
