"""The promises of netralitas/scoring.py: one pure function for all kinds, with its partial credit stated."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import items
from netralitas.items import STEPS, Question
from netralitas.scoring import fault, key_reply, number, score, settled, tally, written_number
from tests.kinds import ANYTHING, SCORED, base, questions, replies, rows

by_kind = pytest.mark.parametrize("kind", SCORED)
BLANKS: tuple[Any, ...] = ((), {}, "", "   ")


def rating(*steps: int) -> Question:
    letters = "abcdefgh"[: len(steps)]
    raw = {"options": rows(letters), "key": dict(zip(letters, steps, strict=True))}
    found: Question = items.item(base("k01", "rating") | raw)
    return found


def of(kind: str, **fields: Any) -> Question:
    found: Question = items.item(base("k01", kind) | fields)
    return found


class TestEveryKind:
    @given(questions(), ANYTHING)
    def test_whatever_is_sent_scores_between_0_and_1_and_never_raises(
        self, question: Question, answer: Any
    ) -> None:
        points = score(question, answer)
        assert 0.0 <= points <= 1.0
        assert points == round(points, 4)
        assert isinstance(fault(question, answer), str)

    @by_kind
    @given(st.data())
    def test_a_blank_scores_0_and_the_key_1(self, kind: str, data: st.DataObject) -> None:
        question = data.draw(questions(kind=kind))
        assert score(question, key_reply(question)) == 1.0
        assert [score(question, blank) for blank in BLANKS] == [0.0] * 4
        assert fault(question, key_reply(question)) == ""
        assert all(fault(question, blank) for blank in BLANKS)

    @by_kind
    @given(st.data())
    def test_what_the_page_sends_fits_and_settling_changes_no_score(
        self, kind: str, data: st.DataObject
    ) -> None:
        question = data.draw(questions(kind=kind))
        answer = data.draw(replies(question))
        assert fault(question, answer) == ""
        stands = settled(question, answer)
        assert score(question, stands) == score(question, answer)
        assert settled(question, stands) == stands

    @by_kind
    @given(st.data())
    def test_the_order_of_options_and_keys_never_matters(self, kind: str, data: st.DataObject) -> None:
        question = data.draw(questions(kind=kind))
        raw = question.model_dump(mode="json")
        for name in ("choices", "left", "right", "entries", "categories", "options"):
            if name in raw:
                raw[name] = data.draw(st.permutations(raw[name]))
        if isinstance(raw["key"], dict):
            raw["key"] = dict(data.draw(st.permutations(list(raw["key"].items()))))
        elif kind != "ordering" and isinstance(raw["key"], list):
            raw["key"] = data.draw(st.permutations(raw["key"]))
        if kind == "matching":  # the left side's order decides which ids would spell the key
            raw["left"] = question.model_dump(mode="json")["left"]
        other = items.item(raw)
        answer = data.draw(replies(question))
        again: Any = answer
        if isinstance(answer, dict):
            again = dict(data.draw(st.permutations(list(answer.items()))))
        elif isinstance(answer, tuple) and kind != "ordering":
            again = tuple(data.draw(st.permutations(answer)))
        assert score(other, again) == score(question, answer)

    @by_kind
    @given(st.data())
    def test_one_more_part_right_never_scores_less(self, kind: str, data: st.DataObject) -> None:
        question: Any = data.draw(questions(kind=kind))
        answer = data.draw(replies(question))
        key = key_reply(question)
        better: Any = answer
        if isinstance(key, dict) and isinstance(answer, dict):
            row = data.draw(st.sampled_from(sorted(key)))
            better = answer | {row: key[row]}
        elif kind == "ordering":
            # Two neighbours that stand the wrong way round are turned.
            places = [question.key.index(name) for name in answer]
            wrong = [n for n in range(len(places) - 1) if places[n] > places[n + 1]]
            if wrong:
                at = data.draw(st.sampled_from(wrong))
                better = (*answer[:at], answer[at + 1], answer[at], *answer[at + 2 :])
                assert score(question, better) > score(question, answer)
        elif kind == "multiple_choice":
            better = tuple({*answer, data.draw(st.sampled_from(question.key))})
        else:
            better = key
        assert score(question, better) >= score(question, answer)

    @by_kind
    @given(st.data())
    def test_unknown_letters_rows_and_columns_earn_nothing_and_are_no_answer(
        self, kind: str, data: st.DataObject
    ) -> None:
        question = data.draw(questions(kind=kind))
        key = key_reply(question)
        if isinstance(key, tuple):
            assert fault(question, (*key, "z"))
            assert fault(question, (*key, key[0]))
            assert score(question, ("z",)) == 0.0
            assert score(question, (*key, "z")) <= 1.0
        elif isinstance(key, dict):
            first = next(iter(key))
            assert fault(question, key | {"z": "1"})
            assert fault(question, key | {first: "lain"})
            assert fault(question, {first: key[first]})
            assert score(question, dict.fromkeys(key, "lain")) == 0.0
            assert score(question, key | {"z": "1"}) == 1.0
        assert fault(question, ({"a": "1"} if isinstance(key, str) else "bukan")) != ""

    def test_a_written_case_is_never_scored_and_never_answered(self) -> None:
        criteria = [{"text": "Menyebut bukti", "points": 2}]
        case = of("written", criteria=criteria, model_answer="Contoh.")
        assert [score(case, blank) for blank in (*BLANKS, "Contoh.")] == [0.0] * 5
        assert fault(case, "Contoh.") == "soal ini dinilai orang"
        assert not case.scored


class TestPlaces:
    KEY = {"a": "3", "b": "1", "c": "2", "d": "4"}  # noqa: RUF012
    MATCH = of(
        "matching",
        left=rows("abcd"),
        right=[{"id": x, "text": x} for x in "12345"],
        key=KEY,
    )

    @pytest.mark.parametrize(
        ("change", "points", "right"),
        [({}, 1.0, 4), ({"d": "5"}, 0.75, 3), ({"a": "1", "b": "3"}, 0.5, 2), ({"z": "1"}, 1.0, 4)],
    )
    def test_matching_pays_the_share_of_right_rows(
        self, change: dict[str, str], points: float, right: int
    ) -> None:
        assert score(self.MATCH, self.KEY | change) == points
        assert tally(self.MATCH, self.KEY | change) == (right, 4)

    def test_ordering_pays_pairs_in_order_and_nothing_for_the_reverse(self) -> None:
        question = of("ordering", entries=rows("abcd", feedback=False), key=["b", "a", "c", "d"])
        assert score(question, ("d", "c", "a", "b")) == 0.0
        assert score(question, ("a", "b", "c", "d")) == 0.8333
        assert score(question, ("b", "a")) == 0.1667
        assert tally(question, ("a", "b", "c", "d")) == (2, 4)
        zeros = [p for p in permutations("abcd") if score(question, p) == 0]
        assert zeros == [("d", "c", "a", "b")]


class TestRating:
    @pytest.mark.parametrize("size", [2, 3, 4])
    def test_guessing_earns_a_quarter_at_most_in_expectation(self, size: int) -> None:
        """Exact: every key against every answer that rates each option at random."""
        for key in product((1, 2), repeat=size):  # 3 and 4 are 2 and 1 seen from the other end
            question = rating(*key)
            answers = [dict(zip("abcdefgh", row, strict=False)) for row in product(STEPS, repeat=size)]
            total = sum(Fraction(str(score(question, answer))) for answer in answers)
            assert total / len(answers) <= Fraction(1, 4)

    @given(st.lists(st.integers(1, 4), min_size=2, max_size=8), st.data())
    def test_nearer_to_the_experts_never_scores_less(self, key: list[int], data: st.DataObject) -> None:
        question: Any = rating(*key)
        answer = dict(data.draw(replies(question)))  # type: ignore[call-overload]
        row = data.draw(st.sampled_from(sorted(answer)))
        far = int(answer[row]) - question.key[row]
        nearer = answer | {row: str(int(answer[row]) - (far > 0) + (far < 0))}
        assert score(question, nearer) >= score(question, answer)

    @pytest.mark.parametrize(
        ("answer", "points"), [("14", 1.0), ("13", 0.6667), ("23", 0.3333), ("12", 0.3333), ("41", 0.0)]
    )
    def test_what_counts_is_how_much_nearer_than_blind_guessing(self, answer: str, points: float) -> None:
        assert score(rating(1, 4), dict(zip("ab", answer, strict=True))) == points


class TestNumber:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1588", "1588"),
            ("1.588", "1588"),
            ("1.588,5", "1588.5"),
            ("12.345.678", "12345678"),
            ("0,5", "0.5"),
            ("0.5", "0.5"),
            ("0.588", "0.588"),
            ("12.75", "12.75"),
            ("-3", "-3"),
            ("\u22123", "-3"),
            ("+3", "3"),
            (" 1 588 ", "1588"),
            ("1\u00a0588", "1588"),
            ("１５", "15"),
            ("1588 orang", "1588"),
            ("007", "7"),
        ],
    )
    def test_a_number_is_read_as_indonesians_write_it(self, text: str, value: str) -> None:
        assert number(text, "orang") == Decimal(value)

    @pytest.mark.parametrize(
        "text",
        ["", " ", "abc", "1,5,5", "1.2.3", "1,588.5", "1.588.5", "1e3", "nan", "inf", "--3", "3-", "٣",
         "1" * 41, ",5", "5,", "0x10", "1_000", "1588 rupiah", "orang"],
    )  # fmt: skip
    def test_what_is_no_number_is_none(self, text: str) -> None:
        assert number(text, "orang") is None

    @given(st.integers(-(10**12), 10**12))
    def test_what_we_write_we_read(self, cents: int) -> None:
        assert number(written_number(cents / 100)) == Decimal(str(cents / 100))

    @pytest.mark.parametrize(
        ("text", "points"), [("30,4", 1), ("30,9", 1), ("29,9", 1), ("30,91", 0), ("30.4", 1), ("304", 0)]
    )
    def test_it_is_right_within_the_tolerance_to_the_last_digit(self, text: str, points: float) -> None:
        assert score(of("number", key=30.4, tolerance=0.5), text) == points


class TestShortText:
    QUESTION = of("short_text", key=["PP Nomor 94 Tahun 2021", "PP 94/2021"], half=["PP 94"])

    @pytest.mark.parametrize(
        ("text", "points"),
        [
            ("PP 94/2021", 1.0),
            ("  pp   94 – 2021. ", 1.0),
            ("pp nomor 94 tahun 2021", 1.0),
            ("ＰＰ 94/2021", 1.0),
            ("Pp. 94", 0.5),
            ("PP 53/2010", 0.0),
            ("94", 0.0),
            ("...", 0.0),
            ("PP 94/2021 " + " " * 120, 0.0),
        ],
    )
    def test_case_width_spaces_and_punctuation_do_not_count(self, text: str, points: float) -> None:
        assert score(self.QUESTION, text) == points
