// Plotly drawings follow the screen: one that was drawn while its scene was hidden (a wall that is
// later spread over two screens, a turned phone) has plotly's default width until it is told.
(function () {
  "use strict";
  let waiting = 0;

  function fit() {
    document.querySelectorAll(".js-plotly-plot").forEach((one) => {
      if (window.Plotly && one.checkVisibility()) window.Plotly.Plots.resize(one);
    });
  }

  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(fit, 200);
  });
})();
