import autocannon from 'autocannon';
import { type Surroundings, startSurroundings } from './proxy/surroundings.ts';
import type { Part } from './proxy/part.ts';

const s = await startSurroundings({ sets: 4, users: 500 });
const ours = await s.startHandler();
const peer = await s.startPeer();
const dur = Number(process.env.DUR ?? 4);
let set = 0;
async function run(part: Part, path: string, connections: number, headersOf: (i: number) => Record<string,string>, duration = dur) {
  const users = 500;
  let next = 0;
  const before = await part.cpuMs();
  const r = await autocannon({ url: part.url, connections, duration, setupClient: (client) => {
    const mine = [];
    const per = Math.max(1, Math.floor(users / connections));
    for (let i = 0; i < per; i++) mine.push({ method: 'GET', path, headers: headersOf(next++ % users) });
    client.setRequests(mine);
  }});
  const cpu = await part.cpuMs() - before;
  return { cps: r['2xx'] / r.duration, p50: r.latency.p50, p99: r.latency.p99, bad: r.non2xx + r.errors + r.timeouts, cpu: cpu / r['2xx'] };
}
const id = s.instanceId;
for (const [name, a, b, c] of [
  ['list', `/v1/datasets/${id}/data-sources`, `/v1/datasets/${id}/manage/datasources`, `/v1/instances/${id}/manage/datasources`],
  ['items', `/v1/datasets/${id}/tables/Customer/items?$top=100&$orderby=City`, `/v1/datasets/${id}/data/Customer?$top=100&$orderby=City`, `/v1/instances/${id}/data/Customer?$top=100&$orderby=City`],
] as const) for (const n of [1, 50, 500]) {
  console.log(name, n, 'direct', await run(s.upstream, c, n, () => s.upstreamHeaders));
  for (let k = 0; k < 2; k++) {
    for (const [who, part, path] of [['ours', ours, a], ['peer', peer, b]] as const) {
      const tokens = s.callers[set % 4] ?? [];
      const h = (i: number) => ({ authorization: `Bearer ${tokens[i]}`, accept: 'application/json' });
      await run(part, path, n, h, 2);
      console.log(name, n, who, await run(part, path, n, h));
    }
    set++;
  }
}
await ours.stop(); await peer.stop(); await s.close();
