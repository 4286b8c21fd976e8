"""The course: its parts in order, closed lists of tags, the completion rule (`data/course.yaml`).

Pure. The order of the entries is the order of learning; the slug of a module is the name of its
notebook and of its quiz.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from .model import Slug, Text, Value

Part = Literal["pretest", "module", "pledge", "exam"]
"""What a part of the course is for: where one begins, what one learns, what one promises, what one can."""


class Module(Value):
    """One part of the course: `modules/<slug>.ipynb`, its scenarios, its quiz, its pledge.

    `minutes` is the time an ordinary learner needs; `required` counts it for the course; `pass_mark` stands
    where the part has another than the course. An exam opens when every required module is completed.
    """

    slug: Slug
    title: Text
    summary: Text
    minutes: int = Field(gt=0, le=120)
    scenarios: tuple[Slug, ...] = ()
    quiz: Slug | None = None
    pledge: Slug | None = None
    part: Part = "module"
    pass_mark: int | None = Field(default=None, ge=0, le=100)
    required: bool = True

    @model_validator(mode="after")
    def _no_name_twice(self) -> Self:
        if self.pledge in self.scenarios:
            raise ValueError(f"ikrar '{self.pledge}' bernama seperti sebuah skenario. Beri nama lain.")
        return self

    @property
    def roots(self) -> tuple[str, ...]:
        """The root objects of the part, in the order they are met: scenarios, quiz, pledge."""
        told = [f"scenario/{slug}" for slug in self.scenarios]
        told += [f"quiz/{self.quiz}"] if self.quiz else []
        return (*told, f"pledge/{self.pledge}") if self.pledge else (*told,)


class EarlierRule(Value):
    """A version that was in force from `start` until the next; `renewed`: it asked people to pass again."""

    version: Text
    start: date
    renewed: bool = False


class Renewal(Value):
    """What asks for something to be done again: the version of the rule, and why in words for who does it."""

    version: Text
    because: Text | None = None


class CompletionRule(Value):
    """When a part is selesai: each scenario and pledge ended once, the counted quiz mark at `pass_mark`.

    `version` is kept with every completion, so that a later rule never rewrites an earlier result. From
    `start` on, who completed one of `renews` under an earlier version has to pass it again; `because` says
    why (a law that changed, an election that begins) and is read by learners. `earlier` are the versions
    before, oldest first.
    """

    version: Text
    start: date
    pass_mark: int = Field(ge=0, le=100)
    renews: tuple[Slug, ...] = ()
    because: Text | None = None
    earlier: tuple[EarlierRule, ...] = ()

    def counting(self, day: date) -> tuple[str, ...] | None:
        """Return the versions whose completions count on a day, None for all: none has to be renewed yet."""
        versions = [(rule.version, rule.start, rule.renewed) for rule in self.earlier]
        versions.append((self.version, self.start, bool(self.renews)))
        known = [one for one in versions if one[1] <= day]
        last = max((number for number, one in enumerate(known) if one[2]), default=None)
        return None if last is None else tuple(version for version, _start, _renewed in known[last:])


class Tags(Value):
    """The closed lists items may be tagged with."""

    roles: tuple[Slug | str, ...]
    stages: tuple[str, ...]
    depths: tuple[str, ...]
    causes: tuple[str, ...]
    skills: tuple[str, ...]


class PostClass(Value):
    """A class of jabatan for reports; `words` map what a roster writes onto it."""

    id: str
    title: Text
    words: tuple[str, ...] = ()


class Course(Value):
    """The whole course."""

    format_version: Literal[1]
    version: Text
    title: Text
    completion: CompletionRule
    tags: Tags
    posts: tuple[PostClass, ...]
    modules: tuple[Module, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_slug_twice(self) -> Self:
        slugs = [module.slug for module in self.modules]
        if len(set(slugs)) < len(slugs):
            raise ValueError("slug modul dipakai dua kali")
        return self

    def module(self, slug: str) -> Module:
        """Return the module of that slug. Raises KeyError."""
        for module in self.modules:
            if module.slug == slug:
                return module
        raise KeyError(slug)

    def module_of(self, root: str) -> Module:
        """Return the part a root object (`quiz/<slug>`, `scenario/<slug>`, …) belongs to. Raises KeyError."""
        return self._by_root[root]

    @cached_property
    def _by_root(self) -> dict[str, Module]:
        # Asked several times an event.
        return {root: module for module in reversed(self.modules) for root in module.roots}

    def renewal(self, root: str) -> Renewal | None:
        """Return what asks for a root object to be done again, None where what was done stands."""
        rule = self.completion
        if not any(root in module.roots for module in self.modules if module.slug in rule.renews):
            return None
        return Renewal(version=rule.version, because=rule.because)

    def pass_mark(self, root: str) -> int:
        """Return the mark from which on a root object counts as passed: its part's, else the course's."""
        own = next((module.pass_mark for module in self.modules if root in module.roots), None)
        return self.completion.pass_mark if own is None else own

    def post_class(self, jabatan: str) -> str:
        """Return the closed class of a roster's jabatan, `lainnya` where no word fits."""
        text = f" {jabatan.casefold()} "
        best = max(
            (
                (len(word), post.id)
                for post in self.posts
                for word in post.words
                if f" {word.casefold()} " in text.replace(",", " ").replace("(", " ")
            ),
            default=(0, "lainnya"),
        )
        return best[1]
