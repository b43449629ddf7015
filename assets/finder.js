// "/" leads to the field in the head of the desk, from anywhere but another field.
(function () {
  "use strict";
  const FIELDS = "input, select, textarea, [contenteditable]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest(FIELDS)) return;
    const field = document.querySelector("form[data-find] input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
