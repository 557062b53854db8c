/* What this device keeps, sealed: one IndexedDB, AES-GCM, a key that came with the session and cannot be taken out.
   The server derives the key from who and which device, so it may be forgotten here and asked for again. Without
   WebCrypto (plain http on a LAN) nothing is kept and every form is sent as it always was. */
(function () {
  "use strict";
  var bangfu = window.bangfu = window.bangfu || {};
  var subtle = window.isSecureContext && window.crypto && window.crypto.subtle;
  var meta = document.querySelector("meta[name=bangfu]");
  var about = meta ? meta.dataset : {};
  var vault = bangfu.vault = {
    able: !!(subtle && window.indexedDB && about.key),
    about: about,
    me: meta ? meta.content : "", // who is signed in, or nobody: the shell and the sign-in page know nobody
    key: null,
    older: [], // of seals the school used before: what was shut with them opens still
    token: "",
    skew: 0 // how far this device's clock is ahead of the school's
  };
  var STORES = { keys: "staff", facts: null, outbox: "id", drafts: null };
  var opened = null;

  function base() {
    opened = opened || new Promise(function (done, fail) {
      var asking = indexedDB.open("bangfu", 1);
      asking.onupgradeneeded = function () {
        Object.keys(STORES).forEach(function (name) {
          asking.result.createObjectStore(name, STORES[name] ? { keyPath: STORES[name] } : {});
        });
      };
      asking.onsuccess = function () {
        asking.result.onversionchange = function () { asking.result.close(); };
        done(asking.result);
      };
      asking.onerror = asking.onblocked = function () { fail(asking.error); };
    });
    return opened;
  }

  /* One transaction over these stores: `work(store)` asks by name; resolves with what it returned once all is on disk. */
  vault.turn = function (names, work) {
    return base().then(function (db) {
      return new Promise(function (done, fail) {
        var turn = db.transaction(names, "readwrite");
        var found = work(function (name) { return turn.objectStore(name); });
        turn.oncomplete = function () { done(found && "result" in found ? found.result : found); };
        turn.onerror = turn.onabort = function () { fail(turn.error); };
      });
    });
  };
  vault.read = function (name, key) { return vault.turn([name], function (at) { return at(name).get(key); }); };
  vault.list = function (name) { return vault.turn([name], function (at) { return at(name).getAll(); }); };
  vault.put = function (name, value, key) { return vault.turn([name], function (at) { at(name).put(value, key); }); };
  vault.remove = function (name, key) { return vault.turn([name], function (at) { at(name).delete(key); }); };

  /* Sealing: `extra` ties the box to its place, so that no box can be laid where another belongs. */
  var text = function (words) { return new TextEncoder().encode(words); };
  vault.seal = function (value, extra) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    var how = { name: "AES-GCM", iv: iv, additionalData: text(extra) };
    return subtle.encrypt(how, vault.key, text(JSON.stringify(value))).then(function (box) {
      return { iv: iv, box: new Uint8Array(box) };
    });
  };
  vault.open = function (sealed, extra) {
    var how = { name: "AES-GCM", iv: sealed.iv, additionalData: text(extra) };
    return unlock(how, sealed.box, [vault.key].concat(vault.older)).then(function (clear) {
      return JSON.parse(new TextDecoder().decode(clear));
    });
  };

  function unlock(how, box, keys) {
    return subtle.decrypt(how, keys[0], box).catch(function (no) {
      return keys.length > 1 ? unlock(how, box, keys.slice(1)) : Promise.reject(no);
    });
  }

  vault.uuid = function () {
    var some = crypto.getRandomValues(new Uint8Array(16));
    some[6] = (some[6] & 15) | 64;
    some[8] = (some[8] & 63) | 128;
    var hex = Array.prototype.map.call(some, function (one) { return (256 + one).toString(16).slice(1); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  vault.device = function () {
    return vault.turn(["facts"], function (at) {
      var answer = {};
      var asked = at("facts").get("device");
      asked.onsuccess = function () {
        answer.result = asked.result || vault.uuid();
        if (!asked.result) at("facts").put(answer.result, "device");
      };
      return answer;
    });
  };

  /* The session's answer: the key of this person on this device, who that is, and a token for sending. */
  vault.ask = function () {
    return vault.device().then(function (device) {
      return fetch(about.key + "?device=" + device, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    }).then(function (answer) {
      if (!answer.ok) { var no = new Error("refused"); no.status = answer.status; throw no; }
      return answer.json();
    }).then(function (said) {
      vault.token = said.token || "";
      return Promise.all([said.key].concat(said.older || []).map(function (coded) {
        var raw = Uint8Array.from(atob(coded), function (letter) { return letter.charCodeAt(0); });
        return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      })).then(function (keys) {
        vault.key = keys[0];
        vault.older = keys.slice(1);
        vault.me = said.staff;
        return vault.turn(["keys", "facts"], function (at) {
          at("keys").clear(); // one person at a time: another's boxes stay shut until that person is here again
          at("keys").put({ staff: said.staff, key: vault.key, older: vault.older, key_id: said.key_id || "" });
          at("facts").put(said.staff, "me");
        });
      });
    });
  };

  /* Forgets what opens anything here, and what was carried. What waits to be sent stays, shut. */
  vault.lock = function () {
    vault.key = null;
    vault.older = [];
    return vault.turn(["keys", "facts"], function (at) {
      at("keys").clear();
      at("facts").delete("carried");
      at("facts").delete("me");
    });
  };
  /* This person goes: key, what was carried and drafts; with `all`, also what still waits. Others' boxes stay as they are. */
  vault.leave = function (all) {
    var me = vault.me;
    vault.key = null;
    vault.older = [];
    return vault.turn(Object.keys(STORES), function (at) {
      at("keys").clear();
      at("facts").delete("carried");
      at("facts").delete("me");
      at("drafts").delete(IDBKeyRange.bound(me + ":", me + ":\uffff"));
      var asked = at("outbox").getAll(), others = at("drafts").getAllKeys();
      others.onsuccess = function () {
        var stay = asked.result.filter(function (row) { return !all || row.staff !== me; });
        asked.result.forEach(function (row) { if (stay.indexOf(row) < 0) at("outbox").delete(row.id); });
        if (!stay.length && !others.result.length) at("facts").clear(); // the device's number opens what others left here
      };
    });
  };

  /* True once this person's key is here; the shell takes whoever was here last. */
  function begin() {
    if (!vault.able) return Promise.resolve(false);
    return vault.read("facts", "skew").then(function (ahead) {
      vault.skew = ahead || 0;
      return vault.read("facts", "me");
    }).then(function (last) {
      if (about.shell !== undefined) vault.me = last || "";
      var over = about.signedOut !== undefined || (vault.me && last && last !== vault.me);
      return over && last ? vault.lock() : null;
    }).then(function () {
      return vault.me && vault.read("keys", vault.me).then(function (kept) {
        if (kept) { vault.key = kept.key; vault.older = kept.older || []; return true; }
        return vault.ask().then(function () { return true; });
      });
    }).then(Boolean).catch(function () { return false; });
  }
  vault.ready = begin();
})();
