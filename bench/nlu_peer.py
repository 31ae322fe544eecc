"""A peer in a process of its own: rows go in and guesses come out as JSON, noise goes to var/peer_NAME.log.

TensorFlow is shut out of the benchmark's own process, and fastText lives in another environment. Needs no library, so
that it can be imported in both.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from nlu.files import ROOT

Answer = Callable[[list[str], list[str], list[str]], list[str]]  # texts, their labels, what is asked -> its labels


class CannotRunError(Exception):
    """Why a peer has no figures."""


def ask(
    python: Path, name: str, options: list[str], texts: list[str], labels: list[str], asked: list[str]
) -> list[str]:
    """What bench/nlu_peer_NAME.py guesses, run by that Python."""
    log = ROOT / "var" / f"peer_{name}.log"
    with log.open("w", encoding="utf-8") as noise:
        done = subprocess.run(
            [python, "-m", f"bench.nlu_peer_{name}", *options],
            cwd=ROOT,
            input=json.dumps([texts, labels, asked]),
            stdout=subprocess.PIPE,
            stderr=noise,
            text=True,
        )
    if done.returncode:
        last = log.read_text(encoding="utf-8").splitlines()[-1:]
        raise CannotRunError(f"exit status {done.returncode}, {' '.join(last) or 'no word why'} (see {log})")
    return json.loads(done.stdout)


def serve(answer: Answer) -> None:
    """The other side. Libraries print where they like, so only the guesses may reach the real output."""
    with redirect_stdout(sys.stderr):
        guesses = answer(*json.load(sys.stdin))
    json.dump(guesses, sys.stdout)
