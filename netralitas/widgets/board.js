// A part of a dashboard. What is shown is markup its kernel made; the question stands in the page's address, so that
// every part hears it, the way back leads back, and an address can be kept.
// Sends: ask {mark, question}, file {mark, question, file}. Hears: answer {html}, file {name, data}, failed.

const KINDS = { csv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };

function save(name, data) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: KINDS[name.split(".").pop()] }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export default {
  render({ model, el }) {
    const body = h("div", { class: "board" }, h("p", { class: "soft" }, t("Menghitung…")));
    const live = h("p", { class: "unseen", role: "status" });
    const waiting = new Map(); // what was asked and not answered, by its mark
    let moved = false; // whether somebody in here asked

    function send(content) {
      const mark = eventId();
      const question = Object.fromEntries(new URLSearchParams(location.search));
      const asked = { ...content, mark, question };
      for (const [key, one] of waiting) {
        if (one.asked.kind === content.kind) {
          clearTimeout(one.late);
          waiting.delete(key);
        }
      }
      waiting.set(mark, { asked, late: setTimeout(() => failed(mark), 60_000) });
      body.setAttribute("aria-busy", "true");
      model.send(asked);
    }
    const ask = () => send({ kind: "ask" });

    function failed(mark) {
      waiting.delete(mark);
      body.removeAttribute("aria-busy");
      const again = h("button", { type: "button", class: "btn quiet", onclick: ask }, t("Coba lagi"));
      body.prepend(h("div", { class: "say warn", role: "alert" }, h("b", null, "! ", t("Belum dapat dihitung")), again));
    }

    function hear(message) {
      const one = waiting.get(message.mark);
      if (!one) return;
      clearTimeout(one.late);
      if (message.kind === "failed") return failed(message.mark);
      waiting.delete(message.mark);
      body.removeAttribute("aria-busy");
      if (message.kind === "file") return save(message.name, message.data);
      body.replaceChildren(...new DOMParser().parseFromString(message.html, "text/html").body.childNodes);
      if (moved) {
        focusLead(body);
        speak(live, t("Sudah ditampilkan."));
      }
      moved = false;
    }

    /** Show another question on the whole page. */
    function go(search) {
      moved = true;
      history.pushState(null, "", search || location.pathname);
      dispatchEvent(new Event("netralitas:question"));
    }

    body.addEventListener("click", (event) => {
      const file = event.target.closest("[data-file]");
      if (file) return send({ kind: "file", file: file.dataset.file });
      const link = event.target.closest('a[href^="?"]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(link.getAttribute("href"));
    });
    body.addEventListener("submit", (event) => {
      event.preventDefault();
      const told = new URLSearchParams(location.search);
      for (const [name, value] of new FormData(event.target)) told.set(name, value);
      go(`?${told}`);
    });
    // What was asked while the line was down is asked again.
    const again = () => waiting.forEach(({ asked }) => model.send(asked));

    el.classList.add("netralitas");
    el.append(body, live);
    model.on("msg:custom", hear);
    addEventListener("netralitas:online", again);
    addEventListener("netralitas:question", ask);
    addEventListener("popstate", ask);
    ask();
    return () => {
      waiting.forEach(({ late }) => clearTimeout(late));
      model.off("msg:custom", hear);
      removeEventListener("netralitas:online", again);
      removeEventListener("netralitas:question", ask);
      removeEventListener("popstate", ask);
    };
  },
};
