"use strict";
// Finds which characters of the bank's text are those of an invoice's number or a customer's name: the longest runs of whole
// words and numbers that both have, whatever their case, separators and leading zeros. Nothing is guessed: what is not the
// same is not marked.

const RUN_TOKENS = 8; // of a run; numbers and names have fewer
const LEGAL_FORMS = new Set((
  "ab ag and as asa aps bv co company corp corporation cv ev gbr gmbh inc kg kgaa limited llc llp lp ltd mbh nv of ohg oy oyj plc "
  + "pte pty sa sarl sas se sl spa srl the ug und"
).split(" "));

/** Words and numbers of a text, each with where it stands and as it is compared. */
function tokensOf(text) {
  return [...text.matchAll(/\p{L}\p{M}*(?:\p{L}\p{M}*)*|\p{N}+/gu)].map((found) => {
    const isNumber = /^\p{N}/u.test(found[0]);
    const plain = found[0].toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss");
    return { from: found.index, to: found.index + found[0].length, isNumber, plain, bare: isNumber ? plain.replace(/^0+(?=.)/, "") : plain };
  });
}

/** All runs of neighbouring tokens, with the texts by which two runs are the same. */
function runsOf(tokens) {
  const runs = [];
  for (let first = 0; first < tokens.length; first += 1) {
    for (let last = first; last < Math.min(tokens.length, first + RUN_TOKENS); last += 1) {
      const own = tokens.slice(first, last + 1);
      const joined = own.map((token) => token.plain).join("").replace(/^0+(?=.)/, "");
      const bare = own.map((token) => token.bare).join("");
      runs.push({ first, last, own, keys: new Set([joined, bare]), length: joined.length });
    }
  }
  return runs;
}

/** Whether a run says anything of an invoice's number: it holds a number of three digits or more that is not just a year. */
function saysNumber({ own }) {
  const numbers = own.filter((token) => token.isNumber);
  const digits = numbers.map((token) => token.bare).join("");
  return digits.length > 2 && !(numbers.length === 1 && /^(19|20)\d\d$/.test(digits));
}

/** Whether a run says anything of a name: it holds a word that is no legal form. */
function saysName({ own }) {
  return own.some((token) => !token.isNumber && token.plain.length > 2 && !LEGAL_FORMS.has(token.plain));
}

/**
 * Which parts of two texts are the same: `[from, to]` of each, the longest first.
 * `saysSomething` leaves out runs that say nothing of what is looked for.
 */
function sharedParts(text, other, saysSomething) {
  const [tokens, otherTokens] = [tokensOf(text), tokensOf(other)];
  const wanted = new Map();
  for (const run of runsOf(otherTokens)) for (const key of run.keys) if (!wanted.has(key)) wanted.set(key, run);
  const shared = runsOf(tokens)
    .filter(saysSomething)
    .map((run) => ({ run, same: [...run.keys].map((key) => wanted.get(key)).find(Boolean) }))
    .filter(({ same }) => same)
    .sort((one, two) => two.run.length - one.run.length);
  const isFree = (used, { first, last }) => !used.slice(first, last + 1).some(Boolean);
  const [used, otherUsed] = [tokens.map(() => false), otherTokens.map(() => false)];
  const parts = { text: [], other: [] };
  for (const { run, same } of shared) {
    if (!isFree(used, run) || !isFree(otherUsed, same)) continue;
    used.fill(true, run.first, run.last + 1);
    otherUsed.fill(true, same.first, same.last + 1);
    parts.text.push([tokens[run.first].from, tokens[run.last].to]);
    parts.other.push([otherTokens[same.first].from, otherTokens[same.last].to]);
  }
  return parts;
}

/** A text as nodes, with its parts marked: `[from, to, class]`. Of parts that overlap the first given stands. */
function marked(text, parts) {
  const kept = [];
  for (const part of parts) if (kept.every(([from, to]) => part[1] <= from || to <= part[0])) kept.push(part);
  const nodes = [];
  let at = 0;
  for (const [from, to, kind] of kept.sort((one, two) => one[0] - two[0])) {
    nodes.push(text.slice(at, from), el(`mark.${kind}`, {}, text.slice(from, to)));
    at = to;
  }
  return [...nodes, text.slice(at)].filter(Boolean);
}

/** An element: `el("p.note", {hidden: true}, "text", node)`. Text is only ever set as text. */
function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}
