import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDeploymentPlace } from '../../../bin/operator/deployment.ts';
import { operatorOutputNames } from '../../../config/operator-outputs.ts';

const directory = mkdtempSync(join(tmpdir(), 'insights-connector-outputs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const outputs = (stage: string) =>
  Object.fromEntries(Object.values(operatorOutputNames).map((name) => [name, `${name} of ${stage}`]));

const fileOf = (values: unknown): string => {
  const file = join(directory, 'cdk-outputs.json');
  writeFileSync(file, JSON.stringify(values));
  return file;
};

describe("the operator's commands", () => {
  it.each([['InsightsConnector'], ['InsightsConnector-staging']])('find the stack %s', (name) => {
    const file = fileOf({ CDKToolkit: { BucketName: 'x' }, [name]: outputs(name) });
    expect(readDeploymentPlace(file).outputs.stateTable).toBe(`StateTableName of ${name}`);
  });

  it('do not choose between two stages', () => {
    const stages = ['InsightsConnector', 'InsightsConnector-staging'];
    const file = fileOf(Object.fromEntries(stages.map((name) => [name, outputs(name)])));
    expect(() => readDeploymentPlace(file)).toThrow(
      /InsightsConnector and InsightsConnector-staging .*StateTableName.*one deployment/,
    );
  });

  it('name what is missing', () => {
    const { RetryQueueUrl: _, ...others } = outputs('x');
    expect(() => readDeploymentPlace(fileOf({ X: others }))).toThrow(/the output RetryQueueUrl is missing/);
    expect(() => readDeploymentPlace(fileOf({}))).toThrow(/the output StateTableName is missing/);
  });
});
