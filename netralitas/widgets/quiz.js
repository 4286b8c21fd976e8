// A quiz, one question at a time. Which answered question is still on the screen is this page's own matter; all the
// rest is in `view` (netralitas/quizzes.py says what it holds).
// Sends: open, answer {item, answer}, draft {item, answer}.

/** Sign, words and tone of a verdict. */
function verdictOf(question) {
  return {
    benar: ["✓", t("Tepat"), "good"],
    sebagian: ["!", t("Sebagian tepat"), "warn"],
    belum: ["✕", t("Belum tepat"), "bad"],
  }[question.verdict];
}

/** The choices after the answer: which were ticked, which are right, and what each is told. */
function judgedChoices(question) {
  const told = Object.fromEntries(question.feedback.map((row) => [row.id, row.text]));
  return question.choices.map((choice) => {
    const mine = question.answer.includes(choice.id);
    const right = question.key.includes(choice.id);
    const tags = [
      mine && h("span", { class: "tag" }, !right && sign("✕"), t("jawaban Anda")),
      right && h("span", { class: "tag good" }, sign("✓"), t("yang tepat")),
    ];
    return h(
      "li",
      { class: mine || right ? "judged" : "judged rest" },
      (mine || right) && h("p", { class: "tags" }, tags),
      h("p", null, rich(choice.text)),
      told[choice.id] && h("p", { class: "told" }, rich(told[choice.id])),
    );
  });
}

/** What there is to learn from an answered question. */
function lesson(question) {
  return [
    h("ul", { class: "plain", "aria-label": t("Pilihan dan tanggapannya") }, judgedChoices(question)),
    ruleFrame(question.citations),
  ];
}

/** One line of the result; opened it shows the whole question again. */
function reviewed(question, index) {
  const [mark, word, tone] = verdictOf(question);
  return h(
    "li",
    null,
    h(
      "details",
      null,
      h(
        "summary",
        null,
        h("span", { class: `dot ${tone}`, "aria-hidden": "true" }, mark),
        h(
          "span",
          null,
          h("b", null, tf("Soal {number}", { number: index + 1 }), " · ", word),
          h("span", { class: "clip" }, rich(question.prompt)),
        ),
      ),
      h("p", null, rich(question.explanation)),
      lesson(question),
    ),
  );
}

export default {
  render({ model, el }) {
    const box = outbox(model);
    const page = stage(el, model);
    let attempt = null; // the attempt `current` belongs to
    let current = null; // id of the question on the screen, null: the result
    let cards = null; // the choices on the screen, null: nothing to tick

    const firstOpen = (view) => (view.questions.find((question) => !question.answer) || { id: null }).id;
    const opener = (label, quiet) => sendButton({ box, page, label, quiet, press: () => box.post("open", {}) }).nodes;

    function drawNew(view) {
      const values = { items: view.items, minutes: Math.ceil(view.items * 0.6), mark: view.pass_mark };
      const size = tf("{items} soal · kira-kira {minutes} menit · lulus bila nilai {mark} ke atas", values);
      return [
        titled(page, view.title),
        h("p", { class: "soft" }, size),
        h("p", null, t("Setiap jawaban langsung ditanggapi. Anda boleh mencoba lagi; nilai terbaik yang dihitung.")),
        opener(t("Mulai kuis")),
      ];
    }

    function progress(view, attrs) {
      const number = view.questions.findIndex((question) => question.id === current) + 1;
      const values = { number, items: view.questions.length, done: view.position };
      const words = tf("{done} dari {items} soal dijawab", values);
      return [
        titled(page, view.title),
        h("div", { class: "place" }, h("h3", attrs, tf("Soal {number} dari {items}", values))),
        meter(view.position, view.questions.length, t("Kemajuan kuis"), words),
      ];
    }

    function drawQuestion(view, question) {
      const many = question.kind === "multiple_choice";
      const send = sendButton({
        box,
        page,
        label: t("Kirim jawaban"),
        press() {
          const answer = cards.chosen();
          if (answer.length) return box.post("answer", { item: question.id, answer });
          return many ? t("Pilih paling sedikit satu jawaban dulu.") : t("Pilih satu jawaban dulu.");
        },
      });
      cards = optionCards({
        id: page.id,
        many,
        legend: question.prompt,
        choices: question.choices,
        locked: box.pending,
        onChange(answer) {
          send.clear();
          box.draft({ item: question.id, answer });
        },
      });
      // The heading is short, so a screen reader is told the question with it.
      const attrs = { tabindex: "-1", "data-lead": true, "aria-describedby": page.id + "-legend" };
      return [progress(view, attrs), cards.node, send.nodes];
    }

    function drawVerdict(view, question) {
      const [mark, word, tone] = verdictOf(question);
      const last = firstOpen(view) === null;
      const next = () => {
        current = firstOpen(view);
        draw();
      };
      return [
        progress(view),
        h("p", { class: "asked" }, rich(question.prompt)),
        h("div", { class: `say ${tone}` }, lead("h4", {}, sign(mark), word), h("p", null, rich(question.explanation))),
        lesson(question),
        h("button", { type: "button", class: "btn", onclick: next }, last ? t("Lihat hasil") : t("Soal berikutnya")),
      ];
    }

    function drawResult(view) {
      const passed = view.mark >= view.pass_mark;
      const ever = view.best >= view.pass_mark;
      const values = { mark: view.mark, pass: view.pass_mark, best: view.best, attempts: view.attempts };
      const below = ever
        ? tf("Kali ini di bawah {pass}, tetapi Anda sudah lulus dengan nilai {best}.", values)
        : tf("Nilai lulus {pass}. Baca lagi soal yang belum tepat, lalu coba lagi.", values);
      return [
        titled(page, view.title),
        lead("h3", { class: "score" }, t("Nilai Anda"), " ", h("b", null, String(view.mark))),
        meter(view.mark, 100, t("Nilai"), tf("{mark} dari 100, nilai lulus {pass}", values), view.pass_mark),
        h(
          "div",
          { class: passed ? "say good" : "say warn" },
          h("h4", null, sign(passed ? "✓" : "!"), passed ? t("Lulus") : t("Belum lulus")),
          h("p", null, passed ? tf("Nilai lulus {pass}. Lanjutkan membaca di bawah.", values) : below),
        ),
        view.attempts > 1 &&
          h("p", { class: "soft" }, tf("Nilai terbaik {best} dari {attempts} percobaan.", values)),
        h("h4", null, t("Jawaban Anda")),
        h("ol", { class: "plain lines" }, view.questions.map(reviewed)),
        opener(t("Coba lagi"), ever),
      ];
    }

    function draw() {
      const view = model.get("view");
      if (!view || !view.status) return page.show("", () => h("p", { class: "soft" }, t("Menyiapkan…")));
      if (view.attempt !== attempt) {
        attempt = view.attempt;
        current = firstOpen(view);
      }
      const question = view.questions.find((one) => one.id === current);
      const answered = Boolean(question && question.answer);
      const key = [view.status === "new", attempt, question && current, answered].join("/");
      page.show(key, () => {
        cards = null;
        if (view.status === "new") return drawNew(view);
        if (!question) return drawResult(view);
        return answered ? drawVerdict(view, question) : drawQuestion(view, question);
      });
      if (cards && view.draft && view.draft.item === current) cards.tick(view.draft.answer);
    }

    draw();
    model.on("change:view", draw);
    return () => {
      model.off("change:view", draw);
      box.close();
      page.close();
    };
  },
};
