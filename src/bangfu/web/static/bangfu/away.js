/* Draws, without a connection, today, the sheet, own pupils, a taken village and the queue, from what was carried.
   The forms are those of the pages (templates in the shell); what they say goes through the outbox like any other. */
(function () {
  "use strict";
  var bangfu = window.bangfu;
  var vault = bangfu.vault, outbox = bangfu.outbox;
  var view = document.getElementById("view");
  var lang = document.documentElement.lang;
  var words = document.getElementById("t-words").dataset;
  var all = function (what, within) { return Array.prototype.slice.call((within || document).querySelectorAll(what)); };
  var say = outbox && outbox.say; // without one nothing but "closed" is drawn, which has nothing to fill in
  function today() { return outbox.now().slice(0, 10); }
  function moment(text) {
    var at = new Date(text), same = at.toDateString() === new Date(Date.now() - vault.skew).toDateString();
    var how = { hour: "2-digit", minute: "2-digit", hour12: false };
    if (!same) { how.month = "short"; how.day = "numeric"; }
    return at.toLocaleString(lang, how);
  }
  function day(text) { return new Date(text).toLocaleDateString(lang, { month: "short", day: "numeric", weekday: "long" }); }

  /* A copy of a template with its places filled: data-t text, data-href an address, data-label a name, data-if what is shown. */
  function copy(name, values) {
    var one = document.importNode(document.getElementById("t-" + name).content, true).firstElementChild;
    all("[data-t]", one).concat(one.dataset.t ? [one] : []).forEach(function (place) {
      var value = values[place.dataset.t];
      if (value && place.dataset.words) value = say(place.dataset.words, { when: value });
      place.textContent = value || "";
      place.hidden = !value;
    });
    all("[data-href]", one).concat(one.dataset.href ? [one] : []).forEach(function (place) {
      var to = values[place.dataset.href];
      if (to) place.href = to; else if (place.classList.contains("button")) place.remove();
    });
    all("[data-label]", one).forEach(function (place) { place.setAttribute("aria-label", say(place.dataset.label, values)); });
    all("[data-if]", one).forEach(function (place) { if (!values[place.dataset.if]) place.remove(); });
    return one;
  }
  function into(where, name, things) {
    var list = where.querySelector("[data-l=" + name + "]");
    if (list) things.forEach(function (thing) { list.appendChild(thing); });
  }
  function link(ids, more) {
    return "/record/new?" + ids.map(function (id) { return ["pupil", id]; }).concat(more || [])
      .map(function (one) { return one.map(encodeURIComponent).join("="); }).join("&");
  }

  /* What waits in the outbox, opened, so that the list knows what was just noted here. */
  function noted() {
    return outbox.waiting().then(function (rows) {
      return Promise.all(rows.map(function (row) {
        return outbox.inside(row).then(function (inside) { return { row: row, body: inside.body, names: inside.names }; })
          .catch(function () { return { row: row, body: {}, names: "" }; }); // one that never opens hides no other
      }));
    }).catch(function () { return []; });
  }
  function isDone(row, some) {
    return some.some(function (one) {
      if (one.row.kind === "undone") return (one.body.cells || []).some(function (cell) { return row.cells.indexOf(cell) >= 0; });
      if (one.row.kind !== "record" || !one.body.form) return false;
      var kinds = one.body.form.activities || [];
      return row.children.length > 0 && kinds.indexOf(row.kind) >= 0 && row.children.every(function (child) { return one.body.pupils.indexOf(child.id) >= 0; });
    });
  }

  var kit = { copy: copy, into: into, set: set, moment: moment, words: words };

  function drawToday(held, asked, some) {
    var months = bangfu.months(kit, held, some);
    var page = copy("today", { day: day(held.day), copy: moment(held.made_at), calm: !held.today.length, several: common(held), months: months.length });
    into(page, "months", months);
    var open = held.today.filter(function (row) { return !isDone(row, some); });
    into(page, "groups", ["today", "week", "late"].map(function (key) {
      var rows = open.filter(function (row) { return row.group === key; });
      if (!rows.length) return document.createTextNode("");
      var group = copy("group", { name: words[key] });
      into(group, "rows", rows.map(function (row) { return line(row, held); }));
      return group;
    }));
    var mine = some.filter(function (one) { return one.row.kind !== "withdraw" && one.names; });
    if (mine.length) {
      var here = copy("group", { name: words.here });
      into(here, "rows", mine.map(function (one) { return copy("here", { who: one.names }); }));
      into(page, "here", [here]);
    }
    if (held.villages.length) {
      var villages = copy("group", { name: words.villages });
      into(villages, "rows", held.villages.map(function (one) { return copy("village", { name: one.name, file: "/round/" + one.id }); }));
      into(page, "here", [villages]);
    }
    return page;
  }
  function line(row, held) {
    var ids = row.children.map(function (child) { return child.id; });
    var one = copy("row", {
      who: row.who, what: row.title, when: row.when, cells: row.cells.length,
      file: ids.length === 1 && !row["class"] ? "/pupils/" + ids[0] : "", survey: row["class"] ? "/survey/" + row["class"] + "/grid" : "",
      record: ids.length && !row["class"] ? link(ids, [["activity", row.kind]]) : ""
    });
    var form = one.querySelector("form");
    if (form) {
      row.cells.forEach(function (cell) { hidden(form, "cell", cell); });
      into(form, "reasons", held.reasons.filter(function (reason) { return row.at_home || !reason.at_home; }).map(function (reason) {
        var button = document.createElement("button");
        button.name = "reason";
        button.value = reason.key;
        button.textContent = reason.title;
        return button;
      }));
    }
    return one;
  }
  function hidden(form, name, value) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.appendChild(field);
  }
  function set(form, name, value) { var field = form.elements[name]; if (field) field.value = value; }

  function drawRecord(held, asked) {
    var known = {};
    held.pupils.forEach(function (pupil) { known[pupil.id] = pupil; });
    held.today.forEach(function (row) { row.children.forEach(function (child) { known[child.id] = known[child.id] || child; }); });
    var ids = asked.getAll("pupil").filter(function (id) { return known[id]; });
    var several = asked.has("several") ? asked.get("several") || common(held) : "";
    var offered = several ? waitFor(held, several) : ids;
    if (!offered.length) return drawPick(held);
    var page = copy("sheet", {}), form = page.querySelector("form.sheet");
    form.dataset.draft = bangfu.drafts.of(ids, several);
    var names = offered.map(function (id) { return known[id].name; }).join(words.comma);
    form.querySelector("h1").textContent = several ? words.several : say(words.record, { who: names });
    set(form, "id", vault.uuid());
    set(form, "on", today());
    form.elements.on.max = today();
    whom(form, offered, known, several ? (asked.has("all") ? offered : []) : ids, several);
    offer(form, held, offered.map(function (id) { return known[id]; }));
    along(form);
    call(page, held, offered.map(function (id) { return known[id]; }));
    return before(asked, held).then(function (chosen) {
      (several ? [several] : chosen.kinds).forEach(function (kind) {
        var box = form.querySelector("[id='k-" + kind + "']");
        if (box && !box.disabled) { box.checked = true; box.defaultChecked = true; }
      });
      chosen.chips.forEach(function (one) {
        all("input", form).forEach(function (field) {
          if (field.name === one[0] && field.value === one[1]) { field.checked = true; field.defaultChecked = true; }
        });
      });
      return page;
    });
  }
  function common(held) {
    var counts = {}, best = "";
    held.today.forEach(function (row) {
      if (!row.children.length || row["class"] || row.group === "late") return;
      counts[row.kind] = (counts[row.kind] || 0) + 1;
      if (counts[row.kind] > 1 && (!best || counts[row.kind] > counts[best])) best = row.kind;
    });
    return best;
  }
  function waitFor(held, kind) {
    var ids = [];
    held.today.forEach(function (row) {
      if (row.kind === kind && row.group !== "late") row.children.forEach(function (child) { if (ids.indexOf(child.id) < 0) ids.push(child.id); });
    });
    return ids;
  }
  function whom(form, offered, known, tapped, several) {
    var some = all("fieldset", form).filter(function (one) { return one.getAttribute("aria-describedby") === "f-pupil-hint" || !one.querySelector("input"); })[0];
    if (offered.length < 2 || !some) {
      if (some) some.remove();
      offered.forEach(function (id) { hidden(form, "pupil", id); });
      return;
    }
    offered.forEach(function (id) {
      var chip = copy("chip", { name: known[id].name }), field = chip.querySelector("input");
      field.value = id;
      field.checked = field.defaultChecked = tapped.indexOf(id) >= 0;
      some.querySelector("div").appendChild(chip);
      hidden(form, "offered", id);
    });
    if (!several) return;
    hidden(form, "several", several);
    var hint = some.querySelector(".hint");
    if (hint) { hint.remove(); some.removeAttribute("aria-describedby"); }
  }
  /* Only the kinds this person is offered; who went along only where a girl is visited. */
  function offer(form, held, pupils) {
    var kinds = held.forms.map(function (one) { return one.key; });
    all("[name=activities]", form).forEach(function (box) {
      if (kinds.indexOf(box.value) >= 0) return;
      box.disabled = true;
      [box, box.nextElementSibling, form.querySelector("[id='p-" + box.value + "']")].forEach(function (one) { if (one) one.hidden = true; });
    });
    var asks = pupils.some(function (pupil) { return pupil.sex === "2"; });
    all("input", form).forEach(function (field) {
      if (!/\.company(_said)?$/.test(field.name)) return;
      var whole = field.closest("fieldset,.field");
      if (!asks) { whole.hidden = true; field.disabled = true; }
    });
    if (!asks) return;
    all("fieldset", form).forEach(function (one) {
      var field = one.querySelector("input[name$='.company']");
      var girl = pupils.filter(function (pupil) { return pupil.mates && pupil.mates.length; })[0];
      (field && girl ? girl.mates.slice().reverse() : []).forEach(function (mate) {
        var chip = copy("mate", { name: mate.name }), radio = chip.querySelector("input");
        radio.name = field.name;
        radio.value = mate.id;
        one.querySelector("div").insertBefore(chip, one.querySelector("div").firstChild);
      });
    });
  }
  /* Who came along is named, or a sentence says why nobody did: later, when it arrives, nobody is there to be asked. */
  function along(form) {
    function ask() {
      all("input[name$='company_said']", form).forEach(function (said) {
        var name = said.name.slice(0, -"_said".length), tapped = "";
        var kind = form.querySelector("[id='k-" + name.split(".")[0] + "']");
        var asked = !said.disabled && (!kind || kind.checked);
        all("input[name='" + name + "']", form).forEach(function (radio) {
          radio.required = asked;
          if (radio.checked) tapped = radio.value;
        });
        said.required = asked && (tapped === "other" || tapped === "alone");
      });
    }
    form.addEventListener("change", ask);
    ask();
  }
  /* Whom to call when a child is in danger: the family and the principal, before the public numbers. */
  function call(page, held, pupils) {
    var room = page.querySelector("#danger .buttons");
    if (!room) return;
    var some = pupils.reduce(function (found, pupil) { return found.concat(pupil.phones || []); }, []).concat(held.call);
    some.reverse().forEach(function (one) {
      if (!one.tel) return;
      var way = copy("call", { who: one.who, tel: "tel:" + one.tel });
      way.classList.add("bad");
      room.insertBefore(way, room.firstChild);
    });
  }
  /* What is tapped beforehand: the kind asked for, or what was done just now with another child. */
  function before(asked, held) {
    var kind = asked.get("activity");
    if (!kind && asked.get("duty")) {
      var row = held.today.filter(function (one) { return one.duty === asked.get("duty"); })[0];
      kind = row && row.kind;
    }
    var plain = { kinds: kind ? [kind] : asked.getAll("activities"), chips: [] };
    var again = asked.get("again");
    if (!again) return Promise.resolve(plain);
    return vault.read("outbox", again).then(function (row) { return row ? outbox.inside(row) : null; }).then(function (inside) {
      if (!inside || !inside.body.form) return plain;
      var stay = document.getElementById("t-sheet").dataset.again.split(" "), chips = [];
      stay.forEach(function (name) { (inside.body.form[name] || []).forEach(function (value) { chips.push([name, value]); }); });
      return { kinds: inside.body.form.activities || [], chips: chips };
    }).catch(function () { return plain; });
  }
  function drawPick(held) {
    var page = copy("pick", {});
    into(page, "pupils", held.pupils.map(function (pupil) {
      var one = copy("name", { name: pupil.name, "class": pupil["class"], record: link([pupil.id]) });
      one.dataset.words = pupil.name + " " + pupil["class"];
      return one;
    }));
    return page;
  }

  function drawPupil(held, id) {
    var pupil = held.pupils.filter(function (one) { return one.id === id; })[0];
    if (!pupil) return null;
    var number = pupil.no ? " · " + say(words.number, { n: pupil.no }) : "";
    var page = copy("pupil", {
      name: pupil.name, "class": (pupil["class"] || "") + number, helps: pupil.helps.join(words.comma),
      last: pupil.last.length, record: link([id]), copy: moment(held.made_at)
    });
    into(page, "bright", pupil.bright_spots.map(function (one) { return copy("bright", { words: "“" + one + "”" }); }));
    into(page, "last", pupil.last.map(function (one) {
      var titles = one.activities.map(function (key) {
        var form = held.forms.filter(function (some) { return some.key === key; })[0];
        return form ? form.title : "";
      }).filter(Boolean);
      return copy("last", { on: day(one.on) + " " + titles.join(words.comma), note: one.note });
    }));
    var after = page.querySelector("[data-called]");
    into(page, "phones", pupil.phones.filter(function (one) { return one.tel; }).map(function (one) {
      var way = copy("call", { who: one.who, tel: "tel:" + one.tel });
      way.addEventListener("click", function () { if (after) after.hidden = false; });
      return way;
    }));
    all("form", page).forEach(function (form) {
      set(form, "pupil", id);
      set(form, "id", vault.uuid());
      set(form, "on", today());
      if (form.dataset.draft !== undefined) form.dataset.draft = "bright-" + id;
    });
    return page;
  }

  function drawRound(held, id) {
    var village = held.villages.filter(function (one) { return one.id === id; })[0];
    if (!village) return null;
    var page = copy("round", { name: village.name, copy: moment(held.made_at) });
    var group = copy("group", {});
    into(group, "rows", village.households.map(function (home) {
      var to = "/households/" + home.id;
      return copy("home", {
        title: home.title, place: home.place, children: children(home), last: home.last_visit && day(home.last_visit),
        needs: home.hardship.concat(home.needs).join(words.comma), file: to, visit: to + "?visit"
      });
    }));
    into(page, "groups", [group]);
    return page;
  }
  function children(home) {
    return home.children.map(function (one) { return one.name + " " + one["class"]; }).join(words.comma);
  }
  function drawHousehold(held, id, asked) {
    var home = null;
    held.villages.forEach(function (village) {
      village.households.forEach(function (one) { if (one.id === id) home = one; });
    });
    if (!home) return null;
    var page = copy("household", {
      title: home.title, place: home.place, last: home.last_visit && day(home.last_visit), copy: moment(held.made_at),
      needs: home.hardship.concat(home.needs).join(words.comma)
    });
    into(page, "lines", home.children.map(function (one) {
      return copy("line", { who: one.name, what: one["class"] });
    }).concat(home.members.map(function (one) { return copy("line", { who: one.relation || one.name, what: one.name }); })));
    all("form", page).forEach(function (form) {
      set(form, "household", id);
      set(form, "id", vault.uuid());
      set(form, "on", today());
      if (form.elements.on) form.elements.on.max = today();
      form.dataset.draft += "-" + id;
    });
    var two = page.querySelector("[data-for-two]");
    two.hidden = !home.for_two;
    all("input", two).forEach(function (field) { field.disabled = !home.for_two; });
    var first = two.querySelector("fieldset > div");
    home.company.slice().reverse().forEach(function (mate) {
      var chip = copy("mate", { name: mate.name }), radio = chip.querySelector("input");
      radio.name = "company";
      radio.value = mate.id;
      first.insertBefore(chip, first.firstChild);
    });
    along(two.closest("form"));
    page.querySelector("[data-visit]").open = asked.has("visit");
    page.querySelector("[data-hardship]").open = asked.has("hardship");
    return page;
  }

  function show(page) {
    var main = document.getElementById("main");
    while (page.firstChild) main.insertBefore(page.firstChild, view);
    view.remove();
    all("form[data-class-grid]", main).forEach(bangfu.classGrid);
    bangfu.wire(main);
    all("[data-queue]", main).forEach(bangfu.queue);
    var title = main.querySelector("h1");
    if (title) document.title = title.textContent;
    all("nav.bar a").forEach(function (one) {
      if (one.getAttribute("href") === location.pathname) one.setAttribute("aria-current", "page");
    });
    if (outbox) outbox.tell();
    document.documentElement.dataset.drawn = "1";
  }
  function draw(held, some) {
    var at = location.pathname, asked = new URL(location.href).searchParams;
    var id = at.split("/")[2];
    if (at === "/outbox") return copy("queue", {});
    if (!held) return copy("closed", {});
    var other = bangfu.drawn.filter(function (one) { return one.at.test(at); })[0];
    if (other) return other.draw(kit, held, some);
    if (at === "/" || at === "/away") return drawToday(held, asked, some);
    if (at === "/record/new") return drawRecord(held, asked);
    if (/^\/pupils\//.test(at)) return drawPupil(held, id);
    if (/^\/round\//.test(at)) return drawRound(held, id);
    if (/^\/households\//.test(at)) return drawHousehold(held, id, asked);
    return null;
  }
  function begin() {
    if (!outbox) return Promise.resolve(show(copy("closed", {})));
    return Promise.all([bangfu.carry.read(), outbox.ready.then(noted)]).then(function (both) {
      return draw(both[0], both[1]);
    }).then(function (page) { show(page || copy("none", {})); }).catch(function () { show(copy("none", {})); });
  }
  begin();

  /* Back in touch: what waited is sent, and the real page takes over, unless somebody is writing here. */
  function back() {
    if (!outbox || document.querySelector("form.sheet") || document.querySelector("details[open] form")) return;
    vault.ready.then(function () { return vault.ask(); }).then(function () { return outbox.flush(); }).then(function () { location.reload(); }).catch(function () { /* not yet */ });
  }
  window.addEventListener("online", function () { setTimeout(back, 500); });
  setInterval(function () { if (navigator.onLine) back(); }, 30000);
})();
