/**
 * Which tenants of a standard queue are noisy neighbours: those whose messages fill the consumers while
 * others wait. A tenant is a message group; a message without one is its own tenant and never noisy.
 * Noisy tenants' messages wait until no other is visible.
 *
 * Of SQS's two measures only the share of the messages in flight is kept; the share of the processing time is
 * not implemented.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
import { minuteMs } from '../../lambda/runtime/time.ts';

/** A noisy tenant has at least this many messages in flight … */
const noisyInFlight = 30;
/** … and more than this share of all. */
const noisyShare = 0.1;
/** A tenant that sends nothing for this long is quiet again, ms; so is a tenant without a backlog. */
const quietAfterMs = 5 * minuteMs;

interface Tenant {
  /** Messages in the queue, in flight or not. */
  messages: number;
  inFlight: number;
  lastSentAtMs: number;
  noisy: boolean;
}

export class FairShare {
  readonly #tenants = new Map<string, Tenant>();
  #inFlight = 0;

  sent(group: string | undefined, nowMs: number): void {
    if (group === undefined) return;
    const tenant = this.#tenants.get(group);
    if (tenant) {
      tenant.messages += 1;
      tenant.lastSentAtMs = nowMs;
    } else this.#tenants.set(group, { messages: 1, inFlight: 0, lastSentAtMs: nowMs, noisy: false });
  }

  received(group: string | undefined): void {
    this.#inFlight += 1;
    const tenant = this.#of(group);
    if (!tenant) return;
    tenant.inFlight += 1;
    if (tenant.inFlight >= noisyInFlight && tenant.inFlight > this.#inFlight * noisyShare)
      tenant.noisy = true;
  }

  /** A message in flight was deleted, or is visible again. */
  ended(group: string | undefined): void {
    this.#inFlight -= 1;
    const tenant = this.#of(group);
    if (tenant) tenant.inFlight -= 1;
  }

  removed(group: string | undefined): void {
    const tenant = this.#of(group);
    if (!tenant || group === undefined) return;
    tenant.messages -= 1;
    if (tenant.messages === 0) this.#tenants.delete(group);
  }

  isNoisy(group: string | undefined, nowMs: number): boolean {
    const tenant = this.#of(group);
    if (!tenant?.noisy) return false;
    if (tenant.messages === tenant.inFlight || nowMs - tenant.lastSentAtMs >= quietAfterMs)
      tenant.noisy = false;
    return tenant.noisy;
  }

  inFlightOf(group: string): number {
    return this.#tenants.get(group)?.inFlight ?? 0;
  }

  clear(): void {
    this.#tenants.clear();
    this.#inFlight = 0;
  }

  #of(group: string | undefined): Tenant | undefined {
    return group === undefined ? undefined : this.#tenants.get(group);
  }
}
