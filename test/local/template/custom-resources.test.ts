import { describe, expect, it } from 'vitest';
import { LocalClock } from '../../../local/clock.ts';
import type { LogLine } from '../../../local/template/functions.ts';
import type { Deployment } from '../../../local/template/run-template.ts';
import { answeringFunction, fixtureAssets } from './fixture-asset.ts';
import { runFixture } from './fixture-run.ts';
import { lambdaFunction, schedule, templateOf } from './fixture-template.ts';

/** Runs a template whose custom resource is made by a function of this source, and ends it. */
const run = async (
  source: string,
  look: (running: {
    readonly deployment: Deployment;
    readonly clock: LocalClock;
    /** @param instances another value of that property, or the same */
    readonly update: (instances: string) => Promise<void>;
  }) => Promise<void>,
): Promise<readonly string[]> => {
  const [assets, clock] = [fixtureAssets(), LocalClock.frozen(0)];
  const lines: LogLine[] = [];
  assets.add('writer.zip', source);
  assets.add('serving.zip', 'export const handler = async () => console.log("called");');
  try {
    const deployment = await runFixture(
      templateWith('digest'),
      { assets, clock, lines },
      { enforceAccess: false },
    );
    const assetDirectory = assets.directory;
    const update = (instances: string) =>
      deployment.update({ template: templateWith(instances), assetDirectory });
    await look({ deployment, clock, update }).finally(deployment.close);
  } finally {
    assets.remove();
  }
  return lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
};

const templateWith = (instances: string) =>
  templateOf({
    Writer: lambdaFunction('writer.zip'),
    Serving: lambdaFunction('serving.zip'),
    Tick: schedule('Serving'),
    Rows: {
      Type: 'Custom::InstanceRows',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['Writer', 'Arn'] },
        ServiceTimeout: '600',
        stateTable: { Ref: 'Serving' },
        instances,
      },
    },
  });

describe('a custom resource', () => {
  it('is made by its function, as CloudFormation calls it, before anything is served', async () => {
    const answer = `(() => {
      const { ResponseURL, RequestId, StackId, ...told } = event;
      console.log(JSON.stringify(told));
      return { Status: 'SUCCESS', PhysicalResourceId: 'rows', RequestId, StackId };
    })()`;
    let [ServiceToken, detail]: [string | undefined, string | undefined] = [undefined, undefined];
    const [told = '', ...after] = await run(answeringFunction(answer), async ({ deployment, clock }) => {
      await clock.advance(60_000);
      ServiceToken = deployment.model.functions.find(({ logicalId }) => logicalId === 'Writer')?.arn;
      detail = deployment.inventory.find(({ name }) => name === 'Writer')?.detail;
    });
    expect(JSON.parse(told)).toEqual({
      RequestType: 'Create',
      LogicalResourceId: 'Rows',
      ResourceType: 'Custom::InstanceRows',
      ServiceToken,
      ResourceProperties: { ServiceToken, ServiceTimeout: '600', stateTable: 'Serving', instances: 'digest' },
    });
    expect(after).toEqual(['called']);
    expect(detail).toContain('called for Custom::InstanceRows');
  });

  it('is made again by an update with other properties, and by no other', async () => {
    const answer = `(() => {
      const { RequestType, ResourceProperties, OldResourceProperties } = event;
      console.log([RequestType, ResourceProperties.instances, OldResourceProperties?.instances].join());
      return { Status: 'SUCCESS' };
    })()`;
    const told = await run(answeringFunction(answer), async ({ update }) => {
      await update('digest');
      await update('another');
    });
    expect(told).toEqual(['Create,digest,', 'Update,another,digest']);
  });

  it.each([
    [
      'with the reason that it gives',
      answeringFunction("{ Status: 'FAILED', Reason: 'The table is gone.' }"),
      'Rows (Custom::InstanceRows): its function failed: The table is gone.',
    ],
    [
      'when it ends with an error',
      "export const handler = async () => { throw new Error('broken'); };",
      'Rows (Custom::InstanceRows): its function ended with an error: broken',
    ],
    [
      'when it ends without an answer',
      'export const handler = async () => undefined;',
      'Rows (Custom::InstanceRows): its function gave no answer',
    ],
    [
      'when its answer cannot be read',
      answeringFunction().replace(/JSON.stringify\(.*?\)/, "'{'"),
      'Rows (Custom::InstanceRows): its function gave no answer',
    ],
  ])('that its function does not make fails the start: %s', async (_, source, problem) => {
    await expect(run(source, async () => expect.fail('it runs'))).rejects.toThrow(problem);
  });
});
