"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ROW_HEIGHT = 92;
  const KINDS = ["usual", "other", "failed", "late"];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const sum = (values) => values.reduce((a, b) => a + b, 0);

  // Bars are drawn from the tallest sum to the shortest, each over the one before.
  function stacked(client) {
    const sums = [];
    let below = client.usual.map(() => 0);
    for (const kind of KINDS) {
      below = below.map((value, i) => value + client[kind][i]);
      sums.push(below);
    }
    return sums;
  }

  function shadeOutages(act) {
    return (u) => {
      u.ctx.save();
      u.ctx.fillStyle = colour("shade");
      for (const phase of act.phases.filter((p) => p.outage)) {
        const from = u.valToPos(phase.from, "x", true);
        const to = u.valToPos(phase.to, "x", true);
        u.ctx.fillRect(from, u.bbox.top, to - from, u.bbox.height);
      }
      u.ctx.restore();
    };
  }

  function timeAxis(act, isLast) {
    return {
      stroke: () => colour("soft"),
      font: "12px system-ui, sans-serif",
      grid: { show: false },
      ticks: { stroke: () => colour("line"), width: 1, size: 4 },
      size: 24,
      gap: 2,
      incrs: [1, 2, 5, 10, 20, 60, 120],
      values: (u, ticks) => ticks.map((t) => (t === 0 || t > act.seconds - 0.5 ? "" : t + "s")),
      show: isLast,
    };
  }

  function draw(place, act, tallest, isLast, series, values, hooks) {
    return new uPlot(
      {
        width: Math.max(280, place.clientWidth),
        height: ROW_HEIGHT + (isLast ? 24 : 0),
        padding: [6, 0, isLast ? 0 : 4, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [0, act.seconds] }, y: { range: [0, tallest] } },
        axes: [timeAxis(act, isLast), { show: false }],
        series: [{}, ...series],
        hooks: { drawClear: [shadeOutages(act)], ...hooks },
      },
      values,
      place,
    );
  }

  function chart(place, act, client, tallest, isLast) {
    const width = data.binMillis / 1000;
    const times = client.usual.map((_, i) => (i + 0.5) * width);
    const sums = stacked(client);
    const bars = uPlot.paths.bars({ size: [1, 100], gap: 0 });
    const series = [];
    const values = [times];
    for (let k = KINDS.length - 1; k >= 0; k--) {
      series.push({ fill: () => colour(KINDS[k]), stroke: () => colour(KINDS[k]), width: 0, paths: bars, points: { show: false } });
      values.push(sums[k]);
    }
    return draw(place, act, tallest, isLast, series, values, {});
  }

  // A dashed line across the chart, its label above it at the right.
  function level(value, words) {
    return (u) => {
      const y = u.valToPos(value, "y", true);
      const scale = devicePixelRatio;
      u.ctx.save();
      u.ctx.strokeStyle = u.ctx.fillStyle = colour("ink");
      u.ctx.lineWidth = scale;
      u.ctx.setLineDash([5 * scale, 4 * scale]);
      u.ctx.beginPath();
      u.ctx.moveTo(u.bbox.left, y);
      u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
      u.ctx.stroke();
      u.ctx.font = 12 * scale + "px system-ui, sans-serif";
      u.ctx.textAlign = "right";
      u.ctx.fillText(words, u.bbox.left + u.bbox.width - 4 * scale, y - 5 * scale);
      u.ctx.restore();
    };
  }

  function burdenChart(place, act, burden, tallest) {
    const width = data.fallbackBinMillis / 1000;
    const times = burden.asked.map((_, i) => (i + 0.5) * width);
    const bars = uPlot.paths.bars({ size: [1, 100], gap: 0 });
    const kinds = ["asked", "useful"];
    const series = kinds.map((kind) => ({ fill: () => colour(kind), stroke: () => colour(kind), width: 0, paths: bars, points: { show: false } }));
    const values = [times, ...kinds.map((kind) => burden[kind])];
    return draw(place, act, tallest, false, series, values, { draw: [level(burden.capacity, "capacity")] });
  }

  function limitChart(place, act, burden) {
    const times = burden.allowed.map((pair) => pair[0]);
    const calls = burden.allowed.map((pair) => pair[1]);
    const steps = uPlot.paths.stepped({ align: 1 });
    const series = [{ stroke: () => colour("useful"), width: 2, paths: steps, points: { show: false } }];
    return draw(place, act, 1.25 * Math.max(...calls), true, series, [times, calls], {});
  }

  function legend(act) {
    const list = element("ul", "legend");
    const words = {
      usual: "answered " + act.usualWords,
      other: "answered " + act.otherWords,
      failed: "failed",
      late: "late: nothing by the deadline",
    };
    for (const kind of KINDS) {
      if (act.clients.some((client) => sum(client[kind]) > 0)) {
        const item = element("li", "", words[kind]);
        const swatch = element("i");
        swatch.style.background = "var(--" + kind + ")";
        item.prepend(swatch);
        list.append(item);
      }
    }
    return list;
  }

  function phases(act) {
    const strip = element("div", "phases");
    for (const phase of act.phases) {
      const label = element("span", phase.outage ? "outage" : "", phase.words);
      label.title = phase.words;
      label.style.left = (100 * phase.from) / act.seconds + "%";
      label.style.width = (100 * (phase.to - phase.from)) / act.seconds + "%";
      strip.append(label);
    }
    return strip;
  }

  function numbers(client) {
    const list = element("dl", "numbers");
    const say = (what, text) => list.append(element("dt", "", what), element("dd", "", text));
    say("p50 / p99", client.p50 + " / " + client.p99);
    client.requests.forEach((line, i) => say(i === 0 ? "requests/call" : "", line));
    say("back after", client.back);
    if (client.overdue !== "-") say("late by", client.overdue);
    return list;
  }

  function row(client, right) {
    const made = element("div", "row");
    const who = element("div", "who", client.name);
    who.append(element("div", "share " + (client.good ? "all" : "some"), client.big));
    who.append(element("small", "", client.bigWords));
    const place = element("div", "chart");
    made.append(who, place, right);
    return [made, place];
  }

  function lines(pairs) {
    const list = element("dl", "numbers");
    for (const [what, text] of pairs) list.append(element("dt", "", what), element("dd", "", text));
    return list;
  }

  // What the fallback endpoint got of each client, and under that what the concurrency limit allowed.
  function fallback(act, section, keep) {
    section.append(element("h3", "", "Requests a second at the origin that stands in"));
    const list = element("ul", "legend");
    for (const [kind, words] of [["asked", "arrived"], ["useful", "answered in time"]]) {
      const item = element("li", "", words);
      const swatch = element("i");
      swatch.style.background = "var(--" + kind + ")";
      item.prepend(swatch);
      list.append(item);
    }
    section.append(list);
    const tallest = 1.1 * Math.max(...act.fallback.flatMap((burden) => burden.asked));
    for (const burden of act.fallback) {
      const most = Math.round(Math.max(...burden.asked));
      const head = {
        name: burden.name,
        big: burden.usefulInOutage.toFixed(1),
        bigWords: "useful answers a second in the outage, of " + burden.capacity + " possible",
        good: burden.good,
      };
      const [made, place] = row(head, lines([["most at once", most + "/s"], ["capacity", burden.capacity + "/s"]]));
      section.append(made);
      keep(burdenChart(place, act, burden, tallest), place);
    }
    for (const burden of act.fallback.filter((one) => one.allowed.length > 1)) {
      const calls = burden.allowed.map((pair) => pair[1]);
      const head = {
        name: burden.name + "'s concurrency limit",
        big: calls[calls.length - 1].toFixed(1),
        bigWords: "calls in flight allowed at the end of the outage",
        good: true,
      };
      const range = Math.min(...calls).toFixed(1) + " to " + Math.max(...calls).toFixed(1);
      const [made, place] = row(head, lines([["allowed", range], ["refused", burden.allowed.length + " calls"]]));
      section.append(made);
      keep(limitChart(place, act, burden), place);
    }
  }

  const redraw = [];
  const keep = (drawn, place) =>
    redraw.push(() => drawn.setSize({ width: Math.max(280, place.clientWidth), height: drawn.height }));
  for (const act of data.scenarios) {
    const section = element("section", "act");
    const title = element("h2", "", act.name);
    title.append(element("small", "", act.promise));
    section.append(title, element("p", "summary", act.summary), legend(act), phases(act));
    document.getElementById("scenarios").append(section);
    const tallest = 1.1 * Math.max(...act.clients.flatMap((client) => stacked(client)[KINDS.length - 1]));
    act.clients.forEach((client, i) => {
      const [made, place] = row(client, numbers(client));
      section.append(made);
      keep(chart(place, act, client, tallest, i === act.clients.length - 1), place);
    });
    if (act.fallback.length > 0) fallback(act, section, keep);
  }
  const all = () => redraw.forEach((one) => one());
  addEventListener("resize", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
