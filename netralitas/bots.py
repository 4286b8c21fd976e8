"""Bots play a story before people do: who knows nothing must not do as well as who knows.

Pure. Four bots: one guesses, one is sure and takes the worst, one always takes the longest option, one is
the expert. What they can expect is computed over all positions of the story (`explore`), nothing is drawn: a
bot's probability flows from the start to the endings.

    Space ──policy of a bot──► share of each position ──► endings, score, score of each item
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, get_args

from . import ratings
from .explore import Space, attainable, explore, in_order
from .i18n import _
from .scenarios import Here, Scenario, offered
from .scenes import Move, RateScene, ScenarioChoice

Bot = Literal["guesser", "sure_wrong", "longest", "expert"]
BOTS: tuple[Bot, ...] = get_args(Bot)

POINTS: Mapping[str | None, float] = {"tepat": 1.0, "sebagian": 0.5, "belum": 0.0, None: 0.5}
"""What a tone is worth."""

NEAR = 0.75
"""The share of the expert's score from which on a bot comes near."""

_ALIKE = 0.9  # of the longest option's length: nobody sees less of a difference
_SURE: frozenset[Bot] = frozenset(("sure_wrong", "longest", "expert"))
_LATER = 1 - 1e-6
_ROUNDS = 5_000
_REST = 1e-12

Policy = Callable[[Here], Mapping[str, float]]
"""Which decisions are made at a position, with their probabilities."""


class Played(NamedTuple):
    """What a bot can expect of a story.

    `score` is that of the ending (tepat 1, sebagian 0.5, belum 0), `endings` the probability of each, `items`
    the score of each scene that is graded in itself (all its choices have a tone, or actions are rated),
    `sure_wrong` how many decisions are wrong and sure.
    """

    bot: Bot
    score: float
    endings: Mapping[str, float]
    items: Mapping[str, float]
    sure_wrong: float


class Near(NamedTuple):
    """A bot that comes near the expert, in a scene (`place`) or in the whole story (empty)."""

    bot: Bot
    place: str
    score: float
    expert: float


def called(bot: Bot) -> str:
    """Return what people call a bot."""
    names: dict[Bot, str] = {
        "guesser": _("menebak"),
        "sure_wrong": _("yakin tetapi salah"),
        "longest": _("selalu yang terpanjang"),
        "expert": _("ahli"),
    }
    return names[bot]


def play(scenario: Scenario) -> tuple[Played, ...]:
    """Return what each bot can expect, the expert last; nothing for a story whose graph is unsound."""
    space = explore(scenario)
    return () if space.problems else tuple(_played(scenario, space, bot) for bot in BOTS)


def near(played: tuple[Played, ...]) -> tuple[Near, ...]:
    """Return where a bot that knows nothing comes near the expert."""
    if not played:
        return ()
    expert = played[-1]
    found = [
        Near(one.bot, place, one.items[place], best)
        for one in played[:-1]
        for place, best in expert.items.items()
        if best and one.items[place] >= NEAR * best
    ]
    found += [Near(one.bot, "", one.score, expert.score) for one in played[:-1]
              if expert.score and one.score >= NEAR * expert.score]  # fmt: skip
    return tuple(found)


def _played(scenario: Scenario, space: Space, bot: Bot) -> Played:
    policy = _policy(scenario, space, bot)
    shares = _shares(space, policy)
    endings = {
        ending.id: sum(share for here, share in shares.items() if here.place == ending.id)
        for ending in scenario.endings
    }
    tones = {ending.id: ending.tone for ending in scenario.endings}
    wrong = sum(
        share * chance
        for here, share in shares.items()
        if (scene := scenario.scene(here.place)) and scene.certainty and bot in _SURE
        for letter, chance in policy(here).items()
        if _move(scenario, here, letter).tone == "belum"
    )
    return Played(
        bot=bot,
        score=sum(chance * POINTS[tones[name]] for name, chance in endings.items()),
        endings=endings,
        items=_items(scenario, space, bot, policy),
        sure_wrong=wrong,
    )


def _shares(space: Space, policy: Policy) -> dict[Here, float]:
    """Return how often each position is come to, on average; what never ends is left aside."""
    start = next(iter(space.moves))
    shares: dict[Here, float] = {}
    moving = {start: 1.0}
    for _round in range(_ROUNDS):
        onward: dict[Here, float] = {}
        for here, share in moving.items():
            shares[here] = shares.get(here, 0.0) + share
            for letter, chance in policy(here).items() if space.moves[here] else ():
                after = space.moves[here][letter]
                onward[after] = onward.get(after, 0.0) + share * chance
        moving = onward
        if sum(moving.values()) < _REST:
            break
    return shares


def _items(scenario: Scenario, space: Space, bot: Bot, policy: Policy) -> dict[str, float]:
    found: dict[str, float] = {}
    for scene in scenario.scenes:
        at = [here for here in space.moves if here.place == scene.id]
        if isinstance(scene, RateScene):
            found[scene.id] = _rated(scene, bot)
        elif all(move.tone for move in scene.moves):
            points = [
                chance * POINTS[_move(scenario, here, letter).tone]
                for here in at
                for letter, chance in policy(here).items()
            ]
            found[scene.id] = sum(points) / len(at)
    return found


def _move(scenario: Scenario, here: Here, letter: str) -> Move:
    return next(move for move in offered(scenario, here) if move.id == letter)


def _rated(scene: RateScene, bot: Bot) -> float:
    """Return the score a bot can expect of a rating."""
    if bot == "guesser":
        return sum(score * float(chance) for score, chance in ratings.guesses(scene.key).items())
    if bot == "longest":
        return ratings.score(scene.key, _long_ratings(scene))
    return 1.0 if bot == "expert" else 0.0


def _long_ratings(scene: RateScene) -> dict[str, int]:
    long = longest({action.id: action.text for action in scene.actions})
    return {action.id: 4 if action.id in long else 1 for action in scene.actions}


def longest(texts: Mapping[str, str]) -> list[str]:
    """Return the options that look longest; nobody sees less of a difference."""
    most = max(map(len, texts.values()))
    return [name for name, text in texts.items() if len(text) >= _ALIKE * most]


def _policy(scenario: Scenario, space: Space, bot: Bot) -> Policy:
    worth = _worth(scenario, space, best=bot == "expert")

    def decide(here: Here) -> Mapping[str, float]:
        scene = scenario.scene(here.place)
        if isinstance(scene, RateScene):
            if bot == "guesser":
                return attainable(scene)
            return {scene.outcome(_rated(scene, bot)).id: 1.0}
        choices = {one.id: one for one in offered(scenario, here) if isinstance(one, ScenarioChoice)}
        if bot == "guesser":
            return _evenly([*choices])
        if bot == "longest":
            return _evenly(longest({letter: one.text for letter, one in choices.items()}))
        onward = space.moves[here]

        def value(letter: str) -> tuple[float, float, float]:
            found = worth[onward[letter]]
            return round(found, 3), POINTS[choices[letter].tone], found

        return {(max if bot == "expert" else min)(choices, key=value): 1.0}

    return decide


def _evenly(letters: list[str]) -> dict[str, float]:
    return dict.fromkeys(letters, 1 / len(letters))


def _worth(scenario: Scenario, space: Space, *, best: bool) -> dict[Here, float]:
    """Return the best, or worst, ending still to be had from each position, ratings being right, or wrong."""
    tones = {ending.id: ending.tone for ending in scenario.endings}
    worth = {here: POINTS[tones[here.place]] if here.place in tones else 0.0 for here in space.moves}
    order = in_order(space)
    settled = False
    while not settled:  # once where nothing leads back
        settled = True
        for here in order:
            onward = space.moves[here]
            if not onward:
                continue
            scene = scenario.scene(here.place)
            if isinstance(scene, RateScene):
                value = worth[onward[scene.outcome(1.0 if best else 0.0).id]]
            else:
                found = [worth[after] for after in onward.values()]
                # A good end sooner is better: else an expert might go in circles for ever.
                value = _LATER * max(found) if best else min(found)
            if value != worth[here]:
                worth[here], settled = value, False
    return worth


def lines(scenario: Scenario, played: tuple[Played, ...]) -> list[str]:
    """Return what the bots can expect of a story as lines for a terminal."""
    if not played:
        return [f"{scenario.title} ({scenario.id})", "  " + _("belum sehat. Jalankan netralitas check.")]
    items = [*played[-1].items]
    wide = max(len(called(bot)) for bot in BOTS)
    columns = [_("akhir"), *items, _("yakin-salah")]
    found = [
        f"{scenario.title} ({scenario.id})",
        f"  {_('bot'):<{wide}}" + "".join(f" {c:>11}" for c in columns),
    ]
    for one in played:
        values = [one.score, *(one.items[name] for name in items), one.sure_wrong]
        found.append(f"  {called(one.bot):<{wide}}" + "".join(f" {f'{v:.4f}':>11}" for v in values))
    return found
