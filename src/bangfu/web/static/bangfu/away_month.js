/* The months that wait to be handed in, drawn without a connection: the card on today, and the sheet to look at once. */
(function () {
  "use strict";
  var bangfu = window.bangfu;
  function waits(held, some) {
    return held.months.filter(function (month) {
      return !some.some(function (one) {
        return one.row.kind === "hand_in" && one.body.month === month.month && one.body.plan === month.plan;
      });
    });
  }
  bangfu.months = function (kit, held, some) {
    return waits(held, some).map(function (month) {
      return kit.copy("month", Object.assign({}, month, { file: "/handin/" + month.month }));
    });
  };
  function child(kit, one) {
    return kit.copy("month-child", {
      name: one.name, place: one.place, enough: !one.missing.length, missing: one.missing.join(kit.words.comma), counts: one.counts
    });
  }
  function draw(kit, held, some) {
    var key = location.pathname.split("/")[2];
    var months = waits(held, some).filter(function (month) { return !key || month.month === key; });
    if (!months.length) return kit.copy("no-month", {});
    var page = kit.copy("months-page", {});
    kit.into(page, "months", months.map(function (month) {
      var one = kit.copy("handin", Object.assign({ copy: kit.moment(held.made_at) }, month)), form = one.querySelector("form");
      kit.into(one, "children", month.children.map(function (some) { return child(kit, some); }));
      form.action = "/handin/" + month.month;
      form.dataset.title = month.title + " · " + month.what;
      form.dataset.draft = "handin-" + month.month + "-" + month.plan;
      ["month", "plan"].forEach(function (name) { kit.set(form, name, month[name]); });
      if (month.question) {
        form.querySelector("details").open = true;
        form.elements.remark.required = true;
      }
      return one;
    }));
    return page;
  }
  (bangfu.drawn = bangfu.drawn || []).push({ at: /^\/handin(\/|$)/, draw: draw });
})();
