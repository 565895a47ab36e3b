"""Words that rows of the vocabulary are made of."""

Row = tuple[str, str, str, str, str]
"""An annotation, a good value, the HCL that comes of it, a bad value, and what is expected."""
L = "loadbalancer.openstack.org/"
T = "tfgen.io/"
K = "service.beta.kubernetes.io/"
PROBE = L + "health-monitor-"
OTHER = "99999999-2222-3333-4444-555555555555"
SECRET = f"https://barbican.example/v1/secrets/{OTHER}"
