"use strict";
(() => {
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

  // Which journey and whose users.
  const journey = byId("journey");
  const population = byId("population");
  const chosen = (j, p) =>
    (journey.value === "" || journey.value === String(j)) && (population.value === "" || population.value === String(p));
  const choose = () => {
    for (const part of all("[data-j]")) part.hidden = !chosen(part.dataset.j, part.dataset.p);
    const one = journey.value + "-" + population.value;
    const rows = all("#causes-table tbody tr");
    const known = journey.value !== "" && population.value !== "" ? one : "all";
    for (const row of rows) row.hidden = row.dataset.u !== known;
    const title = byId("causes-of");
    if (title) {
      title.textContent = known === "all"
        ? "All journeys, weighted by users"
        : journey.selectedOptions[0].text + ", " + population.selectedOptions[0].text
          + (rows.some((row) => !row.hidden) ? "" : ": no downtime was seen");
    }
    tell();
  };

  // Causes sort by any column.
  for (const button of all("#causes-table th button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const column = [...head.parentNode.children].indexOf(head);
      const words = button.dataset.kind === "text";
      const was = head.getAttribute("aria-sort");
      const up = was ? was === "descending" : words;
      for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => row.children[column].dataset.v;
      const order = words ? (a, b) => value(a).localeCompare(value(b)) : (a, b) => value(a) - value(b);
      const body = byId("causes-table").tBodies[0];
      body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * order(a, b)));
    });
  }

  // One replication over time.
  const data = JSON.parse(byId("replay-data").textContent);
  const signs = new Map(data.signs.map(([name, path, words]) => [name, { path, words }]));
  const time = byId("time");
  const marks = all("[data-m]");
  const cursor = document.querySelector(".cursor");
  const changes = [...new Set([
    ...data.marks.flatMap((mark) => mark.course.flatMap(([from, to]) => [from, to])),
    ...data.users.flatMap((fare) => fare.course.map(([at]) => at)),
  ])].filter((at) => at >= data.window[0] && at <= data.window[1]).sort((a, b) => a - b);
  const stateAt = (course, now) => {
    const hit = course.find(([from, to]) => from <= now && now < to);
    return hit ? hit[2] : null;
  };
  const lastAt = (course, now) => {
    let last = [0, "up", 1];
    for (const step of course) if (step[0] <= now) last = step;
    return last;
  };
  const clock = (now) => {
    const date = new Date((data.start_unix_s + now) * 1000);
    return isNaN(date) ? Math.round(now) + " s" : date.toISOString().slice(0, 16).replace("T", " ") + " UTC";
  };
  const percent = (share) => Number((100 * share).toPrecision(3)) + " %";
  function tell() {
    const now = Number(time.value);
    const lines = data.users.filter((fare) => chosen(fare.of[0], fare.of[1])).map((fare) => {
      const [, state, success] = lastAt(fare.course, now);
      const line = document.createElement("span");
      line.className = state;
      line.textContent = fare.journey + ", " + fare.population + ": " + state + ", " + percent(success) + " succeed";
      return line;
    });
    byId("now").replaceChildren(...lines);
  }
  function move() {
    const now = Number(time.value);
    byId("clock").textContent = clock(now);
    time.setAttribute("aria-valuetext", clock(now));
    for (const mark of marks) {
      const { name, course } = data.marks[mark.dataset.m];
      const state = stateAt(course, now);
      const kind = mark.classList[1];
      mark.setAttribute("class", "m " + kind + (state ? " s-" + state + " hit" : ""));
      mark.dataset.t = name + ": " + (state ? signs.get(state).words : "whole");
      const sign = mark.querySelector(".sg path");
      if (sign) sign.setAttribute("d", state ? signs.get(state).path : "");
    }
    const [left, right, top, bottom] = data.place;
    const x = left + (now - data.window[0]) / (data.window[1] - data.window[0]) * (right - left);
    for (const [name, value] of [["x1", x], ["x2", x], ["y1", top], ["y2", bottom]]) cursor.setAttribute(name, value);
    tell();
  }
  const stand = (at) => { time.value = at; move(); };
  const play = byId("play");
  let playing = 0;
  const stop = () => { cancelAnimationFrame(playing); playing = 0; play.textContent = "Play"; };
  play.addEventListener("click", () => {
    if (playing) { stop(); return; }
    const [from, to] = data.window;
    let now = Number(time.value);
    if (now >= to) now = from;
    let last = performance.now();
    play.textContent = "Pause";
    const frame = (tick) => {
      // All of it in twenty seconds.
      now += (to - from) * (tick - last) / 20000;
      last = tick;
      stand(Math.min(now, to));
      if (now < to) playing = requestAnimationFrame(frame); else stop();
    };
    playing = requestAnimationFrame(frame);
  });
  time.addEventListener("input", () => { stop(); move(); });
  byId("after").addEventListener("click", () => {
    const next = changes.find((at) => at > Number(time.value) + 1e-6);
    stop();
    if (next !== undefined) stand(next);
  });
  byId("before").addEventListener("click", () => {
    const earlier = changes.filter((at) => at < Number(time.value) - 1e-6);
    stop();
    if (earlier.length) stand(earlier[earlier.length - 1]);
  });

  journey.addEventListener("change", choose);
  population.addEventListener("change", choose);
  // Paper shows everything.
  addEventListener("beforeprint", () => all("details").forEach((part) => { part.open = true; }));
  choose();
  move();
})();
