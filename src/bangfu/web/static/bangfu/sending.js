/* Forms on their way through the outbox, and what is said afterwards: what it completes, undo, who is next. */
(function () {
  "use strict";
  var bangfu = window.bangfu;
  var vault = bangfu.vault, outbox = bangfu.outbox;
  if (!outbox) return;
  var words = outbox.words, say = outbox.say;
  var PATIENCE = 5000;

  /* What was said after saving: read out, six seconds, with undo and the next one. */
  outbox.said = function (sentence, more) {
    var copy = document.importNode(document.getElementById("outbox-said").content, true).firstElementChild;
    var main = document.getElementById("main");
    copy.querySelector("p").textContent = sentence;
    if (more && more.refused) { copy.className = "said refused"; copy.setAttribute("role", "alert"); }
    var undo = copy.querySelector("button"), then = copy.querySelector("a");
    if (more && more.undo) {
      undo.addEventListener("click", function () {
        undo.disabled = true;
        outbox.undo(more.undo).then(function () { keep({ text: words.undone, like: [] }); location.assign(location.href.split("#")[0]); });
      });
    } else undo.remove();
    if (more && more.then) { then.href = more.then[1]; then.textContent = more.then[0]; } else then.remove();
    main.insertBefore(copy, main.firstChild);
    bangfu.settle(copy);
    return copy;
  };

  /* Forms that go through here, whatever page they stand on. Without a key they post as they always did. */
  var WAYS = { "/record/new": "record", "/duties/not-possible": "undone" };
  outbox.kind = function (form) {
    if (!vault.key || form.method !== "post") return "";
    var kind = form.dataset.outbox || WAYS[new URL(form.action).pathname] || "";
    /* 没做成 can be taken up again on its page; it waits here only when there is no page to be had. */
    return kind === "undone" && navigator.onLine && !outbox.trouble && vault.about.shell === undefined ? "" : kind;
  };
  var pressed = null; // Safari 14 knows no submitter
  document.addEventListener("click", function (event) { pressed = event.target.closest("button"); }, true);
  document.addEventListener("submit", function (event) {
    var form = event.target, kind = outbox.kind(form);
    if (!kind || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    var one = (readers[kind] || readers.plain)(form, posted(form, event.submitter || pressed));
    var draft = bangfu.drafts && form.dataset.draft ? form.dataset.draft : "";
    (draft ? bangfu.drafts.quiet(draft) : Promise.resolve()).then(function () {
      return outbox.add(kind, one.body, { id: one.id, draft: draft ? bangfu.drafts.name(draft) : "", names: one.names });
    }).then(function (row) {
      return Promise.race([outbox.flush(), new Promise(function (done) { setTimeout(done, PATIENCE, {}); })])
        .then(function (answers) { return leave(form, row, answers[row.id], one); });
    }, function () { form.submit(); }); // nothing could be kept here: as it always was
  });
  /* What the form would post, by name, always as lists. */
  function posted(form, button) {
    var found = {};
    var data = new FormData(form);
    if (button && button.form === form && button.name) data.append(button.name, button.value);
    data.forEach(function (value, name) {
      if (name !== "csrfmiddlewaretoken" && typeof value === "string") (found[name] = found[name] || []).push(value);
    });
    return found;
  }
  var readers = {
    record: function (form, found) {
      var title = form.querySelector("h1") || document.querySelector("h1");
      var back = (found.back || [])[0] === "pupil" ? "/pupils/" + found.pupil[0] : "/";
      return {
        id: found.id[0], body: { pupils: found.pupil || [], form: found }, like: found.activities || [],
        names: title ? title.textContent.trim() : "", to: back, undo: true
      };
    },
    undone: function (form, found) {
      var row = form.closest("li"), who = row && row.querySelector(".who");
      var body = { cells: found.cell || [], reason: (found.reason || [""])[0], note: (found.note || [""])[0] };
      return { body: body, names: who ? who.textContent.trim() : "", to: location.pathname };
    },
    plain: function (form, found) {
      var body = {};
      Object.keys(found).forEach(function (name) { if (name !== "id") body[name] = found[name].length > 1 ? found[name] : found[name][0]; });
      var title = form.querySelector("h1,h2,h3") || document.querySelector("h1");
      return { id: (found.id || [])[0], body: body, names: title ? title.textContent.trim() : "", to: form.dataset.then || location.pathname };
    }
  };
  function leave(form, row, answer, one) {
    if (answer && answer.state === "refused") { // back into the form: it can be mended here and now
      return outbox.drop(row.id).then(function () {
        delete form.dataset.sent;
        bangfu.release(form);
        form.dispatchEvent(new Event("bangfu:back"));
        var old = document.querySelector("main > .said.refused");
        if (old) old.remove();
        outbox.said(answer.sentence, { refused: true });
      });
    }
    var sentence = words.kept;
    if (answer && answer.state) {
      sentence = answer.sentence || words.done;
      if ((answer.closes || []).length) sentence += say(words.closes, { what: answer.closes.join(words.comma) });
    }
    keep({ text: sentence, undo: one.undo ? row.id : "", like: one.like || [] });
    location.assign(one.to);
  }
  /* No names in it: only the next page of this tab reads it. */
  function keep(said) {
    try { sessionStorage.setItem("bangfu:said", JSON.stringify(said)); } catch (shut) { /* then nothing is said */ }
  }

  /* What the school did not take becomes a draft again, in the same breath, and its sheet opens. */
  outbox.reopen = function (row) {
    return outbox.inside(row).then(function (inside) {
      var form = inside.body.form, ids = inside.body.pupils;
      var key = "record-" + ((form.several || [])[0] || ids.map(function (id) { return id.slice(0, 8); }).sort().join("-"));
      var name = bangfu.drafts.name(key);
      return vault.seal(form, name).then(function (sealed) {
        sealed.at = Date.now();
        return vault.turn(["outbox", "drafts"], function (at) {
          at("drafts").put(sealed, name);
          at("outbox").delete(row.id);
        });
      }).then(function () {
        var who = form.several ? ["several=" + form.several[0]] : ids.map(function (id) { return "pupil=" + id; });
        location.assign("/record/new?" + who.join("&"));
      });
    });
  };

  /* After a save: its words, and who is next on the list that now stands here. */
  outbox.tell = function () {
    var said = null;
    try {
      said = JSON.parse(sessionStorage.getItem("bangfu:said"));
      sessionStorage.removeItem("bangfu:said");
    } catch (shut) { return; }
    if (!said) return;
    outbox.said(said.text, { undo: said.undo, then: location.pathname === "/" && said.undo ? following(said) : null });
  };
  /* The next child on the list that now stands here; of the same kind, what was done stays tapped. */
  function following(said) {
    var links = Array.prototype.slice.call(document.querySelectorAll("main li.row a.button[href^='/record/new']"));
    var alike = links.filter(function (link) { return said.like.indexOf(new URL(link.href).searchParams.get("activity")) >= 0; });
    var link = alike[0] || links[0];
    var who = link && link.closest("li").querySelector(".who");
    if (!who) return null;
    var to = new URL(link.href);
    if (alike.length && said.undo) { to.searchParams.delete("activity"); to.searchParams.set("again", said.undo); }
    return [say(words.next, { who: who.textContent.trim() }), to.pathname + to.search];
  }
})();
