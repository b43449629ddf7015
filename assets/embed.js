/* Keeps one embedded panel alive: swaps its HTML when the stream says so. The HTML is the server's
   own and escaped there. Without this file the page shows the moment it was asked for. */
(function () {
  "use strict";
  var slot = document.querySelector("[data-slot]");
  if (!slot || !window.EventSource) return;
  var root = document.documentElement, english = root.lang.slice(0, 2) === "en";
  var heard = performance.now(), tries = 0, source = null, until = null;
  var offset = null, published = null; // the server's clock against ours; the last snapshot
  var query = "/stream?format=html&lang=" + (english ? "en" : "zh") + "&slots=" +
    encodeURIComponent(slot.dataset.slot);

  function clock(text) {
    var options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: root.dataset.zone };
    return new Intl.DateTimeFormat("en-GB", options).format(new Date(text));
  }
  function hear(event) {
    var said = event && JSON.parse(event.data).now;
    heard = performance.now();
    if (said) offset = Date.parse(said) - heard;
    tries = 0;
    watch();
  }
  function open() {
    source = new EventSource(query);
    source.addEventListener("hello", hear);
    source.addEventListener("beat", hear);
    source.addEventListener("slots", function (event) {
      var message = JSON.parse(event.data), drawn = message.slots[slot.dataset.slot];
      if (drawn !== undefined) slot.innerHTML = drawn;
      document.body.dataset.seq = message.seq;
      until = message.city_now;
      published = Date.parse(message.published_at);
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
    var isKnown = offset !== null && published !== null;
    var old = isKnown ? Math.floor((performance.now() + offset - published) / 1000) : 0;
    var link = silent > 25 ? "lost" : old > 25 ? "stalled" : "ok";
    document.body.dataset.link = link;
    if (link === "ok") { if (bar) bar.remove(); return; }
    if (!bar) {
      bar = document.createElement("p");
      bar.id = "link-strip";
      bar.className = "strip";
      bar.setAttribute("role", "status");
      document.body.appendChild(bar);
    }
    var seconds = link === "lost" ? silent : old;
    var age = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    bar.textContent = link === "lost"
      ? (english ? "No contact with the server for " + age : "与服务器失联 " + age)
      : (english ? "Collecting has stopped for " + age : "采集停顿 " + age);
  }
  open();
  setInterval(watch, 1000);
})();
