"""Kubernetes: reading Services and Nodes (live or from files), writing back to Services.

The only door to the `kubernetes` library, which is loaded when a cluster is first asked: commands
that read files do not pay for it.
"""
