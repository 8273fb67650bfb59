"use strict";
/* Tables of the class "sorts": their headings become buttons that sort the rows, by numbers the largest first. */
(() => {
  const FALLS = "descending", RISES = "ascending";

  const keyOf = (cell) => cell.dataset.sort ?? cell.textContent;
  const isNumber = (cell) => cell.classList.contains("number");

  function sort(table, first, column, order) {
    const cell = (row) => row.cells[column];
    const rows = [...first];
    const numbers = rows.length > 0 && isNumber(cell(rows[0]));
    const compare = numbers
      ? (one, two) => Number(keyOf(cell(one))) - Number(keyOf(cell(two)))
      : (one, two) => keyOf(cell(one)).localeCompare(keyOf(cell(two)), "en", { numeric: true });
    rows.sort((one, two) => (order === RISES ? 1 : -1) * compare(one, two));
    table.tBodies[0].append(...rows);
    [...table.tHead.rows[0].cells].forEach((head, number) => {
      if (number === column) head.setAttribute("aria-sort", order);
      else head.removeAttribute("aria-sort");
    });
    table.dispatchEvent(new CustomEvent("sorted", { bubbles: true }));
  }

  for (const table of document.querySelectorAll("table.sorts")) {
    /* Rows that are equal keep the order in which the page came: the worst first. */
    const first = [...table.tBodies[0].rows];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const usual = first.length && isNumber(first[0].cells[column]) ? FALLS : RISES;
        const other = usual === FALLS ? RISES : FALLS;
        sort(table, first, column, head.getAttribute("aria-sort") === usual ? other : usual);
      });
    });
  }
})();
