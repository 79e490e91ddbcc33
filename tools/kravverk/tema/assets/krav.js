// The text filter of the requirement table: shows it, and keeps what was typed in the address.
(() => {
  const form = document.getElementById("kravfilter");
  if (!form) return;
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const rows = [...document.querySelectorAll("#kravliste tbody tr")];
  // "pll 42", "PLL-42" and "pll0042" all find PLL-0042.
  const carelessId = (text) => {
    const match = /^\s*([a-zæøå]{2,5})[\s-]*0*(\d{1,4})\s*$/i.exec(text);
    return match ? `${match[1]}-${match[2].padStart(4, "0")}`.toLowerCase() : null;
  };
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const id = carelessId(input.value);
    let shown = 0;
    rows.forEach((row, at) => {
      const hit = (id && texts[at].includes(id)) || words.every((word) => texts[at].includes(word));
      row.hidden = !hit;
      shown += hit;
    });
    status.textContent = `${shown} av ${rows.length} krav vises.`;
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
