// A pledge, one point after the other. All points can be read; the next one has the button. Nothing is judged, and who
// stops finds the rest as it was; a renewal asks for all of them once more. `view` is what netralitas/pledges.py says. Sends: pledge {point}.

/** When a point was pledged, and whether its words are others today. */
const pledged = ({ at, changed }) => [
  h("p", { class: "same" }, sign("✓"), tf("Anda mengikrarkannya pada {moment}", { moment: moment(at) })),
  changed && h("p", { class: "soft" }, t("Bunyi butir ini berubah sesudah Anda mengikrarkannya.")),
];

/** Why a pledge that was said before is asked for once more. */
const renewed = ({ before, because }) =>
  h(
    "div",
    { class: "say" },
    h("b", null, t("Ikrar ini diminta lagi")),
    because && h("p", null, rich(because)),
    h("p", { class: "soft" }, tf("Yang Anda ikrarkan pada {moment} tetap tercatat.", { moment: moment(before) })),
  );

export default {
  render({ model, el }) {
    const box = outbox(model);
    const page = stage(el, model);

    function drawPoint(point, index, open) {
      const name = `${page.id}-${point.id}`;
      const press = () => box.post("pledge", { point: point.id });
      const title = [`${index + 1}. `, rich(point.title)];
      return h(
        "li",
        { class: open ? "point now" : point.at ? "point done" : "point" },
        open ? lead("h3", { "aria-describedby": name }, title) : h("h3", null, title),
        h("blockquote", { id: name }, rich(point.text)),
        h("p", null, h("b", null, t("Di hari biasa:")), " ", rich(point.means)),
        h("p", { class: "soft" }, point.basis.join("; ")),
        point.at && pledged(point),
        open && sendButton({ box, page, label: t("Saya berikrar"), press }).nodes,
        reportLink(model, el, point.id, t("Laporkan butir ini")),
      );
    }

    function draw() {
      const view = model.get("view");
      if (!view || !view.status) return page.show("", () => h("p", { class: "soft" }, t("Menyiapkan…")));
      const next = view.points.findIndex((point) => !point.at);
      page.show([view.status, next].join("/"), () => {
        const values = { done: view.position, all: view.points.length };
        const words = tf("{done} dari {all} butir diikrarkan", values);
        const closing = h(
          "div",
          { class: "say good" },
          lead("h3", {}, sign("✓"), t("Ikrar Anda lengkap")),
          view.closing && h("p", null, rich(view.closing)),
        );
        return [
          titled(page, view.title),
          view.renewed && renewed(view.renewed),
          h("p", null, rich(view.intro)),
          meter(view.position, view.points.length, t("Kemajuan ikrar"), words),
          h("p", { class: "soft" }, words),
          h("ol", { class: "plain points" }, view.points.map((point, i) => drawPoint(point, i, i === next))),
          view.status === "finished"
            ? closing
            : h("p", { class: "soft" }, t("Anda boleh berhenti di sini dan kembali kapan saja. Butir yang sudah diikrarkan tetap tercatat.")),
        ];
      });
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
