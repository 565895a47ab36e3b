"""What `tfgen init` settles: from wishes, a cloud.conf, the cloud and the cluster to a tfgen.yaml.

Whatever is found is recorded, so that no later run finds something else; where there are several
candidates, somebody chooses.
"""

from tfgen.reconcile.init.begin import begin, carried, offline
from tfgen.reconcile.init.online import node_addresses, online, survey
from tfgen.reconcile.init.records import Choose, Draft, Option, Question, Survey, Wishes, refuse

__all__ = [
    "Choose",
    "Draft",
    "Option",
    "Question",
    "Survey",
    "Wishes",
    "begin",
    "carried",
    "node_addresses",
    "offline",
    "online",
    "refuse",
    "survey",
]
