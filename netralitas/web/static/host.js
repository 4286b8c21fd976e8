/* The host of a module page, behind `widgets` in the same file (assets.py puts them there): draws the widgets from the state in the page, speaks with their kernel over one
   websocket, and keeps calm when the line drops. It implements the part of the anywidget front-end protocol our
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
  send(content) { this.post(this.id, content); }
  receive(data) {
    if (data.method === "update") {
      Object.assign(this.state, data.state);
      for (const key of Object.keys(data.state)) this.emit(`change:${key}`);
      this.emit("change");
    } else if (data.method === "custom") {
      this.emit("msg:custom", data.content, []);
    }
  }
}

const models = new Map();
const waiting = [];
let socket = null;
let delay = 500;
let told = null;
let fresh = true;

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
  // A message that waits for a receipt is sent again by its widget; a draft only matters when it is the last one.
  if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
  else if (content.kind === "draft") waiting[0] = frame;
}

async function ended() {
  try {
    return (await fetch(location.href, { method: "HEAD", redirect: "manual" })).type === "opaqueredirect";
  } catch {
    return false;
  }
}

function connect() {
  const address = new URL(page.channel, location.href);
  address.protocol = location.protocol.replace("http", "ws");
  address.searchParams.set("isi", page.generation);
  // The first line of a fresh page has nothing to catch up with; a later one asks for what stands.
  if (fresh) address.searchParams.set("seq", page.seq);
  fresh = false;
  socket = new WebSocket(address);
  const opened = { at: Infinity };
  socket.onopen = () => {
    opened.at = Date.now();
    clearTimeout(told);
    told = null;
    say("");
    for (const frame of waiting.splice(0)) socket.send(frame);
    window.dispatchEvent(new Event("netralitas:online"));
  };
  socket.onmessage = (event) => {
    const { comm_id: id, data } = JSON.parse(event.data).content;
    models.get(id)?.receive(data);
  };
  socket.onclose = async (event) => {
    if (event.code === 4401 || (opened.at === Infinity && await ended())) {
      say(texts.ended);
      return;
    }
    // A line that held was a good one; one that drops at once must not be tried too often.
    if (Date.now() - opened.at > 10000) delay = 500;
    // A short gap is nobody's worry.
    told ??= setTimeout(() => say(texts.offline), 1500);
    setTimeout(connect, delay * (0.75 + Math.random() / 2));
    delay = Math.min(delay * 2, 15000);
  };
}

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

for (const { id, state } of page.widgets) models.set(id, new Model(id, state, post));
// The line is made while the widgets are drawn.
connect();
page.widgets.forEach(draw);
for (const el of document.querySelectorAll("section.cek")) widgets.cek.render({ model: asking(), el });
