/* Keeps one embedded panel alive: swaps its HTML when the stream says so. The HTML is the server's
   own and escaped there. Without this file the page shows the moment it was asked for. */
(function () {
  "use strict";
  var slot = document.querySelector("[data-slot]");
  if (!slot || !window.EventSource) return;
  var root = document.documentElement, english = root.lang.slice(0, 2) === "en";
  var heard = performance.now(), tries = 0, source = null, until = null;
  var query = "/stream?format=html&lang=" + (english ? "en" : "zh") + "&slots=" +
    encodeURIComponent(slot.dataset.slot);

  function clock(text) {
    var options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: root.dataset.zone };
    return new Intl.DateTimeFormat("en-GB", options).format(new Date(text));
  }
  function hear() { heard = performance.now(); tries = 0; watch(); }
  function open() {
    source = new EventSource(query);
    source.addEventListener("hello", hear);
    source.addEventListener("beat", hear);
    source.addEventListener("slots", function (event) {
      var message = JSON.parse(event.data), drawn = message.slots[slot.dataset.slot];
      if (drawn !== undefined) slot.innerHTML = drawn;
      document.body.dataset.seq = message.seq;
      until = message.city_now;
      var foot = document.querySelector(".embed-foot span");
      if (foot) foot.textContent = english ? "as of " + clock(until) : "截至 " + clock(until);
      hear();
    });
    source.onerror = function () {
      source.close();
      setTimeout(open, Math.min(15000, 500 * Math.pow(2, tries++)) * (0.5 + Math.random()));
    };
  }
  function watch() {
    var silent = Math.floor((performance.now() - heard) / 1000), bar = document.getElementById("link-strip");
    document.body.dataset.link = silent > 25 ? "lost" : "ok";
    if (silent <= 25) { if (bar) bar.remove(); return; }
    if (!bar) {
      bar = document.createElement("p");
      bar.id = "link-strip";
      bar.className = "strip";
      bar.setAttribute("role", "status");
      document.body.appendChild(bar);
    }
    var age = Math.floor(silent / 60) + ":" + String(silent % 60).padStart(2, "0");
    bar.textContent = english ? "No contact with the server for " + age : "与服务器失联 " + age;
  }
  open();
  setInterval(watch, 1000);
})();
