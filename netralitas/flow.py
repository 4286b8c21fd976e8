"""Which ways learners take through a story: counts and shares, as lines for a terminal.

Pure. Names nobody: learners are only counted, and a group of few is not told. Every decision is an event with
its order, so the ways are counted as they were gone, whatever the story says today.

    events of a scenario ──count──► Flow ──lines──► terminal
                                      └──(flow_picture.draw)──► SVG
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from .i18n import _, number
from .masking import SMALL, rounded
from .model import Value
from .record import Event
from .scenarios import Scenario
from .scenes import Moment, RateScene, ScenarioChoice

Number = int | None
"""How many; None where it is not told because fewer than SMALL learners are behind it."""


class Way(Value):
    """A choice, or the outcome of a rating: how often it was taken, and where it led how often.

    `leads` holds every place it can lead to; `sure_wrong` counts who took it wrongly and was sure.
    """

    letter: str
    text: str
    taken: Number
    share: float | None
    leads: dict[str, Number]
    sure_wrong: Number


class Stop(Value):
    """A scene or ending: how many runs came here, stand here, and the ways from here (an ending has none)."""

    id: str
    text: str
    came: Number
    share: float | None
    left: Number = None
    ways: tuple[Way, ...] = ()


class Flow(Value):
    """A story as it was gone. `gone` counts decisions the story of today no longer knows.

    `exact`: numbers are of runs and decisions, as they are. Else of learners (`runs` aside), small groups
    hidden, all rounded.
    """

    story: str
    title: str
    start: str
    exact: bool
    learners: Number
    runs: Number
    ended: Number
    scenes: tuple[Stop, ...]
    endings: tuple[Stop, ...]
    gone: Number


class _Group:
    """How often something happened, and to whom."""

    def __init__(self) -> None:
        self.times = 0
        self.who: set[str] = set()

    def add(self, learner: str) -> None:
        self.times += 1
        self.who.add(learner)


_Key = tuple[str, ...]
"""`run`; `came` or `stands`, place; `led`, scene, letter, place; `sure`, scene, letter."""
_Told = Callable[[Iterable[_Key]], Number]
"""How often any of these happened, as it may be told."""


def count(scenario: Scenario, events: Iterable[Event], *, first: bool = False, exact: bool = False) -> Flow:
    """Return the ways gone in a scenario; with `first` only in each learner's first run.

    `exact` counts runs and decisions. Else each number is of learners, None where they are fewer than SMALL,
    and rounded to a multiple of SMALL, totals each for themselves: nothing hidden can be had by subtraction,
    also not from who goes one way again and again.
    """
    groups = _groups(scenario, events, first=first)

    def learners(keys: Iterable[_Key]) -> set[str]:
        return set[str]().union(*(groups[key].who for key in keys if key in groups))

    def told(keys: Iterable[_Key]) -> Number:
        these = [*keys]
        if exact:
            return sum(groups[key].times for key in these if key in groups)
        return rounded(len(learners(these)))

    people = learners([("run",)])
    runs = groups["run",].times if people else 0
    whole = told([("run",)])
    scenes = tuple(_stop(scene, [*groups], whole, told) for scene in scenario.scenes)
    known = {(scene.id, move.id) for scene in scenario.scenes for move in scene.moves}
    return Flow(
        story=scenario.id,
        title=scenario.title,
        start=scenario.start,
        exact=exact,
        learners=len(people) if exact else rounded(len(people)),
        runs=runs if exact else None if len(people) < SMALL else rounded(runs),
        ended=told(("came", one.id) for one in scenario.endings),
        scenes=scenes,
        endings=tuple(_came(one.id, one.title, whole, told) for one in scenario.endings),
        gone=told(key for key in groups if key[0] == "led" and key[1:3] not in known),
    )


def _groups(scenario: Scenario, events: Iterable[Event], *, first: bool) -> dict[_Key, _Group]:
    """Return what happened how often and to whom."""
    found: defaultdict[_Key, _Group] = defaultdict(_Group)
    stands: dict[tuple[str, int], str] = {}
    for event in events:
        if event.root != scenario.root or (first and event.attempt > 1):
            continue
        if event.verb == "opened":
            place = scenario.start
            found["run",].add(event.learner)
        elif event.verb in {"chose", "rated"}:
            result, scene = event.result, event.object.rsplit("/", 1)[-1]
            place = str(result["place"])
            found["led", scene, str(result["choice"]), place].add(event.learner)
            if (result.get("certainty"), result.get("tone")) == ("yakin", "belum"):
                found["sure", scene, str(result["choice"])].add(event.learner)
        else:
            continue
        found["came", place].add(event.learner)
        stands[event.learner, event.attempt] = place
    for (learner, _attempt), place in stands.items():
        found["stands", place].add(learner)
    return dict(found)


def _came(name: str, text: str, whole: Number, told: _Told) -> Stop:
    came = told([("came", name)])
    return Stop(id=name, text=text, came=came, share=share_of(came, whole))


def _stop(scene: Moment, keys: Sequence[_Key], whole: Number, told: _Told) -> Stop:
    def ways_of(letter: str) -> list[_Key]:
        return [key for key in keys if key[:3] == ("led", scene.id, letter)]

    all_taken = told(key for move in scene.moves for key in ways_of(move.id))
    ways = []
    for move in scene.moves:
        taken = told(ways_of(move.id))
        places = dict.fromkeys([branch.to for branch in move.branches] + [key[3] for key in ways_of(move.id)])
        ways.append(
            Way(
                letter=move.id,
                text=move.text if isinstance(move, ScenarioChoice) else _outcome(scene, move.id),
                taken=taken,
                share=share_of(taken, all_taken),
                leads={to: told([("led", scene.id, move.id, to)]) for to in places},
                sure_wrong=told([("sure", scene.id, move.id)]),
            )
        )
    stop = _came(scene.id, scene.question, whole, told)
    return stop.model_copy(update={"left": told([("stands", scene.id)]), "ways": tuple(ways)})


def _outcome(scene: object, letter: str) -> str:
    outcomes = scene.outcomes if isinstance(scene, RateScene) else ()
    least = next(one.at_least for one in outcomes if one.id == letter)
    return _("nilai paling sedikit {least}").format(least=number(least))


def share_of(part: Number, whole: Number) -> float | None:
    """Return a part of what is told, so that it tells no more; rounded apart, a part may exceed its whole."""
    if part is None or whole is None:
        return None
    return round(min(1.0, part / whole), 4) if whole else 0.0


def percent(share: float | None) -> str:
    """Return a share in words, a dash where it is not told."""
    return "–" if share is None else f"{number(round(100 * share))} %"


def many(counted: Number) -> str:
    """Return how many in words: «< 5» where it is not told."""
    return f"< {SMALL}" if counted is None else number(counted)


def lines(flow: Flow) -> list[str]:
    """Return the flow as lines for a terminal."""
    head = _("{title} ({id}): {learners} pembelajar, {runs} kali dijalani, {ended} sampai penutup")
    found = [
        head.format(title=flow.title, id=flow.story, learners=many(flow.learners), runs=many(flow.runs),
                    ended=many(flow.ended))
    ]  # fmt: skip
    if not flow.exact:
        hint = _("Dihitung pembelajarnya, dibulatkan ke kelipatan {n}; kelompok di bawah {n} tidak disebut.")
        found.append(hint.format(n=SMALL))
    for stop in flow.scenes:
        found += ["", f"{stop.id} · {stop.text}", _("  didatangi {n}, berhenti di sini {left}").format(
            n=many(stop.came), left=many(stop.left))]  # fmt: skip
        found += [_line(way) for way in stop.ways]
    found += ["", _("Penutup")]
    found += [f"  {_bar(stop.share)} {many(stop.came):>5} {percent(stop.share):>6}  {stop.id} · {stop.text}"
              for stop in flow.endings]  # fmt: skip
    if flow.gone:
        found += ["", _("{n} keputusan menyebut pilihan yang sudah tidak ada.").format(n=many(flow.gone))]
    return found


def _line(way: Way) -> str:
    to = ", ".join(
        f"{place} {many(times)}" if len(way.leads) > 1 else place for place, times in way.leads.items()
    )
    sure = _(" · yakin tetapi belum tepat: {n}").format(n=many(way.sure_wrong)) if way.sure_wrong else ""
    counted = f"{_bar(way.share)} {many(way.taken):>5} {percent(way.share):>6}"
    return f"  {counted}  {way.letter} → {to} · {way.text}{sure}"


def _bar(share: float | None) -> str:
    return ("█" * round(10 * (share or 0))).ljust(10, "·")
