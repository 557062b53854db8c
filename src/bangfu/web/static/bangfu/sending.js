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
    if (form.dataset.sent) return event.preventDefault();
    var one = (readers[kind] || readers.plain)(form, posted(form, event.submitter || pressed));
    if (!one.items.length && vault.about.shell === undefined) return; // nothing was changed: the page says so
    event.preventDefault();
    if (!one.items.length) return location.assign(one.away || one.to);
    form.dataset.sent = "1";
    var draft = bangfu.drafts && form.dataset.draft ? form.dataset.draft : "";
    (draft ? bangfu.drafts.quiet(draft) : Promise.resolve()).then(function () {
      return outbox.put(kind, one.items, draft ? bangfu.drafts.name(draft) : "");
    }).then(function (rows) {
      return Promise.race([outbox.flush(), new Promise(function (done) { setTimeout(done, PATIENCE, {}); })])
        .then(function (answers) { return leave(form, rows, answers, one); });
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
  function title(form) {
    if (form.dataset.title) return form.dataset.title;
    var head = form.querySelector("h1,h2,h3") || document.querySelector("h1");
    return head ? head.textContent.trim() : "";
  }
  /* What a form says: items to be kept, and where it goes on: `to`, without an answer `away`, with two values `choose`. */
  var readers = {
    record: function (form, found) {
      var back = (found.back || [])[0] === "pupil" ? "/pupils/" + found.pupil[0] : "/";
      var item = { id: found.id[0], body: { pupils: found.pupil || [], form: found }, names: title(form) };
      return { items: [item], like: found.activities || [], to: back, undo: true };
    },
    amend: function (form, found) {
      var of = found.evidence[0];
      return { items: [{ id: found.id[0], body: { evidence: of, form: found }, names: title(form) }], to: "/record/" + of, away: "/" };
    },
    undone: function (form, found) {
      var row = form.closest("li"), who = row && row.querySelector(".who");
      var body = { cells: found.cell || [], reason: (found.reason || [""])[0] };
      return { items: [{ body: body, names: who ? who.textContent.trim() : "" }], to: location.pathname };
    },
    /* Each field that was changed goes by itself, with what its writer saw before. */
    profile: function (form, found) {
      var pupil = found.pupil[0], anew = form.hasAttribute("data-came-back");
      var changed = Object.keys(found).filter(function (name) {
        var field = found["base." + name] && form.elements[name];
        return field && (anew || field.value !== field.defaultValue);
      });
      return { items: changed.map(function (name) {
        var at = name.lastIndexOf("."), field = form.elements[name], whose = field.closest("section").querySelector("h2");
        var body = { pupil: pupil, field: name.slice(at + 1), base: found["base." + name][0], value: found[name][0] };
        if (at > 0) body.guardian = name.slice(0, at);
        return { body: body, names: whose.textContent.trim() + " " + field.labels[0].textContent.trim() };
      }), to: "/pupils/" + pupil, choose: form.dataset.choose };
    },
    /* Of a class only the cells that were touched, with what each showed. */
    cells: function (form, found) {
      var body = { "class": found["class"][0] }, fields = Array.prototype.slice.call(form.querySelectorAll("select"));
      var touched = fields.filter(function (field) { return field.value && field.value !== field.dataset.saw; });
      touched.forEach(function (field) {
        body[field.name] = field.value;
        body["s" + field.name.slice(1)] = field.dataset.saw;
      });
      return { items: touched.length ? [{ body: body, names: title(form) }] : [], to: form.dataset.then };
    },
    plain: function (form, found) {
      var body = {};
      Object.keys(found).forEach(function (name) { if (name !== "id") body[name] = found[name].length > 1 ? found[name] : found[name][0]; });
      return { items: [{ id: (found.id || [])[0], body: body, names: title(form) }], to: form.dataset.then || location.pathname, away: form.dataset.away };
    }
  };
  function leave(form, rows, answers, one) {
    var told = rows.map(function (row) { return answers[row.id] || {}; });
    var those = function (state) { return told.filter(function (answer) { return (answer.state || "") === state; }); };
    var no = those("refused");
    if (no.length) { // back into the form: it can be mended here and now
      return Promise.all(no.map(function (answer) { return outbox.drop(answer.id); })).then(function () {
        delete form.dataset.sent;
        bangfu.release(form);
        form.dispatchEvent(new Event("bangfu:back"));
        var old = document.querySelector("main > .said.refused");
        if (old) old.remove();
        outbox.said(no[0].sentence, { refused: true });
      });
    }
    var late = those("").length > 0, two = those("conflict")[0], sentence = words.kept;
    if (!late) {
      sentence = (two || those("review")[0] || those("stored")[0] || told[0]).sentence || words.done;
      var closes = [].concat.apply([], told.map(function (answer) { return answer.closes || []; }));
      if (closes.length) sentence += say(words.closes, { what: closes.join(words.comma) });
    }
    keep({ text: sentence, undo: one.undo ? rows[0].id : "", like: one.like || [] });
    location.assign((late ? one.away : two && one.choose) || one.to);
  }
  /* No names in it: only the next page of this tab reads it. */
  function keep(said) {
    try { sessionStorage.setItem("bangfu:said", JSON.stringify(said)); } catch (shut) { /* then nothing is said */ }
  }

  /* What the school did not take becomes a draft again, in the same breath, and its form opens. Where that form does
     not stand (somebody else's round by now, a record taken back), it stays in the queue with its reason. */
  var homes = function (what) {
    return function (body) { return [what + "-" + body.household, "/households/" + body.household + "?" + what]; };
  };
  var places = {
    record: function (body) {
      var several = body.pupils.length ? "" : (body.form.several || [])[0];
      var who = several ? ["several=" + several] : body.pupils.map(function (id) { return "pupil=" + id; });
      return [bangfu.drafts.of(body.pupils, several), "/record/new?" + who.join("&")];
    },
    amend: function (body) { return ["change-" + body.evidence, "/record/" + body.evidence + "?change"]; },
    hand_in: function (body) { return ["handin-" + body.month + "-" + body.plan, "/handin/" + body.month]; },
    household_visit: homes("visit"),
    hardship: homes("hardship")
  };
  outbox.opens = function (kind, body) { return body && places[kind] ? places[kind](body) : null; };
  /* Its fields by name, always as lists. */
  outbox.fields = function (body) {
    var said = body.form || body, found = {};
    Object.keys(said).forEach(function (name) { found[name] = [].concat(said[name]); });
    return found;
  };
  function stands(kind, place) {
    return fetch(place[1], { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (page) { return page.indexOf('data-draft="' + place[0] + '"') >= 0; },
        function () { return kind !== "amend"; }); // without a network the shell draws all but that
  }
  outbox.reopen = function (row) {
    return outbox.inside(row).then(function (inside) {
      var place = outbox.opens(row.kind, inside.body), name = bangfu.drafts.name(place[0]);
      return stands(row.kind, place).then(function (there) {
        if (!there) return outbox.said(row.reason, { refused: true });
        return vault.seal(outbox.fields(inside.body), name).then(function (sealed) {
          sealed.at = Date.now();
          return vault.turn(["outbox", "drafts"], function (at) {
            at("drafts").put(sealed, name);
            at("outbox").delete(row.id);
          });
        }).then(function () { location.assign(place[1]); });
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
