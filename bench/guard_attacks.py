"""Attacks on ``scopedown guard``: principals with narrow policies try to reach what these do not allow.

usage: python bench/guard_attacks.py [--number 3000] [--seed 18] [--family TEXT] [--control] [--list] [--verbose]

The families are in ``bench/attacks``. They run against a local AWS in this process, on 127.0.0.1, that is made anew
after each family in which an attack came through: what the attacker may use is called ``own``, what it may not
``victim``. An attack came through where an answer contains the victim's content, where the victim's resources changed,
or, for attacks that name nothing of their own, where the guard answered with success. An attack by a principal that
lacks one right came through where the answer is anything but a denial; the family then has controls, the same requests
with the right, which must not be denied, or the attack would prove nothing. ``--control`` signs the same
attacks with the administrator's key, to show how many of them do reach the victim where nothing is denied. Prints a
line per family, each attack that came through and each control that was denied; exit code 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from attacks import (  # noqa: F401
    by_delivery,
    by_egress,
    by_form,
    by_key,
    by_policy,
    by_role_passing,
    by_second_right,
    by_service,
    by_session,
    by_signature,
    by_url,
)
from attacks.lacking import is_denial
from attacks.operations import FAMILIES, Attack
from attacks.wire import Answer
from attacks.world import SIGNS, World

from scopedown.guard.for_tests import Guard
from scopedown.guard.gate import Gate
from scopedown.guard.services import cloudformation


@dataclass
class Outcome:
    """What came of one family. ``broken`` are answers of 500 and closed connections: no way through, but no answer."""

    asked: int = 0
    through: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    succeeded: int = 0
    controls: int = 0
    refused: list[str] = field(default_factory=list)


def judge(world: World, attack: Attack, answers: list[Answer]) -> str:
    """Why an attack came through; empty where it did not."""
    if attack.denied and not is_denial(answers[-1]):
        return f"{answers[-1].status}: {answers[-1].body[:200]!r}"
    for answer in answers:
        for sign in SIGNS:
            if sign in answer.body:
                return f"{answer.status}: shows the victim's content"
    if any(answer.success for answer in answers) and world.changed(
        attack.service if attack.service != "sts" else "iam"
    ):
        return "the victim's resources changed"
    if attack.strict and answers[-1].success:
        return f"{answers[-1].status}: {answers[-1].body[:200]!r}"
    return ""


def build(gate: Gate) -> World:
    """A local AWS with nothing in it but what the attacks are for."""
    gate.reset()
    return World(Guard(gate, lambda _name, _value: None))


def run(world: World, name: str, quota: int, seed: int, control: bool) -> Outcome:
    """One family."""
    if control:
        world.key = world.reader = world.putter = world.admin
    rng = random.Random(f"{seed} {name}")
    made = list(FAMILIES[name](world, rng))
    attacks, controls = ([one for one in made if one.control is which] for which in (False, True))
    world.changed("*")
    if len(attacks) > quota:
        kept = sorted(rng.sample(range(len(attacks)), quota))
        attacks = [attacks[at] for at in kept]
    outcome = Outcome()
    for attack in attacks:
        sent = attack.send(world)
        answers = sent if isinstance(sent, list) else [sent]
        outcome.asked += 1
        outcome.succeeded += answers[-1].success
        if why := judge(world, attack, answers):
            outcome.through.append(f"{attack.title}: {why}")
        outcome.broken += [
            f"{attack.title}: {one.status} {one.body[:150]!r}" for one in answers if one.status in (0, 500)
        ]
    if not outcome.through and (changes := world.changes("*")):
        said = "; ".join(changes)
        outcome.through.append(f"the victim's resources are not as they were, by which attack is not known: {said}")
    for one in controls:
        sent = one.send(world)
        answer = sent[-1] if isinstance(sent, list) else sent
        outcome.controls += 1
        if answer.status == 0 or is_denial(answer):
            outcome.refused.append(f"{one.title}: {answer.status} {answer.body[:250]!r}")
    return outcome


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=3000, help="how many attacks at most, over all families")
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument(
        "--family", action="append", default=[], help="only families whose name begins with this; repeatable"
    )
    parser.add_argument("--control", action="store_true", help="sign as the administrator, who may everything")
    parser.add_argument(
        "--fresh", action="store_true", help="a new local AWS for each family, not only after a way through"
    )
    parser.add_argument("--list", action="store_true", help="print the families, and end")
    parser.add_argument("--verbose", action="store_true", help="print answers of 500 and closed connections as well")
    options = parser.parse_args()
    chosen = [name for name in FAMILIES if not options.family or any(name.startswith(one) for one in options.family)]
    if options.list:
        print("\n".join(chosen))
        return 0
    quota = -(-options.number * 11 // (10 * len(FAMILIES)))  # some families have fewer
    total, through, broken, began = 0, 0, 0, time.perf_counter()
    controls = refused = 0
    with Gate(services=(cloudformation,)) as gate:
        world: World | None = None
        for name in chosen:
            started = time.perf_counter()
            world = world or build(gate)
            outcome = run(world, name, quota, options.seed, options.control)
            if outcome.through or options.fresh or outcome.controls:
                world = None  # controls may change what is there
            refused, controls = refused + len(outcome.refused), controls + outcome.controls
            total, through, broken = total + outcome.asked, through + len(outcome.through), broken + len(outcome.broken)
            took = f"{time.perf_counter() - started:.0f} s"
            print(f"{outcome.asked:5} {len(outcome.through):4} through {outcome.succeeded:4} answered with success "
                  f"{len(outcome.broken):3} without an answer {outcome.controls - len(outcome.refused):3} of "
                  f"{outcome.controls:3} controls passed  {name} ({took})", flush=True)  # fmt: skip
            for line in [] if options.control and not options.verbose else outcome.through:
                print(f"      THROUGH {line}", flush=True)
            for line in outcome.refused:
                print(f"      CONTROL DENIED {line}", flush=True)
            for line in outcome.broken if options.verbose else []:
                print(f"      NO ANSWER {line}", flush=True)
    print(f"{total} attacks in {len(chosen)} families: {through} came through, {broken} without an answer, "
          f"{controls - refused} of {controls} controls passed, {time.perf_counter() - began:.0f} s")  # fmt: skip
    return 1 if (through or refused) and not options.control else 0


if __name__ == "__main__":
    raise SystemExit(main())
