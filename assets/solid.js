/* Draws components/solid.py: trees of [tag, attributes, children] as React elements, without a
   component of Dash, and so without a subscription to its store, for each of them. */
(function () {
  "use strict";
  var NEVER = new Set(["script", "iframe", "object", "embed", "base", "meta", "link", "style"]);
  var ADDRESSES = new Set(["href", "src", "action", "formAction", "xlinkHref"]);

  function spelled(name) { // SVG writes class and stroke-width, React className and strokeWidth
    if (name === "class") return "className";
    if (name.startsWith("aria-") || name.startsWith("data-")) return name;
    return name.replace(/-([a-z])/g, function (_, letter) { return letter.toUpperCase(); });
  }
  function safe(address) {
    var clean = window.dash_clientside && window.dash_clientside.clean_url;
    return clean ? clean(String(address)) : address;
  }
  function go(event) { // as dcc.Link does
    var isOurs = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    var link = event.currentTarget;
    if (!isOurs || event.defaultPrevented || (link.target && link.target !== "_self")) return;
    event.preventDefault();
    window.history.pushState({}, "", link.getAttribute("href"));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }
  function element(node, key) {
    if (!Array.isArray(node)) return node;
    var tag = node[0], said = node[1], props = { key: key };
    if (NEVER.has(tag)) return null;
    Object.keys(said).forEach(function (name) {
      if (/^on/i.test(name) || name === "dangerouslySetInnerHTML") return;
      var word = spelled(name);
      props[word] = ADDRESSES.has(word) ? safe(said[name]) : said[name];
    });
    if (tag === "a" && "data-nav" in said) props.onClick = go;
    return window.React.createElement.apply(null, [tag, props].concat(node[2].map(element)));
  }
  window.rongzhi = window.rongzhi || {};
  window.rongzhi.Solid = function (props) {
    return window.React.createElement(
      window.React.Fragment, null, (props.nodes || []).map(element));
  };
})();
