// A story told like a message thread. Scene, trail and ending are in `view` (netralitas/scenarios.py says what it
// holds). Sends: open, choose {scene, choice, certainty}, rate {scene, ratings, certainty}, draft of either.

/** Somebody speaks: who, as what, and the words; each of `says` is a bubble of its own. */
function message({ name, role, says }) {
  const letter = [...name.replace(/^(Pak|Bu|Bapak|Ibu) /, "")][0];
  const face = h("span", { class: "face", "aria-hidden": "true" }, letter);
  const from = h("p", { class: "who from" }, face, h("span", null, authored(h("b", null, name), `, ${role}`)));
  return h("div", { class: "chat" }, from, says.map((words) => h("p", { class: "bubble" }, rich(words))));
}

/** When, broken between day and hour only. */
const whole = (when) => when.replace(/(\d) (\p{L}+) (\d{4})/u, "$1\u00a0$2\u00a0$3").replace(/(pukul) (\d)/, "$1\u00a0$2");

/** The four steps of a rating, and how sure one can be, in words. */
const steps = () => [t("Sangat tidak tepat"), t("Kurang tepat"), t("Cukup tepat"), t("Sangat tepat")];
const sureness = () => ({ yakin: t("Yakin"), ragu: t("Ragu"), menebak: t("Menebak") });

/** How near a rating came, out of a hundred. */
const points = (row) => tf("Nilai penilaian {score} dari 100", { score: Math.round(row.score * 100) });

/** What a learner gave and what the key says, action by action. */
const ratedLine = (action) =>
  h(
    "li",
    null,
    h("p", null, h("b", null, rich(action.text))),
    action.given === action.key
      ? h("p", { class: "same" }, sign("✓"), tf("Sama dengan kunci: {key}", { key: steps()[action.key - 1] }))
      : h(
          "p",
          null,
          tf("Anda: {given} · kunci: {key}", { given: steps()[action.given - 1], key: steps()[action.key - 1] }),
        ),
    h("p", { class: "soft" }, rich(action.feedback)),
  );

/** How sure the learner was, and whether rightly; how apt a step was is known only at the ending. */
function sureLine({ certainty, tone }) {
  if (!certainty) return null;
  const word = sureness()[certainty];
  if (certainty === "yakin" && tone === "belum")
    return h("p", { class: "surewrong" }, sign("✕"), t("Yakin, tetapi belum tepat"));
  if (certainty !== "yakin" && tone === "tepat")
    return h("p", { class: "soft" }, tf("{word}, padahal tepat", { word }));
  return h("p", { class: "soft" }, word);
}

/** A rating as one line: what was rated, and how. */
const givenLine = ({ text, given }) => h("li", null, rich(text), ": ", h("b", null, steps()[given - 1]));

/** A step of a trail: when, what was chosen or rated, what came of it. With `keys` a rating stands beside its key. */
const step = (row, extra, keys) => [
  h("p", { class: "soft" }, authored(whole(row.when))),
  row.actions
    ? [
        h("p", null, h("b", null, tf("Menilai {number} tindakan", { number: row.actions.length }))),
        keys
          ? h("ul", { class: "weighed" }, row.actions.map(ratedLine))
          : h("ul", { class: "given" }, row.actions.map(givenLine)),
      ]
    : h("p", null, h("b", null, rich(row.text))),
  h("p", null, rich(row.consequence)),
  sureLine(row),
  extra,
];

/** The learner's last choice as a message of their own, with its consequence. It leads: it comes first in time. */
function lastStep(row) {
  if (row.actions)
    return h(
      "div",
      { class: "last" },
      lead("h3", null, t("Penilaian Anda")),
      h("p", { class: "soft" }, points(row)),
      h("ul", { class: "weighed" }, row.actions.map(ratedLine)),
      h("p", { class: "soft" }, rich(row.provenance)),
      h("p", null, rich(row.consequence)),
    );
  return h(
    "div",
    { class: "last" },
    h(
      "div",
      { class: "chat mine" },
      lead("h3", { class: "who" }, t("Pilihan Anda")),
      h("p", { class: "bubble" }, rich(row.text)),
    ),
    h("p", null, rich(row.consequence)),
  );
}

/** The state as words and dots: what it is, how much of how much, which way it went. */
function meters(rows) {
  if (!rows.length) return null;
  const item = ({ label, value, before, min, max }) => {
    const flag = min === 0 && max === 1;
    const words = flag ? (value ? t("ya") : t("belum")) : tf("{value} dari {max}", { value, max });
    const way = value === before ? null : value > before ? t("naik") : t("turun");
    const dots = "●".repeat(value - min) + "○".repeat(max - value);
    return h(
      "li",
      null,
      h("span", null, authored(label)),
      h("span", { class: "dots", "aria-hidden": "true" }, dots),
      h("span", null, words, way && !flag && [", ", h("b", null, way)]),
    );
  };
  return h("ul", { class: "state", "aria-label": t("Keadaan Anda") }, rows.map(item));
}

/** A drawing of the scene. As an image nothing in it can run; its words are always there. */
function picture({ svg, alt }) {
  if (!svg) return h("p", { class: "soft" }, authored(alt));
  return h("img", { class: "drawing", src: "data:image/svg+xml," + encodeURIComponent(svg), alt, lang: globalThis.netralitasCatalogue && "id" });
}

/** A row of radios, each as large as its share of the width. Returns the group, `value()` and `tick(value)`. */
function scale({ id, legend, labels, locked, onChange }) {
  const inputs = Object.entries(labels).map(([value, label]) => [
    h("input", { type: "radio", name: id, value }),
    label,
  ]);
  let touched = false;
  const node = h(
    "fieldset",
    {
      class: "action",
      role: "radiogroup",
      "aria-labelledby": id + "-legend",
      onclick: (event) => locked() && event.preventDefault(),
      onchange() {
        touched = true;
        onChange();
      },
    },
    h("legend", { id: id + "-legend" }, rich(legend)),
    h("div", { class: "steps" }, inputs.map(([input, label]) => h("label", null, input, h("span", null, label)))),
  );
  return {
    node,
    value: () => inputs.map(([input]) => input).find((input) => input.checked)?.value,
    tick(value) {
      if (!touched) inputs.forEach(([input]) => (input.checked = input.value === String(value)));
    },
  };
}

/** What happened before the last choice, folded away. */
function earlier(rows) {
  if (!rows.length) return null;
  const list = rows.map((row) => h("li", null, step(row, null, true)));
  const title = h("summary", null, t("Yang sudah terjadi"));
  return h("details", { class: "earlier" }, title, h("ol", { class: "path" }, list));
}

/** The learner's path beside the one the authors recommend. */
function debrief(trail, recommended) {
  const has = (rows, row) =>
    rows.some((one) => one.scene === row.scene && one.choice === row.choice && one.score === row.score);
  if (trail.length === recommended.length && trail.every((row) => has(recommended, row))) {
    const list = trail.map((row) => h("li", null, step(row)));
    return [
      h("h4", null, t("Jejak Anda")),
      h("p", { class: "soft" }, t("Sama dengan jejak yang disarankan.")),
      h("ol", { class: "path" }, list),
    ];
  }
  const column = (title, rows, other) =>
    h(
      "div",
      null,
      h("h4", null, title),
      h(
        "ol",
        { class: "path" },
        rows.map((row) => {
          const same = has(other, row);
          const note = same && h("p", { class: "same" }, sign("✓"), t("sama di kedua jejak"));
          return h("li", { class: same && "shared" }, step(row, note));
        }),
      ),
    );
  return h(
    "div",
    { class: "paths" },
    column(t("Jejak Anda"), trail, recommended),
    column(t("Jejak yang disarankan"), recommended, trail),
  );
}

export default {
  render({ model, el }) {
    const box = outbox(model);
    const page = stage(el, model);
    let asked = null; // the decision on the screen, null: nothing to tick

    const opener = (label, quiet) => sendButton({ box, page, label, quiet, press: () => box.post("open", {}) }).nodes;

    function drawNew(view) {
      const fact = (name, value) => h("div", null, h("dt", null, name), h("dd", null, value));
      return [
        titled(page, view.title),
        h("p", null, rich(view.setting)),
        h(
          "dl",
          { class: "facts" },
          fact(t("Tanggal"), longDay(view.date)),
          fact(t("Tujuan"), rich(view.objective)),
        ),
        opener(t("Mulai cerita")),
      ];
    }

    function head(view, where) {
      const line = [longDay(view.date), where].filter(Boolean).join(" · ");
      return titled(page, view.title, h("p", { class: "soft" }, line));
    }

    /** The decision a scene asks for: `nodes`, what is `missing` (a hint), the `answer` as far as it goes, `tick`. */
    function decision(scene, changed) {
      const common = { locked: box.pending, onChange: changed };
      const sure =
        scene.certainty &&
        scale({ ...common, id: page.id + "-sure", legend: t("Seberapa yakin Anda?"), labels: sureness() });
      const certainty = () => (sure && sure.value()) || null;
      if (scene.actions.length) {
        const labels = Object.fromEntries(steps().map((word, i) => [i + 1, word]));
        const rows = scene.actions.map(({ id, text }) => [
          id,
          scale({ ...common, id: `${page.id}-${id}`, legend: text, labels }),
        ]);
        const ratings = () =>
          Object.fromEntries(rows.filter(([, row]) => row.value()).map(([id, row]) => [id, Number(row.value())]));
        return {
          kind: "rate",
          nodes: [h("p", { class: "asked" }, rich(scene.question)), rows.map(([, row]) => row.node), sure && sure.node],
          missing() {
            if (Object.keys(ratings()).length < rows.length) return t("Nilai semua tindakan dulu.");
            return sure && !certainty() ? t("Isi juga seberapa yakin Anda.") : "";
          },
          answer: () => ({ scene: scene.id, ratings: ratings(), certainty: certainty() }),
          tick(draft) {
            rows.forEach(([id, row]) => row.tick((draft.ratings || {})[id]));
            if (sure) sure.tick(draft.certainty);
          },
        };
      }
      const cards = optionCards({ ...common, id: page.id, legend: scene.question, choices: scene.choices });
      return {
        kind: "choose",
        nodes: [cards.node, sure && sure.node],
        missing() {
          if (!cards.chosen().length) return t("Pilih satu langkah dulu.");
          return sure && !certainty() ? t("Isi juga seberapa yakin Anda.") : "";
        },
        answer: () => ({ scene: scene.id, choice: cards.chosen()[0] ?? null, certainty: certainty() }),
        tick(draft) {
          cards.tick([draft.choice]);
          if (sure) sure.tick(draft.certainty);
        },
      };
    }

    function drawScene(view, scene) {
      const trail = view.trail;
      const send = sendButton({
        box,
        page,
        label: t("Putuskan"),
        press: () => asked.missing() || box.post(asked.kind, asked.answer()),
      });
      asked = decision(scene, () => {
        send.clear();
        box.draft(asked.answer());
      });
      return [
        head(view, tf("keputusan ke-{number}", { number: trail.length + 1 })),
        meters(view.state),
        earlier(trail.slice(0, -1)),
        trail.length > 0 && lastStep(trail[trail.length - 1]),
        (trail.length ? h : lead)("h3", { class: "when" }, authored(whole(scene.when))),
        scene.picture && picture(scene.picture),
        paragraphs(scene.narration),
        scene.speaker && message(scene.speaker),
        paragraphs(scene.after),
        asked.nodes,
        send.nodes,
        reportLink(model, el, scene.id, t("Laporkan adegan ini")),
      ];
    }

    function drawEnding(view, ending) {
      const [mark, word, tone] = {
        tepat: ["✓", t("Langkah yang tepat"), "good"],
        sebagian: ["!", t("Hampir tepat"), "warn"],
        belum: ["✕", t("Belum tepat"), "bad"],
      }[ending.tone];
      return [
        head(view),
        meters(view.state),
        view.trail.length > 0 && lastStep(view.trail[view.trail.length - 1]),
        h(
          "div",
          { class: `say ${tone}` },
          h("h3", null, sign(mark), word),
          h("p", { class: "ended" }, h("b", null, rich(ending.title))),
          paragraphs(ending.text),
        ),
        view.sure_wrong > 0 &&
          h(
            "p",
            { class: "surewrong" },
            sign("✕"),
            tf("Yakin, tetapi belum tepat: {number} keputusan. Bacalah jejak itu lagi.", { number: view.sure_wrong }),
          ),
        debrief(view.trail, view.recommended || []),
        ruleFrame(ending.citations),
        h("div", { class: "tomorrow" }, h("h4", null, t("Untuk besok")), h("p", null, rich(ending.tomorrow))),
        h("p", { class: "soft" }, t("Cerita ini selesai. Lanjutkan membaca di bawah.")),
        opener(t("Ulangi cerita"), true),
        reportLink(model, el, ending.id, t("Laporkan cerita ini")),
      ];
    }

    function draw() {
      const view = model.get("view");
      if (!view || !view.status) return page.show("", () => h("p", { class: "soft" }, t("Menyiapkan…")));
      const { scene, ending } = view;
      // A story may come back to a scene: the number of steps tells the visits apart.
      page.show([view.status, view.attempt, scene && scene.id, view.trail.length].join("/"), () => {
        asked = null;
        if (ending) return drawEnding(view, ending);
        return scene ? drawScene(view, scene) : drawNew(view);
      });
      if (asked && view.draft && view.draft.scene === scene.id) asked.tick(view.draft);
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
