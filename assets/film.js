/* Plays a past stretch of the wall: /wall?from=<change>&to=<change>&speed=60.

   <div id="film" data-first data-last data-speed data-word-…>   said by components/past.py
   [data-past-slot="panel:key:surface"]                          what is drawn anew

   The server says which moments it has kept and draws the slots of each as they were; this file
   asks for the one that is due, a few ahead, and moves the time line.
   <div id="film" data-state="playing|paused|ended" data-seq> is said to CSS and tests. */
(function () {
  "use strict";
  var AHEAD = 3, STEP = 250, KEPT = 40; // moments fetched ahead; ms between looks; answers kept
  var film = null;

  function lang() { return document.documentElement.lang.slice(0, 2) === "en" ? "en" : "zh"; }
  function slots() {
    return Array.from(document.querySelectorAll("[data-past-slot]"), function (one) {
      return one.dataset.pastSlot;
    }).sort();
  }
  function button(text, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  // ---- the player -----------------------------------------------------------------------------
  function Film(place) {
    this.place = place;
    this.said = place.dataset;
    this.speed = Math.max(1, Number(place.dataset.speed) || 60);
    this.moments = [];
    this.index = -1;
    this.position = 0; // ms of the city
    this.answers = new Map();
    this.playing = false;
    this.query = slots().map(function (one) { return "slots=" + encodeURIComponent(one); })
      .concat("lang=" + lang()).join("&");
    this.build();
    this.load();
  }
  Film.prototype.build = function () {
    var said = this.said, self = this;
    this.toggle = button("", function () { self.play(!self.playing); });
    this.back = button("◀", function () { self.step(-1); });
    this.on = button("▶", function () { self.step(1); });
    this.back.setAttribute("aria-label", said.wordStepBack);
    this.on.setAttribute("aria-label", said.wordStepOn);
    this.line = document.createElement("input");
    this.line.type = "range";
    this.line.min = "0";
    this.line.setAttribute("aria-label", said.wordTimeline);
    this.line.addEventListener("input", function () { self.seek(Number(self.line.value)); });
    this.time = document.createElement("time");
    this.rate = document.createElement("span");
    this.rate.className = "film-rate";
    this.bar = document.createElement("div");
    this.bar.className = "film-bar";
    this.bar.title = said.wordFilmKeys;
    [this.back, this.toggle, this.on, this.line, this.time, this.rate].forEach(function (one) {
      self.bar.appendChild(one);
    });
    document.body.appendChild(this.bar); // React owns what it has drawn
    this.tell();
  };
  Film.prototype.load = function () {
    var self = this, ends = "from=" + this.said.first + "&to=" + this.said.last;
    fetch("/api/v1/moments?" + ends, { cache: "no-store" })
      .then(function (answer) { return answer.json(); })
      .then(function (answer) {
        self.moments = answer.moments.map(function (one) {
          return { seq: one.seq, at: Date.parse(one.at) };
        });
        self.line.max = String(Math.max(0, self.moments.length - 1));
        if (!self.moments.length) { self.time.textContent = self.said.wordFilmEmpty; return; }
        self.seek(0);
        self.play(true);
      })
      .catch(function () { self.time.textContent = self.said.wordFilmEmpty; });
  };
  Film.prototype.play = function (isOn) {
    if (isOn && this.index >= this.moments.length - 1) this.seek(0); // from the beginning again
    this.playing = isOn && this.moments.length > 1;
    this.looked = performance.now();
    this.tell();
  };
  Film.prototype.step = function (by) {
    this.playing = false;
    this.seek(this.index + by);
  };
  Film.prototype.seek = function (index) {
    index = Math.min(Math.max(index, 0), this.moments.length - 1);
    if (index < 0) return;
    this.position = this.moments[index].at;
    this.show(index);
  };
  Film.prototype.faster = function (by) {
    this.speed = Math.min(3600, Math.max(1, Math.round(this.speed * by)));
    this.tell();
  };
  Film.prototype.tick = function () {
    var now = performance.now(), passed = now - (this.looked || now);
    this.looked = now;
    if (!this.playing || this.waits) return; // a slow server slows the film, it skips nothing seen
    this.position += passed * this.speed;
    var due = this.index;
    while (due + 1 < this.moments.length && this.moments[due + 1].at <= this.position) due += 1;
    if (due !== this.index) this.show(due);
    if (due >= this.moments.length - 1) { this.playing = false; this.tell(); }
  };

  // ---- one moment -----------------------------------------------------------------------------
  Film.prototype.answer = function (index) {
    var seq = this.moments[index].seq, self = this;
    if (!this.answers.has(seq)) {
      this.answers.set(seq, fetch("/api/v1/frames?" + this.query + "&at=" + seq)
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .catch(function () { self.answers.delete(seq); return null; }));
      while (this.answers.size > KEPT) this.answers.delete(this.answers.keys().next().value);
    }
    return this.answers.get(seq);
  };
  Film.prototype.show = function (index) {
    var self = this;
    this.index = index;
    this.tell();
    this.waits = true;
    this.answer(index).then(function (message) {
      if (self !== film || index !== self.index) return; // another one was asked for meanwhile
      self.waits = false;
      if (!message) return;
      self.apply(message);
      for (var next = index + 1; next <= index + AHEAD && next < self.moments.length; next += 1) {
        self.answer(next);
      }
    });
  };
  Film.prototype.apply = function (message) {
    var api = window.dash_component_api, self = this;
    if (!window.dash_clientside || !window.dash_clientside.set_props) { // Dash is still starting
      setTimeout(function () { if (self === film) self.apply(message); }, 100);
      return;
    }
    Object.keys(message.slots).forEach(function (name) {
      message.slots[name].forEach(function (entry) {
        if (api && api.getLayout && api.getLayout(entry[0]) === undefined) return;
        window.dash_clientside.set_props(entry[0], entry[1]);
      });
    });
    this.place.dataset.seq = message.seq;
  };
  Film.prototype.tell = function () {
    var one = this.moments[this.index], isOver = this.index >= this.moments.length - 1;
    this.place.dataset.state = this.playing ? "playing" : one && isOver ? "ended" : "paused";
    this.toggle.textContent = this.playing ? this.said.wordPause : this.said.wordPlay;
    this.rate.textContent = this.speed + "×";
    if (!one) return;
    var zone = document.documentElement.dataset.zone;
    var shape = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit",
      minute: "2-digit", second: "2-digit", hourCycle: "h23" };
    if (zone) shape.timeZone = zone;
    this.time.textContent = new Intl.DateTimeFormat("sv-SE", shape).format(new Date(one.at));
    this.line.value = String(this.index);
    this.line.setAttribute("aria-valuetext", this.time.textContent);
  };
  Film.prototype.end = function () {
    this.playing = false;
    this.bar.remove();
  };

  // ---- begin ----------------------------------------------------------------------------------
  var keys = {
    " ": function () { film.play(!film.playing); },
    ArrowLeft: function () { film.step(-1); },
    ArrowRight: function () { film.step(1); },
    Home: function () { film.step(-Infinity); },
    End: function () { film.step(Infinity); },
    "+": function () { film.faster(2); },
    "=": function () { film.faster(2); },
    "-": function () { film.faster(0.5); },
  };
  document.addEventListener("keydown", function (event) {
    if (!film || !keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  }, true);
  function look() {
    var place = document.getElementById("film");
    if (film && film.place !== place) { film.end(); film = null; }
    if (place && !film) film = new Film(place);
  }
  function begin() {
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    setInterval(function () { if (film) film.tick(); }, STEP);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
