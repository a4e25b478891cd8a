  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // What a picture shows under the pointer, or at the value that the arrow keys have come to.
  const tip = byId("tip");
  const hide = () => { tip.hidden = true; all(".on").forEach((e) => e.classList.remove("on")); };
  const show = (text, x, y) => {
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4));
    const below = y + 18;
    tip.style.left = left + "px";
    tip.style.top = (below + box.height < innerHeight ? below : Math.max(4, y - box.height - 12)) + "px";
  };
  document.addEventListener("pointermove", (event) => {
    const spot = event.target.closest ? event.target.closest("[data-t]") : null;
    if (spot) show(spot.dataset.t, event.clientX, event.clientY);
    else if (!all(".on").length) hide();
  });
  for (const picture of all("svg.pic")) {
    let at = -1;
    picture.addEventListener("keydown", (event) => {
      const spots = all("[data-t]", picture);
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step || !spots.length) return;
      event.preventDefault();
      hide();
      at = (at + step + spots.length + (at < 0 && step < 0 ? 1 : 0)) % spots.length;
      spots[at].classList.add("on");
      const box = spots[at].getBoundingClientRect();
      show(spots[at].dataset.t, box.left + box.width / 2, box.top + box.height / 2);
    });
    picture.addEventListener("blur", hide);
  }
