// Cek Netralitas. Form and answer are markup of our one template (cek.html.j2), so that page, module and notebook show
// the same; here they are only asked for in place. Nothing is recorded.
// Sends: ask {question}. Hears: answer {html}, failed {text}.

/** Give ids a name of their own, so that two of these on one page keep their labels apart. */
function renamed(body, key) {
  for (const name of ["id", "for", "aria-labelledby", "aria-describedby"]) {
    for (const node of body.querySelectorAll(`[${name}]`)) node.setAttribute(name, `${key}-${node.getAttribute(name)}`);
  }
  for (const link of body.querySelectorAll('a[href^="#"]')) link.hash = `${key}-${link.hash.slice(1)}`;
}

export default {
  render({ model, el }) {
    const key = "n" + eventId().slice(0, 8);
    // On a module's page the link that opens it is there already.
    const body = h("div", { class: "cek", lang: spokenHere() }, [...el.childNodes]);
    const live = h("p", { class: "unseen", role: "status" });
    let late = 0; // runs while an answer is awaited
    let pressed = null; // what was pressed for it, and what stood on it
    let label = "";
    let line = null; // says that it did not come

    function put(html) {
      body.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      renamed(body, key);
    }

    function ask(question) {
      if (late) return;
      pressed = body.querySelector("button") || body.querySelector(".btn");
      label = pressed.textContent;
      pressed.setAttribute("aria-disabled", "true");
      pressed.textContent = t("Sebentar…");
      late = setTimeout(failed, 15000);
      model.send({ kind: "ask", question: Object.fromEntries(question) });
    }

    function failed(text) {
      late = 0;
      pressed.removeAttribute("aria-disabled");
      pressed.textContent = label;
      line = line?.isConnected ? line : h("p", { class: "notice", role: "alert" });
      pressed.before(line);
      speak(line, text || tf("Belum terjawab. Periksa sambungan Anda, lalu tekan «{label}» sekali lagi.", { label }));
    }

    function hear(message) {
      const asked = late;
      clearTimeout(late);
      if (message.kind === "failed" && asked) return failed(message.text);
      late = 0;
      if (message.kind !== "answer") return;
      put(message.html);
      if (!asked) return;
      focusLead(body);
      // What is wrong with a question is an alert of itself.
      const verdict = body.querySelector("section>.say");
      if (verdict) speak(live, [...verdict.children].slice(0, 2).map((one) => one.innerText).join(": "));
    }

    body.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(new FormData(event.target));
    });
    // The link that opens the form, and an act that goes on under another name: both stay here.
    body.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="/cek"]');
      if (!link) return;
      event.preventDefault();
      ask(new URL(link.href).searchParams);
    });

    el.classList.add("netralitas");
    el.append(body, live);
    if (model.get("html")) put(model.get("html"));
    model.on("msg:custom", hear);
    return () => {
      clearTimeout(late);
      model.off("msg:custom", hear);
    };
  },
};
