// Draws components/charts/svg.py: a tree of [tag, attributes, children] as React elements.
// Attributes keep their SVG names; only those that React spells otherwise are translated.
(function () {
  "use strict";
  const TAGS = new Set(
    ("svg g path rect circle line polyline text tspan title defs pattern").split(" "));
  const SPELLED = { class: "className" };

  function spelled(name) {
    if (SPELLED[name]) return SPELLED[name];
    if (name.startsWith("aria-") || name.startsWith("data-")) return name;
    return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  }

  function element(tree, key) {
    if (typeof tree === "string") return tree;
    const [tag, attributes, children] = tree;
    if (!TAGS.has(tag)) return null;
    const props = { key };
    for (const name of Object.keys(attributes)) {
      if (!/^on/i.test(name)) props[spelled(name)] = attributes[name];
    }
    return window.React.createElement(tag, props, ...children.map(element));
  }

  window.rongzhi = window.rongzhi || {};
  window.rongzhi.Svg = (props) => (props.drawing ? element(props.drawing, 0) : null);
})();
