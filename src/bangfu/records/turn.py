"""Writers of one process wait for each other in order, before SQLite makes them wait in none.

SQLite lets one write at a time and whoever waits asks again after a while, so that one can be passed by many; a lock
hands the turn on. PostgreSQL needs none of it. In: nothing. Out: a transaction.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PATIENCE = 10  # seconds: whoever waited that long asks SQLite itself, which has a patience of its own
_turn = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """This function will open a transaction in one's turn; inside another transaction it is a part of that one.

    Whoever is in a transaction already may hold the database: waiting for the turn then would be waiting in a circle.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    is_my_turn = _turn.acquire(timeout=PATIENCE)
    try:
        with transaction.atomic():
            yield
    finally:
        if is_my_turn:
            _turn.release()
