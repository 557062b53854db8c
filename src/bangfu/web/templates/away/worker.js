/* Keeps a shell without data, so that today, the sheet and own pupils open without a connection. Personal pages are
   never kept here: what the shell shows lies sealed in the page's own store (vault.js). */
"use strict";
var NAME = "bangfu-{{ version }}";
var SHELL = "{{ shell }}";
var FILES = {{ files|tojson }};
var PATIENCE = 10000;
var CARRIED = /^\/($|(record\/new|outbox)$|handin($|\/[0-9-]+$)|(pupils|households|round)\/[0-9a-f-]+$|survey\/[0-9a-f-]+\/grid$)/;
self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(NAME).then(function (kept) {
    return kept.addAll([SHELL].concat(FILES).map(function (address) { return new Request(address, { cache: "no-cache" }); }));
  }).then(function () { return self.skipWaiting(); }));
});
self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.map(function (name) { return name !== NAME && name.indexOf("bangfu-") === 0 ? caches.delete(name) : null; }));
  }).then(function () { return self.clients.claim(); }));
});
function shell() { return caches.match(SHELL).then(function (kept) { return kept || Response.error(); }); }
function page(event) {
  var slow = new Promise(function (done) { setTimeout(done, PATIENCE); }).then(shell);
  var live = fetch(event.request).then(function (answer) {
    return answer.status >= 502 && answer.status <= 504 ? shell() : answer; // the school's computer is down behind its proxy
  }, shell);
  return CARRIED.test(new URL(event.request.url).pathname) ? Promise.race([live, slow]) : live;
}
self.addEventListener("fetch", function (event) {
  var at = new URL(event.request.url);
  if (at.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (event.request.method === "GET" && at.pathname.indexOf("/static/") !== 0) event.respondWith(page(event));
  } else if (FILES.indexOf(at.pathname + at.search) >= 0) {
    event.respondWith(caches.match(event.request).then(function (kept) { return kept || fetch(event.request); }));
  }
});
