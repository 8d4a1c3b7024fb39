"""Two desks at one database: each tablet goes to one of them, and the other is told who has it."""

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from small_city import City, tag_of

from db.store import SqlStore
from fleet.asset import Asset
from fleet.errors import FleetError
from fleet.persons import Person
from fleet.usecases.lending import LoanOrder, lend

TABLETS = 50


def lend_each(path: str, author: str, person: str, tags: list[str]) -> dict[str, str]:
    """What one desk gets for each tag: its author, or the code of the refusal."""
    store = SqlStore(Path(path))
    outcome: dict[str, str] = {}
    for tag in tags:
        try:
            with store.work(author) as work:
                lend(work, LoanOrder(person, [tag]))
                work.commit()
            outcome[tag] = author
        except FleetError as error:
            outcome[tag] = error.code
    store.close()
    return outcome


def fight_over(city: City, people: list[Person]) -> tuple[str, list[str], list[str]]:
    tags = [tag_of(city.receive()) for _ in range(TABLETS)]
    assert city.path is not None
    return str(city.path), tags, [person.id for person in people[:2]]


def assert_one_winner_each(city: City, tags: list[str], outcomes: list[dict[str, str]]) -> None:
    for tag in tags:
        ends = Counter(outcome[tag] for outcome in outcomes)
        assert ends["loan.already_lent"] == len(outcomes) - 1, (tag, ends)
        assert ends.total() == len(outcomes)
    assert city.count("loan") == TABLETS
    assert city.store.check() == []


def test_two_processes_that_want_the_same_tablets_share_them_without_a_double(
    city: City, people: list[Person]
) -> None:
    path, tags, borrowers = fight_over(city, people)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        desks = [
            pool.submit(lend_each, path, author, borrower, order)
            for author, borrower, order in zip(
                ("Ada", "Grace"), borrowers, (tags, tags), strict=True
            )
        ]
        outcomes = [desk.result(timeout=120) for desk in desks]

    assert_one_winner_each(city, tags, outcomes)


def test_four_threads_that_want_the_same_tablets_share_them_without_a_double(
    city: City, people: list[Person], tablets: list[Asset]
) -> None:
    path, tags, borrowers = fight_over(city, people)
    barrier = Barrier(4)

    def desk(number: int) -> dict[str, str]:
        barrier.wait(timeout=30)
        order = tags if number % 2 else tags[::-1]
        return lend_each(path, f"desk-{number}", borrowers[number % 2], order)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(desk, range(4)))

    assert_one_winner_each(city, tags, outcomes)


def test_a_reader_sees_one_picture_while_others_write(city: City, people: list[Person]) -> None:
    tags = [tag_of(city.receive()) for _ in range(3)]
    with city.store.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM loan").scalar_one()
        city.lend(LoanOrder(people[0].id, tags))
        assert connection.exec_driver_sql("SELECT count(*) FROM loan").scalar_one() == before
    assert city.count("loan") == before + 3
