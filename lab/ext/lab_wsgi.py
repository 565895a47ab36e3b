"""WSGI entry points that need a word more than their package's own module gives."""

import os


def barbican():
    """barbican.wsgi.api reads its paste file from /etc/barbican only."""
    from barbican.common import config  # noqa: F401 - parses ~/.barbican/barbican.conf
    from paste import deploy

    return deploy.loadapp("config:" + os.environ["BARBICAN_PASTE"])


def warm(service):
    """Build the service's policy rules before its first request (gunicorn's post_worker_init).

    Each service builds them lazily and without a lock: the global enforcer is visible before its
    rules are registered, so that of several first requests at once some are judged by an empty rule
    set (an empty list, a 403, or a 404 where the object exists).
    """
    WARMERS[service]()


def _keystone():
    from keystone.common.rbac_enforcer import enforcer

    enforcer.RBACEnforcer()._enforcer.load_rules()


def _neutron():
    from neutron import policy

    policy.init()


def _octavia():
    from octavia.common import policy

    policy.get_enforcer().load_rules()


def _barbican():
    from barbican.common import policy

    policy.init()


WARMERS = {"keystone": _keystone, "neutron": _neutron, "octavia": _octavia, "barbican": _barbican}
