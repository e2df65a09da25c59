"use strict";
// Draws every chart of the page. Specifications are data elements; expressions are interpreted, not
// compiled, so that the page's policy need not allow eval; no loader is ever asked for anything.
(() => {
  const options = {
    renderer: "svg",
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true, theme: "page" },
  };
  const draw = async (holder) => {
    const spec = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
    try {
      await vegaEmbed(holder, spec, options);
      holder.dataset.state = "drawn";
    } catch (error) {
      holder.dataset.state = "failed";
      holder.textContent = `This chart could not be drawn (${error.message}). Its numbers are in the tables.`;
    }
  };
  const all = [...document.querySelectorAll("[data-chart]")].map(draw);
  Promise.all(all).then(() => {
    document.documentElement.dataset.charts = "done";
  });
})();
