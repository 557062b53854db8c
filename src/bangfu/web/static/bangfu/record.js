/* Recording with few taps: dials with the tap that opens a number, and puts the cursor where one dictates. */
(function () {
  "use strict";
  var bangfu = window.bangfu = window.bangfu || {};
  if (bangfu.recording) return;
  bangfu.recording = true;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-dial")) return;
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("not opened");
        return answer.json();
      })
      .then(function (told) {
        var way = document.createElement("a"), after = document.querySelector("[data-called]");
        way.className = form.querySelector("button").className;
        way.href = "tel:" + told.number;
        way.textContent = told.number;
        form.replaceWith(way);
        if (after) after.hidden = false;
        way.click();
      })
      .catch(function () { form.submit(); });
  }, true);
  /* Opening a fold does not bubble. */
  document.addEventListener("toggle", function (event) {
    var fold = event.target;
    var field = fold.hasAttribute("data-focus") && fold.open && fold.querySelector("textarea");
    if (field) field.focus();
  }, true);
})();
