"""The real content keeps its promises: it loads, cites law in force, and grades only what is sure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest

from netralitas import check, content, forms, items, sitters
from netralitas.check import prose
from netralitas.content import Content
from netralitas.coverage import covered
from netralitas.explore import explore
from netralitas.i18n import number
from netralitas.quizzes import Choice, MultipleChoice, Question, Quiz, SingleChoice, TrueFalse
from netralitas.reading import ContentError
from netralitas.rules import rule
from netralitas.scenarios import Here, RateScene, Scenario, ScenarioChoice, offered, told
from netralitas.scenes import AnyScene
from netralitas.statements import ungraded

ROOT = Path(__file__).parents[1]
REAL = content.load(ROOT)
TOY = content.load(ROOT / "tests" / "course")
QUIZZES = list(REAL.quizzes.values())
ITEMS = {f"{quiz.id}/{question.id}": question for quiz in QUIZZES for question in quiz.questions}
STORIES = list(REAL.scenarios.values())
ENDINGS = [(story, ending) for story in STORIES for ending in story.endings]

AMBER: frozenset[str] = frozenset(
    (
        "nobar-debat/menonton-sebagai-warga",
        "video-hari-terakhir/jelas-duduknya",
        "jaga-di-lapangan/bertugas",
    )
)
"""Endings (`scenario/ending`) that teach an open question and so may cite a rule that is belum_pasti."""

BANKS = tuple(one.quiz for one in REAL.course.modules if one.part in {"pretest", "exam"} and one.quiz)
"""Quizzes of the pre-test and the exam: pools over all modules."""

MODULES = [one for one in REAL.course.modules if one.part == "module"]

by_item = pytest.mark.parametrize("question", ITEMS.values(), ids=ITEMS)
by_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
by_quiz = pytest.mark.parametrize("quiz", QUIZZES, ids=lambda quiz: quiz.id)
by_module_quiz = pytest.mark.parametrize(
    "quiz", [quiz for quiz in QUIZZES if quiz.id not in BANKS], ids=lambda quiz: quiz.id
)


def words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def positions(story: Scenario) -> Iterator[tuple[Here, AnyScene]]:
    """Every position of a story at which something is decided, with its scene."""
    for here in explore(story).moves:
        if scene := story.scene(here.place):
            yield here, scene


def texts_at(story: Scenario, here: Here) -> list[str]:
    """What can be chosen, or is rated, at a position."""
    scene = story.scene(here.place)
    if isinstance(scene, RateScene):
        return [action.text for action in scene.actions]
    return [one.text for one in offered(story, here) if isinstance(one, ScenarioChoice)]


class TestCourse:
    @pytest.mark.parametrize("loaded", [REAL, TOY], ids=["real", "toy"])
    def test_every_module_has_its_quiz_scenarios_and_notebook(self, loaded: Content) -> None:
        place = ROOT if loaded is REAL else ROOT / "tests" / "course"
        for module in loaded.course.modules:
            assert module.quiz is None or module.quiz in loaded.quizzes
            assert set(module.scenarios) <= set(loaded.scenarios)
            assert (place / "modules" / f"{module.slug}.ipynb").is_file()

    def test_every_scenario_quiz_and_pledge_belongs_to_a_part(self) -> None:
        for root in (one.root for one in (*QUIZZES, *STORIES, *REAL.pledges.values())):
            assert REAL.course.module_of(root)

    @by_story
    def test_tags_come_from_the_closed_lists(self, story: Scenario) -> None:
        tags = REAL.course.tags
        assert story.role in tags.roles
        assert story.stage in tags.stages
        assert set(story.causes) <= set(tags.causes)
        assert set(story.skills) <= set(tags.skills)

    def test_a_fault_names_file_place_and_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError) as caught:
            content.load(tmp_path)
        assert "data/course.yaml, berkas tidak ada" in str(caught.value)


class TestScenarios:
    @pytest.mark.parametrize(
        ("story", "ending"), ENDINGS, ids=[f"{story.id}/{ending.id}" for story, ending in ENDINGS]
    )
    def test_every_ending_cites_rules_in_force_on_its_day(self, story: Scenario, ending: Any) -> None:
        for act in ending.rules:
            assert rule(REAL.law, act, on=story.date).in_force
        if f"{story.id}/{ending.id}" in AMBER:
            return
        for said in ending.holds:
            answer = rule(
                REAL.law,
                said.act,
                actor=said.actor,
                on=said.on or story.date,
                examined=said.examined,
                decided=said.decided,
            )
            assert answer.verdict != "belum_pasti"
            # What a change of codes brings may be told, with its caveat; only a key must not need it.
            assert "weak" not in ungraded(answer, said.claims, said.track).values(), said.act

    @by_story
    def test_lengths_fit_a_phone(self, story: Scenario) -> None:
        for here, scene in positions(story):
            said = scene.speaker.says if scene.speaker else ()
            shown = (*told(story, here, scene.narration), *said, *told(story, here, scene.after))
            assert words(*shown) <= 60, here
            if isinstance(scene, RateScene):
                assert 3 <= len(scene.actions) <= 5
            else:
                assert 3 <= len(offered(story, here)) <= 4, here
            assert all(words(text) <= 15 for text in texts_at(story, here))
        for scene in story.scenes:
            for move in scene.moves:
                assert words(move.consequence) <= 25, (scene.id, move.id)

    @by_story
    def test_options_are_of_similar_length(self, story: Scenario) -> None:
        for here, _scene in positions(story):
            lengths = [len(text) for text in texts_at(story, here)]
            assert max(lengths) <= 1.75 * min(lengths), here

    @by_story
    def test_story_has_its_size_and_each_choice_its_own_price(self, story: Scenario) -> None:
        assert 4 <= len(story.scenes) <= 6
        assert 3 <= len(story.endings) <= 4
        assert {"tepat", "sebagian", "belum"} == {ending.tone for ending in story.endings}
        brought = [move.consequence for scene in story.scenes for move in scene.moves]
        assert len(set(brought)) == len(brought)


class TestQuizzes:
    @by_item
    def test_key_rests_on_strong_claims_only(self, question: Question) -> None:
        for act in question.rules:
            assert question.on is not None
            version = REAL.law.act(act).on(question.on)
            assert version is not None
            answer = rule(REAL.law, act, on=question.on)
            assert answer.in_force
            assert answer.verdict != "belum_pasti"
            assert "act" not in question.claims or version.confidence == "strong"
            if answer.verdict != "dilarang":
                continue
            assert answer.rulings
            # A question may claim the level of one act and of another only that it is forbidden.
            said = [one for one in question.holds if one.act == act]
            claims = {claim for one in said for claim in one.claims} if said else question.claims
            for ruling in answer.rulings:
                for claim in claims:
                    assert getattr(ruling.confidence, claim) == "strong", (act, claim)
        for source in question.sources:
            assert REAL.law.sources[source].confidence == "strong"
        assert question.claims

    @by_item
    def test_item_fits_a_phone_and_answers_every_choice(self, question: Question) -> None:
        assert words(question.prompt) <= 70
        assert all(words(row.text) <= 22 for row in (*question.rows, *question.columns))
        feedback = [row.feedback for row in question.rows if isinstance(row, Choice)]
        assert len(set(feedback)) == len(feedback)
        sentences = [part for part in question.explanation.split(". ") if part]
        assert 1 <= len(sentences) <= 3
        if isinstance(question, TrueFalse):
            assert [choice.text for choice in question.choices] == ["Benar", "Salah"]
        if isinstance(question, MultipleChoice):
            assert 1 < len(question.key) < len(question.choices)

    @by_module_quiz
    def test_quiz_mixes_kinds_and_asks_for_understanding(self, quiz: Quiz) -> None:
        kinds = Counter(question.kind for question in quiz.questions)
        assert {"single_choice", "multiple_choice"} < set(kinds)
        assert kinds["true_false"] <= len(quiz.questions) // 5
        depths = Counter(question.depth for question in quiz.questions)
        assert depths["ingat"] <= len(quiz.questions) // 4

    @by_module_quiz
    def test_key_positions_are_balanced(self, quiz: Quiz) -> None:
        single = Counter(q.key[0] for q in quiz.questions if isinstance(q, SingleChoice))
        assert set(single) == set("abcd")
        assert max(single.values()) - min(single.values()) <= 1
        ticked = [q for q in quiz.questions if isinstance(q, SingleChoice | MultipleChoice)]
        everywhere = Counter(chain.from_iterable(q.key for q in ticked))
        assert max(everywhere.values()) - min(everywhere.values()) <= 2
        truths = Counter(q.key[0] for q in quiz.questions if isinstance(q, TrueFalse))
        assert abs(truths["a"] - truths["b"]) <= 1

    @by_module_quiz
    def test_length_does_not_give_the_key_away(self, quiz: Quiz) -> None:
        asked = [q for q in quiz.questions if isinstance(q, SingleChoice | MultipleChoice)]
        right = [len(c.text) for q in asked for c in q.choices if c.id in q.key]
        wrong = [len(c.text) for q in asked for c in q.choices if c.id not in q.key]
        assert 0.8 <= (sum(right) / len(right)) / (sum(wrong) / len(wrong)) <= 1.2
        single = [q for q in asked if isinstance(q, SingleChoice)]
        longest = sum(max(q.choices, key=lambda c: len(c.text)).id in q.key for q in single)
        assert longest <= len(single) // 2

    @by_quiz
    def test_every_item_with_a_rule_shows_a_citation(self, quiz: Quiz) -> None:
        cited = REAL.citations(quiz.root)
        for question in quiz.questions:
            assert [row["act"] for row in cited[question.id]] == [
                REAL.law.act(act).title for act in question.rules
            ]


class TestClaims:
    """What a learner reads leads to a source: cited by id, named as the source is, or told by a statistic."""

    def test_every_key_and_ending_says_for_a_machine_what_it_says_of_each_act(self) -> None:
        rows = [*ITEMS.values(), *(ending for _story, ending in ENDINGS)]
        for row in rows:
            assert list(dict.fromkeys(one.act for one in row.holds)) == [*row.rules], row.id

    def test_all_content_is_published(self) -> None:
        assert REAL.published() == REAL

    def test_every_source_cited_anywhere_is_there(self) -> None:
        cited = [
            *sources_in(REAL.law.model_dump(mode="json")),
            *sources_in([q.model_dump() for q in QUIZZES]),
        ]
        assert len(cited) > 500
        assert set(cited) <= set(REAL.law.sources)

    def test_every_act_and_row_of_a_table_has_an_article_or_pages_with_addresses(self) -> None:
        law = REAL.law
        rows: list[Any] = [*law.handling.points(), *law.sanctions.comparisons]
        rows += [stage for calendar in law.calendars.values() for stage in calendar.stages]
        for act in law.acts.values():
            rows += [act.model_copy(update={"versions": (one,)}) for one in act.versions if not one.silent]
        for row in rows:
            based = [*sources_in(row.model_dump(mode="json"))]
            pages = [law.references[number] for number in row.references]
            assert based or (pages and all(pages)), row
        for crime in law.crimes:
            assert crime.source in law.sources

    def test_every_instrument_prose_names_is_a_source(self) -> None:
        allowed = prose.known(content.gather(ROOT))
        assert allowed.instruments is not None
        named = {key: name for text in told_to_learners() for key, name in prose.named(text)}
        assert set(named) <= allowed.instruments, named
        assert {("PP", "94/2021"), ("SKB", "2022"), ("UU", "20/2023"), ("PP", "49/2018")} <= set(named)

    def test_every_share_and_great_number_prose_tells_is_a_statistic(self) -> None:
        rows = REAL.law.statistics
        told = {number(row.value) for row in rows}
        notes = " ".join(row.note for row in rows)
        shares = [share for text in told_to_learners() for share in prose.shares(text)]
        great = [
            one for text in told_to_learners() for one in re.findall(r"(?<!Rp)\b\d{1,3}(?:\.\d{3})+\b", text)
        ]
        assert "50,76" in shares
        assert "10.617" in great
        assert [one for one in (*shares, *great) if one not in told and one not in notes] == []


def sources_in(node: Any) -> Iterator[str]:
    """Every id under a key that names a source."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"source", "code"} and isinstance(value, str):
                yield value
            elif key == "sources" and not isinstance(value, dict):
                yield from (one for one in value if isinstance(one, str))
            yield from sources_in(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from sources_in(value)


def told_to_learners() -> list[str]:
    """Every text of quizzes, scenarios and module notebooks."""
    dumps = [one.model_dump_json() for one in (*QUIZZES, *STORIES)]
    books = [
        "".join(cell["source"])
        for path in sorted((ROOT / "modules").glob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "markdown"
    ]
    return [*dumps, *books]


class TestPromises:
    """What the course as a whole promises; `check --sentences` and `form --bots` print the figures."""

    def test_there_are_as_many_stories_and_items_as_promised(
        self, record_property: Callable[[str, object], None]
    ) -> None:
        remembering = [story for story in STORIES if story.state]
        rated = [story for story in STORIES if any(isinstance(scene, RateScene) for scene in story.scenes)]
        kinds = Counter(question.kind for question in ITEMS.values())
        record_property(
            "figures", f"{len(STORIES)}, {len(remembering)} remember, {len(rated)} rated, {kinds}"
        )
        assert (len(STORIES) >= 40, len(remembering) >= 12, len(rated) >= 8) == (True, True, True)
        assert kinds.total() >= 240
        assert kinds["true_false"] <= kinds.total() / 10
        assert {*get_args(items.Kind)} - {"written"} <= {*kinds}

    def test_every_promised_cell_is_covered(self) -> None:
        assert covered(REAL.course, REAL.law, STORIES, QUIZZES, []).holes == ()

    def test_sentences_are_as_short_as_promised(self) -> None:
        found = check.sentences(content.gather(ROOT))
        assert [one.module for one in found] == [module.slug for module in REAL.course.modules]
        assert max(one.mean for one in found) <= 16
        assert max(one.longest for one in found) <= 30


class TestExam:
    """The real exam: what is drawn, and what bots that know nothing make of it."""

    EXAM = REAL.quizzes["10-ujian-akhir"]
    SEEDS = range(200)

    def test_each_drawn_exam_meets_its_blueprint_is_its_own_and_comes_back_from_its_seed(self) -> None:
        drawn = [forms.form(self.EXAM, seed) for seed in self.SEEDS]
        for names in drawn:
            taken = Counter((q.topic, q.depth) for q in map(self.EXAM.question, names))
            assert taken == {(row.topic, row.depth): row.count for row in self.EXAM.draw}
        assert len({frozenset(names) for names in drawn}) == len(drawn)
        again = content.load(ROOT).quizzes[self.EXAM.id]
        assert drawn == [forms.form(again, seed) for seed in self.SEEDS]
        assert {row.topic for row in self.EXAM.draw} == {module.slug for module in MODULES}

    def test_who_knows_nothing_does_not_pass_and_the_expert_is_never_wrong(
        self, record_property: Callable[[str, object], None]
    ) -> None:
        marks = sitters.sat(self.EXAM, self.SEEDS)
        record_property("bots", sitters.figures(marks))
        mean = {bot: sum(found) / len(found) for bot, found in marks.items()}
        assert mean["guesser"] <= 30
        assert mean["longest"] <= 40
        assert mean["sure_wrong"] < mean["guesser"]
        assert min(marks["expert"]) == 100

    def test_the_pre_test_mirrors_the_topics_and_depths_and_shares_no_item(self) -> None:
        before = REAL.quizzes["00-sebelum-mulai"]
        asked = Counter((q.topic, q.depth) for q in before.questions)
        assert asked == {(m.slug, depth): 1 for m in MODULES for depth in REAL.course.tags.depths}
        assert not {q.prompt for q in before.questions} & {q.prompt for q in self.EXAM.questions}
        assert (before.counts, before.attempts, before.feedback) == ("first", 1, "none")


class TestNotebooks:
    @pytest.mark.parametrize("module", REAL.course.modules, ids=lambda module: module.slug)
    def test_notebook_is_prose_and_one_call_cells(self, module: Any) -> None:
        book = json.loads((ROOT / "modules" / f"{module.slug}.ipynb").read_text(encoding="utf-8"))
        assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
        assert book["metadata"]["title"] == module.title
        assert book["metadata"]["kernelspec"]["name"] == "python3"
        ids = [cell["id"] for cell in book["cells"]]
        prefix = f"m{module.slug[:2]}-"
        assert ids == [f"{prefix}{n:02d}" for n in range(1, len(ids) + 1)]
        code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
        assert code[0].startswith("from netralitas import ")
        assert all("\n" not in source for source in code)
        calls = [f'{kind}("{slug}")' for kind, _slash, slug in (root.partition("/") for root in module.roots)]
        assert [source for source in code[1:] if not source.startswith(("figure(", "cek("))] == calls
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in book["cells"])

    @pytest.mark.parametrize("module", REAL.course.modules, ids=lambda module: module.slug)
    def test_page_opens_with_one_title_and_holds_its_boxes(self, module: Any) -> None:
        book = json.loads((ROOT / "modules" / f"{module.slug}.ipynb").read_text(encoding="utf-8"))
        prose = "\n".join("".join(c["source"]) for c in book["cells"] if c["cell_type"] == "markdown")
        heads = [line for line in prose.splitlines() if line.startswith("#")]
        assert heads[0] == f"# {module.title}"
        assert all(line.startswith("## ") for line in heads[1:])
        boxes = ("Kata aturan", "Yang sering keliru", "Yang belum pasti", "Satu hal untuk besok")
        for box in boxes if module.part == "module" else ():
            assert f"{box}</b>" in prose
        assert prose.count("<aside") == prose.count("</aside>")
