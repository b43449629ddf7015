// The desk's own behaviour: native form fields, forms that change the URL, theme, copied links.
// Everything works without it as far as HTML goes: a form is sent by GET, a menu is <details>.
(function () {
  "use strict";
  const root = document.documentElement;

  // ---- theme: before anything is drawn --------------------------------------------------------
  function stored() {
    try { return localStorage.getItem("theme"); } catch (error) { return null; }
  }
  function paint(theme) {
    root.dataset.theme = theme === "dark" ? "dark" : "light";
  }
  function keep(theme) {
    try { localStorage.setItem("theme", theme); } catch (error) { /* forbidden: for this page */ }
    // For the server, which writes it into the page: no flash of light.
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
  }
  if (stored()) paint(stored());
  window.addEventListener("storage", (event) => { if (event.key === "theme") paint(event.newValue); });

  // ---- native fields --------------------------------------------------------------------------
  const TAGS = new Set(["input", "select"]);
  const TYPES = new Set(["search", "date", "datetime-local", "hidden", "text"]);
  function Native(props) {
    const { tag, value, options } = props;
    const attributes = {};
    for (const name of Object.keys(props.attributes || {})) {
      if (!/^on/i.test(name)) attributes[name] = props.attributes[name];
    }
    if (!TAGS.has(tag) || (attributes.type && !TYPES.has(attributes.type))) return null;
    const create = window.React.createElement;
    // The key makes a new element when the URL says something else: the field is uncontrolled.
    const said = { ...attributes, key: value, defaultValue: value };
    if (tag === "input") return create("input", said);
    return create("select", said,
      (options || []).map(([one, words]) => create("option", { key: one, value: one }, words)));
  }
  window.rongzhi = window.rongzhi || {};
  window.rongzhi.Native = Native;

  // ---- going to a URL without loading the page anew -------------------------------------------
  function go(url) {
    window.history.pushState({}, "", url);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }
  function urlOf(form) {
    const words = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) words.append(name, value);
    const query = words.toString();
    return form.getAttribute("action") + (query ? `?${query}` : "");
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.goes")) return;
    event.preventDefault();
    go(urlOf(event.target));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest && event.target.closest("form.goes");
    if (form && event.target.matches("select, input[type=date]")) form.requestSubmit();
  });

  // ---- clicks ---------------------------------------------------------------------------------
  function open(button, isOpen) {
    button.setAttribute("aria-expanded", String(isOpen));
    button.parentElement.classList.toggle("open", isOpen);
  }
  const clicks = {
    theme() {
      const theme = root.dataset.theme === "dark" ? "light" : "dark";
      paint(theme);
      keep(theme);
    },
    lang(button, event) {
      event.preventDefault();
      const url = new URL(location.href);
      url.searchParams.set("lang", button.dataset.lang);
      location.assign(url);
    },
    menu(button) {
      open(button, button.getAttribute("aria-expanded") !== "true");
    },
    copy(button) {
      const said = (words) => {
        const before = button.textContent;
        button.textContent = words;
        setTimeout(() => { button.textContent = before; }, 2000);
      };
      const url = new URL(location.href);
      ["cursor", "before", "nth"].forEach((one) => url.searchParams.delete(one));
      navigator.clipboard.writeText(url.href).then(() => said(button.dataset.done),
        () => window.prompt(button.dataset.failed, url.href));
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && clicks[button.dataset.do]) clicks[button.dataset.do](button, event);
    const menu = document.querySelector(".menu-button[aria-expanded=true]");
    if (menu && menu !== button && event.target.closest("a")) open(menu, false);
    document.querySelectorAll("details.closes[open]").forEach((one) => {
      if (!one.contains(event.target) || event.target.closest("a")) one.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector(".menu-button[aria-expanded=true]");
    if (menu) { open(menu, false); menu.focus(); }
    document.querySelectorAll("details.closes[open]").forEach((one) => {
      one.open = false;
      one.querySelector("summary").focus();
    });
  });
})();
