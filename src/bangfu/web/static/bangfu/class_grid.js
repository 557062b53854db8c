/* The class grid by keyboard: a digit answers and goes on, 9 fills a column, cells are kept in small batches. */
(window.bangfu = window.bangfu || {}).classGrid = function (form) {
  "use strict";
  var sheet = form.querySelector(".sheet");
  var note = document.querySelector("[data-saving]");
  var still = document.querySelector("[data-still]");
  var notes = form.querySelector("[data-notes]");
  var all = function (what, within) { return Array.prototype.slice.call(within.querySelectorAll(what)); };
  var rows = all("tbody tr", sheet).map(function (row) { return all("td", row); });

  /* What each cell showed when it was last in step with the school: sent along, so that two teachers are told. */
  all("select", sheet).forEach(function (cell) { cell.dataset.saw = cell.value; });

  /* Without a connection the form itself is kept at every key, as a draft, and goes through the outbox whole. */
  var asDraft = { touch: function () { form.dispatchEvent(new Event("change")); }, take: function () {} };
  var cells = form.dataset.outbox ? asDraft : window.keepCells(form, {
    atOnce: 120, /* a slow school's server takes no more than some hundred fields */
    wait: 400,
    say: function (kind) { if (note) note.textContent = note.dataset[kind]; },
    add: function (data, name) { data.append("s" + name.slice(1), form.elements[name].dataset.saw); },
    kept: function (kept, told) {
      Object.keys(kept).forEach(function (name) { form.elements[name].dataset.saw = kept[name]; });
      if (still) still.textContent = told.still;
      told.changed.forEach(function (one) {
        var line = document.createElement("p");
        var cell = form.elements[one.cell];
        line.textContent = cell.closest("tr").querySelector("th a").textContent + "：" + one.said;
        notes.appendChild(line);
        cell.closest("td").className = "mixed";
      });
    },
  });
  var down = true;

  function put(cell, value) {
    if (!cell || cell.value === value || !all("option", cell).some(function (one) { return one.value === value; })) return;
    cell.value = value;
    keep(cell);
  }
  function keep(cell) {
    if (!cell.value) cell.value = "0";
    cells.touch(cell.name, cell.value);
  }
  form.addEventListener("change", function (event) { if (event.target.name.charAt(0) === "c") keep(event.target); });

  function place(cell) {
    var row = cell.closest("tr");
    var at = all("tbody tr", sheet).indexOf(row);
    return [at, rows[at].indexOf(cell.closest("td"))];
  }
  function select(at, column) { return rows[at] && rows[at][column] && rows[at][column].querySelector("select"); }
  function go(from, rowStep, columnStep) {
    var at = from[0] + rowStep, column = from[1] + columnStep;
    while (rows[at] && column >= 0 && column < rows[at].length) {
      var next = select(at, column);
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); return; }
      at += rowStep;
      column += columnStep;
    }
  }
  function on(from) {
    if (down) return go(from, 1, 0);
    if (from[1] + 1 < rows[from[0]].length) go(from, 0, 1); else go([from[0] + 1, -1], 0, 1);
  }
  var STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  sheet.addEventListener("keydown", function (event) {
    var cell = event.target;
    if (cell.tagName !== "SELECT" || event.ctrlKey || event.metaKey || event.altKey) return;
    var at = place(cell), step = STEPS[event.key];
    if (step) {
      down = step[0] !== 0;
      go(at, step[0], step[1]);
    } else if (event.key === "Enter") {
      down = true;
      go(at, event.shiftKey ? -1 : 1, 0);
    } else if (event.key === " ") {
      var values = all("option", cell).map(function (one) { return one.value; }).filter(Boolean);
      put(cell, values[(values.indexOf(cell.value) + 1) % values.length]);
    } else if (event.key === "9") {
      rows.forEach(function (row, n) { var one = select(n, at[1]); if (one && !one.value) put(one, one.dataset.rest); });
      go([0, at[1]], 0, 1);
    } else if (/^[0-8]$/.test(event.key)) {
      put(cell, event.key);
      on(at);
    } else return;
    event.preventDefault();
  });

  /* A block from Excel: words of the answers, 是 / 否 / 有 / 无 / √ / ×, or the digits themselves; blanks change nothing. */
  var YES = /^(是|有|√|✓|y|yes)$/i, NO = /^(否|不是|无|没有|×|x|n|no)$/i;
  function digit(cell, said) {
    var word = said.trim();
    if (!word) return "";
    var options = all("option", cell).filter(function (one) { return one.value; });
    var found = options.filter(function (one) { return one.textContent === word || one.value === word; })[0];
    if (found) return found.value;
    if (options.length === 3) return YES.test(word) ? "1" : NO.test(word) ? "2" : "";
    return "";
  }
  sheet.addEventListener("paste", function (event) {
    if (event.target.tagName !== "SELECT") return;
    var at = place(event.target);
    event.preventDefault();
    event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach(function (line, down) {
      line.split("\t").forEach(function (said, right) {
        var cell = select(at[0] + down, at[1] + right);
        var value = cell && digit(cell, said);
        if (value) put(cell, value);
      });
    });
  });
  form.addEventListener("submit", function () { cells.take(); });
};
(function () {
  "use strict";
  var form = document.querySelector("form[data-class-grid]");
  if (form && window.fetch) window.bangfu.classGrid(form);
})();
