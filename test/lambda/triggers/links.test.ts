import { describe, expect, it } from 'vitest';
import { ownershipIn } from '../../../lambda/customer-insights/ownership.ts';
import { linkTo } from '../../../lambda/triggers/links.ts';

const template = 'https://insights.example.com/env/{instanceId}/{section}/{object}';
const gold = { section: 'segments', object: 'Gold & "more"/x' } as const;

describe('a link', () => {
  it.each([
    [
      'of an object',
      template,
      gold,
      'https://insights.example.com/env/i1/segments/Gold%20%26%20%22more%22%2Fx',
    ],
    ['of an instance, where there is no object', template, undefined, 'https://insights.example.com/env/i1'],
    ['that tells of no object', 'https://insights.example.com', gold, 'https://insights.example.com'],
    [
      'with the instance only',
      'https://insights.example.com/{instanceId}',
      gold,
      'https://insights.example.com/i1',
    ],
    ['with a query', 'https://x.example?e={instanceId}', undefined, 'https://x.example?e=i1'],
    ['at the root', 'https://x.example/{section}', undefined, 'https://x.example'],
  ] as const)('%s', (_, linkBase, linked, expected) => {
    expect(linkTo(linkBase, 'i1', linked)).toBe(expected);
  });
});

describe('the owner of an object', () => {
  it.each([
    ['maria.olsen@contoso.example', 'maria.olsen@contoso.example'],
    [' maria@contoso.example ', 'maria@contoso.example'],
    // The sign-in name of a guest is no address.
    ['maria_contoso.com#EXT#@fabrikam.example', undefined],
    ['system', undefined],
    ['a@b', undefined],
    ['a..b@contoso.example', undefined],
    ['a@contoso.example;b@contoso.example', undefined],
    ['', undefined],
    [undefined, undefined],
    [`${'a'.repeat(250)}@contoso.example`, undefined],
  ])('%j has the address %j', (createdBy, ownerEmail) => {
    expect(ownershipIn({ createdBy }).ownerEmail).toBe(ownerEmail);
  });

  it('is told beside the last editor, whatever form that has', () => {
    expect(ownershipIn({ createdBy: 'an application', updatedBy: 'f_x#EXT#@contoso.example' })).toEqual({
      lastEditor: 'f_x#EXT#@contoso.example',
    });
  });
});
