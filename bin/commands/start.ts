import { type Command, wholeOf } from './command.ts';

const portOf = (values: Parameters<typeof wholeOf>[0], name: string): number =>
  wholeOf(values, name, { most: 65_535 }) ?? 0;

export const start: Command = {
  name: 'start',
  summary: 'Run the whole system on this machine, against a simulated or a real Customer Insights instance',
  options: [
    { flags: '--once', description: 'End after the scenario; exit code 1 if a step failed' },
    { flags: '--api-port <port>', description: 'Port of the API (default: a free one)' },
    { flags: '--simulator-port <port>', description: 'Port of the Customer Insights simulator' },
    { flags: '--issuer-port <port>', description: 'Port of the sign-in issuer' },
    { flags: '--flow-host-port <port>', description: 'Port of the flow host' },
  ],
  page: 'docs/local-run.md',
  streams: true,
  examples: ['start --once', 'start --api-port 8080'],
  run: async (values) => {
    const ports = {
      api: portOf(values, 'apiPort'),
      simulator: portOf(values, 'simulatorPort'),
      issuer: portOf(values, 'issuerPort'),
      flowHost: portOf(values, 'flowHostPort'),
    };
    const { runLocally } = await import('../../local/run.ts');
    return runLocally({ ports, once: values.once === true });
  },
};
