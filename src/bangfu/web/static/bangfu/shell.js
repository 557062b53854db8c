/* Comfort, never a condition: every page works without this file. Nothing here talks to anyone but this site. */
(function () {
  "use strict";
  var all = function (what, within) { return Array.prototype.slice.call((within || document).querySelectorAll(what)); };
  var bangfu = window.bangfu = window.bangfu || {};

  /* What was said: read out, floats six seconds, then rests at the top of the page. */
  bangfu.settle = function (said) {
    var words = said.querySelector("p");
    if (said.classList.contains("done")) {
      said.classList.add("toast");
      setTimeout(function rest() {
        if (said.contains(document.activeElement) && document.activeElement !== words) return setTimeout(rest, 2000);
        said.classList.remove("toast");
      }, 6000);
    }
    words.focus({ preventScroll: said.classList.contains("done") });
  };
  all("[data-said]").forEach(bangfu.settle);
  all("form[data-forget-drafts]").forEach(function (form) {
    form.addEventListener("submit", function () { if (bangfu.drafts) bangfu.drafts.forget(); });
  });

  /* A form is sent once; the second press within ten seconds does nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    var buttons = all("button", form);
    buttons.forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    setTimeout(function () { release(form); }, form.hasAttribute("data-download") ? 2000 : 10000);
  });
  function release(form) {
    delete form.dataset.sent;
    all("button[aria-disabled]", form).forEach(function (button) { button.removeAttribute("aria-disabled"); });
  }
  bangfu.release = release;
  window.addEventListener("pageshow", function () { all("form[data-sent]").forEach(release); });

  /* What is bound to elements: once for the page, and again for what is drawn later. */
  bangfu.wire = function (root) {
    if (bangfu.drafts) all("form[data-draft]", root).forEach(function (form) { if (form.dataset.draft) bangfu.drafts.wire(form); });

    /* Search in a list that is already here. */
    all("[data-search]", root).forEach(function (box) {
      var list = document.getElementById(box.dataset.search);
      var note = box.parentNode.querySelector("[role=status]");
      if (!list) return;
      function search() {
        var wish = box.value.trim().toLowerCase();
        var found = 0;
        all("[data-words]", list).forEach(function (item) {
          var fits = !wish || item.dataset.words.toLowerCase().indexOf(wish) >= 0;
          item.hidden = !fits;
          if (fits) found += 1;
        });
        note.hidden = found > 0;
        note.textContent = found ? "" : box.dataset.none;
      }
      box.addEventListener("input", search);
      if (box.value) search();
    });

    /* Whoever is tapped takes the whole row, so that why somebody is away fits beneath. */
    all(".mates", root).forEach(function (list) {
      list.addEventListener("change", function (event) {
        var item = event.target.closest(".mate");
        if (item && event.target.type === "checkbox") item.classList.toggle("out", event.target.checked);
      });
    });

    /* How many are chosen: <output data-chosen="已选 {n} 位"> inside the form. */
    all("[data-chosen]", root).forEach(function (output) {
      var form = output.closest("form");
      function count() {
        var n = all("input[type=checkbox]:checked", form).length;
        output.textContent = output.dataset.chosen.replace("{n}", n);
      }
      form.addEventListener("change", count);
      count();
    });

    /* A grid of questions: arrows move, a digit chooses the radio with that data-key. */
    all("[data-grid]", root).forEach(function (grid) {
      grid.addEventListener("keydown", function (event) {
        var cell = event.target.closest("[data-cell]");
        if (!cell || event.target.type === "text" || event.target.tagName === "TEXTAREA") return;
        var step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        if (step) {
          var rows = all("tr", grid).filter(function (row) { return row.querySelector("[data-cell]"); });
          var row = rows.indexOf(cell.closest("tr")) + step[0];
          var column = all("[data-cell]", cell.closest("tr")).indexOf(cell) + step[1];
          var next = rows[row] && all("[data-cell]", rows[row])[column];
          var input = next && (next.querySelector("input:checked") || next.querySelector("input"));
          event.preventDefault();
          if (input) input.focus();
          return;
        }
        var choice = cell.querySelector('input[data-key="' + event.key + '"]');
        if (choice) {
          event.preventDefault();
          choice.checked = choice.type === "radio" ? true : !choice.checked;
          choice.dispatchEvent(new Event("change", { bubbles: true }));
          choice.focus();
        }
      });
    });

    /* Saves a form as one goes; its button stays for those without this file. */
    all("form[data-autosave]", root).forEach(function (form) {
      var note = form.querySelector("[data-saving]");
      var timer;
      form.addEventListener("change", function () {
        clearTimeout(timer);
        timer = setTimeout(function () {
          if (note) note.textContent = note.dataset.saving;
          fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } })
            .then(function (answer) {
              /* A redirect leads to the sign-in page: nothing was saved. */
              if (note) note.textContent = answer.ok && !answer.redirected ? note.dataset.saved : note.dataset.failed;
            })
            .catch(function () { if (note) note.textContent = note.dataset.failed; });
        }, 600);
      });
    });

    /* Words that mean danger open the banner here, on the device, before anything is sent. */
    all("[data-watch]", root).forEach(function (box) {
      var words = box.dataset.watch.split("|");
      var banner = document.getElementById(box.dataset.watchShows);
      box.addEventListener("input", function () {
        if (banner) banner.hidden = !words.some(function (word) { return word && box.value.indexOf(word) >= 0; });
      });
    });

    all("[data-drop]", root).forEach(function (zone) {
      var input = zone.querySelector("input[type=file]");
      ["dragover", "dragleave", "drop"].forEach(function (kind) {
        zone.addEventListener(kind, function (event) {
          event.preventDefault();
          zone.classList.toggle("over", kind === "dragover");
          if (kind === "drop" && event.dataTransfer.files.length) {
            input.files = event.dataTransfer.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
          }
        });
      });
    });
  };
  bangfu.wire(document);

  document.addEventListener("click", function (event) {
    all("details[data-menu][open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    all("details[data-menu][open]").forEach(function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
  });
})();
