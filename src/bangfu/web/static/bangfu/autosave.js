/* Keeps each touched cell by itself and in small batches: what did not arrive is sent again, leaving the page loses nothing. */
window.keepCells = function (form, how) {
  "use strict";
  var pending = {};
  var sent = {};
  var isBusy = false;
  var timer;
  var names = function (cells) { return Object.keys(cells); };
  function later(ms) { clearTimeout(timer); timer = setTimeout(send, ms); }
  function send(leaving) {
    var some = names(pending).slice(0, how.atOnce || Infinity);
    if (isBusy || !some.length) return;
    var data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    sent = {};
    some.forEach(function (name) {
      sent[name] = pending[name];
      delete pending[name];
      data.append(name, sent[name]);
      if (how.add) how.add(data, name);
    });
    isBusy = true;
    fetch(form.action, { method: "POST", body: data, headers: { "X-Autosave": "1" }, keepalive: leaving === true })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("not kept");
        return answer.status === 204 ? null : answer.json();
      })
      .then(function (told) {
        var kept = sent;
        isBusy = false;
        sent = {};
        if (how.kept) how.kept(kept, told);
        if (names(pending).length) later(0); else how.say("saved");
      })
      .catch(function () {
        isBusy = false;
        names(sent).forEach(function (name) { if (!(name in pending)) pending[name] = sent[name]; });
        sent = {};
        how.say("failed");
        later(5000);
      });
  }
  window.addEventListener("pagehide", function () { send(true); });
  return {
    touch: function (name, value) { pending[name] = value; how.say("saving"); later(how.wait || 300); },
    /* What has not arrived yet; the page takes it over, nothing more is sent. */
    take: function () {
      var cells = Object.assign({}, sent, pending);
      clearTimeout(timer);
      pending = {};
      return cells;
    },
  };
};
