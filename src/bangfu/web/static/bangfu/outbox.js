/* The outbox: whatever is written goes first into this device, sealed, then to /sync; nothing leaves it silently.
   Steps (bench/chaos.py walks the same ones): save = one transaction that puts what was written and drops the draft; flush =
   under a lock, my waiting items by seq, `tries` counted before they go; each answer settles its item in one
   transaction; no answer settles nothing. An item never sent can be taken back here; a sent one by a `withdraw`. */
(function () {
  "use strict";
  var bangfu = window.bangfu = window.bangfu || {};
  var vault = bangfu.vault;
  var words = document.getElementById("outbox-words");
  if (!vault || !vault.able || !words) return;
  words = words.dataset;
  var BATCH = 200, LONGEST = 60000, OLD = 3 * 24 * 3600 * 1000;
  var say = function (sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (_all, name) { return values[name]; });
  };
  var outbox = bangfu.outbox = { words: words, say: say, sending: 0, trouble: "" };

  /* The school's time, in this device's zone, as people there read it. */
  outbox.now = function () {
    var at = new Date(Date.now() - vault.skew), off = -at.getTimezoneOffset();
    var two = function (n) { return (n < 10 ? "0" : "") + n; };
    var zone = (off < 0 ? "-" : "+") + two(Math.floor(Math.abs(off) / 60)) + ":" + two(Math.abs(off) % 60);
    return new Date(at.getTime() + off * 60000).toISOString().slice(0, 19) + zone;
  };

  /* Puts items of one kind in, in one breath; with `draft`, the draft they were made of goes in the same. */
  outbox.put = function (kind, items, draft) {
    var rows = items.map(function (item) {
      return { id: item.id || vault.uuid(), staff: vault.me, kind: kind, at: Date.now(), state: "waiting", tries: 0, reason: "" };
    });
    return Promise.all(rows.map(function (row, at) {
      var inside = { made_at: outbox.now(), body: items[at].body, names: items[at].names || "" };
      return vault.seal(inside, row.id).then(function (sealed) { row.iv = sealed.iv; row.box = sealed.box; });
    })).then(function () {
      return vault.turn(["facts", "outbox", "drafts"], function (at) {
        var last = at("facts").get("seq");
        last.onsuccess = function () {
          rows.forEach(function (row, more) {
            row.seq = (last.result || 0) + 1 + more;
            at("outbox").put(row);
          });
          at("facts").put((last.result || 0) + rows.length, "seq");
        };
        if (draft) at("drafts").delete(draft);
      });
    }).then(function () {
      if (navigator.storage && navigator.storage.persist && matchMedia("(display-mode: standalone)").matches) navigator.storage.persist();
      outbox.paint();
      return rows;
    });
  };
  outbox.add = function (kind, body, more) {
    return outbox.put(kind, [Object.assign({ body: body }, more)]).then(function (rows) { return rows[0]; });
  };

  outbox.list = function () {
    return vault.list("outbox").then(function (rows) { return rows.sort(function (a, b) { return a.seq - b.seq; }); });
  };
  outbox.mine = function () {
    return outbox.list().then(function (rows) { return rows.filter(function (row) { return row.staff === vault.me; }); });
  };
  outbox.waiting = function () {
    return outbox.mine().then(function (rows) { return rows.filter(function (row) { return row.state === "waiting"; }); });
  };
  /* What the school does not have: it waits, or it was not taken and somebody has to look at it here. */
  outbox.unsent = function () {
    return outbox.mine().then(function (rows) {
      return rows.filter(function (row) { return row.state === "waiting" || row.state === "refused"; });
    });
  };
  outbox.item = function (row) {
    return vault.open(row, row.id).then(function (inside) {
      return { id: row.id, kind: row.kind, seq: row.seq, made_at: inside.made_at, author: row.staff, body: inside.body };
    });
  };
  outbox.inside = function (row) { return vault.open(row, row.id); };

  function change(id, how) {
    return vault.turn(["outbox"], function (at) {
      var asked = at("outbox").get(id);
      asked.onsuccess = function () {
        if (!asked.result) return;
        var next = how(asked.result);
        if (next) at("outbox").put(next); else at("outbox").delete(id);
      };
    });
  }
  outbox.drop = function (id) { return change(id, function () { return null; }).then(outbox.paint); };
  outbox.retry = function (id) {
    return change(id, function (row) { return Object.assign(row, { state: "waiting", reason: "" }); }).then(outbox.flush);
  };

  /* Takes back what was just saved: gone if it never went out, else asked of the school in its turn. */
  outbox.undo = function (id) {
    var never = false;
    return change(id, function (row) {
      never = row.tries === 0 && row.state === "waiting";
      return never ? null : row;
    }).then(function () {
      return never ? outbox.paint() : outbox.add("withdraw", { evidence: id }).then(function () { return outbox.flush(); });
    });
  };

  /* Sends all that waits; resolves with the answers by id, {} when the school could not be reached. */
  var running = null, coming = null;
  outbox.flush = function () {
    if (running) { // what came meanwhile goes right after
      coming = coming || running.then(function () { coming = null; return outbox.flush(); });
      return coming;
    }
    running = alone(rounds).catch(function () { return {}; }).then(function (found) {
      running = null;
      outbox.sending = 0;
      outbox.paint();
      return found;
    });
    return running;
  };
  function alone(work) {
    return navigator.locks ? navigator.locks.request("bangfu-outbox", work) : work();
  }
  function rounds() {
    var found = {};
    function next() {
      return outbox.waiting().then(function (rows) {
        rows = rows.filter(function (row) { return !found[row.id]; }).slice(0, BATCH);
        if (!rows.length) return found;
        outbox.sending = rows.length;
        outbox.paint();
        return send(rows).then(function (results) {
          if (!results) return found;
          results.forEach(function (one) { found[one.id] = one; });
          rows.forEach(function (row) { found[row.id] = found[row.id] || {}; }); // unanswered: at the next flush
          return next();
        });
      });
    }
    return next();
  }
  function send(rows) {
    return going(rows).then(function (mine) {
      if (!mine.length) return [];
      return opened(mine).then(function (items) {
        if (!items.length) return { results: [] };
        return vault.device().then(function (device) { return post({ device: device, items: items }); });
      }).then(function (answer) {
        outbox.trouble = "";
        return settle(answer.results);
      }, function (why) {
        if (why.status >= 400 && why.status !== 401 && why.status !== 403 && mine.length > 1) return halves(mine);
        outbox.trouble = why.status === 401 ? "signin" : why.status ? "server" : "offline";
        return touch(mine, { reason: outbox.trouble }).then(function () { return null; });
      });
    });
  }
  /* One that cannot be opened here stays, and keeps no other back; nor does one that the school cannot read. */
  function opened(rows) {
    return Promise.all(rows.map(function (row) { return outbox.item(row).catch(function () { return null; }); }))
      .then(function (items) { return items.filter(Boolean); });
  }
  function halves(rows) {
    var middle = Math.ceil(rows.length / 2);
    return send(rows.slice(0, middle)).then(function (some) {
      return send(rows.slice(middle)).then(function (others) { return some && others ? some.concat(others) : null; });
    });
  }
  /* Counts the try on disk before anything goes out, and leaves out what was taken back meanwhile. */
  function going(rows) {
    var found = [];
    return vault.turn(["outbox"], function (at) {
      rows.forEach(function (row) {
        var asked = at("outbox").get(row.id);
        asked.onsuccess = function () {
          var now = asked.result;
          if (!now || now.state !== "waiting") return;
          now.tries += 1;
          at("outbox").put(now);
          found.push(now);
        };
      });
    }).then(function () { return found; });
  }
  function touch(rows, more) {
    return vault.turn(["outbox"], function (at) {
      rows.forEach(function (row) {
        var asked = at("outbox").get(row.id);
        asked.onsuccess = function () { if (asked.result) at("outbox").put(Object.assign(asked.result, more)); };
      });
    });
  }
  function settle(results) {
    return vault.turn(["outbox"], function (at) {
      results.forEach(function (one) {
        if (one.state === "stored" || one.state === "known") return at("outbox").delete(one.id);
        var asked = at("outbox").get(one.id);
        asked.onsuccess = function () {
          if (asked.result) at("outbox").put(Object.assign(asked.result, { state: one.state, reason: one.sentence || "" }));
        };
      });
    }).then(function () { return results; });
  }

  function token() {
    var field = document.querySelector("[name=csrfmiddlewaretoken]");
    return vault.token || (field ? field.value : "");
  }
  function post(batch, again) {
    var known = token();
    var before = known ? Promise.resolve() : vault.ask();
    var author = batch.items[0].author;
    return before.then(function () {
      if (vault.me !== author) { var no = new Error("another"); no.status = 401; throw no; }
      var stop = new AbortController();
      setTimeout(function () { stop.abort(); }, LONGEST);
      return fetch(vault.about.sync, {
        method: "POST", credentials: "same-origin", redirect: "error", cache: "no-store", signal: stop.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(batch)
      });
    }).then(function (answer) {
      if (answer.status === 403 && !again) {
        return vault.ask().then(function () { return post(batch, true); });
      }
      if (!answer.ok) { var no = new Error("refused"); no.status = answer.status; throw no; }
      return answer.json();
    });
  }

  /* The file for the school: every item stays shut; the school's server knows the key, nobody on the way does. */
  function coded(bytes) {
    var letters = "";
    for (var at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192));
    return btoa(letters);
  }
  outbox.file = function () {
    return Promise.all([outbox.unsent(), vault.device(), vault.read("keys", vault.me)]).then(function (all) {
      return opened(all[0]).then(function (items) {
        return Promise.all(items.map(function (item) {
          return vault.seal(item, item.id).then(function (sealed) {
            return { id: item.id, seq: item.seq, iv: coded(sealed.iv), box: coded(sealed.box) };
          });
        }));
      }).then(function (items) {
        return { bangfu: "outbox", version: 1, staff: vault.me, device: all[1], key_id: all[2].key_id, made_at: outbox.now(), items: items };
      });
    });
  };
  outbox.save = function () {
    return outbox.file().then(function (file) {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
      link.download = "bangfu-outbox-" + outbox.now().slice(0, 10) + ".json";
      document.body.appendChild(link);
      link.click();
      link.remove();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
      return touch(file.items, { saved: Date.now() }).then(outbox.paint);
    });
  };

  /* The pill in the head, and the notice after three days. */
  outbox.paint = function () {
    return outbox.list().then(function (rows) {
      var pill = document.getElementById("queue");
      var mine = rows.filter(function (row) { return row.staff === vault.me; });
      var waits = mine.filter(function (row) { return row.state === "waiting"; });
      var stuck = mine.filter(function (row) { return row.state !== "waiting"; });
      var parts = [];
      if (!navigator.onLine || outbox.trouble === "offline" || vault.about.shell !== undefined) parts.push(words.offline);
      if (outbox.sending) parts = [say(words.sending, { n: outbox.sending })];
      else if (waits.length) parts.push(say(words.waiting, { n: waits.length }));
      if (stuck.length) parts.push(say(words.look, { n: stuck.length }));
      if (pill) {
        pill.firstElementChild.textContent = parts.join(" · ");
        pill.hidden = !parts.length;
        pill.firstElementChild.classList.toggle("late", stuck.length > 0);
      }
      remind(waits.filter(function (row) { return Date.now() - row.at > OLD; }));
      document.dispatchEvent(new CustomEvent("bangfu:queue", { detail: rows }));
      return rows;
    }).catch(function () { return []; });
  };

  function remind(aged) {
    var note = document.getElementById("queue-old"), main = document.getElementById("main");
    if (note && !aged.length) note.remove();
    if (!aged.length || note) return;
    note = document.createElement("div");
    note.id = "queue-old";
    note.className = "said refused";
    note.setAttribute("role", "status");
    note.appendChild(document.createElement("p")).textContent =
      say(words.old, { n: aged.length, d: Math.floor((Date.now() - aged[0].at) / 86400000) });
    main.insertBefore(note, main.firstChild);
  }

  /* When to try: at every page, when the network or the person comes back, and now and then while a page stands open. */
  var wait = 30000;
  function later() {
    setTimeout(function () {
      outbox.waiting().then(function (rows) { return rows.length ? outbox.flush() : null; }).then(function () {
        wait = outbox.trouble ? Math.min(wait * 2, 600000) : 30000;
        later();
      });
    }, wait);
  }
  outbox.ready = vault.ready.then(function (open) {
    outbox.paint();
    if (!open) return false;
    var go = function () { wait = 30000; outbox.waiting().then(function (rows) { if (rows.length) outbox.flush(); else { outbox.trouble = ""; outbox.paint(); } }); };
    window.addEventListener("online", go);
    window.addEventListener("offline", outbox.paint);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) go(); });
    if (vault.about.shell === undefined && outbox.tell) outbox.tell();
    go();
    later();
    return true;
  });
})();
