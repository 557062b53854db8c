/* Keeps each touched cell of the survey by itself, so that two teachers in one class don't undo each other. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-cells]");
  if (!form || !window.fetch) return;
  var note = form.querySelector("[data-saving]");
  var pending = {};
  var sent = {};
  var isBusy = false;
  var timer;
  function say(kind) { if (note) note.textContent = note.dataset[kind]; }
  function later(ms) { clearTimeout(timer); timer = setTimeout(send, ms); }
  function send(leaving) {
    var names = Object.keys(pending);
    if (isBusy || !names.length) return;
    var data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    sent = pending;
    pending = {};
    names.forEach(function (name) { data.append(name, sent[name]); });
    isBusy = true;
    fetch(form.action, { method: "POST", body: data, headers: { "X-Autosave": "1" }, keepalive: leaving === true })
      .then(function (answer) {
        if (answer.status !== 204) throw new Error("not kept");
        isBusy = false;
        sent = {};
        if (Object.keys(pending).length) later(0); else say("saved");
      })
      .catch(function () {
        isBusy = false;
        Object.keys(sent).forEach(function (name) { if (!(name in pending)) pending[name] = sent[name]; });
        sent = {};
        say("failed");
        later(5000);
      });
  }
  form.addEventListener("change", function (event) {
    var field = event.target;
    pending[field.name] = field.type === "checkbox" && !field.checked ? "0" : field.value;
    say("saving");
    later(300);
  });
  window.addEventListener("pagehide", function () { send(true); });

  /* With everything kept, the button only goes on; what is still on its way goes with it. */
  function shut(isShut) {
    Array.prototype.forEach.call(form.querySelectorAll("tbody input, [name=whole]"), function (field) {
      if (field.name) field.disabled = isShut;
    });
  }
  form.addEventListener("submit", function () {
    shut(true);
    [sent, pending].forEach(function (cells) {
      Object.keys(cells).forEach(function (name) {
        var field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = cells[name];
        form.appendChild(field);
      });
    });
    pending = {};
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) shut(false); });
})();
