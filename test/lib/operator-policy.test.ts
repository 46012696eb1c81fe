/** The policy for operators, and what a setting adds to it. */
import { afterAll, expect, it } from 'vitest';
import { deployedTemplate, resourcesOf } from './deployed.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const functions = createFunctionsFolder();
afterAll(functions.remove);

const rights = (changes: object) =>
  JSON.stringify(
    resourcesOf(deployedTemplate(functions.path, changes), 'AWS::IAM::ManagedPolicy').filter(
      ({ Description }) => String(Description).startsWith('What the operator commands'),
    ),
  );

it('admits callback URLs by operators.readCallbackUrls only, and nothing else that the callback key encrypts', () => {
  expect(rights({})).toContain('dynamodb:Query');
  expect(rights({})).not.toContain('kms:');
  const given = rights({ operators: { readCallbackUrls: true } });
  const purposes = [...given.matchAll(/"kms:EncryptionContext:purpose":"([^"]*)"/g)].map(
    ([, purpose]) => purpose,
  );
  expect([...new Set(purposes)]).toEqual(['callback-url', 'callback-url-sealing']);
  expect(given.match(/"Action":(?:"kms:|\["kms:)/g)).toHaveLength(purposes.length);
});
