"use strict";
// Money in whole thousandths, as BigInt: the ledger's own exactness, and never a float.

const GROUPS = /\B(?=(\d{3})+$)/g;

/** Thousandths of an amount as the page's data writes it, `-1204.5`. */
function mils(amount) {
  const [, sign, whole, fraction] = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(amount);
  const value = BigInt(whole) * 1000n + BigInt((fraction ?? "").padEnd(3, "0"));
  return sign ? -value : value;
}

/** Thousandths of an amount as a person types it, `1,204.50`; null where it is none, or finer than its currency. */
function typed(text, decimals) {
  const plain = text.trim().replace(/\u2212/g, "-");
  const amount = /^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
  if (!/^-?\d{1,15}(\.\d{0,3})?$/.test(amount)) return null;
  const value = mils(amount.replace(/\.$/, ""));
  return value % 10n ** BigInt(3 - decimals) === 0n ? value : null;
}

/** Write thousandths with a currency's decimals, as `1204.50`; more where it has more that matter. */
function written(value, decimals) {
  const digits = String(value < 0n ? -value : value).padStart(4, "0");
  const fraction = digits.slice(-3).replace(/0+$/, "").padEnd(decimals, "0");
  return (value < 0n ? "-" : "") + digits.slice(0, -3) + (fraction && `.${fraction}`);
}

/** An amount with commas between its thousands; the digits stay as they are. */
function grouped(amount) {
  const [whole, ...fraction] = amount.split(".");
  return [whole.replace(GROUPS, ","), ...fraction].join(".");
}
