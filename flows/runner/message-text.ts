/** A message in HTML as lines of text. */
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ' };

export const messageText = (html: string): readonly string[] =>
  html
    .replace(/<br\s*\/?>|<\/p>|<\/tr>|<\/h\d>/gi, '\n')
    .replace(/<\/t[hd]>/gi, '  ')
    .replace(/<[a-z/][^>]*>/gi, '')
    .replace(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
      code === undefined ? (entities[name ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
    )
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
