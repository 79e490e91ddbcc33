// The search page: what pagefind finds, the query in the address, and a way straight to an id.
(() => {
  const form = document.getElementById("sok");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const list = document.getElementById("trefflisten");
  const more = document.querySelector(".mer");
  const few = 10;
  const first = "§§"; // what is hidden for the index comes after it
  const place = new URL(form.dataset.indeks, location);
  let engine;
  let asked = 0;
  // "pll 42", "pll_42", "pll42" and "PLL-42" all mean PLL-0042; a message and a case likewise.
  const bare = (name) => name.toLowerCase().replace(/[\s_–-]+/g, "").replace(/^([a-zæøå]{2,5})0+/, "$1");
  const direct = new Map(
    ["krav", "melding", "sak"].flatMap((folder) =>
      form.dataset[folder].split(" ").map((id) => [bare(id), [id, `${folder}/${id}/`]]),
    ),
  );
  const meant = (typed) => direct.get(bare(typed.replace(/^\s*sak\s+/i, "")))?.[0] ?? "";
  const address = (id) => new URL(`../${direct.get(bare(id))[1]}`, location).href;
  // What kind of page a hit is, by the folder that it lies in.
  const home = new URL("../", place).pathname;
  const kind = (href) => {
    const path = new URL(href, place).pathname.slice(home.length).replace(/^en\//, "");
    const folder = path.split("/")[0];
    return (path.split("/").length > 2 && list.dataset[folder]) || list.dataset.side;
  };
  const item = (href, title, parts) => {
    const [li, link, text] = ["li", "a", "p"].map((name) => document.createElement(name));
    link.href = href;
    link.textContent = title;
    for (const [at, part] of parts.entries()) {
      const node = document.createElement(at % 2 ? "mark" : "span");
      node.textContent = part;
      text.append(node);
    }
    const slag = document.createElement("span");
    slag.className = "slag";
    slag.textContent = ` ${kind(href)}`;
    li.append(link, slag, ...(parts.length ? [text] : []));
    return li;
  };
  // Text and marked text by turns. Where only the hidden end of a word was found, the word itself
  // is looked up in the text.
  const excerpt = (found, words) => {
    const plain = document.createElement("textarea"); // reads entities, and never any tag
    const read = (html) => ((plain.innerHTML = html.replace(/<\/?mark>/g, "")), plain.value);
    // The title is told already, and the excerpt may begin in the middle of it.
    const untitled = (html) => {
      const lead = /^([^.]+)\.(<\/mark>)? /.exec(html);
      return lead && found.meta.title.endsWith(read(lead[1])) ? html.slice(lead[0].length) : html;
    };
    const open = found.raw_content.split(first)[0];
    const shown = untitled(found.excerpt.split(first)[0]);
    const seen = read(open).includes(read(shown).trim().slice(0, 40)); // or it is of the hidden words
    if (seen && shown.includes("<mark>")) {
      const cut = /[.!?…:)]\s*$/.test(read(shown)) ? "" : " …";
      return `${shown}${cut}`.split(/<\/?mark>/).map(read);
    }
    const text = untitled(open);
    const low = text.toLowerCase();
    const word = words.find((one) => low.includes(one)) ?? "";
    const at = low.indexOf(word);
    const from = text.lastIndexOf(" ", Math.max(0, at - 60)) + 1;
    const end = at + word.length;
    const last = text.length > end + 120 ? text.lastIndexOf(" ", end + 120) : text.length;
    const rest = text.slice(end, Math.max(end, last)) + (last < text.length ? " …" : "");
    return [(from ? "… " : "") + text.slice(from, at), text.slice(at, end), rest];
  };
  // Where nothing is found, pagefind takes what begins a little like it.
  const near = async (hit, words) => {
    const text = `${(await hit.data()).raw_content}`.toLowerCase();
    return !words.every((word) => text.includes(word.slice(0, Math.max(3, (word.length * 2) / 3))));
  };
  const draw = async (hits, words, from, mine) => {
    const found = await Promise.all(hits.slice(from, from + few).map((hit) => hit.data()));
    if (mine !== asked) return;
    for (const one of found) list.append(item(one.url, one.meta.title, excerpt(one, words)));
    more.hidden = hits.length <= from + few;
    more.firstElementChild.onclick = async () => {
      const last = list.children.length;
      await draw(hits, words, from + few, mine);
      list.children[last]?.querySelector("a").focus();
    };
  };
  const search = async () => {
    const mine = ++asked;
    const typed = form.elements.q.value;
    const query = typed.trim();
    const id = meant(query);
    const url = new URL(location);
    query ? url.searchParams.set("q", query) : url.searchParams.delete("q");
    if (location.protocol !== "file:") history.replaceState(null, "", url);
    const clear = () => {
      list.replaceChildren(...(id ? [item(address(id), list.dataset.til.replace("{id}", id), [])] : []));
      more.hidden = true;
    };
    if (!query) {
      clear();
      status.textContent = "";
      return;
    }
    try {
      engine ??= await import(new URL("pagefind.js", place).href);
      const hits = (await engine.search(id || query)).results;
      const words = query.toLowerCase().split(/\s+/);
      const how = !hits.length ? "ingen" : !id && (await near(hits[0], words)) ? "ligner" : "av";
      if (mine !== asked) return;
      clear();
      const said = how === "ligner" && hits.length === 1 ? "enLigner" : how;
      status.textContent = status.dataset[said].replace("{n}", hits.length);
      await draw(hits, words, 0, mine);
    } catch {
      clear();
      status.textContent = status.dataset.uten;
    }
  };
  let soon;
  form.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = meant(form.elements.q.value);
    id ? location.assign(address(id)) : search();
  });
  form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  form.hidden = false;
  document.getElementById("uten-skript").remove();
  document.getElementById("med-skript").hidden = false;
  search();
})();
