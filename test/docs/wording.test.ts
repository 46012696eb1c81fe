/** The check of wording.ts bites: each phrase is found, in each kind of text, with its line. */
import { describe, expect, it } from 'vitest';
import { hitsIn, phrases, proseOf, said, textsOf } from './wording.ts';

describe('a phrase', () => {
  it.each(phrases)('$example', ({ example, better }) => {
    expect(hitsIn(example).map((hit) => hit.better)).toContain(better);
  });

  it('is found in a document with its line, and not in its code', () => {
    const document = '# Title\n\nRun `begin anew`.\n\n```sh\nbegin anew\n```\n\nThe flow begins anew.\n';
    expect(said('a.md', hitsIn(proseOf(document)))).toEqual(['a.md:9 "anew": again']);
  });

  it('is found in a message, a template and a comment', () => {
    const source =
      '// It begins anew.\nconst name = "anew";\nthrow new Error("It begins anew.");\nprint(`It begins\nanew.`);\n';
    expect(textsOf('a.ts', source).flatMap(({ line, text }) => said('a.ts', hitsIn(text, line)))).toEqual([
      'a.ts:1 "anew": again',
      'a.ts:3 "anew": again',
      'a.ts:5 "anew": again',
    ]);
  });

  it.each(['There is no flow.', 'It is no longer listed.', 'Standard queues, for the local run.'])(
    'is not found in: %s',
    (text) => {
      expect(hitsIn(text)).toEqual([]);
    },
  );
});
