"""Every position a learner can come to in a scenario, and what is wrong there.

Pure. A position is a `Here`: the place, the variables, those past steps a condition asks for. There are
finitely many, so nothing is sampled: `explore` visits all of them and says what no reading would show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from . import ratings
from .scenarios import Here, Scenario, begin, holds, moved, offered, strays, told
from .scenes import Move, RateScene

MOST = 10_000
"""Positions beyond which a story is too large to be looked at whole."""

Kind = Literal[
    "unreached",  # a scene or ending nobody comes to
    "never",  # a condition that never holds, a branch or outcome never taken; `part` says which
    "dead_end",  # a scene without any choice
    "no_exit",  # a scene from which no ending can be reached
    "bounds",  # an effect that leaves a variable's bounds
    "silent",  # a scene or ending without a paragraph
    "unread",  # a variable nobody asks for and nobody sees
    "too_large",
]


class Problem(NamedTuple):
    """Something wrong: at a `place`, in a `part` of it (empty: in all of it), in an example of a state."""

    kind: Kind
    place: str = ""
    part: str = ""
    name: str = ""
    value: int = 0
    state: tuple[tuple[str, int], ...] = ()


class Space(NamedTuple):
    """All positions with the decisions possible in each (none at an ending), and all problems.

    `longest` is the number of decisions of the longest run, None where a story can come back to a position.
    """

    moves: Mapping[Here, Mapping[str, Here]]
    problems: tuple[Problem, ...]
    longest: int | None

    @property
    def places(self) -> frozenset[str]:
        """The scenes and endings somebody can come to."""
        return frozenset(here.place for here in self.moves)


def explore(scenario: Scenario) -> Space:
    """Visit every position from the start on. Never raises."""
    moves: dict[Here, dict[str, Here]] = {}
    can = {scene.id: attainable(scene) for scene in scenario.scenes if isinstance(scene, RateScene)}
    strayed: dict[tuple[str, str, str], Problem] = {}
    todo = [begin(scenario)]
    while todo:
        here = todo.pop()
        if here in moves:
            continue
        if len(moves) == MOST:
            return Space(moves, (Problem("too_large", value=MOST),), None)
        moves[here] = {}
        for move in offered(scenario, here):
            if move.id not in can.get(here.place, {move.id}):
                continue
            after = moved(scenario, here, move)
            for name in strays(scenario, after):
                values = dict(zip(scenario.state, after.values, strict=True))
                problem = Problem(
                    "bounds", here.place, _called(scenario, here.place, move), name, values[name]
                )
                strayed.setdefault((problem.place, problem.part, name), problem)
            # Gone on within bounds, so that one fault is not told as many.
            moves[here][move.id] = after = _within(scenario, after)
            todo.append(after)
    order = _order(moves, begin(scenario))
    problems = (
        *strayed.values(),
        *_unreached(scenario, moves),
        *_never(scenario, moves),
        *_stuck(scenario, moves),
        *_unread(scenario),
    )
    return Space(moves, problems, _longest(moves, order))


def attainable(scene: RateScene) -> dict[str, float]:
    """Return each outcome some rating comes to, with the probability of blind guessing."""
    found: dict[str, float] = {}
    for score, chance in ratings.guesses(scene.key).items():
        letter = scene.outcome(score).id
        found[letter] = found.get(letter, 0.0) + float(chance)
    return found


def in_order(space: Space) -> list[Here]:
    """Return the positions so that each stands after those it leads to, as far as there are no circles."""
    found = _order(space.moves, next(iter(space.moves)))
    return [here for here, _circle in found]


def _called(scenario: Scenario, place: str, move: Move) -> str:
    rated = isinstance(scenario.scene(place), RateScene)
    return f"hasil {move.id}" if rated else f"pilihan {move.id}"


def _within(scenario: Scenario, here: Here) -> Here:
    pairs = zip(scenario.state.values(), here.values, strict=True)
    return here._replace(values=tuple(min(max(value, one.min), one.max) for one, value in pairs))


def _state(scenario: Scenario, here: Here) -> tuple[tuple[str, int], ...]:
    return tuple(zip(scenario.state, here.values, strict=True))


def _unreached(scenario: Scenario, moves: Mapping[Here, Mapping[str, Here]]) -> Iterator[Problem]:
    reached = {here.place for here in moves}
    for place in (*scenario.scenes, *scenario.endings):
        if place.id not in reached:
            yield Problem("unreached", place.id)


def _never(scenario: Scenario, moves: Mapping[Here, Mapping[str, Here]]) -> Iterator[Problem]:
    """Find conditions that hold nowhere, in places somebody comes to."""
    by_place: dict[str, list[Here]] = {}
    for here in moves:
        by_place.setdefault(here.place, []).append(here)
    for scene in scenario.scenes:
        at = by_place.get(scene.id)
        if at is None:
            continue
        for move in scene.moves:
            called = _called(scenario, scene.id, move)
            # Branches are chosen by the state after the effects.
            after = [
                moved(scenario, here, move)._replace(place=scene.id) for here in at if move.id in moves[here]
            ]
            if not after:
                yield Problem("never", scene.id, called)
                continue
            yield from _branches(scenario, scene.id, called, move, after)
    for where, passage in scenario.passages():
        place = where.split(", ")[0].split(" ")[1]
        at = by_place.get(place)
        if at and not any(holds(scenario, here, passage.needs) for here in at):
            yield Problem("never", place, where.split(", ")[1])


def _branches(
    scenario: Scenario, place: str, called: str, move: Move, after: list[Here]
) -> Iterator[Problem]:
    left = after
    for number, branch in enumerate(move.branches, start=1):
        if not any(holds(scenario, here, branch.needs) for here in left):
            yield Problem("never", place, f"{called}, cabang {number}")
        left = [here for here in left if not holds(scenario, here, branch.needs)]


def _stuck(scenario: Scenario, moves: Mapping[Here, Mapping[str, Here]]) -> Iterator[Problem]:
    """Find scenes without a choice, without a way out, or without a word; one of each is enough."""
    out = _ways_out(moves)
    seen: set[tuple[Kind, str]] = set()
    for here, onward in moves.items():
        scene, ending = scenario.scene(here.place), scenario.ending(here.place)
        texts = scene.narration if scene else ending.text if ending else ()
        wrong: dict[Kind, bool] = {
            "dead_end": scene is not None and not onward,
            "no_exit": here not in out,
            "silent": not told(scenario, here, texts),
        }
        for kind in (kind for kind, found in wrong.items() if found and (kind, here.place) not in seen):
            seen.add((kind, here.place))
            yield Problem(kind, here.place, state=_state(scenario, here))


def _ways_out(moves: Mapping[Here, Mapping[str, Here]]) -> set[Here]:
    """Return the positions that lead to an ending, or to a dead end: that is told as one, where it is."""
    back: dict[Here, list[Here]] = {here: [] for here in moves}
    for here, onward in moves.items():
        for after in onward.values():
            back[after].append(here)
    todo = [here for here, onward in moves.items() if not onward]
    out: set[Here] = set()
    while todo:
        here = todo.pop()
        if here not in out:
            out.add(here)
            todo += back[here]
    return out


def _unread(scenario: Scenario) -> Iterator[Problem]:
    read = {name for _where, condition in scenario.conditions() for name in condition.names()}
    for name, variable in scenario.state.items():
        if name not in read and not variable.shown:
            yield Problem("unread", name=name)


def _order(moves: Mapping[Here, Mapping[str, Here]], start: Here) -> list[tuple[Here, bool]]:
    """Return (position, whether it leads back to one still open), those a position leads to first."""
    done: list[tuple[Here, bool]] = []
    state: dict[Here, int] = {start: 1}
    stack = [(start, iter(moves[start].values()), [False])]
    while stack:
        here, onward, circle = stack[-1]
        after = next(onward, None)
        if after is None:
            stack.pop()
            state[here] = 2
            done.append((here, circle[0]))
        elif after not in state:
            state[after] = 1
            stack.append((after, iter(moves[after].values()), [False]))
        elif state[after] == 1:
            circle[0] = True
    return done


def _longest(moves: Mapping[Here, Mapping[str, Here]], order: list[tuple[Here, bool]]) -> int | None:
    if any(circle for _here, circle in order):
        return None
    length: dict[Here, int] = {}
    for here, _circle in order:
        length[here] = max((1 + length[after] for after in moves[here].values()), default=0)
    return length[order[-1][0]]
