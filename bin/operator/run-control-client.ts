/** Calls the control of a local run: its clock, flows, tokens, stories and log. */
import { outputsError } from '../../connector/emit/outputs.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import type { LogLine } from '../../local/template/functions.ts';
import type { DeploymentPlace } from './deployment-place.ts';

/** The run refused what was asked for. */
export class RunRefused extends Error {
  override readonly name = 'RunRefused';
  readonly exitCode = 1;
  readonly page = 'docs/local-run.md';
}

export interface RunControlClient {
  /** @throws RunRefused */
  get(path: string): Promise<unknown>;
  /** @throws RunRefused */
  post(path: string, body: object): Promise<unknown>;
  logs(): Promise<{ readonly lines: readonly LogLine[] }>;
}

/** @throws ConfigurationError when the outputs file is of no local run, or of one of an earlier version */
export const runControl = ({ services }: DeploymentPlace): RunControlClient => {
  const { control, controlKey } = services ?? {};
  if (control === undefined || controlKey === undefined)
    throw outputsError('outputs file', [
      'it is not of a local run with a control. Start one with `insights-connector start` and give the file that it prints with --outputs.',
    ]);
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    let response: Response;
    try {
      response = await fetch(`${control}${path}`, {
        method,
        headers: { authorization: `Bearer ${controlKey}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new RunRefused(
        `The local run at ${control} does not answer. If it has ended, start another one.`,
        { cause },
      );
    }
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw new RunRefused(
      isRecord(answer) && typeof answer.error === 'string' ? answer.error : `It answered ${response.status}.`,
    );
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    logs: async () => (await ask('GET', '/log')) as { readonly lines: readonly LogLine[] },
  };
};
