/* Keeps each touched cell of the survey by itself, so that two teachers in one class don't undo each other. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-cells]");
  if (!form || !window.fetch) return;
  var note = form.querySelector("[data-saving]");
  var cells = window.keepCells(form, { say: function (kind) { if (note) note.textContent = note.dataset[kind]; } });
  form.addEventListener("change", function (event) {
    var field = event.target;
    cells.touch(field.name, field.type === "checkbox" && !field.checked ? "0" : field.value);
  });

  /* With everything kept, the button only goes on; what is still on its way goes with it. */
  function shut(isShut) {
    Array.prototype.forEach.call(form.querySelectorAll("tbody input, [name=whole]"), function (field) {
      if (field.name) field.disabled = isShut;
    });
  }
  form.addEventListener("submit", function () {
    var left = cells.take();
    shut(true);
    Object.keys(left).forEach(function (name) {
      var field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = left[name];
      form.appendChild(field);
    });
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) shut(false); });
})();
