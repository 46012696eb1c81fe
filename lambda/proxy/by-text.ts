/** Made once: a comparison by localeCompare makes one each time. */
const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/** Orders items by a text as people would: capitals alike, numbers by their value. */
export const byText =
  <Item>(textOf: (item: Item) => string) =>
  (a: Item, b: Item): number =>
    collator.compare(textOf(a), textOf(b));
