/**
 * Power Automate's side of the callbacks: flows that accept, refuse, are slow, away, switched off or gone.
 */
import type { CallbackAnswer, PostCallback } from '../../lambda/callback/post.ts';
import type { Chance } from './chance.ts';
import { drawFate, drawLatency, type Host, type Surroundings } from './host.ts';

/** One attempt as the flow saw it. */
export interface Receipt {
  readonly at: number;
  /** When the attempt was begun by its host. */
  readonly sentAt: number;
  readonly flow: string;
  readonly version: number;
  readonly host: string;
  readonly body: string;
  readonly deliveryId: string;
  readonly accepted: boolean;
  readonly status: number;
  readonly errorCode: string | undefined;
  /** The flow accepted, but its answer was lost or too late. */
  readonly answerLost: boolean;
}

export type Temper =
  | 'fine'
  | 'flaky'
  | 'throttled'
  | 'down'
  | 'unsigned'
  | 'slow'
  | 'refusing'
  | 'gone'
  | 'astray';

export interface FlowEndpoint {
  readonly id: string;
  on: boolean;
  temper: Temper;
  /** Versions of the callback URL below this are no longer served. */
  oldest: number;
}

/** The client gives an attempt up after this, ms. */
const timeLimitMs = 10_000;

type Answer = Omit<Extract<CallbackAnswer, { kind: 'answered' }>, 'kind'>;

const plain = (status: number, errorCode?: string, retryAfter?: string): Answer => ({
  status,
  errorCode,
  retryAfter,
});

const answerOf = (chance: Chance, flow: FlowEndpoint, version: number): Answer => {
  if (!flow.on) return plain(400, 'WorkflowTriggerIsNotEnabled');
  if (version < flow.oldest)
    return chance.pick([plain(404, 'WorkflowNotFound'), plain(400, 'WorkflowTriggerIsNotEnabled')]);
  switch (flow.temper) {
    case 'fine':
    case 'slow':
      return plain(202);
    case 'flaky':
      return chance.happens(0.5) ? plain(202) : plain(chance.pick([408, 500, 502, 503]));
    case 'throttled':
      return chance.happens(0.3)
        ? plain(202)
        : plain(429, undefined, chance.pick(['7', '120', undefined, 'soon']));
    case 'down':
      return plain(chance.pick([500, 503]));
    case 'unsigned':
      return plain(401);
    case 'refusing':
      return plain(400, chance.pick(['TriggerInputSchemaMismatch', undefined]));
    case 'gone':
      return plain(chance.pick([404, 410]), 'WorkflowNotFound');
    // The flow is well, but a gateway before it cannot find it: not the platform's word.
    case 'astray':
      return plain(chance.pick([404, 404, 410]), chance.pick([undefined, undefined, 'ResourceNotFound']));
  }
};

export const callbackUrlOf = (flow: string, version: number, signature: string): string =>
  `https://prod-07.westeurope.logic.azure.com/workflows/${flow}/triggers/manual/versions/${version}/run?sig=${signature}`;

/** Somebody who does not know the signature of a flow's callback URL makes one up. */
export const madeUpSignature = 'made-up';

const form = /\/workflows\/([^/]+)\/triggers\/manual\/versions\/(\d+)\/run$/;

const wakeLater = (host: Host, { after }: Surroundings['scheduler'], act: () => void) =>
  after(100, () => host.wake(act));

/**
 * Posting from a host to the flows. As the real one it never throws, gives up after its time limit, and an
 * attempt that has left the host may arrive although the host is dead by then.
 */
export const postFrom =
  (
    host: Host,
    flows: ReadonlyMap<string, FlowEndpoint>,
    { scheduler, chance, rates, trace }: Surroundings,
    onReceipt: (receipt: Receipt) => void,
  ): PostCallback =>
  (url, body, headers) =>
    new Promise((resolve) => {
      if (!host.alive()) return;
      const [, id = '', version = ''] = form.exec(url.pathname) ?? [];
      const flow = flows.get(id);
      if (!flow) throw new Error(`No flow has the callback URL's path ${url.pathname}.`);
      if (url.searchParams.get('sig') === madeUpSignature) {
        trace.count('callback with a made-up signature');
        return wakeLater(host, scheduler, () => resolve({ kind: 'answered', ...plain(401) }));
      }
      const fate = drawFate(chance, rates());
      const slow = flow.temper === 'slow' ? chance.within(2_000, 14_000) : drawLatency(chance, rates());
      const latency = Math.min(slow, 20_000);
      const there = Math.min(latency * chance.random(), timeLimitMs - 1);
      const answerLost =
        chance.happens(rates().answerLost) || latency > timeLimitMs || fate === 'fails after';
      const sentAt = scheduler.now();
      const wake = (answer: CallbackAnswer, after: number) =>
        scheduler.after(after, () => host.wake(() => resolve(answer)));
      if (fate !== 'fine') trace.count(`callback ${fate}`);
      if (fate === 'fails before')
        return wake({ kind: 'unreachable', reason: 'ECONNREFUSED' }, latency % timeLimitMs);
      if (fate === 'dies before') {
        scheduler.after(there, () => host.crash('before the callback'));
        return;
      }
      if (fate === 'dies during')
        scheduler.after(there * chance.random(), () => host.crash('during the callback'));
      scheduler.after(there, () => {
        const answer = answerOf(chance, flow, Number(version));
        const accepted = answer.status >= 200 && answer.status < 300;
        if (accepted && answerLost) trace.count('callback answer lost');
        trace.count(`callback ${answer.status}`);
        trace.add(
          `${host.name} posts ${headers['x-insights-delivery-id']} to ${id} v${version}: ${answer.status}${answerLost ? ', answer lost' : ''}`,
        );
        onReceipt({
          at: scheduler.now(),
          sentAt,
          flow: id,
          version: Number(version),
          host: host.name,
          body,
          deliveryId: headers['x-insights-delivery-id'] ?? '',
          accepted,
          status: answer.status,
          errorCode: answer.errorCode,
          answerLost,
        });
        if (fate === 'dies after') return host.crash('after the callback');
        if (answerLost)
          return wake({ kind: 'unreachable', reason: 'no answer within 10 s' }, timeLimitMs - there);
        wake({ kind: 'answered', ...answer }, latency - there);
      });
    });
