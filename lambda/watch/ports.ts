import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import type { Send } from '../runtime/queue.ts';
import type { TroubleStore } from '../store/agenda.ts';
import type { CursorStore } from '../store/cursors.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { FanOutStore } from '../store/fan-outs.ts';
import type { LeaseStore } from '../store/leases.ts';
import type { Ledger } from '../store/ledger-records.ts';
import type { RearmStateStore } from '../store/rearm-states.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import type { Version } from '../store/table.ts';
import type { Source } from '../triggers/source.ts';
import type { Triggers } from '../triggers/trigger-set.ts';
import type { Pace } from './pace.ts';
import type { DelayOf } from './stagger.ts';

/** What polling an instance works with. */
export interface WatchPorts {
  readonly triggers: Triggers;
  readonly source: Source;
  readonly leases: LeaseStore;
  readonly cursors: CursorStore;
  readonly fanOuts: FanOutStore;
  readonly subscriptions: SubscriptionStore;
  readonly rearmStates: RearmStateStore;
  readonly deliveries: DeliveryStore;
  readonly troubles: TroubleStore;
  readonly ledger: Ledger;
  readonly sendDelivery: Send;
  readonly sendWatch: Send;
  /** Why the events of this look are only recorded, a sentence; absent: they are sent. */
  readonly withheld?: string | undefined;
  /**
   * How long the source asks to be left alone after this error, ms; undefined when the error is not the
   * source's.
   */
  readonly sourceFailure: (error: unknown) => { readonly retryAfterMs: number } | undefined;
  /**
   * Told of an instance that is probably going to be polled, so that what its first call needs is read with its lease;
   * absent: it is read with that call.
   */
  readonly expectPoll?: (instanceId: string) => void;
  /**
   * Instance → the version of its lease as the last poll of this process left it, which did all that it found. No
   * other poll has claimed a lease that still has it: then no event is recorded that the cursor does not contain.
   */
  readonly leftWhole: Map<string, Version>;
  readonly pace: Pace;
  /** Of the deliveries of one look; absent: they are not delayed. */
  readonly delayOf?: DelayOf;
  readonly now: () => number;
  /**
   * When the message that asks for this poll was sent, epoch ms of the queue's clock: no host of ours sets it.
   * Absent where no message asks.
   */
  readonly askedAt?: number | undefined;
  readonly random: () => number;
  readonly log: CallLog;
  readonly count: Count;
}
