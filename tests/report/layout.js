// What breaks a rule of the layout on an open page; an empty list where nothing does.
(rule) => {
  const box = (each) => each.getBoundingClientRect();
  const rules = {
    // a part of a name stands on one line
    names: () =>
      [...document.querySelectorAll(".whole")]
        .filter((each) => each.getClientRects().length > 1)
        .map((each) => each.textContent),
    // the caption of a table lies in the table's box, whether the table is scrolled or not
    captions: () =>
      [...document.querySelectorAll(".scroll")].flatMap((scroll) => {
        const caption = scroll.querySelector("caption");
        if (!caption || !scroll.offsetWidth) return [];
        const outside = () =>
          box(caption).left < box(scroll).left - 1 || box(caption).right > box(scroll).right + 1;
        const before = outside();
        scroll.scrollLeft = scroll.scrollWidth;
        const after = outside();
        scroll.scrollLeft = 0;
        return before || after ? [caption.textContent] : [];
      }),
    // no table reaches beyond the window, but within a box that scrolls
    tables: () =>
      [...document.querySelectorAll("main table")]
        .filter((each) => {
          const scroll = each.closest(".scroll");
          const scrolls = scroll && getComputedStyle(scroll).overflowX === "auto";
          return box(scrolls ? scroll : each).right > window.innerWidth + 1;
        })
        .map((each) => each.textContent.slice(0, 60)),
    // no word of the governability diagram lies on a mark
    words: () => {
      const chart = document.querySelector("[data-chart='spec-governability']");
      const marks = [...chart.querySelectorAll(".role-mark.mark-symbol path")].map(box);
      return [...chart.querySelectorAll(".role-mark.mark-text text")]
        .filter((each) => {
          const a = box(each);
          return marks.some(
            (b) =>
              Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
              Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1,
          );
        })
        .map((each) => each.textContent);
    },
  };
  return rules[rule]();
}
