"""Drawing tags and codes that nothing in this database bears yet."""

from fleet.ports import Work
from fleet.tags import CodeKind, draw_code, draw_tag


def draw_free_tag(work: Work) -> str:
    """A new asset tag. Another laptop may draw the same one: sync finds it, one is reprinted."""
    while True:
        tag = draw_tag(work.entropy)
        if not work.taken_tags([tag]):
            return tag


def draw_free_person_code(work: Work) -> str:
    """A new code for a person's card."""
    while True:
        code = draw_code(CodeKind.PERSON, work.entropy)
        if not work.taken_codes([code]):
            return code
