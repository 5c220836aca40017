// The preview's page. A card's text reaches the page as text only; its HTML goes into a frame
// that is sandboxed and may do nothing.

const $ = (id) => document.getElementById(id);
const embedded = (id) => JSON.parse($(id).textContent);
const cardLook = embedded("card-data");
const file = embedded("page-data"); // what a static page holds; null where a server is asked

const trusted = window.trustedTypes?.createPolicy("card", { createHTML: (html) => html });

const MARKS = {
  new: "new",
  edited: "changed",
  around: "beside a change",
  restored: "asked again",
  retired: "retired",
  gone: "retired before",
};
const NUMBERED = new Set(["blank"]); // roles of which a note has several
const ROLES = { answer: "", box: "", term: "asks for the term", means: "asks for the meaning" };

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
const plural = (count, noun, many = `${noun}s`) => `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;

// --- What there is ---------------------------------------------------------------------------

let decks = [];
let problems = [];
let cards = []; // all of them
let shown = []; // those that pass the filter
let at = -1; // which of them is chosen

const idOf = (card) => `${card.guid}#${card.number}`;

function take(list) {
  ({ decks, problems } = list);
  const tag = list.tags;
  cards = list.notes.flatMap(([deck, guid, kind, topic, tags, path, line, mark, words, title, digest, own]) => {
    const note = {
      digest, title: list.titles[title], deck, guid, kind, topic: list.topics[topic], tags: tags.map((t) => tag[t]),
      place: path < 0 ? "" : `${list.files[path]}:${line}`, mark, words,
    };
    const known = [words, words.replaceAll("^", ""), kind, note.title, guid, note.topic, note.place, ...note.tags].join("\n");
    return own.map(([number, role, asks, from, to]) => {
      const part = (ROLES[role] ?? role) + (NUMBERED.has(role) ? ` ${number}` : "");
      return { ...note, number, part, asks, from, to, text: `${known}\n${role} ${part}\n${asks}`.toLowerCase() };
    });
  });
  options("deck", decks.map((deck, i) => [String(i), deck.name]));
  options("topic", list.topics.filter(Boolean).map((name) => [name, name]));
  options("kind", [...new Set(cards.map((card) => card.kind))].map((name) => [name, name]));
  options("tag", [...list.tags].sort().map((name) => [name, name]));
  $("deck-choice").hidden = decks.length < 2;
  $("changed").disabled = !decks.some((deck) => deck.built);
  const names = decks.map((deck) => deck.name).join(", ");
  $("name").textContent = names || "Preview";
  document.title = names ? `${names} – preview` : "Preview";
}

function options(id, choices) {
  const select = $(id);
  select.replaceChildren(
    element("option", { value: "" }, "all"),
    ...choices.map(([value, label]) => element("option", { value }, label)),
  );
  if (!choices.some(([value]) => value === state[id])) remember({ [id]: "" }); // it is gone
  select.value = state[id] ?? "";
}

// --- What is chosen, kept in the address -----------------------------------------------------

const FILTERS = ["words", "deck", "topic", "kind", "tag", "changed"];
let state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

function remember(changes) {
  Object.assign(state, changes);
  const kept = Object.entries(state).filter(([, value]) => value);
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}

function setFilters() {
  for (const id of FILTERS) {
    if (id === "changed") $(id).checked = Boolean(state.changed);
    else $(id).value = state[id] ?? "";
  }
}

function filter() {
  const wanted = (state.words ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  shown = cards.filter(
    (card) =>
      (!state.deck || String(card.deck) === state.deck) &&
      (!state.topic || card.topic === state.topic) &&
      (!state.kind || card.kind === state.kind) &&
      (!state.tag || card.tags.includes(state.tag)) &&
      (!state.changed || (card.mark && card.mark !== "gone")) &&
      wanted.every((word) => card.text.includes(word)),
  );
  const all = plural(cards.length, "card");
  const count = shown.length === cards.length ? all : `${shown.length.toLocaleString("en")} of ${all}`;
  if ($("count").textContent !== count) $("count").textContent = count;
  $("clear").hidden = !FILTERS.some((id) => state[id]);
  $("none").hidden = cards.length > 0;
  $("list").hidden = !shown.length;
  $("nothing").hidden = shown.length > 0 || !cards.length;
  $("rows").style.height = `${shown.length * rowHeight}px`;
}

// --- The list: only the rows in sight are in the page ----------------------------------------

const list = $("list");
let rowHeight = 56;

function measure() {
  const probe = element("div", { role: "option" });
  list.append(probe);
  rowHeight = probe.getBoundingClientRect().height || rowHeight;
  probe.remove();
}

function row(card, i) {
  const quiet = element("span", { class: "quiet" }, [card.kind, card.part, card.title].filter(Boolean).join(" · "));
  if (card.mark) quiet.prepend(element("span", { class: `mark ${card.mark}` }, MARKS[card.mark]), " · ");
  const made = element(
    "div",
    {
      role: "option", id: `row-${i}`, "aria-selected": String(i === at),
      "aria-posinset": String(i + 1), "aria-setsize": String(shown.length),
    },
    element("span", { dir: "auto" }, ...asked(card)),
    quiet,
  );
  made.style.top = `${i * rowHeight}px`;
  return made;
}

// The words of a card with those marked that it asks for, which are always in sight.
function asked({ words, guid, from, to }) {
  if (from === to) return [words || guid];
  const start = from > 30 ? words.indexOf(" ", from - 20) + 1 : 0;
  const before = start > 0 && start < from ? `… ${words.slice(start, from)}` : words.slice(0, from);
  return [before, element("b", {}, words.slice(from, to)), words.slice(to)];
}

function drawList() {
  const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 8);
  const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + 8);
  const wanted = shown.slice(first, last).map((card, i) => row(card, first + i));
  if (at >= 0 && (at < first || at >= last)) wanted.push(row(shown[at], at)); // for screen readers
  $("rows").replaceChildren(...wanted);
  if (at >= 0) list.setAttribute("aria-activedescendant", `row-${at}`);
  else list.removeAttribute("aria-activedescendant");
}

function reveal() {
  const top = at * rowHeight;
  const most = top + rowHeight - list.clientHeight;
  if (list.scrollTop > top) list.scrollTop = top;
  else if (list.scrollTop < most) list.scrollTop = most;
}

function choose(i, { scroll = true } = {}) {
  at = shown.length ? Math.min(Math.max(i, 0), shown.length - 1) : -1;
  remember({ card: at < 0 ? state.card : idOf(shown[at]) });
  if (scroll && at >= 0) reveal();
  drawList();
  showCard(shown[at]);
}

// The same card as before if it is still there, else the one that took its place.
function choosePlace({ scroll }) {
  const same = shown.findIndex((card) => idOf(card) === state.card);
  choose(same >= 0 ? same : scroll ? 0 : at, { scroll });
}

// --- The card ----------------------------------------------------------------------------------

let waitingFor = 0;
let current = null; // the chosen card with its two sides, as it was last got

async function showCard(card) {
  const turn = ++waitingFor;
  $("pane").hidden = !card;
  if (!card) return;
  const found = await sidesOf(card).catch(() => null);
  if (turn !== waitingFor) return; // another one was chosen
  if (!found) { // a save is under way, or the preview has ended; no other card may seem to be this one
    $("pane").hidden = !current || idOf(current.card) !== idOf(card);
    return;
  }
  current = { card, ...found };
  drawFacts(card);
  drawSides();
}

async function sidesOf(card) {
  if (file) return { ...file.cards[card.guid][card.number], pictures: file.pictures };
  const { deck, guid, number } = card;
  const sides = await (await ask(`card?${new URLSearchParams({ deck, guid, number })}`)).json();
  // Pictures are kept with the card that shows them only: there may be many, and of many saves.
  const got = sides.pictures.map(async (name) => [name, current?.pictures[name] ?? (await getPicture(name))]);
  return { ...sides, pictures: Object.fromEntries(await Promise.all(got)) };
}

async function getPicture(name) {
  const reader = new FileReader();
  reader.readAsDataURL(await (await ask(`media/${encodeURIComponent(name)}`)).blob());
  await new Promise((done) => reader.addEventListener("load", done));
  return reader.result;
}

async function ask(what) {
  const answer = await fetch(what);
  if (!answer.ok) throw new Error(answer.status);
  return answer;
}

function drawFacts(card) {
  const kind = `${card.kind[0].toUpperCase()}${card.kind.slice(1)}`;
  $("role").textContent = [kind, card.part].filter(Boolean).join(", ");
  const deck = decks[card.deck];
  const facts = [["Deck", deck.name], ["Topic", card.topic], ["Tags", card.tags.join(" ")]];
  if (MARKS[card.mark]) facts.push(["Since the last build", MARKS[card.mark]]);
  if (!deck.built) facts.push(["Since the last build", "there was none yet"]);
  $("written").hidden = !card.place;
  $("place").textContent = card.place;
  $("facts").replaceChildren(
    ...facts
      .filter(([, value]) => value)
      .map(([name, value]) => element("div", {}, element("dt", {}, `${name} `), element("dd", {}, value))),
  );
  $("changes").replaceChildren(
    ...current.changes.map(({ field, words }) =>
      element("li", {}, element("b", {}, `${field}: `), ...words.flatMap(([sign, text]) => [difference(sign, text), " "])),
    ),
  );
}

const difference = (sign, text) => (sign === "=" ? text : element(sign === "+" ? "ins" : "del", {}, text));

async function copy() {
  await navigator.clipboard.writeText(current.card.place);
  say(`Copied ${current.card.place}`);
}

function say(text) {
  $("count").textContent = text;
  setTimeout(filter, 1500); // which puts the count back
}

function drawSides() {
  if (!current) return;
  $("formulas").hidden = !current.formulas;
  for (const side of ["front", "back"]) {
    const html = frame(current[side], current.card.number, `${side} of the card`);
    if ($(side).dataset.html === html) continue; // nothing to see, so nothing flickers
    $(side).dataset.html = html;
    $(side).srcdoc = trusted ? trusted.createHTML(html) : html;
  }
}

// The document that Anki puts around a card: the classes, the margin, the night's canvas, and on a
// desktop its size of letters.
function frame(side, number, title) {
  const [dark, phone] = [isDark(), Boolean(state.phone)];
  const root = [dark && "night-mode", phone && "mobile android linux js"].filter(Boolean).join(" ");
  const body = `card card${number}${dark ? " nightMode night_mode" : ""}`;
  const html = side.replace(/(<img\b(?:[^>"]|"[^"]*")*?\ssrc=")([^"]*)"/g, (all, head, name) =>
    Object.hasOwn(current.pictures, name) ? `${head}${current.pictures[name]}"` : all,
  );
  return `<!doctype html><html lang="en" class="${root}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${cardLook.policy}">
<meta name="viewport" content="width=device-width"><title>${title}</title><base target="_blank">
<style>html:not(.mobile){font-size:15px}body{margin:20px;overflow-wrap:break-word}img{max-width:100%;max-height:95vh}
.night-mode{color-scheme:dark}.nightMode{background:#2c2c2c;color:#fcfcfc}</style></head>
<body class="${body}"><div id="qa" dir="auto"><style>${cardLook.style}</style>${html}</div></body></html>`;
}

// --- By day and by night, on a desktop and on a phone ----------------------------------------------

const night = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (state.mode ? state.mode === "dark" : night.matches);

function drawModes() {
  document.documentElement.dataset.mode = isDark() ? "dark" : "light";
  document.documentElement.dataset.width = state.phone ? "phone" : "desktop";
  $("dark").setAttribute("aria-pressed", String(isDark()));
  $("phone").setAttribute("aria-pressed", String(Boolean(state.phone)));
  drawSides();
}

// --- By mouse and by keyboard ------------------------------------------------------------------

const actions = {
  j: () => { choose(at + 1); inView(); },
  k: () => { choose(at - 1); inView(); },
  n: goToNews,
  d: () => { remember({ mode: isDark() ? "light" : "dark" }); drawModes(); },
  p: () => { remember({ phone: state.phone ? "" : "yes" }); drawModes(); },
  e: () => problems.length && openProblems($("problems").hidden),
  c: () => current?.card.place && copy(),
  f: () => enter("front"),
  b: () => enter("back"),
  "/": () => { $("words").focus(); $("words").select(); },
  "?": () => $("help").showModal(),
};
for (const [id, key] of Object.entries({
  next: "j", previous: "k", news: "n", dark: "d", phone: "p", copy: "c", "into-front": "f", "into-back": "b", "problems-button": "e", "help-button": "?",
})) $(id).addEventListener("click", actions[key]);

const page = () => Math.max(1, Math.floor(list.clientHeight / rowHeight) - 1);
const moves = {
  ArrowDown: () => at + 1, ArrowUp: () => at - 1, Home: () => 0, End: () => shown.length - 1,
  PageDown: () => at + page(), PageUp: () => at - page(),
};

// On a phone the card stands below the list: there it is brought up.
const narrow = matchMedia("(max-width: 52rem)");
const inView = () => narrow.matches && at >= 0 && $("front-label").scrollIntoView();
$("to-list").addEventListener("click", () => {
  scrollTo(0, 0);
  list.focus({ preventScroll: true });
});
$("fold").addEventListener("click", () => {
  const open = $("filters").classList.toggle("unfolded");
  $("fold").setAttribute("aria-expanded", String(open));
});
$("clear-too").addEventListener("click", () => $("filters").reset());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const typing = event.target.matches("select, input:not([type=checkbox])");
  if (event.key === "Escape") {
    $("words").value = "";
    changeFilter();
    list.focus();
  } else if (event.target === list && moves[event.key]) choose(moves[event.key]());
  else if (event.target === $("words") && event.key === "ArrowDown") list.focus();
  else if (/^Arrow(Up|Down)$/.test(event.key) && !typing && !$("problems").contains(event.target)) choose(moves[event.key]());
  else if (!typing && $("letters").checked && actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
});

$("help").addEventListener("close", () => list.focus());
list.addEventListener("scroll", drawList, { passive: true });
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  choose(Number(option.id.slice(4)), { scroll: false });
  inView();
});

// A click into a card would take the keyboard away; who goes there by key wants it there.
let into = "";
function enter(side) {
  into = side;
  $(side).focus();
}
window.addEventListener("blur", () => setTimeout(() => {
  if (document.activeElement?.tagName === "IFRAME" && !into) list.focus({ preventScroll: true });
  into = "";
}));

function changeFilter() {
  remember(Object.fromEntries(FILTERS.map((id) => [id, id === "changed" ? ($(id).checked ? "yes" : "") : $(id).value])));
  filter();
  choosePlace({ scroll: true });
}
$("filters").addEventListener("input", changeFilter);
$("filters").addEventListener("reset", () => setTimeout(changeFilter));
$("filters").addEventListener("submit", (event) => { event.preventDefault(); list.focus(); });
night.addEventListener("change", drawModes);
window.addEventListener("resize", () => { measure(); filter(); drawList(); });
window.addEventListener("hashchange", () => {
  state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  setFilters();
  filter();
  choosePlace({ scroll: true });
  drawModes();
});

$("letters").checked = state.letters !== "no";
$("letters").addEventListener("change", () => remember({ letters: $("letters").checked ? "" : "no" }));

// --- Begin, and follow what is saved -----------------------------------------------------------

let begun = false;

function draw(listed) {
  const offset = at * rowHeight - list.scrollTop;
  const before = cards;
  take(listed);
  measure();
  filter();
  choosePlace({ scroll: !begun });
  if (begun) list.scrollTop = at * rowHeight - offset; // the chosen row stays where it was
  drawList();
  drawProblems();
  if (begun) drawNews(before);
  begun = true;
}

setFilters();
drawModes();
if (file) draw(file.list);
else {
  let version = -1;
  const load = async () => {
    const listed = await ask("list").then((answer) => answer.json()).catch(() => null);
    if (!listed || listed.version <= version) return; // the preview has just ended, as is told next
    version = listed.version;
    draw(listed);
  };
  const hear = (news) => {
    notify("server", news < 0 ? "The preview has ended. Only the card that was open can still be seen." : "");
    if (news > version) load();
  };
  // A browser opens six connections to a server and a stream of news keeps one, so one tab listens for all.
  const tabs = new BroadcastChannel(location.pathname);
  const tell = (news) => { tabs.postMessage(news); hear(news); };
  const listen = () => {
    const events = new EventSource("events");
    events.addEventListener("message", (event) => tell(Number(event.data)));
    events.addEventListener("error", () => tell(-1));
    return new Promise(() => {}); // until the tab is closed; then another one listens
  };
  tabs.addEventListener("message", (event) => hear(event.data));
  load().then(() => navigator.locks.request(location.pathname, listen));
}
