"""Carts and accessories on the command line: cascades, what stays, debts and spares."""

import pytest
from cli_outcome import City, Run


@pytest.fixture
def cart(city: City, ardoise: Run) -> str:
    """Tag of a cart with nothing out of it."""
    found = ardoise("--json", "list", "carts", "--limit", 20).document["items"]
    whole = next(each for each in found if each["present"] == each["belonging"] and each["tag"])
    tag: str = whole["tag"]
    return tag


def inside(ardoise: Run, cart: str) -> list[dict[str, object]]:
    slots: list[dict[str, object]] = ardoise("--json", "show", cart).document["slots"]
    return slots


def test_a_list_of_carts_tells_capacity_from_content(city: City, ardoise: Run) -> None:
    for cart in ardoise("--json", "list", "carts").document["items"]:
        assert {"tag", "state", "capacity", "belonging", "present", "lent"} <= set(cart)
        assert cart["belonging"] >= cart["present"] + cart["lent"]
    assert "emplacements" in ardoise("list", "carts").out


def test_showing_a_cart_lists_its_slots(city: City, ardoise: Run, cart: str) -> None:
    slots = inside(ardoise, cart)

    assert [each["slot"] for each in slots] == list(range(1, len(slots) + 1))
    assert {each["state"] for each in slots} <= {"present", "empty"}
    assert "● présente" in ardoise("show", cart).out


def test_a_cart_goes_and_comes_with_its_content(
    city: City, ardoise: Run, cart: str, pupils: list[str]
) -> None:
    tags = [each["tag"] for each in inside(ardoise, cart) if each["tag"]]
    lent = ardoise("--json", "lend", pupils[0], cart)
    assert lent.code == 0
    assert [each["tag"] for each in lent.document["loans"]] == [cart, *tags]
    assert {each["state"] for each in inside(ardoise, cart)} <= {"lent", "empty"}

    back = ardoise("--json", "return", cart, "--without", tags[0], tags[1])
    assert back.code == 0
    assert [each["tag"] for each in back.document["returns"]] == [cart, *tags[2:]]
    states = {each["tag"]: each["state"] for each in inside(ardoise, cart)}
    assert [states[tag] for tag in tags[:3]] == ["lent", "lent", "present"]


def test_a_cart_with_something_lent_is_refused_unless_it_may_stay(
    city: City, ardoise: Run, cart: str, pupils: list[str]
) -> None:
    tag = next(each["tag"] for each in inside(ardoise, cart) if each["tag"])
    ardoise("lend", pupils[1], tag)

    refused = ardoise("--json", "lend", pupils[0], cart)
    assert (refused.code, refused.error["code"]) == (1, "cart.content_lent")
    assert tag in refused.error["message"]
    wrong = ardoise("--json", "lend", pupils[0], cart, "--without", "KDRTBXLP")
    assert wrong.code in (1, 3)

    lent = ardoise("lend", pupils[0], cart, "--partial")
    assert lent.code == 0
    assert "restent" in lent.out


def test_without_leaves_a_tablet_behind(
    city: City, ardoise: Run, cart: str, pupils: list[str]
) -> None:
    tag = next(each["tag"] for each in inside(ardoise, cart) if each["tag"])
    lent = ardoise("--json", "lend", pupils[0], cart, "--without", tag)

    assert tag not in {each["tag"] for each in lent.document["loans"]}


def test_undoing_the_loan_of_a_cart_undoes_all_of_it(
    city: City, ardoise: Run, cart: str, pupils: list[str]
) -> None:
    ardoise("lend", pupils[0], cart)
    assert ardoise("undo").code == 0
    assert {each["state"] for each in inside(ardoise, cart)} <= {"present", "empty"}


def test_a_debt_is_listed_counted_and_settled(
    city: City, ardoise: Run, tags: list[str], pupils: list[str]
) -> None:
    ardoise("lend", pupils[0], tags[0], "--with", "charger,cover")
    ardoise("return", tags[0], "--missing", "charger")
    (debt,) = ardoise("--json", "debts", "list", f"person:{pupils[0]}").document["items"]
    assert {"loan", "tag", "owed", "person", "person_name", "bound_to"} <= set(debt)
    assert (debt["tag"], debt["owed"]) == (tags[0], ["charger"])
    assert "chargeur" in ardoise("debts", "list").out

    counts = ardoise("debts", "count", "--json").document["items"]
    missing = {each["accessory"]: each["missing"] for each in counts if each["missing"]}
    assert missing["charger"] >= 1

    wrong = ardoise("--json", "debts", "settle", debt["loan"], "stylus", "--as", "waived")
    assert (wrong.code, wrong.error["code"]) == (1, "debt.none")
    settled = ardoise("--json", "debts", "settle", debt["loan"], "charger", "--as", "replaced")
    assert (settled.code, settled.document["owed"]) == (0, [])
    assert not ardoise("--json", "debts", "list", f"person:{pupils[0]}").document["items"]


def test_a_spare_is_given_on_the_open_loan(
    city: City, ardoise: Run, tags: list[str], pupils: list[str]
) -> None:
    refused = ardoise("--json", "give", tags[0], "charger")
    assert (refused.code, refused.error["code"]) == (1, "give.not_lent")
    ardoise("lend", pupils[0], tags[0])
    given = ardoise("--json", "give", tags[0], "charger")

    assert (given.code, given.document["accessories"]) == (0, ["charger"])
    assert ardoise("give", tags[0], "spoon").code == 2
    assert ardoise("debts").code == 2
