/* Recording with few taps: dials with the tap that opens a number, and puts the cursor where one dictates. */
(function () {
  "use strict";
  var all = function (what) { return Array.prototype.slice.call(document.querySelectorAll(what)); };
  all("form[data-dial]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
        .then(function (answer) {
          if (!answer.ok || answer.redirected) throw new Error("not opened");
          return answer.json();
        })
        .then(function (told) {
          var way = document.createElement("a");
          way.className = form.querySelector("button").className;
          way.href = "tel:" + told.number;
          way.textContent = told.number;
          form.replaceWith(way);
          all("[data-called]").forEach(function (after) { after.hidden = false; });
          way.click();
        })
        .catch(function () { form.submit(); });
    });
  });
  all("details[data-focus]").forEach(function (fold) {
    fold.addEventListener("toggle", function () {
      var field = fold.querySelector("textarea");
      if (fold.open && field) field.focus();
    });
  });
})();
