/** Times and numbers in sentences. */

/** `2026-06-01 10:05:12 UTC`. @param at RFC 3339, or epoch ms */
export const time = (at: string | number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `1,234,567.89`, however many digits there are. @param value a decimal without exponent */
export const number = (value: string): string => {
  const [whole = '', fraction] = value.split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.slice(sign.length);
  const first = digits.length % 3;
  const groups = first === 0 ? [] : [digits.slice(0, first)];
  for (let at = first; at < digits.length; at += 3) groups.push(digits.slice(at, at + 3));
  const grouped = sign + groups.join(',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};

/** `1 event`, `2 events`. */
export const count = (of: number, what: string): string => `${of} ${what}${of === 1 ? '' : 's'}`;
