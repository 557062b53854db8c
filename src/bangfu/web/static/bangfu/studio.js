/* The studio in place: the same links and forms as without this file, their answers exchanged piece by piece. */
(function () {
  "use strict";
  var studio = document.querySelector("[data-studio]");
  if (!studio || !window.fetch || !window.DOMParser) return;
  var wide = window.matchMedia("(min-width: 960px)");
  var timer, asked = 0, from = "";

  function pieces(answer) {
    return answer.text().then(function (text) {
      return { page: new DOMParser().parseFromString(text, "text/html"), ok: answer.ok, url: answer.url };
    });
  }
  function token(address) {
    return Array.prototype.filter.call(studio.querySelectorAll(".token"), function (one) { return one.dataset.at === address; })[0];
  }
  function exchange(id, page) {
    var here = document.getElementById(id), there = page.getElementById(id);
    if (here && there) here.innerHTML = there.innerHTML;
  }
  function opened() {
    return Array.prototype.map.call(studio.querySelectorAll("details[open][id]"), function (one) { return one.id; });
  }
  function shut(back) {
    var form = document.getElementById("editor");
    if (!form) return;
    form.parentNode.removeChild(form);
    if (back && token(from)) token(from).focus();
  }
  function focusFirst(form) {
    var field = form.querySelector("input:not([type=hidden]):checked, input:not([type=hidden]), select, textarea");
    if (!field) return;
    field.focus();
    if (field.select && field.type !== "radio" && field.type !== "checkbox") field.select();
  }
  function put(page, line) {
    var form = page.getElementById("editor");
    if (!form) return false;
    shut(false);
    form = document.importNode(form, true);
    line.insertBefore(form, line.querySelector("p").nextSibling);
    focusFirst(form);
    return true;
  }
  function say(page) {
    Array.prototype.forEach.call(document.querySelectorAll("main > .said, main > .faults"), function (one) { one.parentNode.removeChild(one); });
    var main = document.getElementById("main");
    Array.prototype.reverse.call(Array.prototype.slice.call(page.querySelectorAll("main > .said, main > .faults"))).forEach(function (one) {
      main.insertBefore(document.importNode(one, true), main.firstChild);
    });
  }

  studio.addEventListener("click", function (event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (event.target.closest("[data-shut]")) { event.preventDefault(); shut(true); again(null); return; }
    var link = event.target.closest(".token");
    if (!link || !wide.matches) return;
    event.preventDefault();
    var line = link.closest(".line");
    from = link.dataset.at;
    fetch(link.href.split("#")[0], { credentials: "same-origin" }).then(pieces).then(function (got) {
      if (!got.ok || !put(got.page, line)) window.location.href = link.href;
    }).catch(function () { window.location.href = link.href; });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.getElementById("editor")) { shut(true); again(null); }
  });

  /* What is being typed is run dry, kept nowhere. An answer that comes late is dropped. */
  function again(form) {
    var trial = document.getElementById("trial");
    var mine = ++asked;
    var to = form ? form.dataset.trial : window.location.pathname.replace(/\/$/, "") + "/trial";
    trial.classList.add("is-waiting");
    fetch(to, form ? { method: "POST", body: new FormData(form), credentials: "same-origin" } : { credentials: "same-origin" })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : null; })
      .then(function (text) {
        if (mine !== asked) return;
        trial.classList.remove("is-waiting");
        if (text === null) return;
        var open = opened();
        trial.innerHTML = text;
        open.forEach(function (id) { var one = document.getElementById(id); if (one) one.open = true; });
      })
      .catch(function () { if (mine === asked) trial.classList.remove("is-waiting"); });
  }
  studio.addEventListener("input", function (event) {
    var form = event.target.closest("#editor");
    if (!form || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(function () { if (form.isConnected) again(form); }, 400);
  });

  studio.addEventListener("submit", function (event) {
    var form = event.target.closest("#editor");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    clearTimeout(timer);
    asked += 1;
    var address = form.dataset.of, line = form.closest(".line"), open = opened();
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(pieces).then(function (got) {
      delete form.dataset.busy;
      if (!got.page.getElementById("prose")) { window.location.reload(); return; }
      say(got.page);
      if (!got.ok) { put(got.page, line); return; }
      ["prose", "trial", "acts"].forEach(function (id) { exchange(id, got.page); });
      document.getElementById("trial").classList.remove("is-waiting");
      open.forEach(function (id) { var one = document.getElementById(id); if (one) one.open = true; });
      from = address;
      var back = token(address);
      if (back) back.focus();
    }).catch(function () { delete form.dataset.busy; form.submit(); });
  });

  /* A new duty: only the fields of the way that is chosen. */
  function fold() {
    Array.prototype.forEach.call(studio.querySelectorAll(".way"), function (one) {
      one.classList.toggle("shut", !one.querySelector("input[name=way]").checked);
    });
  }
  ["change", "focusin"].forEach(function (what) { studio.addEventListener(what, fold); });
  fold();
})();
