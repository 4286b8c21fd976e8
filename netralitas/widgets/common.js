// Shared by every widget: Python joins this file in front of the widget's own script, so it neither imports nor
// exports. A widget draws what its trait `view` says and forwards what the learner does; it never judges.

/** A text in the learner's language. The id is the Indonesian text; without a catalogue the id itself shows. */
const t = (id) => (globalThis.netralitasCatalogue || {})[id] ?? id;

/** The same with values: `tf("Soal {number}", {number: 4})`. */
const tf = (id, values) => t(id).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/**
 * Build an element without ever parsing HTML. `on…` attributes listen, true/false/null set or leave out.
 * Children are nodes, text or lists of them; null and false are left out.
 */
function h(tag, attrs, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs || {})) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child != null && child !== false));
  return node;
}

/** What stands in the course is Indonesian, whatever the language of the page around it. */
const authored = (...children) => (globalThis.netralitasCatalogue ? h("span", { lang: "id" }, children) : children);

/** The language of what is not authored, said again inside the page's Indonesian. */
const spokenHere = () => (globalThis.netralitasCatalogue ? document.documentElement.lang : null);

/** Text of an author: `*so*` becomes emphasis, everything else stays text. */
const rich = (text) => authored(text.split(/\*(\S[^*]*)\*/).map((part, i) => (i % 2 ? h("em", null, part) : part)));

/** Paragraphs of an author. */
const paragraphs = (texts) => texts.map((text) => h("p", null, rich(text)));

/** A sign for eyes only; the word always stands beside it. */
const sign = (mark) => h("span", { class: "sign", "aria-hidden": "true" }, mark);

/** Where focus goes when the screen changes: a heading that can be focused by script only. */
const lead = (level, attrs, ...children) => h(level, { tabindex: "-1", "data-lead": true, ...attrs }, ...children);

/** A day as Indonesians write it; anything that is not an ISO day is shown as it came. */
function longDay(text) {
  const [whole, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  // Not Intl: the first formatter of a page costs a phone more time than drawing all of its widgets.
  const months = [
    t("Januari"), t("Februari"), t("Maret"), t("April"), t("Mei"), t("Juni"), t("Juli"), t("Agustus"),
    t("September"), t("Oktober"), t("November"), t("Desember"),
  ];
  return whole ? `${Number(day)} ${months[month - 1]} ${year}` : text;
}

/** UUID version 4. Offices use plain HTTP, where `crypto.randomUUID` is missing. */
function eventId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Put words into a live region; said again even when they are the same as before. */
function speak(region, text) {
  clearTimeout(region.speaking);
  region.textContent = "";
  if (text) region.speaking = setTimeout(() => (region.textContent = text), 40);
}

/**
 * What goes up. A posted message waits until the kernel sends a custom message `{kind: "receipt", event}` or
 * `{kind: "refused", event, reason}`; meanwhile the same message, with the same id, goes out again whenever the
 * page says `netralitas:online` or the trait `ready` turns true. While `ready` is false nothing is sent, all waits.
 * A draft bears a mark; who keeps drafts hears `{kind: "kept", mark}` when it is safe. `onChange` hears "sending", "late" (5 s without a word), "done" or "refused".
 */
function outbox(model) {
  const waiting = new Map();
  let listeners = [];
  let mine = ""; // what the screen that is shown has sent
  let late = 0;
  let drafting = 0;
  const drafted = new Map();
  const hear = (state) => listeners.forEach((listener) => listener(state));

  const ready = () => model.get("ready") !== false;
  function send(message) {
    try {
      // A closed comm throws or rejects; the message stays in `waiting` and goes out at the next reconnect.
      Promise.resolve(model.send(message)).catch(() => {});
    } catch {}
  }
  function sendDraft() {
    clearTimeout(drafting);
    if (!ready()) return;
    drafted.forEach((value) => send({ kind: "draft", mark: eventId(), value }));
    drafted.clear();
  }
  function flush() {
    if (!ready()) return;
    sendDraft();
    waiting.forEach(send);
  }
  function receive(message) {
    const kind = message && message.kind;
    if ((kind !== "receipt" && kind !== "refused") || !waiting.delete(message.event)) return;
    if (message.event !== mine) return;
    clearTimeout(late);
    hear(kind === "refused" ? "refused" : "done");
  }
  model.on("msg:custom", receive);
  model.on("change:ready", flush);
  addEventListener("netralitas:online", flush);
  addEventListener("pagehide", sendDraft);

  return {
    /** Send once and remember until answered. */
    post(kind, body) {
      const message = { kind, event: eventId(), given_at: new Date().toISOString(), ...body };
      // What is sent is no draft any more; what is typed for another written case stays to be kept.
      drafted.delete(kind === "write" ? body.item : "");
      waiting.set(message.event, message);
      mine = message.event;
      late = setTimeout(() => hear("late"), 5000);
      hear("sending");
      if (ready()) send(message);
    },
    /** Only read here: there is no button that sends. */
    closed: Boolean(model.get("reading")),
    /** Say whether what this screen sent waits for its receipt. A screen before it may: its verdict was there. */
    pending: () => waiting.has(mine),
    /** Keep ticks that are not an answer yet; only the last of a quick series is sent. */
    draft(value) {
      clearTimeout(drafting);
      drafted.set(value.text === undefined ? "" : value.item, value);
      drafting = setTimeout(sendDraft, 400);
    },
    /** Name the listener; the next screen's button replaces it, one `beside` others is added. */
    onChange(listener, beside) {
      if (beside) return listeners.push(listener);
      clearTimeout(late);
      mine = "";
      listeners = [listener];
    },
    close() {
      sendDraft();
      clearTimeout(late);
      listeners = [];
      model.off("msg:custom", receive);
      model.off("change:ready", flush);
      removeEventListener("netralitas:online", flush);
      removeEventListener("pagehide", sendDraft);
    },
  };
}

/**
 * The frame a widget draws in. `show(key, draw)` draws only when the key changes, so that a view that says nothing
 * new disturbs neither ticks nor focus; when it does change and the learner was in here, focus goes to the lead.
 */
function stage(el, model) {
  const id = "n" + eventId().slice(0, 8);
  const body = h("div");
  const live = h("p", { class: "unseen", role: "status" });
  const foot = h("p", { class: "notice", role: "status" });
  const root = h("section", { class: "card activity", "aria-labelledby": id, lang: spokenHere() }, body, foot, live);
  let shown = null;
  // A click anywhere in here counts as being here: Safari gives no focus to a button that is tapped.
  let clicked = false;
  root.addEventListener("click", () => (clicked = true));
  const calm = () => (model.get("preview") ? t("Pratinjau, tidak dicatat.") : "");
  function receipt({ kind, moved }) {
    if (kind !== "receipt") return;
    speak(foot, moved ? t("Anda sudah melangkah di tab atau gawai lain. Inilah keadaan terakhir.") : calm());
  }
  model.on("msg:custom", receipt);
  el.classList.add("netralitas");
  el.append(root);
  speak(foot, calm());

  return {
    id,
    announce: (text) => speak(live, text),
    show(key, draw) {
      if (key === shown) return;
      const active = el.getRootNode().activeElement;
      const here = root.contains(active) || (clicked && (!active || active === document.body));
      clicked = false;
      body.replaceChildren(...[draw()].flat(9).filter(Boolean));
      if (shown !== null && here) focusLead(body);
      shown = key;
    },
    close() {
      model.off("msg:custom", receipt);
      root.remove();
    },
  };
}

/** Move focus to the lead, and the page only as far as needed to read on from there. */
function focusLead(body) {
  const target = body.querySelector("[data-lead]");
  if (!target) return;
  target.focus({ preventScroll: true });
  const { top } = target.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.4) target.scrollIntoView({ block: "start" });
}

/** The title of a widget with a line under it. */
const titled = (page, title, ...below) => [h("h2", { id: page.id }, authored(title)), ...below];

/** A moment as Indonesians write it, in the zone of this device. */
function moment(text) {
  const at = new Date(text);
  const two = (number) => String(number).padStart(2, "0");
  const zone = { "-420": "WIB", "-480": "WITA", "-540": "WIT" }[at.getTimezoneOffset()];
  const day = longDay(`${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`);
  const time = `${two(at.getHours())}.${two(at.getMinutes())}`;
  return [tf("{day} pukul {time}", { day, time }), zone].filter(Boolean).join(" ");
}

/** How far: `done` of `all`, said in words; `mark` draws a line at that value. */
function meter(done, all, label, words, mark) {
  const bar = h("i");
  const line = mark == null ? null : h("b");
  // Through the CSSOM: a style attribute would ask the page's policy for an exception.
  bar.style.width = `${(100 * done) / all}%`;
  if (line) line.style.insetInlineStart = `${(100 * mark) / all}%`;
  const attrs = { role: "progressbar", "aria-label": label, "aria-valuenow": done, "aria-valuemin": 0 };
  return h("div", { class: "meter", ...attrs, "aria-valuemax": all, "aria-valuetext": words }, bar, line);
}

/**
 * A question with its choices as cards. Returns the fieldset, `chosen()` and `tick(letters)`; `tick` leaves a
 * learner's own ticks alone. While `locked()` ticks stay as they are: what was sent is what counts.
 */
function optionCards({ id, many, legend, choices, locked, onChange }) {
  const inputs = choices.map(({ id: letter }) =>
    h("input", { type: many ? "checkbox" : "radio", name: id + "-option", value: letter }),
  );
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  let touched = false;
  const node = h(
    "fieldset",
    {
      "aria-describedby": many && id + "-hint",
      onclick: (event) => locked() && event.preventDefault(),
      onchange() {
        touched = true;
        onChange(chosen());
      },
    },
    h("legend", { id: id + "-legend" }, rich(legend)),
    many && h("p", { class: "soft", id: id + "-hint" }, t("Boleh lebih dari satu jawaban")),
    choices.map((choice, i) => h("label", { class: "opt" }, inputs[i], h("span", null, rich(choice.text)))),
  );
  const tick = (letters) => {
    if (!touched) inputs.forEach((input) => (input.checked = letters.includes(input.value)));
  };
  return { node, chosen, tick };
}

/**
 * The one button of a screen that sends, with the line above it for hints and refusals. `press` posts, or returns
 * the hint to show instead. The button keeps its focus while it waits; `onBusy` hears whether it does. Of
 * several on one screen, those `beside` the first, the one that was pressed tells what becomes of it.
 */
function sendButton({ box, page, label, press, quiet, onBusy, beside }) {
  if (box.closed) return { nodes: [], clear() {} };
  const line = h("p", { class: "notice", role: "alert" });
  const button = h("button", { type: "button", class: quiet ? "btn quiet" : "btn" }, label);
  let told = !beside;
  button.addEventListener("click", () => {
    if (box.pending()) return;
    told = true;
    speak(line, press() || "");
  });
  function hear(state) {
    const busy = box.pending();
    button.textContent = busy && told ? t("Mengirim…") : label;
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    if (onBusy) onBusy(busy);
    if (!told) return;
    if (state && state !== "late") page.announce(busy ? t("Mengirim…") : "");
    if (state === "late") speak(line, t("Belum tercatat. Akan dikirim lagi begitu tersambung."));
    if (state === "done") speak(line, "");
    if (state === "refused") speak(line, t("Jawaban ini tidak dapat dicatat. Muat ulang halaman, lalu coba lagi."));
  }
  box.onChange(hear, beside);
  hear("new");
  return { nodes: [line, button], clear: () => speak(line, "") };
}

/** The way to say that an item is wrong; where there is no site, nobody would hear it. */
function reportLink(model, el, part, label) {
  if (model.get("preview")) return null;
  const query = new URLSearchParams({
    soal: [model.get("object"), part].filter(Boolean).join("/"),
    lanjut: `${location.pathname}#${el.id}`,
  });
  return h("p", { class: "report" }, h("a", { href: `/lapor?${query}` }, label));
}

/** What a citation says of an act, in words. */
function ruling({ status, level }) {
  const verdicts = { dilarang: t("tidak boleh"), boleh: t("boleh"), belum_pasti: t("belum pasti") };
  const levels = {
    moral_tertutup: t("sanksi moral, tertutup atau terbuka"),
    moral_terbuka: t("sanksi moral, tertutup atau terbuka"),
    ringan: t("tingkat ringan"),
    sedang: t("tingkat sedang"),
    berat: t("tingkat berat"),
    ptdh: t("pemberhentian tidak dengan hormat"),
    belum_terverifikasi: t("tingkat belum terverifikasi"),
  };
  return [verdicts[status], levels[level]].filter(Boolean).join(", ");
}

/** The law in its own frame: what it is about, where it stands, since when, how sure. */
function ruleFrame(citations) {
  if (!citations || !citations.length) return null;
  const rows = citations.map((row) => {
    const said = ruling(row);
    const notes = [
      row.since && tf("berlaku sejak {day}", { day: longDay(row.since) }),
      row.reviewed ? tf("ditinjau {name}", { name: row.reviewed }) : t("belum ditinjau ahli hukum"),
    ];
    return h(
      "li",
      null,
      row.act && h("p", null, authored(row.act), said && [": ", h("b", null, said)]),
      row.text && h("p", null, authored(row.text)),
      h("p", { class: "soft" }, notes.filter(Boolean).join(" · ")),
    );
  });
  return h("div", { class: "rule" }, h("h4", null, t("Kata aturan")), h("ul", null, rows));
}

