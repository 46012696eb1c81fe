/** The ready flows on this machine: what they send arrives in a channel and a mailbox of the run. */
import type { FlowSource } from '../../flows/definitions/authoring.ts';
import type { ConnectorClient } from '../../flows/runner/connectors/connector-api.ts';
import type { Inbox } from '../../flows/runner/connectors/inbox.ts';
import { outlookInbox } from '../../flows/runner/connectors/outlook.ts';
import { teamsInbox } from '../../flows/runner/connectors/teams.ts';
import type { LocalClock } from '../clock.ts';
import type { FlowHost } from './flow-host.ts';
import { type HostedFlow, hostFlow } from './hosted-flow.ts';

export interface ReadyFlows {
  readonly teams: Inbox;
  readonly outlook: Inbox;
  /**
   * Registers a ready flow and runs it with what each callback brings.
   * @param values of its settings, by key; the examples where nothing is said
   * @param onStopped told when a run was stopped: it met something that this machine cannot answer
   * @throws RegistrationFailed
   */
  host(
    source: FlowSource,
    values: Readonly<Record<string, string | number>>,
    onStopped: (error: unknown) => void,
  ): Promise<HostedFlow>;
}

export const createReadyFlows = ({
  flowHost,
  client,
  clock,
}: {
  readonly flowHost: FlowHost;
  readonly client: ConnectorClient;
  readonly clock: LocalClock;
}): ReadyFlows => {
  const [teams, outlook] = [teamsInbox(), outlookInbox()];
  return {
    teams,
    outlook,
    host: (source, values, onStopped) =>
      hostFlow({
        flowHost,
        client,
        clock: {
          now: () => clock.now(),
          wait: (ms) => new Promise((passed) => clock.at(clock.now() + ms, passed)),
        },
        source,
        values,
        inboxes: [teams, outlook],
        onStopped,
      }),
  };
};
