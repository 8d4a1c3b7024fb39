"""The commands of a virtual tablet, by name; each acts on the tablet's state."""

from agents.virtual.verbs import (
    content,
    dumps,
    filters,
    packages,
    paths,
    places,
    processes,
    properties,
    sed,
    services,
    settings,
    tests,
    text,
)
from agents.virtual.verbs.call import Verb

VERBS: dict[str, Verb] = {
    **content.VERBS,
    **dumps.VERBS,
    **filters.VERBS,
    **packages.VERBS,
    **paths.VERBS,
    **places.VERBS,
    **processes.VERBS,
    **properties.VERBS,
    **sed.VERBS,
    **services.VERBS,
    **settings.VERBS,
    **tests.VERBS,
    **text.VERBS,
}
