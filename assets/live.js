/* Keeps a page alive: one event stream for all its slots, polling when it is silent, a watchdog
   that needs no server, clocks and ages that go on by themselves.

   <html data-build data-zone data-clock data-page>   said by the server (centre/api/site.py)
   [data-slot="panel:key:surface"]                    subscribed, set by components.slots.place
   [data-clock="time|minute|date"]                    shows the city's time
   [data-as-of][data-interval][data-state]            judged again, as centre.domain.status does;
                                                      data-aged, --aged and, of what is down, --last
                                                      say what is worse by now
   <body data-link="ok|stalled|lost" data-seq>        said to CSS and tests */
(function () {
  "use strict";
  if (window.rongzhiLive) return;

  var SILENT = 20, LOST = 25, POLL_EVERY = 5, RELOAD_EVERY = 60; // seconds
  var root = document.documentElement;
  var state = {
    key: null, source: null, heard: performance.now(), polled: 0, tries: 0, retry: 0, etag: "",
    cityNow: null, published: null, offset: null, upgraded: false,
  };
  window.rongzhiLive = state;

  var words = {
    zh: {
      lost: function (age, until) { return "与服务器失联 " + age + (until ? " · 数据截至 " + until : ""); },
      stalled: function (age, until) { return "采集停顿 " + age + " · 数据截至 " + until; },
      late: "晚 ", stale: "截至 ", down: "中断 ", minute: " 分", hour: " 时 ",
      last: function (value, until) { return "最后值 " + value + "，截至 " + until; },
      upgraded: "系统已升级，点此刷新", date: "zh-CN",
    },
    en: {
      lost: function (age, until) {
        return "No contact with the server for " + age + (until ? " · data as of " + until : "");
      },
      stalled: function (age, until) {
        return "Collecting has stopped for " + age + " · data as of " + until;
      },
      late: "late ", stale: "as of ", down: "down ", minute: " min", hour: " h ",
      last: function (value, until) { return "last value " + value + ", as of " + until; },
      upgraded: "The system was upgraded: reload", date: "en-GB",
    },
  };

  // ---- language -------------------------------------------------------------------------------
  function asked() {
    var lang = new URLSearchParams(location.search).get("lang");
    return lang === "zh" || lang === "en" ? lang : null;
  }
  function lang() { return asked() || (root.lang.slice(0, 2) === "en" ? "en" : "zh"); }
  function remember() {
    document.cookie = "lang=" + lang() + ";path=/;max-age=31536000;samesite=lax";
    try { localStorage.setItem("lang", lang()); } catch (error) { /* forbidden: the cookie stays */ }
  }
  function recall() {
    var stored = null;
    try { stored = localStorage.getItem("lang"); } catch (error) { /* forbidden */ }
    var isSaid = asked() || /(?:^|; )lang=/.test(document.cookie);
    if (!isSaid && stored === "en") { // the cookie was lost: the server did not know
      document.cookie = "lang=en;path=/;max-age=31536000;samesite=lax";
      location.reload();
      return;
    }
    if (asked()) remember();
  }

  // ---- what the page looks at -----------------------------------------------------------------
  function slots() {
    var found = new Set();
    document.querySelectorAll("[data-slot]").forEach(function (one) { found.add(one.dataset.slot); });
    return Array.from(found).filter(Boolean).sort();
  }
  function query(names) {
    var parts = names.map(function (name) { return "slots=" + encodeURIComponent(name); });
    return parts.concat("lang=" + lang()).join("&");
  }
  function plan() {
    root.dataset.page = location.pathname.split("/")[1] || "desk";
    var names = slots(), key = names.length ? query(names) : "";
    if (key === state.key) return;
    state.key = key;
    state.etag = "";
    state.published = null; // of another page
    state.heard = performance.now();
    open();
  }
  var planned = 0;
  function planSoon() {
    clearTimeout(planned);
    planned = setTimeout(plan, 60);
  }

  // ---- the stream -----------------------------------------------------------------------------
  function close() {
    clearTimeout(state.retry);
    if (state.source) state.source.close();
    state.source = null;
  }
  function open() {
    close();
    if (!state.key) return;
    var source = state.source = new EventSource("/stream?" + state.key);
    source.addEventListener("hello", function (event) {
      var said = JSON.parse(event.data);
      setClock(said.now);
      hear();
      meet(said.build);
    });
    source.addEventListener("beat", function (event) {
      setClock(JSON.parse(event.data).now);
      hear();
    });
    source.addEventListener("slots", function (event) { hear(); apply(JSON.parse(event.data)); });
    source.onerror = function () {
      if (source !== state.source) return;
      close();
      // Jitter: many walls do not come back in one moment.
      var wait = Math.min(10, 0.5 * Math.pow(2, state.tries++)) * (0.5 + Math.random());
      state.retry = setTimeout(open, wait * 1000);
    };
  }
  function hear() {
    state.heard = performance.now();
    state.tries = 0;
    if (document.body.dataset.link !== "ok") watch();
  }
  function poll() {
    state.polled = performance.now();
    var headers = state.etag ? { "If-None-Match": state.etag } : {}, key = state.key;
    fetch("/api/v1/frames?" + key, { headers: headers, cache: "no-store" })
      .then(function (answer) {
        if (key !== state.key) return null;
        if (answer.status === 404 || answer.status === 400) return reload();
        if (answer.status !== 200 && answer.status !== 304) return null;
        state.heard = performance.now();
        state.etag = answer.headers.get("etag") || "";
        setClock(answer.headers.get("x-now"));
        meet(answer.headers.get("x-build"));
        return answer.status === 200 ? answer.json().then(apply) : null;
      })
      .catch(function () { /* still silent: the watchdog says so */ });
  }

  // ---- what came ------------------------------------------------------------------------------
  function apply(message) {
    var clientside = window.dash_clientside;
    if (!clientside || !clientside.set_props) { // Dash is still starting
      setTimeout(function () { apply(message); }, 100);
      return;
    }
    state.cityNow = Date.parse(message.city_now);
    state.published = Date.parse(message.published_at);
    // It cannot come before it was published: after a sleep this sets the clock again.
    if (serverNow() < state.published) setClock(message.published_at);
    Object.keys(message.slots).forEach(function (name) {
      if (!document.querySelector('[data-slot="' + CSS.escape(name) + '"]')) return; // page left
      message.slots[name].forEach(function (entry) { set(entry[0], entry[1]); });
    });
    document.body.dataset.seq = message.seq;
    watch();
    tick();
  }
  function set(id, props) {
    var api = window.dash_component_api;
    if (api && api.getLayout && api.getLayout(id) === undefined) return; // not drawn in this state
    window.dash_clientside.set_props(id, props);
  }
  function meet(build) {
    if (!build || !root.dataset.build || build === root.dataset.build || state.upgraded) return;
    if (root.dataset.page === "wall") { reload(); return; }
    state.upgraded = true; // at a desk somebody may be writing
    var bar = strip("upgrade-strip", "button");
    bar.textContent = words[lang()].upgraded;
    bar.addEventListener("click", function () { location.reload(); });
  }
  function reload() {
    var last = 0;
    try {
      last = Number(sessionStorage.getItem("reloaded")) || 0;
      if (Date.now() - last < RELOAD_EVERY * 1000) return null;
      sessionStorage.setItem("reloaded", String(Date.now()));
    } catch (error) { return null; } // without memory it could reload for ever
    location.reload();
    return null;
  }

  // ---- the watchdog ---------------------------------------------------------------------------
  function watch() {
    var now = performance.now(), silent = (now - state.heard) / 1000;
    var isLost = Boolean(state.key) && silent > LOST, old = unpublished();
    var link = isLost ? "lost" : old > LOST ? "stalled" : "ok";
    document.body.dataset.link = link;
    if (state.key && silent > SILENT && (now - state.polled) / 1000 > POLL_EVERY) poll();
    var bar = document.getElementById("link-strip");
    if (link === "ok") { if (bar) bar.remove(); return; }
    bar = bar || strip("link-strip", "div");
    var until = state.cityNow === null ? "" : format(new Date(state.cityNow), "minute");
    var text = words[lang()][link](clockAge(isLost ? silent : old), until);
    if (bar.textContent !== text) bar.textContent = text;
  }
  function unpublished() { // seconds: the server speaks, but nobody collects
    var isKnown = Boolean(state.key) && state.published !== null && state.offset !== null;
    return isKnown ? (serverNow() - state.published) / 1000 : 0;
  }
  function strip(id, tag) {
    var bar = document.createElement(tag);
    bar.id = id;
    bar.className = "strip";
    bar.setAttribute("role", "status");
    document.body.appendChild(bar);
    return bar;
  }
  function clockAge(seconds) {
    var whole = Math.floor(seconds), hours = Math.floor(whole / 3600);
    var rest = two(Math.floor(whole / 60) % 60) + ":" + two(whole % 60);
    return hours ? hours + ":" + rest : rest;
  }
  function two(number) { return String(number).padStart(2, "0"); }

  // ---- clocks and ages ------------------------------------------------------------------------
  // The server's clock, carried on by the browser's monotonic one: a wrong PC clock is harmless.
  function setClock(text) {
    var said = Date.parse(text);
    if (!isNaN(said)) state.offset = said - performance.now();
  }
  function serverNow() {
    return state.offset === null ? Date.now() : performance.now() + state.offset;
  }
  function cityTime() {
    if (root.dataset.clock !== "latest") return new Date(serverNow());
    return state.cityNow === null ? null : new Date(state.cityNow);
  }
  var formats = {};
  var shapes = {
    time: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    date: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
    moment: { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  };
  function until(time, now) { // 14:05, with its day when that is not today
    return format(time, format(time, "date") === format(now, "date") ? "minute" : "moment");
  }
  function format(time, shape) {
    var key = shape + lang();
    if (!formats[key]) {
      var zone = root.dataset.zone ? { timeZone: root.dataset.zone } : {};
      var options = Object.assign({}, shapes[shape] || shapes.time, zone);
      formats[key] = new Intl.DateTimeFormat(words[lang()].date, options);
    }
    return formats[key].format(time);
  }
  var order = ["live", "late", "stale", "down"];
  // centre/domain/status.py: freshness. Both are held by tests/domain/freshness_table.json.
  function judge(age, interval) {
    if (age === null || isNaN(age)) return "missing";
    if (age > Math.max(10 * interval, 900)) return "down";
    if (age > Math.max(3 * interval, 60)) return "stale";
    return age > 1.5 * interval ? "late" : "live";
  }
  state.judge = judge;
  function tick() {
    var now = cityTime();
    if (now === null || document.querySelector("[data-past-slot]")) return; // the past stands still
    document.querySelectorAll("[data-clock]").forEach(function (one) {
      if (one === root) return;
      var text = format(now, one.dataset.clock);
      if (one.textContent !== text) one.textContent = text;
    });
    document.querySelectorAll("[data-as-of], [data-aged]").forEach(function (one) {
      grow(one, now);
    });
  }
  /* data-state stays the server's word. A class that we have set is none that React knows of, so
     it is we who take it away when newer data has come. */
  function grow(one, now) {
    var asOf = new Date(one.dataset.asOf || NaN), age = (now - asOf) / 1000;
    var said = one.dataset.state, verdict = judge(age, Number(one.dataset.interval));
    var isAged = order.indexOf(verdict) > order.indexOf(said) && order.indexOf(said) >= 0;
    if (!isAged && !one.dataset.aged) return;
    order.forEach(function (word) {
      one.classList.toggle("is-" + word, word === (isAged ? verdict : said));
    });
    if (isAged) one.dataset.aged = verdict; else delete one.dataset.aged;
    put(one, "--aged", isAged ? agedWords(verdict, age, until(asOf, now)) : "");
    put(one, "--last", isAged && verdict === "down" ? lastWords(one, until(asOf, now)) : "");
  }
  function put(one, name, text) {
    if (text) one.style.setProperty(name, JSON.stringify(text));
    else one.style.removeProperty(name);
  }
  function agedWords(verdict, age, at) {
    var said = words[lang()], minutes = Math.floor(age / 60), hours = Math.floor(minutes / 60);
    if (verdict === "stale") return said.stale + at;
    var long = (hours ? hours + said.hour : "") + (minutes % 60) + said.minute;
    return said[verdict] + long;
  }
  function lastWords(one, at) { // what stood there stays, small: the server would say it too
    var parts = Array.from(one.querySelectorAll(".value > span"), function (part) {
      return part.textContent;
    });
    var unit = parts.length > 2 && parts[2] ? " " + parts[2] : "";
    return parts.length ? words[lang()].last(parts[0] + (parts[1] || "") + unit, at) : "";
  }

  // ---- begin ----------------------------------------------------------------------------------
  function begin() {
    recall();
    new MutationObserver(planSoon).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["data-slot"],
    });
    plan();
    setInterval(function () { watch(); tick(); }, 1000);
    window.addEventListener("popstate", planSoon);
    window.addEventListener("focus", remember); // two tabs in two languages: the one in front
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", function (event) { if (event.persisted) open(); });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
