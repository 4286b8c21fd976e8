// A story told like a message thread. Scene, trail and ending are in `view` (netralitas/scenarios.py says what it
// holds). Sends: open, choose {scene, choice}, draft {scene, choice}.

/** Somebody speaks: who, as what, and the words; each of `says` is a bubble of its own. */
function message({ name, role, says }) {
  const letter = [...name.replace(/^(Pak|Bu|Bapak|Ibu) /, "")][0];
  const face = h("span", { class: "face", "aria-hidden": "true" }, letter);
  const from = h("p", { class: "who from" }, face, h("span", null, h("b", null, name), `, ${role}`));
  return h("div", { class: "chat" }, from, says.map((words) => h("p", { class: "bubble" }, rich(words))));
}

/** A step of a trail: when, what was chosen, what came of it. */
const step = (row, extra) => [
  h("p", { class: "soft" }, row.when),
  h("p", null, h("b", null, rich(row.text))),
  h("p", null, rich(row.consequence)),
  extra,
];

/** The learner's last choice as a message of their own, with its consequence. It leads: it comes first in time. */
function lastStep(row) {
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

/** What happened before the last choice, folded away. */
function earlier(rows) {
  if (!rows.length) return null;
  const list = rows.map((row) => h("li", null, step(row)));
  const title = h("summary", null, t("Yang sudah terjadi"));
  return h("details", { class: "earlier" }, title, h("ol", { class: "path" }, list));
}

/** The learner's path beside the one the authors recommend. */
function debrief(trail, recommended) {
  const has = (rows, row) => rows.some((one) => one.scene === row.scene && one.choice === row.choice);
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
    let cards = null; // the choices on the screen, null: nothing to tick

    const opener = (label, quiet) => sendButton({ box, page, label, quiet, press: () => box.post("open", {}) }).nodes;

    function drawNew(view) {
      const fact = (name, value) => h("div", null, h("dt", null, name), h("dd", null, value));
      return [
        titled(page, view.title),
        h("p", null, rich(view.setting)),
        h(
          "dl",
          { class: "facts" },
          fact(t("Anda"), view.role.replace(/_/g, " ")),
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

    function drawScene(view, scene) {
      const trail = view.trail;
      const send = sendButton({
        box,
        page,
        label: t("Putuskan"),
        press() {
          const [choice] = cards.chosen();
          if (choice) return box.post("choose", { scene: scene.id, choice });
          return t("Pilih satu langkah dulu.");
        },
      });
      cards = optionCards({
        id: page.id,
        legend: scene.question,
        choices: scene.choices,
        locked: box.pending,
        onChange([choice]) {
          send.clear();
          box.draft({ scene: scene.id, choice });
        },
      });
      return [
        head(view, tf("keputusan ke-{number}", { number: trail.length + 1 })),
        earlier(trail.slice(0, -1)),
        trail.length > 0 && lastStep(trail[trail.length - 1]),
        (trail.length ? h : lead)("h3", { class: "when" }, scene.when),
        paragraphs(scene.narration),
        scene.speaker && message(scene.speaker),
        paragraphs(scene.after),
        cards.node,
        send.nodes,
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
        view.trail.length > 0 && lastStep(view.trail[view.trail.length - 1]),
        h(
          "div",
          { class: `say ${tone}` },
          h("h3", null, sign(mark), word),
          h("p", { class: "ended" }, h("b", null, rich(ending.title))),
          paragraphs(ending.text),
        ),
        debrief(view.trail, view.recommended || []),
        ruleFrame(ending.citations),
        h("div", { class: "tomorrow" }, h("h4", null, t("Besok di kantor")), h("p", null, rich(ending.tomorrow))),
        h("p", { class: "soft" }, t("Cerita ini selesai. Lanjutkan membaca di bawah.")),
        opener(t("Ulangi cerita"), true),
      ];
    }

    function draw() {
      const view = model.get("view");
      if (!view || !view.status) return page.show("", () => h("p", { class: "soft" }, t("Menyiapkan…")));
      const { scene, ending } = view;
      // A story may come back to a scene: the number of steps tells the visits apart.
      page.show([view.status, view.attempt, scene && scene.id, view.trail.length].join("/"), () => {
        cards = null;
        if (ending) return drawEnding(view, ending);
        return scene ? drawScene(view, scene) : drawNew(view);
      });
      if (cards && view.draft && view.draft.scene === scene.id) cards.tick([view.draft.choice]);
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
