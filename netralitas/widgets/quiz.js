// A quiz, one question at a time. Which answered question is still on the screen is this page's own matter; all the
// rest is in `view` (netralitas/quizzes.py says what it holds). What a question is filled in with stands in fields.js.
// Sends: open, answer {item, answer, certainty}, submit, write {item, text}, draft {item, answer, certainty} and
// {item, text}.

/** Sign, words and tone of a verdict. */
function verdictOf(question) {
  return (
    {
      benar: ["✓", t("Tepat"), "good"],
      sebagian: ["!", t("Sebagian tepat"), "warn"],
      belum: ["✕", t("Belum tepat"), "bad"],
    }[question.verdict] || ["–", t("Tidak dijawab"), ""]
  );
}

const mineTag = (right, words) => h("span", { class: right ? "tag good" : "tag" }, sign(right ? "✓" : "✕"), words);
const keyTag = (words) => h("span", { class: "tag good" }, sign("✓"), words);

/** One judged part: its tags, its text (the text first where `above`), and what it is told. */
function judged(tags, text, told, { rest, above } = {}) {
  const words = h("p", null, text);
  const row = tags && h("p", { class: "tags" }, tags);
  return h(
    "li",
    { class: rest ? "judged rest" : "judged" },
    above ? [words, row] : [row, words],
    told && h("p", { class: "told" }, rich(told)),
  );
}

/** The choices after the answer: which were ticked, which are right, and what each is told. */
function judgedChoices(question, told) {
  return question.choices.map((choice) => {
    const mine = question.answer.includes(choice.id);
    const right = question.key.includes(choice.id);
    const tags = [
      mine && h("span", { class: "tag" }, !right && sign("✕"), t("jawaban Anda")),
      right && keyTag(t("yang tepat")),
    ];
    return judged((mine || right) && tags, rich(choice.text), told[choice.id], { rest: !mine && !right });
  });
}

/** The rows after the answer: where each was put, where it belongs. */
function judgedRows(question, told) {
  const names = Object.fromEntries((question.columns || steps()).map((one) => [one.id, one.text]));
  return question.rows.map((row) => {
    const [mine, key] = [question.answer[row.id], question.key[row.id]];
    const tags = [
      mine && mineTag(mine === key, tf("Anda: {text}", { text: names[mine] })),
      mine !== key && keyTag(tf("yang tepat: {text}", { text: names[key] })),
    ];
    return judged(tags, rich(row.text), told[row.id], { above: true });
  });
}

/** The right order, and where the learner had put each entry. */
function judgedOrder(question) {
  const texts = Object.fromEntries(question.rows.map((row) => [row.id, row.text]));
  return question.key.map((name, index) => {
    const at = question.answer.indexOf(name);
    const tag = at >= 0 && mineTag(at === index, tf("Anda: urutan {n}", { n: at + 1 }));
    return judged(tag, rich(texts[name]), null, { above: true });
  });
}

/** What was typed, and what would have been right. */
function judgedLine(question) {
  const right = question.verdict === "benar";
  const unit = question.unit ? ` ${question.unit}` : "";
  const key = Array.isArray(question.key) ? question.key.join("; ") : question.key + unit;
  const near = question.tolerance && tf("Selisih sampai {n} masih tepat.", { n: question.tolerance });
  const gone = { deleted: t("jawaban sudah dihapus"), changed: t("soal ini dulu berbentuk lain") };
  return [
    judged(mineTag(right, t("jawaban Anda")), gone[question.answer.gone] || question.answer),
    judged(keyTag(t("yang tepat")), key, near),
  ];
}

/** What there is to learn from an answered question. */
function lesson(question) {
  const told = Object.fromEntries(question.feedback.map((row) => [row.id, row.text]));
  const ordered = question.kind === "ordering";
  const rows = ordered
    ? judgedOrder(question)
    : RATED.includes(question.kind)
      ? judgedRows(question, told)
      : question.choices
        ? judgedChoices(question, told)
        : judgedLine(question);
  const attrs = { class: "plain", "aria-label": t("Pilihan dan tanggapannya") };
  return [h(ordered ? "ol" : "ul", attrs, rows), ruleFrame(question.citations)];
}

/** Partial credit and certainty in words. */
function credit(question) {
  const { right, certainty, verdict, score } = question;
  const unsure = certainty && certainty !== "yakin" && verdict === "benar";
  const lines = [
    right && verdict !== "benar" && tf("{n} dari {of} tepat.", right),
    verdict !== "belum" && score < 1 && tf("Nilai soal ini {points} dari 1.", { points: decimal(score) }),
    certainty === "yakin" && verdict !== "benar" && t("Anda yakin, tetapi belum tepat. Bacalah pelan-pelan."),
    unsure && t("Anda tadi belum yakin. Jawaban Anda tepat."),
    question.changed && t("Soal ini berubah sesudah Anda menjawab. Nilainya tetap menurut soal yang lama."),
  ];
  const told = lines.filter(Boolean).join(" ");
  return told && h("p", null, told);
}

const decimal = (number) => String(Math.round(number * 100) / 100).replace(".", ",");

/** One line of the result; opened it shows the whole question again. */
function reviewed(question, index, report) {
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
      question.verdict && [h("p", null, rich(question.explanation)), credit(question), lesson(question)],
      report(question.id),
    ),
  );
}

/** Why a mark is not the one the learner saw first. */
function anew(one) {
  const values = { ...one, moment: moment(one.at) };
  const told = {
    regrade: tf("Nilai percobaan {attempt} dihitung ulang pada {moment}: dari {was} menjadi {mark}.", values),
    override: tf("Pelatih mengubah nilai percobaan {attempt} pada {moment}: dari {was} menjadi {mark}.", values),
    undo: tf("Perubahan nilai percobaan {attempt} dibatalkan pada {moment}: dari {was} menjadi {mark}.", values),
  };
  return h(
    "div",
    { class: "say" },
    h("h4", null, one.kind === "regrade" ? t("Nilai dihitung ulang") : t("Nilai diubah")),
    h("p", null, told[one.kind], " ", tf("Alasannya: {reason}", { reason: one.reason || t("alasan sudah dihapus") })),
    one.mark < one.was && h("p", null, t("Modul yang sudah selesai tetap selesai.")),
  );
}

const points = (row) => tf("{n} poin", { n: row.points });

/** What an answer does that earns so many points. */
const levelsOf = ({ levels }) =>
  levels &&
  h(
    "ul",
    { class: "soft" },
    levels.map((row) => h("li", null, h("b", null, points(row)), ": ", rich(row.text))),
  );

/** What a written case asks and how it is marked. */
const asksOf = (one) => [
  h("p", null, rich(one.prompt)),
  h("p", { class: "soft" }, t("Yang dinilai:")),
  h(
    "ul",
    null,
    one.criteria.map((row) => h("li", null, rich(row.text), " · ", points(row), levelsOf(row))),
  ),
];

/** A written case that was sent: what was written, and an answer to compare it with. */
const sentCase = (one) =>
  h(
    "details",
    { class: "case" },
    h("summary", null, h("span", { class: "dot good", "aria-hidden": "true" }, "✓"), t("Studi kasus, terkirim")),
    asksOf(one),
    h("h4", null, t("Jawaban Anda")),
    (one.text || t("Jawaban sudah dihapus.")).split(/\n+/).map((line) => h("p", null, line)),
    h("h4", null, t("Contoh jawaban")),
    h("p", null, rich(one.model_answer)),
    h("p", { class: "soft" }, t("Pelatih membaca jawaban ini. Nilai dan komentarnya tampil di halaman Hasil.")),
  );

const LONGEST_CASE = 20_000; // record.LONGEST_TYPED

/** How the quiz is sat, in a few sentences. */
function manners({ settings, left }) {
  const percent = Math.round((settings.penalty ?? 0) * 100);
  const feedback = {
    after_submit: t("Tanggapan tampil setelah soal terakhir dijawab."),
    none: t("Yang tampil di akhir hanya nilainya, tanpa pembahasan."),
    tries: tf("Tiap soal boleh dicoba {tries} kali. Tiap kali belum tepat, nilai soal itu berkurang {percent} %.", {
      tries: settings.tries,
      percent,
    }),
  };
  const again = {
    last: t("Anda boleh mencoba lagi; nilai terakhir yang dihitung."),
    first: t("Anda boleh mencoba lagi; nilai pertama yang dihitung."),
  };
  const counted = settings.attempts === 1 ? t("Kuis ini dikerjakan satu kali.") : again[settings.counts];
  const time = settings.forced
    ? tf("Waktunya {minutes} menit. Sesudah itu kuis ditutup; soal yang belum dijawab bernilai 0.", settings)
    : tf("Waktu yang disarankan {minutes} menit; Anda boleh lebih lama.", settings);
  return [
    feedback[settings.feedback] || t("Setiap jawaban langsung ditanggapi."),
    counted || t("Anda boleh mencoba lagi; nilai terbaik yang dihitung."),
    settings.attempts > 1 && tf("Sisa percobaan: {left}.", { left }),
    settings.minutes && time,
  ];
}

export default {
  render({ model, el }) {
    const box = outbox(model);
    const page = stage(el, model);
    let attempt = null; // the attempt `current` belongs to
    let current = null; // id of the question on the screen, null: the result
    let field = null; // what the question on the screen is filled in with, null: nothing to fill in
    let timer = 0;
    const typed = new Map(); // what is typed for each written case, newer than its draft

    const firstOpen = (view) =>
      view.status === "finished" ? null : (view.questions.find((question) => !question.answer) || { id: null }).id;
    const opener = (label, quiet, kind = "open", beside = false) =>
      sendButton({ box, page, label, quiet, beside, press: () => box.post(kind, {}) }).nodes;
    const report = (part) => reportLink(model, el, part, t("Laporkan soal ini"));
    const past = (at) => Boolean(at) && Date.now() > Date.parse(at);

    function drawNew(view) {
      const minutes = view.settings.minutes || Math.ceil(view.items * 0.6);
      const values = { items: view.items, minutes, mark: view.pass_mark };
      const size = view.pass_mark
        ? tf("{items} soal · kira-kira {minutes} menit · lulus bila nilai {mark} ke atas", values)
        : tf("{items} soal · kira-kira {minutes} menit · tanpa nilai lulus", values);
      return [
        titled(page, view.title),
        h("p", { class: "soft" }, size),
        h("p", null, manners(view).filter(Boolean).join(" ")),
        opener(t("Mulai kuis")),
      ];
    }

    function progress(view, attrs) {
      const number = view.questions.findIndex((question) => question.id === current) + 1;
      const values = { number, items: view.questions.length, done: view.position };
      const words = tf("{done} dari {items} soal dijawab", values);
      const until = view.ends_at && tf("Waktu sampai {moment}", { moment: moment(view.ends_at) });
      return [
        titled(page, view.title),
        h("div", { class: "place" }, h("h3", attrs, tf("Soal {number} dari {items}", values))),
        meter(view.position, view.questions.length, t("Kemajuan kuis"), words),
        until && h("p", { class: "soft" }, until),
      ];
    }

    /** What the last try told. */
    function tried({ tries }, percent) {
      if (!tries) return null;
      const values = { left: tries.left, percent };
      const rest = tf("Masih {left} kesempatan. Nilai soal ini sudah berkurang {percent} %.", values);
      const [mark, word] = verdictOf(tries);
      return h(
        "div",
        { class: "say warn" },
        lead("h4", {}, sign(mark), word),
        h("p", null, rest),
        tries.hint && h("p", null, h("b", null, t("Petunjuk:")), " ", rich(tries.hint)),
      );
    }

    function drawQuestion(view, question) {
      const send = sendButton({
        box,
        page,
        label: t("Kirim jawaban"),
        press: () => field.hint() || box.post("answer", { item: question.id, ...field.told() }),
        onBusy: (busy) => field && field.lock(busy),
      });
      field = answerField({
        id: page.id,
        question,
        locked: box.pending,
        say: page.announce,
        onEnter: () => send.nodes[1]?.click(),
        onChange(told) {
          send.clear();
          box.draft({ item: question.id, ...told });
        },
      });
      // A draft, filled in by `draw`, is newer than the last try.
      const draft = view.draft && view.draft.item === question.id;
      if (question.tries && !draft) field.fill(question.tries);
      // The heading is short, so a screen reader is told the question with it.
      const attrs = { tabindex: "-1", "data-lead": !question.tries, "aria-describedby": page.id + "-legend" };
      const percent = question.tries && Math.round(100 * Math.min(1, view.settings.penalty * question.tries.used));
      return [progress(view, attrs), tried(question, percent), field.nodes, send.nodes, report(question.id)];
    }

    function drawVerdict(view, question) {
      const [mark, word, tone] = verdictOf(question);
      const last = firstOpen(view) === null;
      const next = () => {
        current = firstOpen(view);
        draw();
      };
      const told = [lead("h4", {}, sign(mark), word), credit(question), h("p", null, rich(question.explanation))];
      return [
        progress(view),
        h("p", { class: "asked" }, rich(question.prompt)),
        h("div", { class: `say ${tone}` }, told),
        lesson(question),
        h("button", { type: "button", class: "btn", onclick: next }, last ? t("Lihat hasil") : t("Soal berikutnya")),
        report(question.id),
      ];
    }

    /** The way to another attempt: a button, or why there is none and from when there is. */
    function again(view, ever) {
      if (view.settings.attempts === 1 && !view.left) return null;
      if (view.left === 0) return h("p", { class: "soft" }, t("Percobaan Anda sudah habis. Nilai di atas tetap berlaku."));
      const left = view.left !== null && h("p", { class: "soft" }, tf("Sisa percobaan: {left}.", view));
      if (!view.next_at || past(view.next_at)) return [left, opener(t("Coba lagi"), ever, "open", true)];
      const when = tf("Percobaan berikutnya dapat dimulai {moment}.", { moment: moment(view.next_at) });
      return [left, h("div", { class: "say" }, h("h4", null, t("Jeda dulu")), h("p", null, when))];
    }

    /** A written case still to be sent; every stroke is kept. */
    function openCase(one) {
      const id = `${page.id}-${one.id}`;
      const text = h("textarea", { id, rows: "8", maxlength: String(LONGEST_CASE), "aria-describedby": id + "-hint" });
      text.value = typed.get(one.id) ?? one.draft;
      text.addEventListener("input", () => {
        typed.set(one.id, text.value);
        send.clear();
        box.draft({ item: one.id, text: text.value });
      });
      const send = sendButton({
        box,
        page,
        label: t("Kirim jawaban kasus"),
        beside: true,
        onBusy: (busy) => (text.readOnly = busy),
        press: () => {
          if (!text.value.trim()) return t("Tulis dahulu jawaban Anda.");
          box.post("write", { item: one.id, text: text.value });
        },
      });
      const hint = t("Tersimpan otomatis selama Anda menulis. Yang sudah dikirim tidak dapat diubah.");
      return h(
        "div",
        { class: "case" },
        h("h4", null, t("Studi kasus")),
        asksOf(one),
        h(
          "div",
          { class: "field" },
          h("label", { for: id }, t("Jawaban Anda")),
          text,
          h("span", { class: "hint", id: id + "-hint" }, hint),
        ),
        send.nodes,
      );
    }

    function drawResult(view) {
      box.onChange(() => {});
      const passed = view.mark >= view.pass_mark;
      const ever = view.counted >= view.pass_mark;
      const values = { mark: view.mark, pass: view.pass_mark, best: view.counted, attempts: view.attempts };
      const below = ever
        ? tf("Kali ini di bawah {pass}, tetapi Anda sudah lulus dengan nilai {best}.", values)
        : view.left === 0
          ? tf("Nilai lulus {pass}. Baca lagi soal yang belum tepat.", values)
          : tf("Nilai lulus {pass}. Baca lagi soal yang belum tepat, lalu coba lagi.", values);
      const counted = {
        last: tf("Nilai terakhir yang dihitung: {best}.", values),
        first: tf("Nilai pertama yang dihitung: {best}.", values),
      };
      const wrong = tf("Yakin tetapi belum tepat: {sure_wrong} soal. Baca soal itu lebih dulu.", view);
      return [
        titled(page, view.title),
        lead("h3", { class: "score" }, t("Nilai Anda"), " ", h("b", null, String(view.mark))),
        view.pass_mark
          ? meter(view.mark, 100, t("Nilai"), tf("{mark} dari 100, nilai lulus {pass}", values), view.pass_mark)
          : meter(view.mark, 100, t("Nilai"), tf("{mark} dari 100", values)),
        view.pass_mark
          ? h(
              "div",
              { class: passed ? "say good" : "say warn" },
              h("h4", null, sign(passed ? "✓" : "!"), passed ? t("Lulus") : t("Belum lulus")),
              h("p", null, passed ? tf("Nilai lulus {pass}. Lanjutkan membaca di bawah.", values) : below),
            )
          : h(
              "div",
              { class: "say good" },
              h("h4", null, sign("✓"), t("Titik awal Anda sudah tercatat")),
              h("p", null, t("Nilai ini tidak menentukan kelulusan. Gunanya satu: melihat kemajuan Anda nanti.")),
            ),
        view.attempts > 1 &&
          h(
            "p",
            { class: "soft" },
            counted[view.settings.counts] || tf("Nilai terbaik {best} dari {attempts} percobaan.", values),
          ),
        view.regraded.map(anew),
        view.reopened &&
          h(
            "div",
            { class: "say good" },
            h("h4", null, sign("✓"), t("Dibuka lagi oleh pelatih")),
            h("p", null, tf("Alasannya: {reason}", { reason: view.reopened.reason ?? t("alasan sudah dihapus") })),
          ),
        view.sure_wrong > 0 && h("p", null, h("b", null, sign("!"), wrong)),
        view.settings.feedback !== "none" && [
          h("h4", null, t("Jawaban Anda")),
          h("ol", { class: "plain lines" }, view.questions.map((one, i) => reviewed(one, i, report))),
        ],
        view.cases.map((one) => (one.text === null ? openCase(one) : sentCase(one))),
        again(view, ever),
      ];
    }

    /** The forced time is over by this device's clock; the server's decides when it is told. */
    function drawOver(view) {
      const told = t("Jawaban yang sudah dikirim tetap dihitung.");
      const box_ = h("div", { class: "say warn" }, lead("h4", {}, sign("!"), t("Waktu habis")), h("p", null, told));
      return [titled(page, view.title), box_, opener(t("Lihat hasil"), false, "submit")];
    }

    function settle(view) {
      const silent = ["after_submit", "none"].includes(view.settings.feedback);
      if (view.attempt !== attempt) {
        attempt = view.attempt;
        current = firstOpen(view);
      }
      const question = view.questions.find((one) => one.id === current);
      // Nothing is told of this one now: on to the next, or to the result.
      if (question && ((question.answer && silent) || (!question.answer && view.status === "finished"))) {
        current = firstOpen(view);
        return view.questions.find((one) => one.id === current);
      }
      return question;
    }

    /** Draw again when a time this screen waits for has come; days away, the next visit will do. */
    function wake(at) {
      clearTimeout(timer);
      const wait = Date.parse(at) - Date.now() + 500;
      if (wait > 0 && wait < 86_400_000) timer = setTimeout(draw, wait);
    }

    function draw() {
      const view = model.get("view");
      if (!view || !view.status) return page.show("", () => h("p", { class: "soft" }, t("Menyiapkan…")));
      const question = settle(view);
      const told = Boolean(question && question.verdict);
      const late = Boolean(view.settings.forced) && past(view.ends_at) && !told;
      const tries = question && question.tries ? question.tries.used : 0;
      const soon = Boolean(view.next_at) && !past(view.next_at);
      const sent = (view.cases || []).filter((one) => one.text !== null).length;
      const open = Boolean(view.reopened);
      const key = [view.status, attempt, question && current, told, tries, late, soon, sent, open].join("/");
      page.show(key, () => {
        field = null;
        if (view.status === "new") return drawNew(view);
        if (late) return drawOver(view);
        if (!question) return drawResult(view);
        return told ? drawVerdict(view, question) : drawQuestion(view, question);
      });
      if (field && view.draft && view.draft.item === current) field.fill(view.draft);
      wake((view.settings.forced && view.ends_at) || view.next_at);
    }

    draw();
    model.on("change:view", draw);
    return () => {
      clearTimeout(timer);
      model.off("change:view", draw);
      box.close();
      page.close();
    };
  },
};
