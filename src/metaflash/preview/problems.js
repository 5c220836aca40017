// What is wrong, and what is new, after a save: the other half of the page's script, ahead of page.js.

const notices = { server: "", save: "" };
let told = new Set(); // the grave warnings of the save before

function notify(about, text) {
  notices[about] = text;
  const all = Object.values(notices).filter(Boolean).join(" ");
  if ($("notice").textContent !== all) $("notice").textContent = all;
}

function drawProblems() {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const warnings = problems.length - errors;
  const count = [errors && plural(errors, "error"), warnings && plural(warnings, "warning")].filter(Boolean).join(", ");
  $("problems-button").hidden = !problems.length;
  $("problems-button").className = errors ? "error" : "warning";
  $("problems-button").replaceChildren(`${count} `, element("kbd", {}, "e"));
  const weight = ({ severity, grave }) => (severity === "error" ? 0 : grave ? 1 : 2);
  $("problems").replaceChildren(...[...problems].sort((a, b) => weight(a) - weight(b)).map(problem));
  const grave = new Set(problems.filter((problem) => problem.grave).map((problem) => problem.message));
  const isNew = [...grave].some((message) => !told.has(message));
  told = grave;
  const reviews = !errors && grave.size ? "A warning is about the reviews of learners: read it before you build." : "";
  notify("save", errors ? `${plural(errors, "error")} in this save. ${whatIsSeen()}`.trim() : reviews);
  $("notice").classList.toggle("mild", !errors);
  openProblems(errors > 0 || isNew || (problems.length > 0 && $("problems-button").getAttribute("aria-expanded") === "true"));
}

function whatIsSeen() {
  const stale = decks.filter((deck) => deck.stale);
  if (!stale.length) return cards.length ? "" : "There are no cards to show until it is mended.";
  if (stale.some((deck) => !deck.kept.length && !deck.left.length)) return "You see the cards of the last good one.";
  const [kept, left] = ["kept", "left"].map((what) => stale.flatMap((deck) => deck[what]).join(", "));
  return [kept && `Of ${kept} you see the last good one.`, left && `The cards of ${left} are left out until then.`]
    .filter(Boolean).join(" ");
}

function problem({ path, line, column, severity, code, message, hint, excerpt }) {
  const made = element(
    "div",
    { class: "problem" },
    element("h2", {}, element("span", { class: severity }, `${severity}: `), `${message} `, element("span", { class: "code" }, code)),
    element("p", { class: "place" }, element("code", {}, `${path}:${line}:${column}`)),
  );
  if (excerpt.length) made.append(element("pre", { tabindex: "0", "aria-label": "The line" }, excerpt.join("\n")));
  if (hint) made.append(element("p", {}, ...hint.split("\n").flatMap((text, i) => [i ? "\n" : "", ...hinted(text)])));
  return made;
}

// What is to be typed stands behind two spaces, between backticks, or on lines of its own.
function hinted(line) {
  const [, words, typed] = /^(.*?)((?<=:)  .*|^ {2,}.*|^[\w-]+:$)?$/.exec(line);
  const pieces = words.split("`").map((text, i) => (i % 2 ? verbatim(text) : text));
  return typed ? [...pieces, verbatim(typed)] : pieces;
}

// Text to be copied: broken between its words only, so that an id stays whole.
function verbatim(text) {
  const words = text.split(/( +)/).map((word) => (/^[^ ]{2,40}$/.test(word) ? element("span", {}, word) : word));
  return element("code", {}, ...words);
}

function openProblems(open) {
  $("problems").hidden = !open;
  $("problems").tabIndex = 0;
  $("problems-button").setAttribute("aria-expanded", String(open));
}

// --- What is new since the page was last drawn ------------------------------------------------

let touched = []; // the ids of cards that the last save added or changed, one of each note

function drawNews(before) {
  const known = new Map(before.map((card) => [card.guid, card.digest]));
  const first = cards.filter((card, i) => card.guid !== cards[i - 1]?.guid && known.get(card.guid) !== card.digest);
  const seen = first.length === 1 && first[0].guid === shown[at]?.guid;
  touched = seen || !before.length ? [] : first.map(idOf);
  const all = first.every((card) => !known.has(card.guid)) ? "new" : "changed";
  const text = `${plural(touched.length, `${all} note`)}: go ${touched.length === 1 ? "there" : "to the first"} `;
  $("news").hidden = !touched.length;
  if (touched.length) $("news").replaceChildren(text, element("kbd", {}, "n"));
}

// To the first of them, and then to the next.
function goToNews() {
  const id = touched.shift();
  if (!id) return;
  $("news").replaceChildren(`${plural(touched.length, "more", "more")}: go to the next `, element("kbd", {}, "n"));
  $("news").hidden = !touched.length;
  if (!shown.some((card) => idOf(card) === id)) {
    remember(Object.fromEntries(FILTERS.map((name) => [name, ""])));
    setFilters();
    filter();
  }
  choose(shown.findIndex((card) => idOf(card) === id));
  inView();
}
