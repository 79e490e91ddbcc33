// The list of requirements: shows the filter, keeps what is chosen in the address, and draws no
// more rows than a reader looks at until asked to.
(() => {
  const form = document.getElementById("kravfilter");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const more = document.querySelector(".mer");
  const none = document.getElementById("ingen");
  const few = 300;
  const rows = [...document.querySelectorAll("#kravliste tbody tr")];
  const ids = rows.map((row) => row.querySelector("th").textContent);
  const levels = rows.map((row) => row.cells[2].textContent);
  const named = Object.fromEntries([...form.elements.plikt.options].map((o) => [o.value, o.text]));
  // The level in the list is the strongest of all, or that of the system that is chosen.
  const level = (row, system) => {
    const mine = row.dataset.system.split(" ").find((pair) => pair.startsWith(`${system}:`));
    return named[mine?.split(":")[1]] ?? "–";
  };
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.tekst}`.toLowerCase());
  const withdrawn = rows.map((row) => row.dataset.status === "utgått");
  const stand = withdrawn.filter((gone) => !gone).length;
  let limit = few;
  // "pll 42", "pll_42", "pll42" and "PLL-42" all mean PLL-0042, and then nothing else.
  const meant = (typed) => {
    const match = /^\s*([a-zæøå]{2,5})[\s_–-]*0*(\d{1,4})\s*$/i.exec(typed);
    return match ? ids.indexOf(`${match[1].toUpperCase()}-${match[2].padStart(4, "0")}`) : -1;
  };
  // With a system, what has changed since a release is what has changed for that system.
  const bound = (row, { system, plikt, siden }) =>
    row.dataset.system.split(" ").some((one) => {
      const [who, how, since] = one.split(":");
      const changed = !system || !siden || since?.split(",").includes(siden);
      return one && (!system || who === system) && (!plikt || how === plikt) && changed;
    });
  const fits = (row, chosen) =>
    ["omrade", "tema", "gruppe", "melding", "status", ...(chosen.system ? [] : ["siden"])].every(
      (name) => !chosen[name] || row.dataset[name].split(" ").includes(chosen[name]),
    ) && (!(chosen.system || chosen.plikt) || bound(row, chosen));
  const filter = () => {
    const chosen = Object.fromEntries(new FormData(form));
    const words = chosen.q.toLowerCase().split(/\s+/).filter(Boolean);
    const only = meant(chosen.q);
    let hits = 0;
    let gone = 0; // of them; they are counted apart
    rows.forEach((row, at) => {
      const named = only < 0 ? words.every((word) => texts[at].includes(word)) : at === only;
      const hit = named && fits(row, chosen);
      hits += hit;
      gone += hit && withdrawn[at];
      row.hidden = !hit || hits > limit;
      row.cells[2].textContent = chosen.system ? level(row, chosen.system) : levels[at];
    });
    more.hidden = hits <= limit;
    none.hidden = hits || !chosen.q;
    none.querySelector("a").search = new URLSearchParams({ q: chosen.q });
    const since = chosen.siden ? status.dataset[chosen.system ? "for" : "ny"] : "";
    const said = hits ? `${status.dataset.av}{og}${since}` : status.dataset.ingen;
    const { utgatt, utgatte } = status.dataset;
    const also = gone > 1 ? utgatte.replace("{n}", gone) : gone ? utgatt : "";
    const put = { n: hits - gone, alle: stand, utgivelse: chosen.siden, og: also };
    status.textContent = said.replace(/{(\w+)}/g, (_, name) => put[name]);
    const url = new URL(location);
    for (const [name, value] of Object.entries(chosen))
      value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
    if (location.protocol !== "file:") history.replaceState(null, "", url);
  };
  const again = () => {
    limit = few;
    filter();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", again);
  form.addEventListener("reset", () => setTimeout(again));
  more.querySelector("button").addEventListener("click", () => {
    const next = rows.find((row, at) => row.hidden && at >= few);
    limit = Infinity;
    filter();
    next?.querySelector("a").focus();
  });
  for (const [name, value] of new URLSearchParams(location.search))
    if (form.elements[name]) form.elements[name].value = value;
  form.hidden = false;
  document.querySelector("#kravliste caption").className = "skjult"; // the status counts instead
  filter();
})();

// The other language of the page as it is now: with its filter, its query and its place.
for (const link of document.querySelectorAll("a.krav-sprak[hreflang]"))
  link.addEventListener("click", () => {
    const there = new URL(link.href);
    there.search = location.search;
    there.hash = location.hash;
    link.href = there;
  });

// A reference that can be copied: the button is made here, since it does nothing without a script.
for (const code of document.querySelectorAll("code.kopier")) {
  if (!navigator.clipboard) break;
  const english = document.documentElement.lang === "en";
  const button = document.createElement("button");
  const done = document.createElement("span");
  button.type = "button";
  button.className = "kopier-knapp";
  button.textContent = english ? "Copy reference" : "Kopier referansen";
  done.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(`${code.textContent} ${code.dataset.adresse}`.trim());
    done.textContent = english ? " Copied" : " Kopiert";
  });
  code.after(" ", button, done);
}

// Which release the reader builds on stays in the address; what is closed is opened for print.
(() => {
  const since = [...document.querySelectorAll("details.siden")];
  const asked = since.find((one) => `#${one.id}` === decodeURIComponent(location.hash));
  if (asked) for (const one of since) one.open = one === asked;
  for (const one of since)
    one.addEventListener("toggle", () => {
      if (one.open && location.protocol !== "file:") history.replaceState(null, "", `#${one.id}`);
    });
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll(".krav-innhold details")) one.open = true;
  });
})();

// The menu of narrow screens from the keyboard: Enter and space open it, Escape and leaving it
// close it. The theme has a label there that cannot be focused.
(() => {
  const toggle = document.getElementById("__drawer");
  const button = document.querySelector("label.md-header__button[for=__drawer]");
  const menu = document.querySelector(".md-sidebar--primary");
  if (!toggle || !button || !menu) return;
  const tell = () => button.setAttribute("aria-expanded", toggle.checked);
  button.setAttribute("role", "button");
  button.setAttribute("aria-label", document.documentElement.lang === "en" ? "Menu" : "Meny");
  button.tabIndex = 0;
  tell();
  toggle.addEventListener("change", tell);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation(); // the theme would click once more
    toggle.click();
    if (toggle.checked) menu.querySelector(".md-nav__list a").focus();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !toggle.checked) return;
    toggle.click();
    button.focus();
  });
  menu.addEventListener("focusout", (event) => {
    const to = event.relatedTarget;
    if (toggle.checked && to && to !== button && !menu.contains(to)) toggle.click();
  });
})();

// Light and dark from the keyboard: the theme shows one of its radio buttons at a time, so that
// the keys of a radio button would do nothing.
for (const option of document.querySelectorAll("input[name=__palette]"))
  option.addEventListener("keydown", (event) => {
    if (event.key !== " " && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const label = option.nextElementSibling;
    label.click();
    requestAnimationFrame(() => document.getElementById(label.htmlFor).focus());
  });
