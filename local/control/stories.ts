/** Named stories of a local run: what an operator or a maker meets, played on its clock. */
import { minuteMs } from '../../lambda/runtime/time.ts';
import type { Flow } from '../flow-host/flow-host.ts';
import type { LocalSystem } from '../system.ts';

/** A story could not be told to its end. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed';
}

export interface Story {
  readonly title: string;
  /** @param say is told what happens, line by line */
  readonly play: (system: LocalSystem, say: (line: string) => void) => Promise<void>;
}

const worldOf = ({ simulator, configuration }: LocalSystem) => {
  const [instance] = configuration.instances;
  const world = instance && simulator.world.instance(instance.id);
  const [source] = world?.dataSources ?? [];
  const segment = world?.segments.find(({ name }) => name === 'HighValueCustomers');
  if (!instance || !world || !source || !segment)
    throw new StoryFailed('The simulator has no instance to play with.');
  return { instance, world, source, segment };
};

let told = 0;

/** A flow for this telling only, so that a story can be told again. */
const flowOf = (
  system: LocalSystem,
  story: string,
  operationId: string,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Flow> => {
  told += 1;
  return system.flowHost.create(`${story} ${told}`, operationId, {
    dataset: worldOf(system).instance.id,
    ...inputs,
  });
};

const accepted = ({ flowHost }: LocalSystem, { name }: Flow) =>
  flowHost.callbacks.filter((callback) => callback.flow === name && callback.status === 202);

const countOf = (of: number, what: string): string => `${of} ${what}${of === 1 ? '' : 's'}`;

const expectThat = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new StoryFailed(otherwise);
};

const outage: Story = {
  title:
    'Customer Insights does not answer for ten minutes; what happened in the meantime is delivered afterwards',
  play: async (system, say) => {
    const { world, source } = worldOf(system);
    const flow = await flowOf(system, 'outage', 'OnDataSourceRefreshFailed', {});
    say(`The flow "${flow.name}" waits for failed refreshes.`);
    world.setBroken({ calls: true });
    say(
      'Customer Insights answers every call with 500 from now on. Looks back off: each waits longer than the last.',
    );
    world.refreshDataSource(source.name, { outcome: 'fail', durationMs: 5_000 });
    say(`In the meantime the refresh of "${source.friendlyName}" fails.`);
    await system.clock.advance(10 * minuteMs);
    expectThat(accepted(system, flow).length === 0, 'The flow was called although nothing could be read.');
    say('Ten minutes later the flow has not been called. `status` shows the failed looks.');
    world.setBroken({ calls: false });
    await system.clock.advance(20 * minuteMs);
    const calls = accepted(system, flow).length;
    expectThat(calls === 1, `The flow was called ${calls} times instead of once.`);
    say('Customer Insights answers again. The next look finds the failure, and the flow is called once.');
    await flow.delete();
  },
};

const flapping: Story = {
  title:
    'A segment goes up and down around a threshold; a re-arm level keeps the flow from running each time',
  play: async (system, say) => {
    const { world, segment } = worldOf(system);
    const count = Number(world.segments.find(({ name }) => name === segment.name)?.count ?? 0);
    const threshold = count + 50;
    const inputs = { segment: segment.name, threshold };
    const plain = await flowOf(system, 'flapping', 'OnSegmentThresholdCrossed', inputs);
    const patient = await flowOf(system, 'flapping with a re-arm level', 'OnSegmentThresholdCrossed', {
      ...inputs,
      rearmLevel: count,
    });
    say(
      `${segment.name} has ${count} members. Both flows wait for more than ${threshold}; the second only again after ${count} or fewer.`,
    );
    for (const step of [60, 40, 60, 40, 60]) {
      world.refreshSegment(segment.name, { count: count + step, durationMs: 5_000 });
      await system.clock.advance(3 * minuteMs);
      say(`${count + step} members.`);
    }
    const [often, once] = [accepted(system, plain).length, accepted(system, patient).length];
    say(`The first flow ran ${countOf(often, 'time')}, the second ${countOf(once, 'time')}.`);
    expectThat(often === 3 && once === 1, 'Three runs and one run were expected.');
    world.refreshSegment(segment.name, { count, durationMs: 5_000 });
    await system.clock.advance(3 * minuteMs);
    say(`The segment is back at ${count}.`);
    await plain.delete();
    await patient.delete();
  },
};

const retried: Story = {
  title: 'A refresh fails and succeeds on its retry: both flows hear of what concerns them',
  play: async (system, say) => {
    const { world, source } = worldOf(system);
    const onFailure = await flowOf(system, 'retried refresh, failed', 'OnDataSourceRefreshFailed', {});
    const onSuccess = await flowOf(system, 'retried refresh, succeeded', 'OnDataSourceRefreshSucceeded', {});
    world.refreshDataSource(source.name, { outcome: 'fail', durationMs: 5_000 });
    await system.clock.advance(3 * minuteMs);
    say(
      `The refresh of "${source.friendlyName}" fails: the flow for failures ran ${countOf(accepted(system, onFailure).length, 'time')}.`,
    );
    world.refreshDataSource(source.name, { outcome: 'succeed', durationMs: 5_000 });
    await system.clock.advance(3 * minuteMs);
    const [failures, successes] = [accepted(system, onFailure).length, accepted(system, onSuccess).length];
    say(`It is refreshed again and succeeds: failures ${failures}, successes ${successes}.`);
    expectThat(failures === 1 && successes === 1, 'One failure and one success were expected.');
    await onFailure.delete();
    await onSuccess.delete();
  },
};

const deadLetter: Story = {
  title: 'A flow refuses an event, which becomes a dead letter; the operator sends it again',
  play: async (system, say) => {
    const { world, source } = worldOf(system);
    const flow = await flowOf(system, 'dead letter', 'OnDataSourceRefreshFailed', {});
    flow.answerWith({
      status: 400,
      times: 1,
      body: {
        error: { code: 'TriggerInputSchemaMismatch', message: 'The flow was built for an older definition.' },
      },
    });
    say(
      `The flow "${flow.name}" refuses the next event, as a flow does that was built for an older definition.`,
    );
    world.refreshDataSource(source.name, { outcome: 'fail', durationMs: 5_000 });
    await system.clock.advance(3 * minuteMs);
    const [, id = ''] = /\/subscriptions\/([^/]+)\//.exec(flow.location ?? '') ?? [];
    expectThat(accepted(system, flow).length === 0, 'The flow accepted the event.');
    say(`The event is a dead letter of the subscription ${id}. The flow would accept it now. Send it again:`);
    say(`  insights-connector redrive --subscription ${id}`);
    say('and look at what became of it:');
    say(`  insights-connector why ${id} --deliveries`);
  },
};

export const stories: Readonly<Record<string, Story>> = {
  outage,
  flapping,
  'retried-refresh': retried,
  'dead-letter': deadLetter,
};
