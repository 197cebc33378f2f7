"""What the tests run in other processes."""

import os
import time
from multiprocessing.connection import Connection

from sakshya.domain.faults import EvidenceFault


def counts(pipe: Connection, until: int) -> None:
    for number in range(until):
        pipe.send(("event", number))
    pipe.send(("done", until))


def faults(pipe: Connection) -> None:
    pipe.send(("event", 1))
    pipe.send(("fault", EvidenceFault("sector 2048 could not be read", where="EX-1")))


def dies(pipe: Connection) -> None:
    pipe.send(("event", 1))
    os._exit(7)


def works_until_cancelled(pipe: Connection) -> None:
    while not pipe.poll(0.01):
        pipe.send(("event", 0))
    pipe.send(("done", pipe.recv()))


def never_listens(pipe: Connection) -> None:
    time.sleep(120)


def clerk(pipe: Connection) -> None:
    while True:
        try:
            ticket, method, values = pipe.recv()
        except EOFError:
            return
        if method == "die":
            os._exit(3)
        if method == "fail":
            pipe.send((ticket, "fault", EvidenceFault("not readable")))
        else:
            pipe.send((ticket, "done", values["number"] * 2))
