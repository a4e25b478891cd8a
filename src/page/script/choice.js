  // What is chosen in the lists: of a journey, a population, a design, a figure. A part that does not belong to one of them follows
  // the others.
  const lists = [["j", "journey"], ["p", "population"], ["d", "design"], ["f", "figure"]]
    .map(([key, id]) => [key, byId(id)])
    .filter(([, list]) => list);
  const chosen = (of) =>
    lists.every(([key, list]) => list.value === "" || of[key] === undefined || list.value === String(of[key]));
  const value = (id) => (byId(id) ? byId(id).value : "");
  const choose = () => {
    const one = value("journey") + "-" + value("population");
    const known = value("journey") !== "" && value("population") !== "" ? one : "all";
    for (const part of all("[data-j], [data-p], [data-d], [data-f], [data-u]")) {
      part.hidden = !chosen(part.dataset) || (part.dataset.u !== undefined && part.dataset.u !== known);
    }
    const title = byId("causes-of");
    if (title) {
      const name = (id) => byId(id).selectedOptions[0].text;
      title.textContent = known === "all"
        ? "All journeys, weighted by users"
        : name("journey") + ", " + name("population")
          + (all("#causes-table tbody tr:not([hidden])").length ? "" : ": no downtime was seen");
    }
    document.dispatchEvent(new Event("chosen"));
  };
  for (const [, list] of lists) list.addEventListener("change", choose);
  choose();
