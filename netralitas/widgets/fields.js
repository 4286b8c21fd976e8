// What a question is filled in with. Each kind is one field:
//   {node, value(), fill(value), hint()}
// `value()` is what is there so far, `hint()` what is still missing (empty: it can be sent), `fill` puts back a draft
// or an earlier try and leaves alone what the learner has touched. Nothing here needs a pointer.

const RATED = ["rating", "matching", "classification"];

// 1.588 · 1.588,5 · 0,5 · 0.5
const NUMBER = /^[-+−]?(([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?|\d+\.\d+)$/;

/** The four steps of a rating. */
const steps = () => [
  { id: "1", text: t("Sangat tidak tepat") },
  { id: "2", text: t("Kurang tepat") },
  { id: "3", text: t("Cukup tepat") },
  { id: "4", text: t("Sangat tepat") },
];

/** The three words of certainty. */
const sureness = () => [
  { id: "yakin", text: t("Yakin") },
  { id: "ragu", text: t("Ragu") },
  { id: "menebak", text: t("Menebak") },
];

/** A frame with the question as its legend; `onchange` hears every touch. */
const group = (id, legend, onchange, ...inside) =>
  h("fieldset", { onchange, oninput: onchange }, h("legend", { id: id + "-legend" }, rich(legend)), inside);

/** Radios side by side, each a label of its own. */
function scale(name, options, legend) {
  const inputs = options.map((one) => h("input", { type: "radio", name, value: one.id }));
  const labels = options.map((one, i) => h("label", null, inputs[i], h("span", null, one.text)));
  const node = h(
    "fieldset",
    { class: "rated" },
    h("legend", null, rich(legend)),
    h("div", { class: options.length === 3 ? "scale three" : "scale" }, labels),
  );
  return {
    node,
    value: () => (inputs.find((input) => input.checked) || { value: "" }).value,
    fill: (value) => inputs.forEach((input) => (input.checked = input.value === value)),
  };
}

/** A list to choose one thing from. */
function picker(id, row, columns) {
  const select = h(
    "select",
    { id },
    h("option", { value: "" }, t("Pilih…")),
    columns.map((one) => h("option", { value: one.id, lang: globalThis.netralitasCatalogue && "id" }, one.text)),
  );
  const node = h("div", { class: "pair" }, h("label", { for: id }, rich(row.text)), select);
  return { node, value: () => select.value, fill: (value) => (select.value = value) };
}

/** One choice for each row: matching, classification, rating. */
function rowsField({ id, question, onChange }) {
  const rated = question.kind === "rating";
  const parts = question.rows.map((row) => [
    row.id,
    rated
      ? scale(`${id}-${row.id}`, steps(), row.text)
      : picker(`${id}-${row.id}`, row, question.columns),
  ]);
  let touched = false;
  const value = () => Object.fromEntries(parts.map(([row, part]) => [row, part.value()]).filter(([, one]) => one));
  const change = () => {
    touched = true;
    onChange(value());
  };
  const empty = () => parts.length - Object.keys(value()).length;
  return {
    node: group(id, question.prompt, change, parts.map(([, part]) => part.node)),
    value,
    fill(given) {
      if (!touched) parts.forEach(([row, part]) => part.fill(given[row] || ""));
    },
    hint: () => (empty() ? tf("Masih {n} yang belum diisi.", { n: empty() }) : ""),
  };
}

/** Entries that move by buttons; focus stays on the button, and the new place is said. */
function orderField({ id, question, onChange, say }) {
  let touched = false;
  const list = h("ol", { class: "order" });
  const rows = Object.fromEntries(
    question.rows.map((row) => {
      const up = mover(t("Naik"), -1);
      const down = mover(t("Turun"), 1);
      const node = h(
        "li",
        { "data-id": row.id },
        h("p", { id: `${id}-${row.id}` }, rich(row.text)),
        h("div", { class: "moves" }, up, down),
      );
      return [row.id, node];

      function mover(label, by) {
        const attrs = { type: "button", class: "btn quiet", "aria-describedby": `${id}-${row.id}` };
        return h("button", { ...attrs, onclick: (event) => move(row, by, event.currentTarget) }, label);
      }
    }),
  );
  const value = () => Array.from(list.children, (one) => one.dataset.id);
  const ends = () =>
    [...list.children].forEach((one, i, all) => {
      const [up, down] = one.querySelectorAll("button");
      for (const [button, end] of [[up, i === 0], [down, i === all.length - 1]]) {
        if (end) button.setAttribute("aria-disabled", "true");
        else button.removeAttribute("aria-disabled");
      }
    });
  function move(row, by, button) {
    const order = value();
    const to = order.indexOf(row.id) + by;
    if (to < 0 || to >= order.length) return;
    const other = list.children[to];
    if (by < 0) other.before(rows[row.id]);
    else other.after(rows[row.id]);
    ends();
    button.focus();
    touched = true;
    say(tf("Urutan {n} dari {all}: {text}", { n: to + 1, all: order.length, text: row.text }));
    onChange(value());
  }
  list.append(...question.rows.map((row) => rows[row.id]));
  ends();
  return {
    node: group(
      id,
      question.prompt,
      null,
      h("p", { class: "soft" }, t("Geser dengan tombol Naik dan Turun. Yang pertama di atas.")),
      list,
    ),
    value,
    fill(given) {
      if (touched || given.length !== question.rows.length || !given.every((name) => rows[name])) return;
      list.append(...given.map((name) => rows[name]));
      ends();
      touched = true;
    },
    // What is shown first is never the key, so it is no answer either.
    hint: () => (touched ? "" : t("Susun urutannya dulu.")),
  };
}

/** A line to type into: a number or a few words. */
function lineField({ id, question, onChange, onEnter }) {
  const numeric = question.kind === "number";
  const help = numeric
    ? t("Tulis dengan angka, misalnya 1.588 atau 0,5.")
    : t("Tulis dengan satu kata atau beberapa kata. Huruf besar dan tanda baca tidak dihitung.");
  const input = h("input", {
    type: "text",
    id: id + "-line",
    inputmode: numeric ? "decimal" : "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: numeric ? 30 : 120,
    "aria-describedby": id + "-help",
    onkeydown: (event) => event.key === "Enter" && onEnter(),
  });
  let touched = false;
  const change = () => {
    touched = true;
    onChange(input.value);
  };
  const unit = question.unit && h("span", { class: "unit" }, authored(question.unit));
  const label = h("label", { class: "soft", for: id + "-line" }, t("Jawaban Anda"));
  return {
    node: group(
      id,
      question.prompt,
      change,
      label,
      h("div", { class: "typed" }, input, unit),
      h("p", { class: "soft", id: id + "-help" }, help),
    ),
    value: () => input.value.trim(),
    fill(given) {
      if (!touched) input.value = given;
    },
    hint() {
      const text = input.value.replace(/\s/g, "").toLowerCase();
      if (!/[\p{L}\p{N}]/u.test(text)) return t("Isi jawaban Anda dulu.");
      // The unit may be typed too. The server reads by the same rule (`scoring.number`).
      const tail = (question.unit || "").replace(/\s/g, "").toLowerCase();
      const plain = tail && text.endsWith(tail) ? text.slice(0, -tail.length) : text;
      return numeric && !NUMBER.test(plain) ? help : "";
    },
  };
}

/** Cards to tick. */
function cardsField({ id, question, onChange, locked }) {
  const many = question.kind === "multiple_choice";
  const cards = optionCards({ id, many, legend: question.prompt, choices: question.choices, locked, onChange });
  return {
    node: cards.node,
    value: cards.chosen,
    fill: cards.tick,
    hint: () =>
      cards.chosen().length
        ? ""
        : many
          ? t("Pilih paling sedikit satu jawaban dulu.")
          : t("Pilih satu jawaban dulu."),
  };
}

/** The field of a question. */
function fieldOf(asked) {
  const { kind } = asked.question;
  if (RATED.includes(kind)) return rowsField(asked);
  if (kind === "ordering") return orderField(asked);
  return kind === "number" || kind === "short_text" ? lineField(asked) : cardsField(asked);
}

/** A field, and how sure the learner is where that is asked. */
function answerField(asked) {
  const { id, question, onChange } = asked;
  const sure = question.ask_certainty && scale(id + "-sure", sureness(), t("Seberapa yakin Anda?"));
  const told = () => ({ answer: field.value(), ...(sure && sure.value() ? { certainty: sure.value() } : {}) });
  const field = fieldOf({ ...asked, onChange: () => onChange(told()) });
  if (sure) sure.node.addEventListener("change", () => onChange(told()));
  return {
    nodes: [field.node, sure && sure.node],
    told,
    fill(draft) {
      // A draft of another kind may be left over from an older version of the item.
      const [was, is] = [draft.answer, field.value()];
      if (typeof was === typeof is && Array.isArray(was) === Array.isArray(is)) field.fill(was);
      if (sure && !sure.value()) sure.fill(draft.certainty || "");
    },
    hint: () => field.hint() || (sure && !sure.value() ? t("Pilih seberapa yakin Anda.") : ""),
    lock(busy) {
      if (!question.choices) field.node.disabled = busy;
      if (sure) sure.node.disabled = busy;
    },
  };
}
