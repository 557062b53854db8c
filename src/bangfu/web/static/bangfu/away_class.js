/* A class that waits to be looked at, drawn without a connection as one grid; class_grid.js gives it its keys. */
(function () {
  "use strict";
  var bangfu = window.bangfu;
  /* What was filled in here and waits in the outbox: it stands in its cell, and is what the cell showed from now on. */
  function filled(some, id) {
    return some.reduce(function (found, one) {
      return one.row.kind === "cells" && one.body["class"] === id ? Object.assign(found, one.body) : found;
    }, {});
  }
  function cell(kit, column, at, row, here) {
    var place = kit.copy("grid-cell", { heading: column.heading, words: row.fixed[at] }), select = place.querySelector("select");
    if (row.fixed[at] !== undefined) {
      select.remove();
      return place;
    }
    select.name = "c." + row.id + "." + column.key;
    select.dataset.rest = column.rest;
    select.setAttribute("aria-label", row.name + " " + column.heading);
    column.options.slice().reverse().forEach(function (option) {
      select.insertBefore(new Option(option[1], option[0]), select.options[1]);
    });
    var digit = row.cells.charAt(at);
    select.value = here[select.name] || (digit === "-" ? "" : digit);
    return place;
  }
  function draw(kit, held, some) {
    var id = location.pathname.split("/")[2];
    var mine = held.classes.filter(function (one) { return one.id === id; })[0];
    if (!mine) return null;
    var here = filled(some, id);
    var page = kit.copy("grid", { label: mine.label, copy: kit.moment(held.made_at) }), form = page.querySelector("form");
    form.action = "/survey/" + id + "/grid";
    form.dataset.draft = "grid-" + id;
    kit.set(form, "class", id);
    kit.into(page, "heads", mine.columns.map(function (column) {
      var head = kit.copy("grid-head", { heading: column.heading });
      head.title = column.meaning || column.heading;
      return head;
    }));
    kit.into(page, "rows", mine.rows.map(function (row) {
      var line = kit.copy("grid-row", { no: row.no ? String(row.no) : "", name: row.name });
      mine.columns.forEach(function (column, at) { line.appendChild(cell(kit, column, at, row, here)); });
      return line;
    }));
    return page;
  }
  (bangfu.drawn = bangfu.drawn || []).push({ at: /^\/survey\/[^/]+\/grid$/, draw: draw });
})();
