"""Facets: counts of what a list can be narrowed to, and selections by their ids."""

from datetime import timedelta

import pytest
from small_city import OTHER_SCHOOL, SCHOOL, City, tag_of

from fleet.asset import Asset
from fleet.kinds import AssetKind
from fleet.persons import Person
from fleet.query import Query, narrowed, parse
from fleet.usecases.lending import LoanOrder
from fleet.views import FacetKey


@pytest.fixture
def mixed(city: City, tablets: list[Asset], people: list[Person]) -> City:
    """A cart of six tablets, one of them lent, and a projector in the other school."""
    city.lend(LoanOrder(people[0].id, [tag_of(tablets[0])]))
    city.receive(AssetKind.PROJECTOR, school=OTHER_SCHOOL, model="Écran d’étude")
    return city


def counts(city: City, key: FacetKey, query: str = "") -> dict[str, int]:
    facet = city.views.facet(parse(query, "assets"), key)
    return {value.value: value.count for value in facet.values}


def test_each_key_counts_what_the_list_holds(mixed: City) -> None:
    assert counts(mixed, FacetKey.STATE) == {"available": 6, "in_service": 1, "lent": 1}
    assert counts(mixed, FacetKey.KIND) == {"tablet": 6, "cart": 1, "projector": 1}
    assert counts(mixed, FacetKey.SCHOOL) == {SCHOOL: 7, OTHER_SCHOOL: 1}
    assert counts(mixed, FacetKey.MODEL) == {"Galaxy Tab A8": 6, "Écran d’étude": 1}
    assert list(counts(mixed, FacetKey.CART).values()) == [6]


def test_the_list_is_narrowed_by_other_keys_and_words_but_not_by_the_key_itself(
    mixed: City,
) -> None:
    assert counts(mixed, FacetKey.STATE, "state:lent") == counts(mixed, FacetKey.STATE)
    assert counts(mixed, FacetKey.KIND, "state:lent") == {"tablet": 1}
    assert counts(mixed, FacetKey.KIND, "martin") == {"tablet": 1}
    assert counts(mixed, FacetKey.STATE, "vian state:lent") == {"in_service": 1}


@pytest.mark.parametrize("key", list(FacetKey))
def test_a_value_finds_as_many_as_it_says(mixed: City, key: FacetKey) -> None:
    for value in mixed.views.facet(Query(), key).values:
        query = parse(narrowed("", key, value.value), "assets")
        assert mixed.views.count_assets(query) == value.count


def test_rare_values_are_left_out_and_said_so(mixed: City) -> None:
    facet = mixed.views.facet(Query(), FacetKey.STATE, limit=2)

    assert [value.value for value in facet.values] == ["available", "in_service"]
    assert facet.more


def test_schools_are_called_by_their_name(mixed: City) -> None:
    names = [value.label for value in mixed.views.facet(Query(), FacetKey.SCHOOL).values]

    assert names == ["École Paul Verlaine", "École Boris Vian"]


def test_a_selection_is_read_in_the_order_of_the_list(mixed: City) -> None:
    query = parse("kind:tablet", "assets")
    ids = mixed.views.asset_ids(query)

    assert list(ids) == [row.id for row in mixed.views.assets(query).items]
    assert [row.id for row in mixed.views.assets_by_id((*reversed(ids), "unknown"))] == list(ids)


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ("", "lent", "state:lent"),
        ("épinay", "lent", "épinay state:lent"),
        ("state:lost épinay", "lent", "épinay state:lent"),
        ("state:lent épinay", "lent", "épinay"),
        ("-state:lent", "lent", "state:lent"),
        ('class:"CM2 A"', "in repair", 'class:"CM2 A" state:"in repair"'),
        ('state:"in repair"', "in repair", ""),
    ],
)
def test_a_filter_has_one_value_by_key_and_loses_it_when_asked_again(
    text: str, value: str, after: str
) -> None:
    assert narrowed(text, "state", value) == after


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("warranty:soon", ["near"]),
        ("warranty:none", ["none"]),
        ("-warranty:none", ["far", "near", "over"]),
        ("warranty<2020-01-01", ["over"]),
    ],
)
def test_warranties_are_found_by_the_day_they_end(
    city: City, school: str, query: str, found: list[str]
) -> None:
    today = city.clock.now.date()
    soon, later = (str(today + timedelta(days=days)) for days in (90, 91))
    for name, day in (("near", soon), ("far", later), ("over", "2019-12-31"), ("none", None)):
        city.receive(name=name, warranty_until=day, school=school)

    rows = city.views.assets(parse(query, "assets")).items
    assert sorted(row.name or "" for row in rows) == found
