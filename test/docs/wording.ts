/** Phrases to avoid in documents, messages and comments, each with the better word. */
import { parseSync, Visitor } from 'oxc-parser';

export interface Phrase {
  readonly pattern: RegExp;
  readonly better: string;
  /** A sentence that has it. */
  readonly example: string;
}

export const phrases: readonly Phrase[] = [
  { pattern: /\banew\b/i, better: 'again', example: 'The flow begins anew.' },
  {
    pattern: /\b(nobody|no one)\b/i,
    better: '"no user", "no subscription", …',
    example: 'Events that nobody waits for.',
  },
  { pattern: /\bwhoever\b/i, better: 'who it is: "the operator"', example: 'For whoever runs it.' },
  { pattern: /\bsomebody\b/i, better: '"a user", "a maker"', example: 'Somebody expected a run.' },
  { pattern: /\bany ?more\b/i, better: '"no longer"', example: 'It is not listed any more.' },
  {
    pattern: /\bmeanwhile\b/i,
    better: '"in the meantime", "until then"',
    example: 'What happened meanwhile is found.',
  },
  {
    pattern: /\b(stands? (in|on|inside|beside|here|there)|lies? (with|in the))\b/i,
    better: '"is in"; name who stores it',
    example: 'Where nothing stands here, the secret lies with Power Platform.',
  },
  {
    pattern: /, for (it|they|he|she|there|nothing)\b/i,
    better: '"because"',
    example: 'Not sent, for it was above the threshold already.',
  },
  {
    pattern: /(?<!\bthere |\bwhat |\bwhy |\bif |\bwhen )\bis no (?!longer\b|more\b|such\b)[a-z]/i,
    better: '"is not a"',
    example: 'The file is no zip.',
  },
  {
    pattern: /\b(serves?|served) no more\b/i,
    better: '"removed"',
    example: 'The instance is served no more.',
  },
  { pattern: /\bfor good\b/i, better: '"permanently"', example: 'It failed for good.' },
  { pattern: /\btried again\b/i, better: '"retried"', example: 'It is tried again for a day.' },
  {
    pattern: /\bgrowing pauses\b/i,
    better: '"exponential backoff"',
    example: 'Attempts go on with growing pauses.',
  },
  { pattern: /\bworked off\b/i, better: '"processed"', example: 'The backlog is worked off.' },
  { pattern: /\ball the same\b/i, better: '"anyway"', example: 'It was retried all the same.' },
  { pattern: /\bwithout a word\b/i, better: '"silently"', example: 'It is skipped without a word.' },
  { pattern: /\bmade up for\b/i, better: '"reconstruct"', example: 'Events cannot be made up for.' },
  { pattern: /\bdigit by digit\b/i, better: '"with all digits"', example: 'Passed on digit by digit.' },
  {
    pattern: /\bdo(es)? not know (the|a|an) (operation|function|type)\b/i,
    better: '"does not support", "unknown"',
    example: 'It does not know the operation Foo.',
  },
  { pattern: /\bas it is met\b/i, better: 'leave out', example: 'Customer Insights as it is met' },
];

export interface Hit {
  readonly line: number;
  readonly found: string;
  readonly better: string;
}

/** @param line number of the text's first line */
export const hitsIn = (text: string, line = 1): readonly Hit[] =>
  phrases.flatMap(({ pattern, better }) =>
    [...text.matchAll(new RegExp(pattern.source, 'gi'))].map(({ index, 0: found }) => ({
      line: line + text.slice(0, index).split('\n').length - 1,
      found,
      better,
    })),
  );

/** The prose of a document: code is blank, line numbers stay. */
export const proseOf = (document: string): string =>
  document.replaceAll(/^( *)```\w*\n.*?^\1```$|`[^`\n]*`/gms, (code) => code.replaceAll(/[^\n]/g, ' '));

/** Comments and texts of more than one word in a module, each with the line it begins on. */
export const textsOf = (
  file: string,
  source: string,
): readonly { readonly line: number; readonly text: string }[] => {
  const { program, comments } = parseSync(file, source);
  const spans: [start: number, end: number][] = comments.map(({ start, end }) => [start, end]);
  const take = ({ start, end }: { readonly start: number; readonly end: number }) => {
    spans.push([start, end]);
  };
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') take(node);
    },
    TemplateElement: take,
  }).visit(program);
  return spans
    .map(([start, end]) => ({
      line: source.slice(0, start).split('\n').length,
      text: source.slice(start, end),
    }))
    .filter(({ text }) => / /.test(text));
};

/** One line for each hit, for a report. */
export const said = (path: string, hits: readonly Hit[]): readonly string[] =>
  hits.map(({ line, found, better }) => `${path}:${line} "${found}": ${better}`);
