"""The algorithm of a provider that has not the usual one."""

from tfgen.reconcile.init import records
from tfgen.translate import capabilities

METHOD: records.Key = ("defaults", "lb_method")
_USUAL = "ROUND_ROBIN"


def settle(draft: records.Draft) -> None:
    """Take the provider's own algorithm where it has none of what is asked for; say so."""
    provider = str(draft.values.get(records.PROVIDER, ""))
    known, asked = capabilities.methods(provider), draft.values.get(METHOD, _USUAL)
    if not known or asked in known:
        return
    draft.values[METHOD] = known[0]
    draft.notes[METHOD] = f"Not {asked}: Octavia provider {provider} does not do it."
    draft.said.append(f"algorithm {known[0]}, for provider {provider} has no {asked}")
