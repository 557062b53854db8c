/* Drafts: what is typed is kept at every input until the page says it is saved. Sealed in this device where it can be
   (see vault.js: then it outlives the page, the browser and the session), else in this tab only. */
(function () {
  "use strict";
  var bangfu = window.bangfu = window.bangfu || {};
  var vault = bangfu.vault;
  var MONTH = 30 * 24 * 3600 * 1000;
  var tab = null;
  try { tab = window.sessionStorage; } catch (shut) { /* some browsers forbid it; then there are simply no drafts */ }
  function inTab(key, value) {
    try {
      if (value === undefined) return JSON.parse(tab.getItem("draft:" + key));
      if (value === null) tab.removeItem("draft:" + key); else tab.setItem("draft:" + key, JSON.stringify(value));
    } catch (full) { /* full, forbidden or torn */ }
    return null;
  }
  var open = vault ? vault.ready : Promise.resolve(false);
  var drafts = bangfu.drafts = {
    name: function (key) { return vault.me + ":" + key; },
    read: function (key) {
      return open.then(function (can) {
        var torn = inTab(key); // what the tab still holds was typed last: the sealed copy was not yet written
        if (!can || torn) return torn;
        return vault.read("drafts", drafts.name(key)).then(function (kept) {
          return kept && Date.now() - kept.at < MONTH ? vault.open(kept, drafts.name(key)) : null;
        });
      }).catch(function () { return null; });
    },
    write: function (key, value) {
      return open.then(function (can) {
        if (!can) return inTab(key, value);
        if (value === null) return vault.remove("drafts", drafts.name(key));
        return vault.seal(value, drafts.name(key)).then(function (sealed) {
          sealed.at = Date.now();
          return vault.put("drafts", sealed, drafts.name(key));
        });
      }).catch(function () { inTab(key, value); return "tab"; });
    },
    /* The name under which a sheet about these children, or of a kind for several, keeps what is typed. */
    of: function (ids, several) {
      return "record-" + (several || ids.map(function (id) { return id.slice(0, 8); }).sort().join("-"));
    }
  };

  /* Writing takes its turn: what was typed last is what stays. The tab holds it for the moment that sealing takes. */
  var busy = {}, coming = {};
  function later(key, value) {
    inTab(key, value);
    if (busy[key]) { coming[key] = { value: value }; return busy[key]; }
    busy[key] = drafts.write(key, value).then(function (where) {
      busy[key] = null;
      var next = coming[key];
      coming[key] = null;
      if (!next && where !== "tab" && vault && vault.key) inTab(key, null); // else the tab's is the only copy
      return next ? later(key, next.value) : null;
    });
    return busy[key];
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && ["hidden", "file", "password", "submit", "button"].indexOf(field.type) < 0;
    });
  }
  function values(form) {
    var found = {};
    fields(form).forEach(function (field) {
      var many = found[field.name] = found[field.name] || [];
      if ((field.type !== "checkbox" && field.type !== "radio") || field.checked) many.push(field.value);
    });
    return found;
  }
  function restore(form, found) {
    fields(form).forEach(function (field) {
      var kept = found[field.name];
      if (!kept) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = kept.indexOf(field.value) >= 0;
      else {
        field.value = kept[0];
        if (field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelectorAll("details").forEach(function (more) {
      if (Array.prototype.some.call(more.querySelectorAll("input,textarea"), function (field) {
        return field.type === "checkbox" || field.type === "radio" ? field.checked : field.value !== field.defaultValue;
      })) more.open = true;
    });
  }

  drafts.keep = function (form) { return later(form.dataset.draft, values(form)); };
  drafts.quiet = function (key) { return busy[key] || Promise.resolve(); };
  drafts.drop = function (key) { return later(key, null); };
  drafts.wire = function (form) {
    var key = form.dataset.draft, fresh = true, gone = false;
    function keep() { fresh = false; if (!gone) drafts.keep(form); }
    drafts.read(key).then(function (found) {
      if (!found || !fresh) return;
      restore(form, found);
      offer(form, key);
    });
    /* Not in the middle of an input method's composition: half a character is no text. */
    form.addEventListener("input", function (event) { if (!event.isComposing) keep(); });
    form.addEventListener("compositionend", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", function () {
      if (bangfu.outbox && bangfu.outbox.kind(form)) { gone = true; return; } // the outbox drops it with the same breath
      keep();
      inTab("sent", key);
    });
    form.addEventListener("bangfu:back", function () { gone = false; keep(); });
    Array.prototype.forEach.call(form.querySelectorAll("[data-drop-draft]"), function (way) {
      way.addEventListener("click", function () { gone = true; drafts.drop(key); });
    });
  };
  /* Says that something half written came back, and lets one be rid of it. */
  function offer(form, key) {
    var folded = form.closest("details:not([open])");
    if (folded) folded.open = true; // what came back is seen, also where the page folds the form away
    var words = document.getElementById("outbox-draft");
    if (!words || form.hasAttribute("data-came-back")) return;
    var note = document.importNode(words.content, true).firstElementChild;
    form.parentNode.insertBefore(note, form);
    note.querySelector("button").addEventListener("click", function () {
      form.reset();
      drafts.drop(key);
      note.remove();
    });
  }
  drafts.forget = function () { try { tab.clear(); } catch (shut) { /* nothing kept */ } };

  /* The page says it is saved: then the draft that was sent is no longer needed. */
  var saved = document.querySelector("[data-said].done"), sent = inTab("sent");
  if (sent && saved) drafts.drop(sent);
  inTab("sent", null);
})();
