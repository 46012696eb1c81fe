import { describe, expect, it } from 'vitest';
import { SecretRefused, secretValues } from '../../../bin/operator/secret-value.ts';

const secret = `abc8Q${'~'}${'dEf-1_g.'.repeat(4)}`;
const primary = '0123456789abcdef0123456789abcdef';
const secondary = 'fedcba9876543210fedcba9876543210';

describe('a secret', () => {
  it.each([
    ['api', secret, { clientSecret: secret }],
    ['api', `${secret}\n`, { clientSecret: secret }],
    ['api', `${secret}\r\n`, { clientSecret: secret }],
    ['api', `x"\\y${secret}\n`, { clientSecret: `x"\\y${secret}` }],
    ['instance', `${primary}\n${secondary}\n`, { primary, secondary }],
    ['instance', `${primary}\r\n${secondary}`, { primary, secondary }],
  ] as const)('%s, whole, is what the functions read', (kind, text, values) => {
    expect(secretValues(kind, text)).toEqual(values);
  });

  it.each([
    [
      'api',
      '',
      /The input is empty; expected the client secret\. Read the output of the command before the pipe/,
    ],
    ['api', '\n', /The input is empty/],
    ['api', ' \r\n\r\n', /The input is empty/],
    ['instance', '', /The input is empty; expected the primary key and the secondary key/],
    ['api', ` ${secret}\n`, /blank at its beginning or end/],
    ['api', `${secret} \n`, /blank at its beginning or end/],
    ['api', `${secret}\t\n`, /blank at its beginning or end/],
    ['api', `WARNING: x\n${secret}\n`, /^2 lines in the input; expected the client secret/],
    ['api', `${secret}\n\n`, /^2 lines/],
    ['api', `abc ${secret}\n`, /blank in it/],
    ['api', `\ufeff${secret}\n`, /blank at its beginning|printable ASCII/],
    ['api', `${secret}é\n`, /printable ASCII/],
    ['api', '01234567-89ab-cdef-0123-456789abcdef\n', /the id of a secret, not its value/],
    ['api', `"${secret}"\n`, /begins with "/],
    ['api', `{"clientSecret":"${secret}"}\n`, /begins with \{/],
    ['api', 'abc8Q\n', /only 5 characters/],
    ['instance', `${primary}\n`, /^1 line in the input; expected the primary key and the secondary key/],
    ['instance', `${primary}`, /^1 line in the input; expected the primary key and the secondary key/],
    [
      'instance',
      `${primary} ${secondary}\n`,
      /^1 line in the input; expected the primary key and the secondary key/,
    ],
    ['instance', `${primary}\n\n`, /secondary key is empty/],
    ['instance', `\n${secondary}\n`, /primary key is empty/],
    ['instance', `${primary}\n${secondary}\n${primary}\n`, /^3 lines/],
    ['instance', `${primary}\n\n${secondary}\n`, /^3 lines/],
    ['instance', `${primary} \n${secondary}\n`, /primary key has a blank/],
    ['instance', `${primary}\n${primary}\n`, /Both keys are the same/],
    ['instance', `${primary}\n${secondary.slice(0, 10)}\n`, /secondary key has only 10/],
  ] as const)('%s of %j is refused, and not repeated', (kind, text, message) => {
    const check = () => secretValues(kind, text);
    expect(check).toThrow(SecretRefused);
    expect(check).toThrow(message);
    expect(check).toThrow(/\. Nothing was stored\.$/);
    expect(check).not.toThrow(/dEf|0123|fedc/);
  });
});
