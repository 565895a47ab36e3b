"""octavia-worker, with its configuration read before its code is imported.

octavia.controller.worker.v2.controller_worker hands the api_db_commit_retry_* options to decorators
at import time, and `octavia-worker` parses its configuration only afterwards, so there the defaults
always hold: one second of sleep each time the message overtakes the API's database commit.
"""

import sys

from octavia.common import config
from oslo_config import cfg

config.init(sys.argv[1:])

from octavia.cmd import octavia_worker  # noqa: E402 - see above

cfg.CONF.reset()  # octavia_worker.main() parses it once more

if __name__ == "__main__":
    sys.exit(octavia_worker.main())
