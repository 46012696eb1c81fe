/** What the control of a run tells of it. */
import type { Inbox, Message } from '../../flows/runner/connectors/inbox.ts';
import { messageText } from '../../flows/runner/message-text.ts';
import { iso } from '../../lambda/runtime/time.ts';
import type { Callback } from '../flow-host/flow-host.ts';

/** A flow of the flow host. */
export interface ShownFlow {
  readonly name: string;
  readonly state: string;
  readonly subscriptionId: string | null;
  readonly accepted: number;
  readonly refused: number;
}

/** A card of a channel or a mail of a mailbox. */
export interface ShownMessage {
  /** RFC 3339, of the run's clock. */
  readonly at: string;
  readonly to: string;
  readonly subject: string | null;
  readonly lines: readonly string[];
}

export interface RunState {
  readonly mode: 'simulated';
  /** RFC 3339, of the run's clock. */
  readonly now: string;
  readonly aheadMs: number;
  readonly api: string;
  /** Address of the simulator's own controls. */
  readonly simulator: string;
  readonly flows: readonly ShownFlow[];
  readonly readyFlows: readonly { readonly id: string; readonly name: string }[];
  readonly inboxes: readonly { readonly title: string; readonly messages: readonly ShownMessage[] }[];
  /** Why runs of ready flows were stopped, the newest last. */
  readonly stopped: readonly string[];
  /** The last ones. */
  readonly callbacks: readonly Callback[];
  readonly stories: readonly { readonly name: string; readonly title: string }[];
  readonly triggers: readonly { readonly operationId: string; readonly summary: string }[];
  readonly users: readonly string[];
  readonly dataSources: readonly { readonly name: string; readonly friendlyName: string }[];
  readonly segments: readonly { readonly name: string; readonly count: number }[];
  /** Faults of the simulated Customer Insights in force. */
  readonly faults: number;
}

/** Messages of an inbox that are told, the newest. */
const mostMessages = 20;

const shownMessage = ({ sentAt, parameters }: Message): ShownMessage => {
  const text = (...names: readonly string[]): string | null => {
    const name = names.find((one) => parameters[one] !== undefined);
    return name === undefined ? null : String(parameters[name]);
  };
  return {
    at: iso(sentAt),
    to: text('body/recipient/channelId', 'emailMessage/To') ?? '',
    subject: text('emailMessage/Subject'),
    lines: messageText(text('body/messageBody', 'emailMessage/Body') ?? ''),
  };
};

/** The newest message first. */
export const inboxesOf = (inboxes: readonly Inbox[]): RunState['inboxes'] =>
  inboxes.map(({ title, messages }) => ({
    title,
    messages: messages.slice(-mostMessages).map(shownMessage).reverse(),
  }));
