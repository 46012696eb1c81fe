import { describe, expect, it } from 'vitest';
import { answerOf, benchForEach, type Json } from './harness.ts';

describe('control over HTTP', () => {
  const one = benchForEach();

  const get = async (name: string) => answerOf(await fetch(`${one().simulator.controlUrl}${name}`));
  const post = async (name: string, body: unknown) =>
    answerOf(
      await fetch(`${one().simulator.controlUrl}/${name}`, { method: 'POST', body: JSON.stringify(body) }),
    );

  it('lists what it offers, and each listed example works', async () => {
    const { json } = await get('');
    const listed: Json[] = json.change;
    expect(listed.length).toBeGreaterThan(25);
    for (const { path, example } of listed) {
      const name = path.replace('POST /_control/', '');
      const body = JSON.parse(/-d '(.*)'$/.exec(example)?.[1] ?? '');
      if (name === 'cancelJob') body.jobId = one().simulator.world.instance().refreshAll().jobId;
      if (name.startsWith('append')) one().clock.advance(24 * 3_600_000);
      const answer = await post(name, body);
      expect(answer.status, `${name}: ${answer.text}`).toBe(200);
    }
  });

  it('shows state, behaviours, faults and requests', async () => {
    for (const { path } of (await get('')).json.show as Json[]) {
      expect((await get(path.replace('GET /_control', ''))).status).toBe(200);
    }
    expect((await get('/state')).json[0].dataSources).toHaveLength(3);
  });

  it('says what is wrong with a request, with an example', async () => {
    const unknown = await post('refreshSegment', { segment: 'Nobody', count: 1 });
    expect(unknown.status).toBe(400);
    expect(unknown.json.error).toContain('unknown segment "Nobody"; known: HighRiskTransactionChurn');
    expect(unknown.json.example.segment).toBe('HighRiskTransactionChurn');
    expect((await post('refreshSegment', { segment: 5 })).json.error).toBe('"segment" must be a string');
    expect((await post('refreshAll', { outcomes: { eCommerce: 'explode' } })).json.error).toContain(
      'must be one of',
    );
    expect((await post('setBehaviour', { name: 'pageSize', value: 'many' })).status).toBe(400);
    expect((await post('toString', {})).status).toBe(404);
    expect((await get('/nothing')).status).toBe(404);
  });

  it('reaches an instance by name', async () => {
    await one.restart({ instances: [{}, {}] });
    const [, second] = one().simulator.instances;
    await post('refreshSegment', { instance: 'Contoso 2', segment: 'LoyaltyGold', count: 5, instant: true });
    expect(second?.segments.find(({ name }) => name === 'LoyaltyGold')?.count).toBe(5);
  });
});
