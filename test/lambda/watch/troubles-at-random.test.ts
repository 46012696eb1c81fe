import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../simulation/chance.ts';
import { hour, minute, type TroubleWorld, troubleWorld } from './trouble-world.ts';

/*
 * Lives at random, with processes that die. What is owed is worked out from the records of subscriptions and deliveries alone:
 * a fact is a stop, or a delivery that waits for its hour. At least those facts are told that lasted for a quarter of an hour,
 * and at most each once until a delivery was accepted.
 */
const surelyToldAfter = 15 * minute;

interface Fact {
  readonly at: number;
  readonly isSo: (stored: Awaited<ReturnType<TroubleWorld['find']>>, history: History) => boolean;
}
type History = Awaited<ReturnType<TroubleWorld['history']>>;

const waited = ({ state, firstAttemptAt, attempts }: History[number], now: number): boolean =>
  (state === 'pending' && now - firstAttemptAt >= hour * minute) ||
  (state === 'dead' && Date.parse(attempts.at(-1)?.at ?? '') - firstAttemptAt >= hour * minute);

/** What is owed to those who watch one flow. */
const oracle = (world: TroubleWorld, flow: string) => {
  const known = new Set<string>();
  const truths = new Set<string>();
  let [least, most, openLeast, openMost, read] = [0, 0, false, false, 0];
  let candidates: Fact[] = [];
  return {
    truths,
    counts: () => ({ least, most }),
    async observe() {
      const now = world.clock.now;
      const stored = await world.find(flow);
      const history = await world.history(flow);
      const isNew = (name: string) => !known.has(name) && known.add(name);
      if (world.accepted.slice(read).some((one) => one.flow === flow)) openMost = false;
      read = world.accepted.length;
      for (const { state, deliveryId } of history)
        if (state === 'delivered' && isNew(`accepted ${deliveryId}`)) [openLeast, candidates] = [false, []];
      const facts: Fact[] = [];
      const { state = 'active', since = '' } = stored?.body.status ?? {};
      if (state !== 'active' && isNew(`${state} ${since}`)) {
        truths.add(`${state} ${since}`);
        facts.push({ at: now, isSo: (found) => found?.body.status.since === since });
      }
      for (const delivery of history)
        if (waited(delivery, now) && isNew(`waited ${delivery.deliveryId}`)) {
          truths.add(`failing ${new Date(delivery.firstAttemptAt).toISOString()}`);
          const isThis = ({ deliveryId }: History[number]) => deliveryId === delivery.deliveryId;
          facts.push({ at: now, isSo: (_, found) => found.some((one) => isThis(one) && waited(one, now)) });
        }
      if (facts.length > 0 && !openMost) [most, openMost] = [most + 1, true];
      candidates = [...candidates, ...facts].filter(({ isSo }) => isSo(stored, history));
      if (!openLeast && candidates.some(({ at }) => now - at >= surelyToldAfter))
        [least, openLeast] = [least + 1, true];
    },
  };
};

describe('lives at random', () => {
  const owners = { a: 'anna', b: 'anna', c: 'bert' } as const;
  const flows = ['a', 'b', 'c'] as const;
  const moods = ['works', 'works', 'off', 'down', 'gone'] as const;

  const live = async (seed: number) => {
    const { random, pick, happens } = chanceOf(seed, 0);
    const world = troubleWorld(random);
    const risk = pick([0, 0, 0.01, 0.04]);
    const late = pick([0, 0.5]);
    const mortal = () => async () => {
      if (happens(risk)) throw new Error('The process has died.');
    };
    for (const flow of flows) await world.watched(flow, owners[flow]);
    await world.teller('of anna', 'anna', { report: 'troubleAndRecovery' });
    await world.teller('of bert', 'bert');
    await world.operator('of olga');
    await world.pass(1);
    const oracles = new Map(flows.map((flow) => [flow as string, oracle(world, flow)]));
    const observe = async () => {
      for (const one of oracles.values()) await one.observe();
    };
    const pass = async (minutes: number, stepOf?: () => () => Promise<void>) => {
      for (let left = minutes; left > 0; left -= 1) {
        await world.deliverDue(stepOf);
        await observe();
        world.clock.now += minute;
        if (!happens(late)) await world.tick(stepOf);
        await observe();
      }
    };
    for (let turn = 0; turn < 40; turn += 1) {
      const flow = pick(flows);
      if (happens(0.5)) world.mood(flow, pick(moods));
      if (happens(0.6)) await world.event(flow);
      if (happens(0.15)) await world.watched(flow, owners[flow]);
      await pass(pick([1, 5, 20, 70]), mortal);
    }
    await pass(20);
    await world.tick();
    return { world, oracles };
  };

  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'tell what was, and nothing else: seed %i',
    async (seed) => {
      const { world, oracles } = await live(seed);
      const nameOf = new Map(flows.map((flow) => [world.idOf(flow) as string, flow as string]));
      for (const { flow, subscriptionId, state, payload } of world.told) {
        const about = nameOf.get(subscriptionId) ?? expect.fail(`told of ${subscriptionId}`);
        if (flow === 'of anna') expect(['a', 'b']).toContain(about);
        if (flow === 'of bert') expect(about).toBe('c');
        if (state === 'working') expect(flow).toBe('of anna');
        else expect([...(oracles.get(about)?.truths ?? [])]).toContain(`${state} ${payload.since}`);
      }
      for (const [flow, { counts }] of oracles)
        for (const teller of ['of anna', 'of bert', 'of olga']) {
          if (teller !== 'of olga' && (flow === 'c') !== (teller === 'of bert')) continue;
          const of = (isWorking: boolean) =>
            new Set(
              world.told
                .filter((one) => one.flow === teller && nameOf.get(one.subscriptionId) === flow)
                .filter(({ state }) => (state === 'working') === isWorking)
                .map(({ deliveryId }) => deliveryId),
            ).size;
          const { least, most } = counts();
          expect(of(false), `${teller} of ${flow}`).toBeGreaterThanOrEqual(least);
          expect(of(false), `${teller} of ${flow}`).toBeLessThanOrEqual(most);
          expect(of(true)).toBeLessThanOrEqual(of(false));
          if (teller === 'of anna' && least > 1)
            expect(of(true), `works again, ${flow}`).toBeGreaterThanOrEqual(least - 1);
        }
      expect(
        world.agenda().filter(({ sk }) => sk <= new Date(world.clock.now - 16 * minute).toISOString()),
      ).toEqual([]);
    },
  );
});
