"""Writers of one process hand the turn on; whoever is in a transaction already never waits in a circle."""

import threading

import pytest
from django.db import connection, transaction

from bangfu.records import turn

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no turn")


@pytest.mark.django_db(transaction=True)
def test_the_second_writer_enters_when_the_first_has_left():
    inside, told = threading.Event(), []

    def second():
        inside.wait(10)
        with turn.writing():
            told.append("second")
        connection.close()

    other = threading.Thread(target=second)
    other.start()
    with turn.writing():
        inside.set()
        other.join(0.3)
        told.append("first")
    other.join(10)
    assert told == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_who_is_in_a_transaction_needs_no_turn_and_a_refusal_gives_it_back():
    with turn._turn, transaction.atomic(), turn.writing():
        pass  # would wait for ever
    with pytest.raises(ValueError, match="no"), turn.writing():
        raise ValueError("no")
    assert turn._turn.acquire(timeout=1)
    turn._turn.release()


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_long_goes_on_without_the_turn_and_takes_nobody_elses(monkeypatch):
    monkeypatch.setattr(turn, "PATIENCE", 0.05)
    with turn._turn:
        with turn.writing():
            assert connection.in_atomic_block
        assert turn._turn.locked()
    assert not turn._turn.locked()
