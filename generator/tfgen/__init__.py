"""Kubernetes Services in, reviewed Terraform for OpenStack Octavia load balancers out."""

__version__ = "0.1.0"
