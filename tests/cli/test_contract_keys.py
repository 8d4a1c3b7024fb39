"""Every command answers ``--json`` by one document with the keys of the contract."""

from pathlib import Path

import pytest
from cli_outcome import City, Run

from agents.virtual import Farm

ASSET = {"id", "tag", "kind", "state", "school", "cart", "slot", "borrower", "due"}


def test_init_names_its_replica_and_again_the_same_one(ardoise: Run, database: Path) -> None:
    first, again = ardoise("--json", "init"), ardoise("--json", "init")

    assert first.code == again.code == 0
    assert first.document["replica"]
    assert first.document == again.document
    assert database.exists()


def test_import_counts_and_lists_what_it_rejects(ardoise: Run, place: Path) -> None:
    path = place / "ecoles.csv"
    path.write_text("UAI;Nom;Commune\n0599801H;Camus;Valmont\n0599802X;Vian;Valmont\n")

    answer = ardoise("--json", "import", "schools", path)

    assert answer.code == 6
    assert answer.document | {"rejected": []} == {
        "created": 1,
        "updated": 0,
        "same": 0,
        "rejected": [],
        "dry_run": False,
    }
    (fault,) = answer.document["rejected"]
    assert set(fault) == {"line", "field", "value", "reason"}
    assert (fault["line"], fault["value"]) == (3, "0599802X")


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("schools", {"id", "uai", "name"}),
        ("assets", ASSET),
        ("people", {"id", "family_name", "given_name", "class_name"}),
        ("carts", ASSET),
        ("servers", ASSET),
    ],
)
def test_a_list_has_items_and_a_key_to_go_on_from(
    kind: str, keys: set[str], city: City, ardoise: Run
) -> None:
    first = ardoise("--json", "list", kind, "--limit", 3)
    assert first.code == 0
    assert set(first.document) == {"items", "next"}
    assert len(first.document["items"]) == 3
    for item in first.document["items"]:
        assert keys <= set(item)

    second = ardoise("--json", "list", kind, "--limit", 3, "--after", first.document["next"])
    seen = {item["id"] for item in first.document["items"]}
    assert second.document["items"]
    assert not seen & {item["id"] for item in second.document["items"]}


def test_a_list_walks_through_everything_once(city: City, ardoise: Run) -> None:
    seen: list[str] = []
    after: list[str] = []
    while True:
        page = ardoise("--json", "list", "assets", "--limit", 200, *after).document
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    assert len(seen) == len(set(seen)) == city.account["assets"]


def test_lend_show_history_list_return_and_undo_agree(
    tags: list[str], pupils: list[str], ardoise: Run
) -> None:
    tag, other = tags[:2]
    lent = ardoise(
        *("--json", "lend", pupils[0], tag, other, "--due", "2099-07-03", "--with", "charger")
    )
    assert lent.code == 0
    loans = lent.document["loans"]
    assert [set(loan) for loan in loans] == [{"id", "tag", "person", "due"}] * 2
    assert {(loan["tag"], loan["person"], loan["due"]) for loan in loans} == {
        (tag, pupils[0], "2099-07-03"),
        (other, pupils[0], "2099-07-03"),
    }

    shown = ardoise("--json", "show", tag).document
    assert set(shown) >= ASSET
    assert (shown["tag"], shown["kind"], shown["state"]) == (tag, "tablet", "lent")
    assert (shown["borrower"], shown["due"]) == (pupils[0], "2099-07-03")

    events = ardoise("--json", "history", tag).document["items"]
    assert {"id", "kind", "at", "author", "body"} <= set(events[0])
    assert events[0]["id"] in {loan["id"] for loan in loans}
    assert pupils[0] not in str([event["body"] for event in events]), "the ledger names nobody"

    listed = ardoise("--json", "list", "loans").document["items"]
    assert {item["id"] for item in listed} == {loan["id"] for loan in loans}

    back = ardoise(
        *("--json", "return", tag, "--condition", "damaged", "--missing", "charger", "--by"),
        pupils[1],
    )
    assert back.code == 0
    assert back.document["refused"] == []
    (returned,) = back.document["returns"]
    assert set(returned) == {"id", "tag", "person", "condition", "missing"}
    assert (returned["tag"], returned["person"]) == (tag, pupils[0])
    assert (returned["condition"], returned["missing"]) == ("damaged", ["charger"])

    undone = ardoise("--json", "undo")
    assert undone.code == 0
    assert undone.document["undone"] == returned["id"]
    assert undone.document["operation"] not in (None, returned["id"])
    assert ardoise("--json", "show", tag).document["state"] == "lent"
    assert ardoise("--json", "check").code == 0


def test_the_same_operation_id_lends_once(tags: list[str], pupils: list[str], ardoise: Run) -> None:
    order = ("--json", "lend", pupils[0], tags[0], "--op", "8d6b3c0e-0000-4000-8000-000000000001")
    first, again = ardoise(*order), ardoise(*order)
    assert first.code == again.code == 0
    assert [loan["id"] for loan in first.document["loans"]] == [
        loan["id"] for loan in again.document["loans"]
    ]


def test_find_finds_assets_and_persons(
    tags: list[str], pupils: list[str], ardoise: Run, city: City
) -> None:
    by_tag = ardoise("--json", "find", tags[0].lower()).document["items"]
    assert [(item["type"], item["tag"]) for item in by_tag] == [("asset", tags[0])]

    person = ardoise("--json", "list", "people", "--limit", 1).document["items"][0]
    by_card = ardoise("--json", "find", person["code"]).document["items"]
    assert [(item["type"], item["id"]) for item in by_card] == [("person", person["id"])]
    by_name = ardoise("--json", "find", person["family_name"], person["given_name"])
    assert person["id"] in {item["id"] for item in by_name.document["items"]}

    nothing = ardoise("--json", "find", "personne", "ainsi")
    assert (nothing.code, nothing.document) == (0, {"items": []})


def test_labels_counts_labels_and_pages(tags: list[str], ardoise: Run, place: Path) -> None:
    target = place / "etiquettes.pdf"
    answer = ardoise(
        *("--json", "labels", f"tag:{tags[0]}", "-o", target, "--copies", 2, "--calibration")
    )
    assert answer.code == 0
    assert (answer.document["labels"], answer.document["pages"]) == (2, 2)
    assert target.read_bytes().startswith(b"%PDF-")


def test_spare_labels_need_no_asset(ardoise: Run, place: Path) -> None:
    answer = ardoise("--json", "labels", "-o", place / "reserve.pdf", "--blank", 70)
    assert (answer.code, answer.document["labels"], answer.document["pages"]) == (0, 70, 2)


def test_devices_say_what_they_are(farm: Farm, city: City, ardoise: Run) -> None:
    answer = ardoise("--json", "devices", "--tcp", farm.addresses[0], "--tcp", farm.addresses[1])
    assert answer.code == 0
    keys = {"port", "slot", "serial", "model", "state", "tag"}
    assert [set(item) for item in answer.document["items"]] == [keys] * 2
    assert [item["serial"] for item in answer.document["items"]] == [
        tablet.serial for tablet in farm.tablets
    ]
    assert [item["slot"] for item in answer.document["items"]] == [1, 2]
    assert all(item["tag"] for item in answer.document["items"])


def test_enrol_answers_the_tag_that_is_then_on_the_tablet(farm: Farm, ardoise: Run) -> None:
    address = farm.addresses[0]
    enrolled = ardoise("--json", "enrol", "--tcp", address)
    assert enrolled.code == 0
    tag = enrolled.document["tag"]
    assert len(tag) == 8
    assert farm.tablets[0].settings["global"]["ardoise_asset_tag"] == tag

    again = ardoise("--json", "enrol", "--tcp", address, "--tcp", farm.addresses[1])
    assert again.document["tag"] is None
    assert [(item["new"], item["tag"] == tag) for item in again.document["items"]] == [
        (False, True),
        (True, False),
    ]


def test_audit_plan_provision_audit(farm: Farm, city: City, ardoise: Run) -> None:
    address = ("--tcp", farm.addresses[0])
    before = ardoise("--json", "audit", *address)
    assert before.code == 6
    assert set(before.document) == {"items", "seconds"}
    (item,) = before.document["items"]
    assert {"serial", "tag", "compliant", "verdicts"} <= set(item)
    assert item["compliant"] is False
    assert item["tag"]
    for verdict in item["verdicts"]:
        assert {"policy", "ok", "found", "wanted", "remedy"} <= set(verdict)

    planned = ardoise("--json", "provision", *address, "--plan")
    assert planned.code == 6
    steps = planned.document["items"][0]["steps"]
    assert steps
    assert ardoise("--json", "audit", *address).code == 6, "a plan changes nothing"

    applied = ardoise("--json", "provision", *address)
    assert applied.code == 0
    (item,) = applied.document["items"]
    assert {"serial", "tag", "steps", "compliant"} <= set(item)
    assert item["compliant"] is True
    assert len(item["steps"]) == len(steps)
    for step in item["steps"]:
        assert {"step", "state", "message"} <= set(step)

    after = ardoise("--json", "audit", *address)
    assert (after.code, after.document["items"][0]["compliant"]) == (0, True)
    nothing = ardoise("--json", "provision", *address, "--plan")
    assert (nothing.code, nothing.document["items"][0]["steps"]) == (0, [])

    tag = after.document["items"][0]["tag"]
    kinds = [each["kind"] for each in ardoise("--json", "history", tag).document["items"]]
    assert kinds[0] == "asset.audited"
    assert "asset.provisioned" in kinds


def test_provision_installs_the_applications_of_a_folder(
    farm: Farm, ardoise: Run, place: Path, make_apk: object
) -> None:
    assert callable(make_apk)
    apps = place / "apps"
    apps.mkdir()
    apk: Path = make_apk("fr.ecole.lecture", version_code=3)
    (apps / "lecture.apk").write_bytes(apk.read_bytes())

    answer = ardoise("--json", "provision", "--tcp", farm.addresses[0], "--apps", apps)

    assert answer.code == 0
    assert farm.tablets[0].packages.installed("fr.ecole.lecture")
    assert "install" in {step["step"] for step in answer.document["items"][0]["steps"]}


def test_check_and_doctor_say_whether_all_is_well(city: City, ardoise: Run) -> None:
    checked = ardoise("--json", "check")
    assert (checked.code, checked.document) == (0, {"ok": True, "findings": []})

    examined = ardoise("--json", "doctor")
    assert examined.code == (0 if examined.document["ok"] else 6)
    for finding in examined.document["findings"]:
        assert {"check", "ok", "remedy"} <= set(finding)
        assert finding["ok"] == (finding["remedy"] is None)
