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
    const lines = data.users.filter((fare) => chosen({ j: fare.of[0], p: fare.of[1] })).map((fare) => {
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

  document.addEventListener("chosen", tell);
  move();
