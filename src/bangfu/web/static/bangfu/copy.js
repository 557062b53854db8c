// A text of the page into the clipboard. Without a script the button stays away, and the text can be marked by hand.
document.querySelectorAll("[data-copy]").forEach(function (button) {
  var of = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", function () {
    function done() { button.textContent = button.dataset.copied; }
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(of.innerText).then(done);
    var range = document.createRange(), marked = window.getSelection();
    range.selectNodeContents(of); marked.removeAllRanges(); marked.addRange(range);
    if (document.execCommand("copy")) done();
  });
});
