/* The host of a module page, behind `widgets` in the same file (assets.py puts them there): draws the widgets from the
   state in the page, speaks with their kernel over one websocket, and keeps calm when the line drops. What is not safe
   with the server yet stands in the browser, under the learner's name there, and goes as soon as it is. It implements the part of the anywidget front-end protocol our
   widgets use: model.get, model.on("change:…" | "msg:custom"), model.send. Traits are never sent up. */

const page = JSON.parse(document.getElementById("halaman").textContent);
const line = document.getElementById("garis");
const texts = page.texts;

class Model {
  constructor(id, state, post) {
    this.id = id;
    this.state = state;
    this.post = post;
    this.listeners = new Map();
  }
  get(key) { return this.state[key]; }
  set() { /* traits go down only */ }
  save_changes() { /* traits go down only */ }
  on(name, callback) { (this.listeners.get(name) ?? this.listeners.set(name, new Set()).get(name)).add(callback); }
  off(name, callback) { callback ? this.listeners.get(name)?.delete(callback) : this.listeners.delete(name); }
  emit(name, ...args) { for (const callback of this.listeners.get(name) ?? []) callback(...args); }
  send(content) {
    // First on its way: the first thing a page keeps may take a slow browser longer than the line.
    this.post(this.id, content);
    satchel.put(this.id, content);
  }
  /** What is ticked here and not safe yet is newer than the draft the server knows. */
  overlay() {
    const { drafts } = satchel.of(this.id);
    const { view } = this.state;
    if (!view) return;
    const typed = (one) => (drafts[one.id] && one.text === null ? { ...one, draft: drafts[one.id].value.text } : one);
    this.state.view = { ...view, draft: drafts[""]?.value ?? view.draft, cases: view.cases?.map(typed) };
  }
  receive(data) {
    if (data.method === "custom") satchel.settle(this.id, data.content);
    if (data.method === "update") {
      Object.assign(this.state, data.state);
      this.overlay();
      for (const key of Object.keys(data.state)) this.emit(`change:${key}`);
      this.emit("change");
    } else if (data.method === "custom") {
      this.emit("msg:custom", data.content, []);
    }
  }
}

/** What a widget sent and nobody has acknowledged: {drafts: {case or "": message}, sent: {event: message}}. */
const satchel = {
  memory: {},
  mine: new Set(), // what this page sent: its widgets send it again themselves
  key: (id) => `netralitas/${page.who}/${id}`,
  of(id) {
    let text = null;
    try {
      text = localStorage.getItem(this.key(id));
    } catch { /* a browser that keeps nothing: then as long as the page lives */ }
    try {
      return { drafts: {}, sent: {}, ...JSON.parse(text ?? this.memory[id] ?? "{}") };
    } catch {
      return { drafts: {}, sent: {} };
    }
  },
  write(id, { drafts, sent }) {
    const text = Object.keys({ ...drafts, ...sent }).length ? JSON.stringify({ drafts, sent }) : "";
    this.memory[id] = text || undefined;
    try {
      if (text) localStorage.setItem(this.key(id), text);
      else localStorage.removeItem(this.key(id));
    } catch { /* as above */ }
  },
  put(id, content) {
    const kept = this.of(id);
    if (content.kind === "draft") kept.drafts[content.value.text === undefined ? "" : content.value.item] = content;
    else if (content.event) {
      this.mine.add(content.event);
      kept.sent[content.event] = content;
      // What is answered is no draft any more.
      delete kept.drafts[content.kind === "write" ? content.item : ""];
    }
    this.write(id, kept);
  },
  settle(id, { kind, event, mark }) {
    const kept = this.of(id);
    const safe = Object.keys(kept.drafts).filter((place) => kind === "kept" && kept.drafts[place].mark === mark);
    if (safe.length) {
      safe.forEach((place) => delete kept.drafts[place]);
      this.write(id, kept);
    }
    if ((kind === "receipt" || kind === "refused") && kept.sent[event]) {
      delete kept.sent[event];
      this.write(id, kept);
      dispatchEvent(new Event("netralitas:active"));
    }
  },
  /** Say whether an answer of this page's widgets has no receipt yet. */
  owed() { return [...models.keys()].some((id) => Object.keys(this.of(id).sent).length); },
};

const models = new Map();
const SILENCE = 12_000; // without a word after a message: the line is dead, whatever the browser believes
let socket = null;
let silent = 0;
let delay = 500;
let told = null;
let fresh = true;
let again = 0;

function say(text) {
  line.textContent = text;
  line.hidden = !text;
}

function post(id, content) {
  const frame = JSON.stringify({
    header: { msg_id: String(Math.random()).slice(2), msg_type: "comm_msg", version: "5.3" },
    parent_header: {}, metadata: {}, channel: "shell",
    content: { comm_id: id, data: { method: "custom", content } },
  });
  // What cannot go now is sent again when the line is back.
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(frame);
  silent ||= setTimeout(renew, SILENCE);
}

/** Send what another page left in the browser, and the drafts that are not safe. */
function unpack() {
  for (const id of models.keys()) {
    const { drafts, sent } = satchel.of(id);
    for (const message of Object.values(sent)) if (!satchel.mine.has(message.event)) post(id, message);
    for (const draft of Object.values(drafts)) post(id, draft);
  }
}

/** Give a line up that carries nothing any more: closing it politely would wait for its other end. */
function renew() {
  silent = 0;
  const dead = socket;
  dead.onopen = dead.onmessage = null;
  dead.onclose({ code: 1006 });
  dead.onclose = null;
  dead.close();
}

async function ended() {
  try {
    const signal = AbortSignal.timeout?.(SILENCE);
    return (await fetch(location.href, { method: "HEAD", redirect: "manual", signal })).type === "opaqueredirect";
  } catch {
    return false;
  }
}

function connect() {
  again = 0;
  const address = new URL(page.channel, location.href);
  address.protocol = location.protocol.replace("http", "ws");
  address.searchParams.set("isi", page.generation);
  // The first line of a fresh page has nothing to catch up with; a later one asks for what stands.
  if (fresh) address.searchParams.set("seq", page.seq);
  fresh = false;
  socket = new WebSocket(address);
  const opened = { at: Infinity };
  silent = setTimeout(renew, SILENCE);
  socket.onopen = () => {
    clearTimeout(silent);
    silent = 0;
    opened.at = Date.now();
    clearTimeout(told);
    told = null;
    say("");
    unpack();
    window.dispatchEvent(new Event("netralitas:online"));
  };
  socket.onmessage = (event) => {
    // A line that carries an answer is a good one.
    delay = 500;
    clearTimeout(silent);
    silent = 0;
    const { comm_id: id, data } = JSON.parse(event.data).content;
    models.get(id)?.receive(data);
    // Not every word is the one that is waited for: the line may die between a verdict and its receipt.
    if (satchel.owed()) silent ||= setTimeout(renew, SILENCE);
  };
  socket.onclose = async (event) => {
    clearTimeout(silent);
    silent = 0;
    if (event.code === 4401 || (opened.at === Infinity && await ended())) {
      say(texts.ended);
      return;
    }
    // A line that held was a good one; one that drops at once must not be tried too often.
    if (Date.now() - opened.at > 10000) delay = 500;
    // A short gap is nobody's worry.
    told ??= setTimeout(() => say(texts.offline), 1500);
    again = setTimeout(connect, delay * (0.75 + Math.random() / 2));
    delay = Math.min(delay * 2, 15000);
  };
}

// A phone that finds its network again need not wait for the next try.
addEventListener("online", () => {
  if (!again) return;
  clearTimeout(again);
  connect();
});

function draw({ id, widget }) {
  const el = document.getElementById(`w-${id}`);
  el.replaceChildren();
  el.removeAttribute("aria-busy");
  widgets[widget].render({ model: models.get(id), el });
}

/** A model that asks the site and no kernel: Cek Netralitas records nothing and knows no learner. */
function asking() {
  const model = new Model("", {}, async (_id, { question }) => {
    let told = { kind: "failed" };
    try {
      const query = new URLSearchParams({ ...question, bagian: 1 });
      const answer = await fetch(`/cek?${query}`);
      if (answer.redirected) told.text = texts.ended;
      else if (answer.ok) told = { kind: "answer", html: await answer.text() };
    } catch { /* the line is down: said as any other failure */ }
    model.receive({ method: "custom", content: told });
  });
  return model;
}

if (page.catalogue) {
  try {
    globalThis.netralitasCatalogue = await (await fetch(page.catalogue)).json();
  } catch { /* Indonesian then */ }
}
for (const { id, state } of page.widgets) {
  const model = new Model(id, state, page.channel ? post : () => {});
  if (page.channel) model.overlay();
  models.set(id, model);
}
// The line is made while the widgets are drawn; a page that is only read has none.
if (page.channel) connect();
page.widgets.forEach(draw);
for (const el of document.querySelectorAll("section.cek")) widgets.cek.render({ model: asking(), el });
