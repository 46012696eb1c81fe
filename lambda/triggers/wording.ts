/** Times and numbers in sentences. */

/** `2026-06-01 10:05:12 UTC`. @param at RFC 3339, or epoch ms */
export const time = (at: string | number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `1,234,567.89`, however many digits there are. */
export const number = (value: string): string => {
  const [whole = '', fraction] = value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};

/** `1 event`, `2 events`. */
export const count = (of: number, what: string): string => `${of} ${what}${of === 1 ? '' : 's'}`;
