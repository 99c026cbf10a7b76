"use strict";
// The page of one application: it asks for the state once a second and draws it. All text is set as text, never as HTML.

const SHOWN_SECONDS = 10; // over how many of the last seconds rates are taken
const HEALTHY = new Set(["answers", "right", "act", "watch"]);
const css = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const $ = id => document.getElementById(id);

function make(tag, text, className) {
  const it = document.createElement(tag);
  if (text !== undefined) it.textContent = text;
  if (className) it.className = className;
  return it;
}

/** Replaces what is in there, unless it is the same: buttons keep their focus, and nothing flickers. */
function fill(parent, ...children) {
  const next = make("div");
  next.append(...children);
  if (parent.innerHTML !== next.innerHTML) parent.replaceChildren(...next.childNodes);
}

/** Milliseconds of what Java calls PT1M2.5S. */
function millis(iso) {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(iso ?? "");
  return parts ? ((+(parts[1] ?? 0) * 60 + +(parts[2] ?? 0)) * 60 + +(parts[3] ?? 0)) * 1000 : NaN;
}

function ago(iso) {
  const ms = millis(iso);
  if (Number.isNaN(ms)) return "never";
  return ms < 1000 ? "now" : ms < 120_000 ? Math.round(ms / 1000) + " s ago" : Math.round(ms / 60_000) + " min ago";
}

const clock = instant => new Date(instant).toLocaleTimeString([], { hour12: false });
const sum = numbers => numbers.reduce((all, one) => all + one, 0);
const words = id => id.replaceAll("-", " ");

function over(seconds, of) {
  const whole = seconds.slice(-SHOWN_SECONDS - 1, -1); // the last one is not over
  return whole.length ? sum(whole.map(of)) / whole.length : 0;
}

// What the buttons do.

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) throw new Error(response.status + " " + (await response.text()));
  return response.json();
}

async function act(what, doing) {
  $("told").textContent = "";
  try {
    await doing();
    await refresh();
  } catch (wrong) {
    $("told").textContent = what + ": " + wrong.message;
  }
}

async function sendOne() {
  const told = await post("/call");
  $("answer").hidden = false;
  $("answer").className = told.ok ? "" : "bad";
  $("answer").textContent = told.report;
}

/** A group of buttons of which one is pressed; made once, so that focus stays where it is. */
function choices(group, key, title, options, now, onChoice) {
  if (!group.hasChildNodes()) {
    group.className = "choices";
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", title);
    group.append(...options.map(option => {
      const button = make("button", words(option), HEALTHY.has(option) ? "" : "harm");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.dataset.key = key + "/" + option;
      button.addEventListener("click", () => act(title, () => onChoice(option)));
      return button;
    }));
  }
  for (const button of group.children) {
    button.setAttribute("aria-checked", button.dataset.key === key + "/" + now);
  }
}

function providers(state) {
  for (const provider of state.providers) {
    let group = document.getElementById("choices-of-" + provider.id);
    if (!group) {
      const set = make("fieldset");
      group = make("div");
      group.id = "choices-of-" + provider.id;
      set.append(make("legend", provider.title), group);
      $("providers").append(set);
    }
    choices(group, provider.id, provider.title, provider.choices, provider.now, choice =>
      post(`/providers/${provider.id}/${choice}`));
  }
}

function modes(state) {
  choices($("modes"), "mode", "Mode", ["act", "watch", "off"], state.byroad.mode.toLowerCase(), mode =>
    post("/actuator/byroad/mode", { mode }));
}

// What is seen.

const isAvoided = (state, endpoint) => state.byroad.avoidances.some(one => one.domain === endpoint.domain);

/** An open circuit whose time is over waits for a call to probe it: that is no news of who is not called. */
const isFailing = (state, endpoint) => endpoint.health && endpoint.health.circuit !== "closed"
  && (isAvoided(state, endpoint) || over(state.seconds, one => one.sent[endpoint.name] ?? 0) > 0);

const isOutlived = name => name.source === "retained" || name.source === "stale";

function verdict(state) {
  const upstream = state.byroad.upstreams[0];
  const answered = over(state.seconds, one => sum(Object.values(one.answered)));
  const failed = over(state.seconds, one => one.failed);
  const share = answered + failed === 0 ? NaN : 100 * answered / (answered + failed);
  const by = upstream.endpoints.map(endpoint => endpoint.name)
    .filter(name => over(state.seconds, one => one.answered[name] ?? 0) > 0.05);
  const failing = upstream.endpoints.filter(endpoint => isFailing(state, endpoint));
  const names = state.byroad.lastGood.filter(isOutlived);
  const silent = state.byroad.resolvers.filter(one => one.state === "failing");

  let text = "All is well";
  let tone = "good";
  if (failing.length) {
    const away = state.byroad.shifts.find(shift => shift.upstream === upstream.name && !shift.back)?.awayFrom;
    const who = failing.map(one => one === upstream.endpoints[0] ? away ?? one.name : one.name);
    text = [...new Set(who)].join(", ") + (who.length > 1 ? " are failing" : " is failing");
    tone = "warn";
  } else if (names.length) {
    text = "DNS has " + (names.some(one => one.source === "retained") ? "no addresses" : "no answer")
      + " for " + names.map(one => one.host).join(", ");
    tone = "warn";
  } else if (silent.length) {
    text = silent.map(one => one.name).join(", ") + (silent.length > 1 ? " are" : " is") + " not answering";
    tone = "warn";
  } else if (failed > 0) {
    text = "Some calls fail";
    tone = "warn";
  }
  if (share < 90) tone = "bad";
  $("verdict").className = tone;
  $("verdict").textContent = Number.isNaN(share)
    ? "Waiting for the first calls"
    : `${text}: ${share === 100 ? "all" : share.toFixed(share > 99 ? 1 : 0) + " % of"} calls are answered${by.length ? ", by " + by.join(" and ") : ""}`;
  $("details").textContent = Number.isNaN(share) ? "" :
    `${(answered + failed).toFixed(1)} calls a second, over the last ${SHOWN_SECONDS} s, as of ${clock(state.now)}`
    + (names.length ? `; ${names.length} name${names.length > 1 ? "s" : ""} on last-good addresses` : "");
}

function row(...cells) {
  const tr = make("tr");
  tr.append(...cells);
  return tr;
}

function endpoints(state) {
  const upstream = state.byroad.upstreams[0];
  $("budget").textContent = upstream.budget
    ? `retry budget ${upstream.budget.tokens} of ${upstream.budget.capacity} tokens` : "";
  fill($("endpoints"), ...upstream.endpoints.map(endpoint => {
    const health = endpoint.health;
    const circuit = health?.circuit ?? "";
    const rests = millis(health?.restLeft ?? "");
    return row(
      make("td", endpoint.name),
      make("td", [...endpoint.through, endpoint.hostedBy].filter(Boolean).join(", "), "soft"),
      make("td", circuit + (rests > 0 ? `, rests ${Math.ceil(rests / 1000)} s` : "")
        + (circuit === "open" && !isAvoided(state, endpoint) ? ", the next call probes" : ""),
        circuit === "closed" ? "good" : isFailing(state, endpoint) ? "bad" : "soft"),
      make("td", health?.limit ? `${health.limit.inFlight} / ${health.limit.allowed.toFixed(1)}` : "–", "number"),
      make("td", ago(health?.answeredAgo), "number"),
      make("td", over(state.seconds, one => one.sent[endpoint.name] ?? 0).toFixed(1), "number"),
      make("td", over(state.seconds, one => one.answered[endpoint.name] ?? 0).toFixed(1), "number"));
  }));
}

function verdicts(state) {
  const lines = state.byroad.avoidances.map(one =>
    `keeps away from ${one.domain} until ${clock(one.until)}: ${one.because}`);
  for (const shift of state.byroad.shifts) {
    const to = [["50", shift.to50], ["90", shift.to90], ["99", shift.to99]]
      .filter(([, took]) => took).map(([share, took]) => `${share} % after ${(millis(took) / 1000).toFixed(1)} s`);
    lines.push(`left ${shift.awayFrom} at ${clock(shift.since)}: ${to.join(", ") || "under way"}`
      + (shift.back ? `; back after ${(millis(shift.back) / 1000).toFixed(1)} s` : ""));
  }
  for (const name of state.byroad.lastGood.filter(isOutlived)) {
    lines.push(`uses ${name.source === "retained" ? "what TLS proved of" : "old addresses of"} ${name.host}: ${name.reason}`);
  }
  fill($("verdicts"), ...(lines.length ? lines.map(line => make("li", line)) : [make("li", "nothing: every call goes to the first endpoint", "soft")]));
}

function names(state) {
  fill($("names"), ...state.byroad.lastGood.map(name => row(
    make("td", name.host),
    make("td", name.source, isOutlived(name) ? "warn" : name.source === "fresh" ? "good" : "soft"),
    make("td", Math.round(millis(name.age) / 1000) + " s", "number"),
    make("td", name.addresses.join(", ") + (name.proven ? ` (${name.proven} proven)` : ""), "wrap"))));
  fill($("resolvers"), ...state.byroad.resolvers.map(one => {
    const li = make("li", one.name + " ");
    li.append(make("span", one.state, one.state === "failing" ? "bad" : "good"));
    return li;
  }));
}

function events(state) {
  fill($("events"), ...[...state.byroad.events].reverse().map(one => {
    const li = make("li");
    const time = make("time", clock(one.at));
    li.append(time, one.text);
    return li;
  }));
}

function stories(state) {
  fill($("stories"), ...(state.stories.length ? state.stories.map(story => {
    const pre = make("pre", undefined, story.ok ? "" : "bad");
    pre.append(make("time", clock(story.at) + " "), story.report);
    return pre;
  }) : [make("p", "none so far", "soft")]));
}

let chart;
let drawnSeries = "";
function drawChart(state) {
  const endpointNames = state.byroad.upstreams[0].endpoints.map(endpoint => endpoint.name);
  const series = ["failed", ...endpointNames]; // from the bottom: what hurts is on the axis
  const whole = state.seconds.slice(0, -1);
  const at = whole.map(one => one.at);
  const value = (one, name) => name === "failed" ? one.failed : one.answered[name] ?? 0;
  const stacked = series.map((_, i) => whole.map(one => sum(series.slice(0, i + 1).map(name => value(one, name)))));
  const data = [at, ...stacked.slice().reverse()];
  const look = series.join() + css("page") + $("chart").clientWidth;
  if (look !== drawnSeries) {
    drawnSeries = look;
    chart?.destroy();
    const axis = { stroke: css("soft"), grid: { stroke: css("line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    chart = new uPlot({
      width: $("chart").clientWidth,
      height: 230,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: true, range: (_, min, max) => [max - 59.5, max + 0.5] }, y: { range: (_, min, max) => [0, Math.max(12, max * 1.1)] } },
      axes: [{ ...axis, values: (_, ticks) => ticks.map(tick => clock(tick * 1000)) }, { ...axis, size: 34 }],
      series: [{}, ...series.slice().reverse().map(name => ({
        fill: css(name) || css("soft"),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars({ size: [0.9, 100] }),
      }))],
    }, data, $("chart"));
    $("legend").replaceChildren(...series.slice().reverse().map(name => {
      const li = make("li");
      const swatch = make("i");
      swatch.style.background = css(name) || css("soft");
      li.append(swatch, name === "failed" ? "an error" : "answered by " + name);
      return li;
    }));
  } else {
    chart.setData(data);
  }
}

async function refresh() {
  const response = await fetch("/state");
  if (!response.ok) throw new Error("/state: " + response.status);
  const state = await response.json();
  for (const draw of [verdict, providers, modes, endpoints, verdicts, names, events, stories, drawChart]) draw(state);
}

async function keepOn() {
  try {
    await refresh();
  } catch (gone) {
    $("verdict").className = "bad";
    $("verdict").textContent = "The application does not answer";
    $("details").textContent = gone.message;
  }
  setTimeout(keepOn, 1000);
}

$("heal").addEventListener("click", () => act("heal", () => post("/heal")));
$("call").addEventListener("click", () => act("call", sendOne));
keepOn();
