"""Which test shows that a word is carried out."""

from collections.abc import Mapping

from tests import promises
from tfgen import annotations
from tools.coverage import verdict, words

SETTINGS: Mapping[str, str] = {
    "node_access.enabled": "`test_node_ports_in_use_are_open`",
    "publish.ingress_hostname": "(`test_what_was_rendered_says_it`)",
    "publish.hostname_suffix": "(`test_what_was_rendered_says_it`)",
    "tls.container_store": "(`test_an_external_store_is_not_checked`)",
}
"""Of settings that no annotation says."""
_BY_PLACE = {row.place: row.key for row in annotations.TABLE.values()}


def of(word: words.Word, found: verdict.Verdict) -> str:
    """Name the test, and what it does not show."""
    if word.name in promises.ANNOTATIONS:
        return promises.ANNOTATIONS[word.name].proof
    _, _, setting = found.how.rstrip("`").partition("setting `")
    if setting.startswith("classes.gold."):
        return promises.CLASSES[setting.removeprefix("classes.gold.")].proof
    if setting:
        return SETTINGS.get(setting) or promises.ANNOTATIONS[_BY_PLACE[setting]].proof
    return promises.FIELDS[word.name].proof
