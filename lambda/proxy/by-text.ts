/** Orders items by a text as people would: capitals alike, numbers by their value. */
export const byText =
  <Item>(textOf: (item: Item) => string) =>
  (a: Item, b: Item): number =>
    textOf(a).localeCompare(textOf(b), 'en', { sensitivity: 'base', numeric: true });
