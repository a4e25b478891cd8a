  // Tables sort by any column that has a button; what has no value stays at the end.
  for (const button of all("table.sorts th button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const column = [...head.parentNode.children].indexOf(head);
      const words = button.dataset.kind === "text";
      const was = head.getAttribute("aria-sort");
      const up = was ? was === "descending" : words;
      for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => row.children[column].dataset.v;
      const missing = (row) => value(row) === undefined || (!words && isNaN(value(row)));
      const order = words ? (a, b) => value(a).localeCompare(value(b)) : (a, b) => value(a) - value(b);
      const body = head.closest("table").tBodies[0];
      const rows = [...body.rows];
      const known = rows.filter((row) => !missing(row)).sort((a, b) => (up ? 1 : -1) * order(a, b));
      body.append(...known, ...rows.filter(missing));
    });
  }
