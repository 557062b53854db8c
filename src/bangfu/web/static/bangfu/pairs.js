/* The pairing board in place: the same links and forms as without this file, their answers exchanged; names can be dragged. */
(function () {
  "use strict";
  var board = document.querySelector("[data-board]");
  if (!board || !window.fetch) return;
  var answer = document.querySelector("[data-answer]");
  var HEADERS = { "X-Part": "board" };
  var isBusy = false, held = null, over = null;
  var all = function (what, within) { return Array.prototype.slice.call((within || board).querySelectorAll(what)); };

  /* Another page than the board (signed out, gone) is no piece of it: then the browser goes there itself. */
  function ask(address, how, otherwise, then) {
    if (isBusy) return;
    isBusy = true;
    board.classList.add("is-waiting");
    how.headers = HEADERS;
    how.credentials = "same-origin";
    fetch(address, how)
      .then(function (got) {
        if (got.headers.get("X-Part") !== "board") throw new Error("not a piece of the board");
        return got.text().then(function (text) { put(text); then(got.url); });
      })
      .catch(otherwise)
      .then(function () { isBusy = false; board.classList.remove("is-waiting"); });
  }
  function put(text) {
    var open = all("details[open][id]").map(function (one) { return one.id; });
    board.innerHTML = text;
    open.forEach(function (id) { var one = document.getElementById(id); if (one) one.open = true; });
    answer.innerHTML = "";
    all("[data-note]").forEach(function (note) { answer.appendChild(note); });
    ready();
  }
  function ready() {
    if (board.querySelector("form[data-place]")) all("[data-case]").forEach(function (child) {
      child.draggable = true;
      all("a", child).forEach(function (link) { link.draggable = false; });
    });
  }
  function stay(address) { window.history.replaceState(null, "", address); }
  function focus(id) {
    var there = document.getElementById(id), link = there && (there.querySelector("a, button, summary") || there);
    if (link) link.focus();
  }
  function show(link) {
    ask(link.href.split("#")[0], {}, function () { window.location.href = link.href; }, function (at) {
      stay(at);
      var panel = board.querySelector("#pick");
      if (panel) { panel.focus(); panel.scrollIntoView({ block: "nearest" }); }
      else focus(link.dataset.back);
    });
  }
  function send(form, near, more) {
    var data = new FormData(form);
    Object.keys(more || {}).forEach(function (name) { data.append(name, more[name]); });
    ask(form.getAttribute("action"), { method: "POST", body: data }, function () { window.location.reload(); }, function (at) {
      stay(at);
      focus(near);
    });
  }

  board.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-pick]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
  board.addEventListener("submit", function (event) {
    event.preventDefault();
    send(event.target, event.target.dataset.near);
  });
  board.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], shut;
    if (event.key === "Escape" && (shut = board.querySelector("a[data-shut]"))) { event.preventDefault(); show(shut); }
    if (!step || !event.target.closest("[data-keys]")) return;
    var stops = all("[data-stop]", event.target.closest("[data-keys]"));
    var next = stops[stops.indexOf(event.target) + step];
    if (next) { event.preventDefault(); next.focus(); }
  });

  /* Dragging: those who may not are faded; only the others take the name. */
  function mayTake(place) {
    if (!held) return false;
    if (place.dataset.drop === "back") return held.hasAttribute("data-pair");
    return place !== held.closest("[data-drop]") && (" " + held.dataset.able + " ").indexOf(" " + place.dataset.at + " ") >= 0;
  }
  function rest() {
    if (over) over.classList.remove("over");
    all(".far").forEach(function (one) { one.classList.remove("far"); });
    board.classList.remove("dragging");
    held = over = null;
  }
  board.addEventListener("dragstart", function (event) {
    held = event.target.closest && event.target.closest("[data-case]");
    if (!held) return;
    event.dataTransfer.setData("text/plain", held.dataset.name);
    event.dataTransfer.effectAllowed = "move";
    board.classList.add("dragging");
    all("[data-drop]").forEach(function (place) { place.classList.toggle("far", place.dataset.drop !== "back" && place !== held.closest("[data-drop]") && !mayTake(place)); });
  });
  board.addEventListener("dragover", function (event) {
    var place = event.target.closest("[data-drop]");
    if (over && over !== place) { over.classList.remove("over"); over = null; }
    if (!place || !mayTake(place)) return;
    event.preventDefault();
    over = place;
    place.classList.add("over");
  });
  board.addEventListener("drop", function (event) {
    var place = event.target.closest("[data-drop]"), child = held;
    if (!place || !mayTake(place)) return;
    event.preventDefault();
    rest();
    var form = board.querySelector(place.dataset.drop === "back" ? "form[data-put-back]" : "form[data-place]");
    send(form, child.id, { case: child.dataset.case, pair: child.dataset.pair || "", helper: place.dataset.helper || "" });
  });
  board.addEventListener("dragend", rest);
  ready();
})();
