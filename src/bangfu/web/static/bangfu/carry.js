/* What goes along: asks /carry now and then and keeps it sealed, starts the service worker, and clears up at sign-out. */
(function () {
  "use strict";
  var bangfu = window.bangfu = window.bangfu || {};
  var vault = bangfu.vault, outbox = bangfu.outbox;
  if (!vault) return;
  var FRESH = 15 * 60 * 1000, CLOSE = 2 * 60 * 1000;
  var carry = bangfu.carry = {};

  if ("serviceWorker" in navigator && window.isSecureContext && vault.about.worker && vault.me) {
    window.addEventListener("load", function () {
      navigator.serviceWorker.register(vault.about.worker, { updateViaCache: "all" }).catch(function () { /* not here */ });
    });
  }

  /* Resolves with what was carried, or null: nothing, too old, or somebody else's. */
  carry.read = function () {
    return vault.ready.then(function (open) {
      if (!open) return null;
      return vault.read("facts", "carried").then(function (kept) {
        if (!kept || kept.staff !== vault.me) return null;
        if (Date.now() > kept.until) return vault.lock().then(function () { return null; });
        return vault.open(kept, "carried");
      });
    }).catch(function () { return null; });
  };
  carry.fetch = function () {
    return fetch(vault.about.carry, { credentials: "same-origin", cache: "no-store", redirect: "error" }).then(function (answer) {
      if (!answer.ok) throw new Error("not carried");
      return answer.json();
    }).then(function (all) {
      if (all.staff.id !== vault.me) throw new Error("somebody else's");
      var ahead = Date.now() - Date.parse(all.made_at);
      vault.skew = Math.abs(ahead) > CLOSE ? ahead : 0;
      var until = Date.parse(all.until) + vault.skew;
      if (all.lasts) until = Math.min(until, Date.now() + all.lasts * 1000); // no longer than one stays signed in
      return vault.seal(all, "carried").then(function (sealed) {
        sealed.staff = vault.me;
        sealed.at = Date.now();
        sealed.until = until;
        return vault.turn(["facts"], function (at) {
          at("facts").put(sealed, "carried");
          at("facts").put(vault.skew, "skew");
        });
      });
    }).catch(function () { return null; });
  };
  function refresh() {
    vault.read("facts", "carried").then(function (kept) {
      var here = location.pathname === "/" || location.pathname.indexOf("/round") === 0;
      var old = !kept || kept.staff !== vault.me || Date.now() - kept.at > FRESH;
      if (!kept || (here && old)) carry.fetch();
    });
  }
  vault.ready.then(function (open) {
    if (open && vault.about.carry && vault.about.shell === undefined) setTimeout(refresh, 1500);
  });

  /* Leaving: what waits is offered to be sent or taken along as a file first; then nothing readable stays here. */
  var leaving = document.getElementById("leaving");
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (new URL(form.action).pathname !== "/sign-out" || form.dataset.clear || !vault.able || !outbox) return;
    event.preventDefault();
    function go(all) {
      vault.leave(all).catch(function () { /* then there was nothing */ })
        .then(function () { form.dataset.clear = "1"; form.submit(); });
    }
    function look() {
      return vault.ready.then(outbox.unsent).then(function (rows) {
        if (!rows.length) return go(true);
        if (!leaving) return go(false);
        leaving.hidden = false;
        leaving.querySelector("p").textContent = outbox.say(leaving.dataset.words, { n: rows.length });
        form.parentNode.insertBefore(leaving, form);
        leaving.querySelector("p").focus();
      });
    }
    if (leaving && !leaving.dataset.wired) {
      leaving.dataset.wired = "1";
      leaving.addEventListener("click", function (press) {
        var what = press.target.closest("button");
        if (!what) return;
        if (what.value === "send") outbox.flush().then(look);
        if (what.value === "file") outbox.save();
        if (what.value === "leave") go(false);
        if (what.value === "wipe") go(true);
      });
    }
    vault.ready.then(function (open) { return open ? outbox.flush() : null; }).then(look).catch(function () { go(false); });
  });
})();
