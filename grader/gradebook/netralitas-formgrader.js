// What nbgrader's own page does not say: that a mark was saved, why it was not, and what is not marked here.
const told = (text, kind, ...more) => {
  $("#netralitas-told").remove();
  return $("<div id='netralitas-told' class='alert'>")
    .addClass(`alert-${kind}`)
    .attr("role", kind === "danger" ? "alert" : "status")
    .css({ position: "fixed", bottom: "1rem", left: "1rem", right: "1rem", zIndex: 2000 })
    .append(document.createTextNode(text), ...more)
    .appendTo(document.body);
};

$(document).ajaxError((_event, answer, { type }) => {
  const why = answer.responseJSON && answer.responseJSON.message;
  const lost = type === "GET" ? "Nilai belum termuat." : "Belum tersimpan. Periksa sambungan, lalu ulangi.";
  const text = why || lost;
  const again = $("<button type='button' class='btn btn-default'>").text("Muat ulang").on("click", () => location.reload());
  told(`${text} `, "danger", again);
});

$(document).ajaxSuccess((_event, answer, { type, url }) => {
  if (type === "PUT") told("Tersimpan.", "success").delay(2000).fadeOut();
  if (!url.includes("/api/grades?")) return;
  // In a gradebook of one's own stands only what is one's to mark.
  const names = new Set(answer.responseJSON.map((row) => row.name));
  $(".nbgrader_cell").each((_at, cell) => {
    const score = $(cell).find(".score");
    if (names.has(score.attr("id"))) return;
    $(cell).find("input, textarea, button").prop("disabled", true);
  });
});

if ($.fn.dataTable) {
  $.extend(true, $.fn.dataTable.defaults, {
    language: { search: "Cari:", zeroRecords: "Tidak ada yang cocok.", emptyTable: "Belum ada lembar." },
  });
}
