"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const body = document.querySelector("#list tbody");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const fields = ["q", "year", "kind", "state"].map((id) => document.getElementById(id));
  const [q, year, kind, state] = fields;
  const STEP = 100;
  let hits = [];
  let shown = 0;

  const texts = data.rows.map((r) => data.units[r.u].join(" ").toLowerCase());

  function element(name, text, attributes) {
    const made = document.createElement(name);
    if (text !== undefined && text !== "") made.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    return made;
  }

  function cell(row, head, text, className) {
    const made = element("td", text, { "data-head": head });
    if (className) made.className = className;
    row.append(made);
    return made;
  }

  function rowOf(r) {
    const unit = data.units[r.u];
    const row = element("tr");
    const name = element("th", undefined, { scope: "row" });
    const id = encodeURIComponent(unit[unit.length - 1]);
    name.append(r.o ? element("a", unit[0], { href: `${data.folder}/${id}.html` }) : unit[0]);
    row.append(name);
    cell(row, "年度", r.p || String(r.y), "nowrap");
    cell(row, "文档", data.kinds[r.k]);
    const told = cell(row, "状态", undefined);
    told.append(element("span", data.states[r.s][1], { class: r.s === "done" ? "good" : "bad" }));
    if (r.t) told.append(element("p", r.t, { class: "stage" }));
    if (r.w) told.append(element("p", r.w, { class: "why" }));
    if (r.l) told.append(element("a", "出错的笔记本", { href: r.l }));
    cell(row, "日期", r.d, "nowrap");
    cell(row, "页数", r.n ? String(r.n) : "", "number");
    cell(row, "主要指标", (r.c || []).join("；"));
    const files = cell(row, "文件", undefined, "files");
    const old = (n) => ((r.x || []).includes(n) ? data.stale : "");
    const links = r.f.map((n) => [data.files[n][1] + old(n), `${r.b}.${data.files[n][0]}`]);
    if (r.g) links.push(["反馈", r.g]);
    if (r.i) links.push(["印发件", r.i]);
    for (const [label, href] of links) {
      files.append(element("a", label, { href, "aria-label": `${unit[0]} ${r.p || r.y} ${data.kinds[r.k]} ${label}` }));
    }
    return row;
  }

  function show() {
    const part = document.createDocumentFragment();
    for (const r of hits.slice(shown, shown + STEP)) part.append(rowOf(r));
    body.append(part);
    shown = Math.min(shown + STEP, hits.length);
    more.hidden = shown >= hits.length;
    const rest = shown < hits.length ? `，已列出前${shown}份` : "";
    count.textContent = hits.length ? `共${hits.length}份${rest}` : "没有符合条件的文档";
  }

  function find() {
    const words = q.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    hits = data.rows.filter((r, n) =>
      (!year.value || String(r.y) === year.value) &&
      (!kind.value || r.k === Number(kind.value)) &&
      (!state.value || (state.value === "bad" ? r.s !== "done" : r.s === state.value)) &&
      words.every((word) => texts[n].includes(word)));
    body.replaceChildren();
    shown = 0;
    show();
    const kept = fields.filter((f) => f.value).map((f) => `${f.id}=${encodeURIComponent(f.value)}`);
    try {
      history.replaceState(null, "", kept.length ? `#${kept.join("&")}` : location.pathname.split("/").pop());
    } catch { /* some browsers refuse it for files: the list is right all the same */ }
  }

  for (const part of location.hash.slice(1).split("&")) {
    const [id, value] = part.split("=");
    const field = fields.find((f) => f.id === id);
    if (field && value) {
      try { field.value = decodeURIComponent(value); } catch { /* no state of ours */ }
    }
  }
  document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());
  q.addEventListener("input", find);
  for (const field of [year, kind, state]) field.addEventListener("change", find);
  more.addEventListener("click", () => {
    const first = shown;
    show();
    const link = body.rows[first] && body.rows[first].querySelector("a");
    if (link) link.focus();
  });
  document.getElementById("find").hidden = false;
  find();
})();
