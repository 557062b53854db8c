/* The queue as a list: what it is, how old, why it is still here; send, save to a file, change one's mind. */
(function () {
  "use strict";
  var bangfu = window.bangfu = window.bangfu || {};
  var vault = bangfu.vault, outbox = bangfu.outbox;
  var SAID = ["value", "present", "about", "note", "bright_spot", "next", "reflection", "company_said", "remark"]; // what was written, of any form
  function age(at, words) {
    var minutes = Math.floor((Date.now() - at) / 60000);
    if (minutes < 60) return outbox.say(words.minutes, { n: minutes });
    if (minutes < 48 * 60) return outbox.say(words.hours, { n: Math.floor(minutes / 60) });
    return outbox.say(words.days, { n: Math.floor(minutes / 1440) });
  }
  function why(row, words) {
    if (row.state !== "waiting") return row.reason;
    return words[row.reason] || (row.tries ? words.again : words.first);
  }
  function draw(room, rows) {
    var words = room.dataset, list = room.querySelector("ul");
    var mine = rows.filter(function (row) { return row.staff === vault.me; });
    room.querySelector("[data-none]").hidden = mine.length > 0;
    room.querySelector("[data-some]").hidden = !mine.length;
    var others = room.querySelector("[data-others]");
    others.hidden = rows.length === mine.length;
    others.textContent = outbox.say(words.others, { n: rows.length - mine.length });
    return Promise.all(mine.map(function (row) {
      return outbox.inside(row).catch(function () { return { names: "" }; });
    })).then(function (inside) {
      list.textContent = "";
      mine.forEach(function (row, at) {
        var one = document.importNode(document.getElementById("queue-item").content, true).firstElementChild;
        var kinds = JSON.parse(words.kinds);
        one.querySelector("[data-what]").textContent = inside[at].names || kinds[row.kind] || kinds[""];
        one.querySelector("[data-age]").textContent = [inside[at].names ? kinds[row.kind] || "" : "", age(row.at, words), row.saved ? words.saved : ""].filter(Boolean).join(" · ");
        one.querySelector("[data-why]").textContent = why(row, words);
        one.querySelectorAll("button").forEach(function (button) {
          button.hidden = button.dataset.when.split(" ").indexOf(row.state) < 0 || (button.value === "open" && !outbox.opens(row.kind, inside[at].body));
          button.addEventListener("click", function () { press(button, row, one); });
        });
        var said = outbox.fields(inside[at].body || {}), text = one.querySelector("[data-said]");
        var parts = SAID.map(function (name) { return (said[name] || []).join(words.comma); }).filter(Boolean);
        text.hidden = !parts.length;
        text.querySelector("p").textContent = parts.join(" ");
        list.appendChild(one);
      });
    });
  }
  function press(button, row, one) {
    if (button.value === "open") outbox.reopen(row);
    if (button.value === "retry") outbox.retry(row.id);
    if (button.value === "seen") outbox.drop(row.id);
    if (button.value === "drop") {
      one.querySelector("[data-sure]").hidden = false;
      one.querySelector("[data-sure] button").focus();
    }
    if (button.value === "sure") outbox.drop(row.id);
    if (button.value === "back") one.querySelector("[data-sure]").hidden = true;
  }
  bangfu.queue = function (room) {
    if (!outbox || !vault.able) return;
    room.querySelector("[data-unable]").hidden = true;
    room.querySelector("[data-able]").hidden = false;
    var turn = Promise.resolve();
    document.addEventListener("bangfu:queue", function (event) {
      var rows = event.detail;
      turn = turn.then(function () { return draw(room, rows); }).catch(function () { /* drawn anew with the next change */ });
    });
    room.addEventListener("click", function (event) {
      var what = event.target.closest("[data-do]");
      if (!what) return;
      if (what.dataset.do === "send") outbox.flush();
      if (what.dataset.do === "file") outbox.save();
      if (what.dataset.do === "wipe") room.querySelector("[data-wipe]").hidden = false;
      if (what.dataset.do === "wiped") vault.leave(true).then(function () { location.assign("/"); });
      if (what.dataset.do === "kept") room.querySelector("[data-wipe]").hidden = true;
    });
    vault.ready.then(outbox.paint);
  };
  document.querySelectorAll("[data-queue]").forEach(bangfu.queue);
})();
