// A text of the page into the clipboard. Without a script the button stays away, and the text can be marked by hand.
document.querySelectorAll("[data-copy]").forEach(function (button) {
  var of = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", function () {
    function done() { button.textContent = button.dataset.copied; }
    function marked() { // also where the browser, or the app around it, keeps the clipboard shut
      var range = document.createRange(), all = window.getSelection();
      range.selectNodeContents(of); all.removeAllRanges(); all.addRange(range);
      if (document.execCommand("copy")) done();
    }
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(of.innerText).then(done, marked);
    else marked();
  });
});
