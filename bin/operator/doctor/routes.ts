/** Whether the API answers on every route of the contract, and its clock. */
import pMap from 'p-map';
import { operations } from '../../../connector/contract/index.ts';
import { minuteMs, secondMs } from '../../../lambda/runtime/time.ts';
import { span } from '../../commands/columns.ts';
import { fault, type Outcome, sound, warning } from './finding.ts';

/** Longest wait for one route: a function that starts cold answers within it. */
const waitMs = 20 * secondMs;

/** A value for each path parameter. It is of no user, so that no call changes anything. */
const pathOf = (path: string): string => path.replaceAll(/\{[^{}]+\}/g, 'doctor');

interface Answered {
  readonly operationId: string;
  readonly route: string;
  readonly status: number | string;
  readonly expected: number;
  /** Epoch ms by the clock of the API; undefined when it did not say. */
  readonly date: number | undefined;
}

const reasonOf = (error: unknown): string => {
  const { cause, message } = error instanceof Error ? error : { cause: undefined, message: String(error) };
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
};

const ask = async (
  endpoint: string,
  { operationId, method, path, authentication }: (typeof operations)[number],
): Promise<Answered> => {
  const route = `${method} ${path}`;
  // Without a token the gateway refuses; the route that a location opens answers 204 for what is not there.
  const expected = authentication === 'user' ? 401 : 204;
  try {
    const { status, headers } = await fetch(endpoint + pathOf(path), {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(waitMs),
    });
    const date = Date.parse(headers.get('date') ?? '');
    return { operationId, route, status, expected, date: Number.isNaN(date) ? undefined : date };
  } catch (error) {
    return { operationId, route, status: reasonOf(error), expected, date: undefined };
  }
};

export interface RouteAnswers {
  readonly outcome: Outcome;
  /** Epoch ms by the clock of the API, and of this machine when it said so. */
  readonly clock: { readonly theirs: number; readonly ours: number } | undefined;
}

/** @param endpoint the address of the API without a slash at the end; the paths of the contract begin with the base path */
export const checkRoutes = async (
  endpoint: string,
  basePath: string,
  now: () => number,
): Promise<RouteAnswers> => {
  const answers = await pMap(operations, (operation) => ask(`${endpoint}${basePath}`, operation), {
    concurrency: 5,
  });
  const dated = answers.findLast(({ date }) => date !== undefined)?.date;
  const clock = dated === undefined ? undefined : { theirs: dated, ours: now() };
  const wrong = answers.filter(({ status, expected }) => status !== expected);
  const deploy = '$ npx cdk deploy --outputs-file cdk-outputs.json';
  if (wrong.length === 0)
    return {
      clock,
      outcome: sound(`All ${answers.length} routes of ${endpoint} answer as they should without a token.`),
    };
  const [first] = wrong;
  if (wrong.every(({ status }) => typeof status === 'string'))
    return {
      clock,
      outcome: fault(
        `${endpoint} does not answer: ${first?.status}`,
        [
          'Check the host in the outputs file against the stack:',
          '$ aws cloudformation describe-stacks',
          deploy,
        ],
        'docs/troubleshooting.md',
      ),
    };
  const listed = wrong.map(
    ({ operationId, route, status, expected }) =>
      `${operationId} (${route}): ${status} instead of ${expected}`,
  );
  return {
    clock,
    outcome: fault(
      `${wrong.length} of ${answers.length} routes do not answer as they should. ${listed.slice(0, 5).join('; ')}${listed.length > 5 ? '; …' : ''}.`,
      wrong.some(({ status }) => status === 404)
        ? ['An older version is deployed. Deploy this one:', deploy]
        : ['$ insights-connector logs --since 15m --level error', deploy],
      'docs/troubleshooting.md',
    ),
  };
};

/** AWS refuses requests that are dated further off than this. */
const refusedBeyondMs = 5 * minuteMs;
const noticedBeyondMs = minuteMs;

export const clockOutcome = (clock: RouteAnswers['clock']): Outcome => {
  if (clock === undefined) return { verdict: 'skipped', found: 'The API did not answer with a date.' };
  const off = Math.abs(clock.ours - clock.theirs);
  const mend = [
    'Linux: $ timedatectl set-ntp true',
    'Windows: $ w32tm /resync',
    'macOS: $ sudo sntp -sS time.apple.com',
  ];
  if (off <= noticedBeyondMs)
    return sound(`The clock of this machine is right to ${span(Math.max(1_000, off))}.`);
  const side = clock.ours > clock.theirs ? 'ahead' : 'behind';
  const found = `The clock of this machine is ${span(off)} ${side}.`;
  return off > refusedBeyondMs
    ? fault(`${found} AWS and Microsoft Entra ID refuse its requests.`, mend)
    : warning(found, mend);
};
