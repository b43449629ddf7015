// Styles of the map (components/map.py): dash-leaflet finds them as {"variable": "rongzhi.map.area"}.
// What moves comes in `hideout`: {areas: {code: {step, words, tone}}, pulse: [code:since]}.
// Texts are set as text, never as HTML.
(function () {
  "use strict";
  const pulsed = new Set(); // what has been pointed out once is not pointed out again

  function of(feature, context) {
    const hideout = context.hideout || {};
    return (hideout.areas || {})[feature.id || feature.properties.code] || {};
  }

  function area(feature, context) {
    const one = of(feature, context);
    const warm = one.tone === "bad";
    if (feature.properties.dim) { // round the inset: where it is, not how it is
      return { fill: false, color: "var(--line)", weight: 1 };
    }
    return {
      fillColor: one.tone === "down" ? "url(#hatch)"
        : one.step ? `var(--seq${one.step})` : "var(--surface)",
      fillOpacity: 1,
      color: warm ? "var(--bad)" : "var(--ground)",
      weight: warm ? 4 : 1.5,
      className: "area" + (fresh(feature, context) ? " pulse" : ""),
    };
  }

  function fresh(feature, context) {
    const marks = (context.hideout || {}).pulse || [];
    const mark = marks.find((one) => one.startsWith(feature.id + ":"));
    if (!mark || pulsed.has(mark)) return false;
    setTimeout(() => pulsed.add(mark), 6000);
    return true;
  }

  // The whole city stays in sight when the screen changes its size (full screen, a turned phone).
  function keepInSight(map) {
    if (!map || map.rongzhiKept) return;
    map.rongzhiKept = true;
    map.on("resize", () => {
      const box = window.L.latLngBounds([]);
      map.eachLayer((one) => {
        if (one.getBounds && one.feature && !one.feature.properties.dim) box.extend(one.getBounds());
      });
      if (box.isValid()) map.fitBounds(box, { animate: false, padding: [4, 4] });
    });
    map.on("layeradd resize zoomend viewreset", () => keepApart(map));
  }

  // On a small map names would lie on each other: the warm ones stay, then the highest. What would
  // touch them keeps its figure alone, or nothing: all figures stand in the table.
  function keepApart(map) {
    cancelAnimationFrame(map.rongzhiApart || 0);
    map.rongzhiApart = requestAnimationFrame(() => {
      const names = [...map.getContainer().querySelectorAll(".place")];
      const read = names.map((one) => ({ // read all, then write all: one layout
        one,
        whole: one.getBoundingClientRect(),
        figure: one.querySelector("b").getBoundingClientRect(),
      })).sort((a, b) => weight(b.one) - weight(a.one));
      const taken = [];
      const take = (box) => {
        const free = !taken.some((other) => touch(box, other));
        if (free) taken.push(box);
        return free;
      };
      const rest = read.filter(({ one, whole }) => {
        const free = take(whole);
        one.classList.remove("nameless", "crowded");
        return !free;
      });
      for (const { one, figure } of rest) one.classList.add(take(figure) ? "nameless" : "crowded");
    });
  }

  function touch(a, b) { // a line is a little taller than its letters
    return a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2;
  }

  function weight(one) {
    return 10 * one.matches(".bad, .down") + Number((/step-(\d)/.exec(one.className) || [0, 0])[1]);
  }

  // A warm outline is drawn over its neighbours; they would cover half of it.
  function raise(feature, layer, context) {
    layer.on("add", () => keepInSight(layer._map));
    if (of(feature, context).tone === "bad") {
      layer.on("add", () => layer.bringToFront());
    }
    if ((context.hideout || {}).links && feature.id) {
      layer.on("click", () => { // of the past, if this page is
        const at = new URLSearchParams(window.location.search).get("at");
        const then = at === null ? "" : `?at=${encodeURIComponent(at)}`;
        window.location.assign(context.hideout.links + feature.id + then);
      });
    }
  }

  function label(feature, latlng, context) {
    const one = of(feature, context);
    const box = document.createElement("div");
    const name = document.createElement("span");
    const words = document.createElement("b");
    name.textContent = feature.properties.name;
    words.textContent = one.words || "";
    box.append(name, words);
    box.className = `place step-${one.step || 0} ink-${one.step > 4 ? 2 : 1} ${one.tone || ""}`;
    const icon = window.L
      ? window.L.divIcon({ html: box, className: "place-holder", iconSize: [0, 0] }) : null;
    return window.L.marker(latlng, { icon, interactive: false, keyboard: false });
  }

  window.rongzhi = window.rongzhi || {};
  window.rongzhi.map = { area, raise, label };
})();
