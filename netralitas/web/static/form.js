/* What every page does beyond its markup; without this file everything still works. Passwords can be shown, a form is
   sent once, a summary is printed, what the browser keeps of another learner goes, and a session says when it ends. */
{
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      button.textContent = shown ? button.dataset.show : button.dataset.hide;
    });
  }
  for (const form of document.forms) {
    // What only asks may ask again: a download leaves its page where it is.
    if (form.method !== "post") continue;
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const told = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
    button.hidden = false;
    button.addEventListener("click", async () => {
      let done = false;
      try {
        await navigator.clipboard.writeText(field.value);
        done = true;
      } catch { /* an address without HTTPS: the older way */
        field.select();
        done = document.execCommand("copy");
      }
      // Emptied first, so that the same words are announced again.
      told.textContent = "";
      setTimeout(() => { told.textContent = done ? button.dataset.done : button.dataset.failed; }, 50);
    });
  }

  /* A place in line: asked again without loading the page anew, which would take the focus away each time. */
  const place = document.querySelector("[data-again]");
  if (place) {
    setInterval(async () => {
      try {
        const answer = await fetch(location.href);
        if (answer.status !== 503) return location.reload();
        const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-again]");
        if (now && now.textContent !== place.textContent) place.replaceChildren(...now.childNodes);
      } catch { /* no line: asked again in a moment */ }
    }, place.dataset.again * 1000);
  }

  /* Drafts and answers on their way stand under `netralitas/<who>/…` (host.js). */
  const { who, left, idle } = document.body.dataset;
  const forget = (spared) => {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("netralitas/") && !(spared && key.startsWith(spared))) localStorage.removeItem(key);
      }
    } catch { /* a browser that keeps nothing has nothing to forget */ }
  };
  if (who) forget(`netralitas/${who}/`);
  if (document.getElementById("keluar")) forget();
  document.querySelector('form[action="/keluar"]')?.addEventListener("submit", () => forget());

  const dialog = document.getElementById("sesi");
  if (dialog) {
    const SOON = 600_000;
    const last = Date.now() + left * 1000;
    const told = document.getElementById("sesi-sisa");
    let end = 0;
    let shown = false;
    let closed = false;
    const active = () => {
      end = Math.min(last, Date.now() + idle * 1000);
      closed = false;
    };
    const look = () => {
      const rest = end - Date.now();
      if (rest > SOON || closed) return;
      const text = rest > 0 ? dialog.dataset.soon.replace("{n}", Math.ceil(rest / 60_000)) : dialog.dataset.over;
      if (told.textContent !== text) told.textContent = text;
      if (!shown) dialog.showModal();
      shown = true;
    };
    dialog.addEventListener("close", () => {
      shown = false;
      closed = true;
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.querySelector("[data-stay]").addEventListener("click", async () => {
      let answer = null;
      try {
        answer = await fetch("/sesi", { redirect: "manual" });
      } catch { /* no line: the page says so elsewhere, and the work is kept */ }
      if (answer?.ok) active();
      else if (answer) location.href = `/masuk?lanjut=${encodeURIComponent(location.pathname)}`;
      dialog.close();
    });
    addEventListener("netralitas:active", active);
    active();
    look();
    setInterval(look, 20_000);
  }
}
