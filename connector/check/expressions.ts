/** The expressions of policy templates (https://learn.microsoft.com/connectors/custom-connectors/policy-templates). */

/** By lower-case name; whether it takes the name of something. */
export const functions: ReadonlyMap<string, { readonly name: string; readonly takesName: boolean }> = new Map(
  [
    { name: 'connectionParameters', takesName: true },
    { name: 'queryParameters', takesName: true },
    { name: 'headers', takesName: true },
    { name: 'header', takesName: true },
    { name: 'environmentVariables', takesName: true },
    { name: 'body', takesName: false },
    { name: 'triggerBody', takesName: false },
    { name: 'item', takesName: false },
  ].map((entry) => [entry.name.toLowerCase(), entry]),
);

export interface Expression {
  readonly name: string;
  /** Texts in quotes between the parentheses. */
  readonly arguments: readonly string[];
  /** What is wrong with its syntax. */
  readonly problem: string | undefined;
}

/** Letters may stand directly before it, as in "https://api.@connectionParameters('domain')"; the parenthesis tells it from an address. */
const start = /@\{?\s*([A-Za-z]+)\s*\(/g;

const read = (text: string, name: string, from: number): Expression => {
  const found: string[] = [];
  let at = from;
  const skip = () => {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
  };
  const give = (problem?: string): Expression => ({ name, arguments: found, problem });
  skip();
  if (text[at] === ')') return give();
  for (;;) {
    skip();
    const quote = text[at];
    if (quote !== "'" && !(quote === '"' && name.toLowerCase() === 'environmentvariables'))
      return give(
        quote === undefined
          ? `the parenthesis of @${name} is not closed`
          : `@${name} takes texts in single quotes`,
      );
    const end = text.indexOf(quote, at + 1);
    if (end === -1) return give(`a quote in @${name}(…) is not closed`);
    found.push(text.slice(at + 1, end));
    at = end + 1;
    skip();
    if (text[at] === ')') return give();
    if (text[at] !== ',')
      return give(
        text[at] === undefined
          ? `the parenthesis of @${name} is not closed`
          : `"," or ")" is missing in @${name}(…)`,
      );
    at += 1;
  }
};

export const expressionsIn = (text: string): readonly Expression[] =>
  [...text.matchAll(start)].map((match) => read(text, match[1] ?? '', match.index + match[0].length));

/** `@{` that is not closed. */
export const hasOpenBrace = (text: string): boolean => {
  const at = text.lastIndexOf('@{');
  return at !== -1 && text.indexOf('}', at) === -1;
};
