// Says why a mark was not saved; nbgrader's own page would stay silent.
$(document).ajaxError((_event, answer) => {
  const told = answer.responseJSON && answer.responseJSON.message;
  if (!told) return;
  const again = $("<button type='button' class='btn btn-default'>").text("Muat ulang").on("click", () => location.reload());
  $("#netralitas-told").remove();
  $("<div id='netralitas-told' role='alert' class='alert alert-danger'>")
    .css({ position: "fixed", bottom: "1rem", left: "1rem", right: "1rem", zIndex: 2000 })
    .append(document.createTextNode(told + " "), again)
    .appendTo(document.body);
});
