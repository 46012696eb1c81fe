/** The command that runs the suites on the operator's own copy of DynamoDB Local. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { dynoxideBinary } from '../../local/dynamodb/dynoxide.ts';

const script = fileURLToPath(new URL('../../scripts/aws-dynamodb.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'aws-dynamodb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const command = (environment: Readonly<Record<string, string>>, ...words: readonly string[]) => {
  const { DYNAMODB_ENDPOINT: _, DYNAMODB_LOCAL: __, VITEST: ___, ...own } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, ...words], {
    encoding: 'utf8',
    env: { ...own, ...environment },
  });
  return { status, stdout, stderr };
};

describe('without a copy', () => {
  it.each([
    ['nothing is set', {}, /Neither DYNAMODB_LOCAL nor DYNAMODB_ENDPOINT is set/],
    ['the folder has no jar', { DYNAMODB_LOCAL: join(folder, 'absent') }, /which has no DynamoDBLocal\.jar/],
  ])('it says what is missing and how to get it: %s', (_, environment, message) => {
    const { status, stderr } = command(environment);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Nothing was tested\. /);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('DYNAMODB_LOCAL=<folder with DynamoDBLocal.jar> npm run test:aws-dynamodb');
  });

  it('or that there is no Java', () => {
    writeFileSync(join(folder, 'DynamoDBLocal.jar'), '');
    const { status, stderr } = command({ DYNAMODB_LOCAL: folder, PATH: folder });
    expect(status).toBe(2);
    expect(stderr).toContain('There is no `java` on the PATH');
  });
});

const binary = dynoxideBinary();

// A `java` that is another engine shows what the command does with a copy: it starts, tests and ends it.
describe.runIf(binary !== undefined)('with a copy', () => {
  it('the suites run on it, and it is ended', () => {
    const java = join(folder, 'java');
    const started = join(folder, 'started');
    writeFileSync(join(folder, 'DynamoDBLocal.jar'), '');
    writeFileSync(
      java,
      `#!/bin/sh
[ "$1" = -version ] && exit 0
echo "$$ $*" > ${started}
while [ "$1" != -port ]; do shift; done
exec ${binary} serve --host 127.0.0.1 --port "$2"
`,
    );
    chmodSync(java, 0o755);
    const path = [folder, process.env.PATH].join(delimiter);
    const { status, stdout } = command(
      { DYNAMODB_LOCAL: folder, PATH: path },
      '--testNamePattern',
      'the engine at',
      '--reporter=verbose',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/the engine at http:\/\/127\.0\.0\.1:\d+/);
    const words = spawnSync('cat', [started], { encoding: 'utf8' }).stdout;
    expect(words).toContain('-inMemory -sharedDb -port');
    expect(() => process.kill(Number(words.split(' ')[0]), 0)).toThrow('ESRCH');
  });
});
