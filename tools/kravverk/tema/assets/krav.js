// The text filter of the requirement table: shows it, and keeps what was typed in the address.
(() => {
  const form = document.getElementById("kravfilter");
  if (!form) return;
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const rows = [...document.querySelectorAll("#kravliste tbody tr")];
  const ids = rows.map((row) => row.querySelector("th").textContent);
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.tekst}`.toLowerCase());
  // "pll 42", "pll42" and "PLL-42" all mean PLL-0042, and then nothing else.
  const meant = (typed) => {
    const match = /^\s*([a-zæøå]{2,5})[\s-]*0*(\d{1,4})\s*$/i.exec(typed);
    return match ? ids.indexOf(`${match[1].toUpperCase()}-${match[2].padStart(4, "0")}`) : -1;
  };
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = meant(input.value);
    let shown = 0;
    rows.forEach((row, at) => {
      const hit = only < 0 ? words.every((word) => texts[at].includes(word)) : at === only;
      row.hidden = !hit;
      shown += hit;
    });
    status.textContent = `${shown} av ${rows.length} krav`;
    const url = new URL(location);
    input.value ? url.searchParams.set("q", input.value) : url.searchParams.delete("q");
    history.replaceState(null, "", url);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", filter);
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  form.hidden = false;
  filter();
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
  button.setAttribute("aria-label", "Meny");
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
