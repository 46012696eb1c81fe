import { dayMs, hourMs, minuteMs, secondMs } from '../../lambda/runtime/time.ts';
import type { RunState, ShownFlow } from '../../local/control/run-state.ts';
import { outputsFileOf, outputsOption } from '../operator/options.ts';
import type { RunControlClient } from '../operator/run-control-client.ts';
import {
  type Command,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
  verbOf,
  wholeOf,
} from './command.ts';
import { readJsonFile } from './read-json-file.ts';

interface Given {
  readonly run: RunControlClient;
  readonly values: OptionValues;
  readonly terminal: Terminal;
  readonly words: readonly string[];
}

type Verb = (given: Given) => Promise<void>;

/** The answers of the control are made by this same version. */
const stateOf = async ({ run }: Given): Promise<RunState> => {
  const state = (await run.get('/state')) as RunState | { readonly mode: 'real' };
  if (state.mode === 'real')
    throw new UsageError(
      'This run works on a real instance. `local` is for simulated runs: start one without CUSTOMER_INSIGHTS_URL.',
    );
  return state;
};

const token: Verb = async ({ run, values, terminal }) => {
  const user = textOf(values, 'user');
  const answer = (await run.post('/token', user === undefined ? {} : { user })) as {
    token: string;
    api: string;
  };
  // Alone, so that it can be put into a variable.
  report(terminal, answer, () => answer.token);
};

const spans: Readonly<Record<string, number>> = { s: secondMs, m: minuteMs, h: hourMs, d: dayMs };

/** @throws UsageError that begins with what to give */
const spanOf = (text: string, give: string): number => {
  const [, number, unit = ''] = /^\+?(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (spans[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) throw new UsageError(`"${text}" is not a span. ${give}, such as 90s, 15m, 2h or 1d.`);
  return ms;
};

const clock: Verb = async (given) => {
  const { run, terminal, words } = given;
  const [by] = words;
  if (by === undefined) {
    const { now, aheadMs } = await stateOf(given);
    const { span } = await import('./columns.ts');
    report(terminal, { now, aheadMs }, () =>
      aheadMs < 1_000
        ? `${now}, the real time.`
        : `${now}, ${span(aheadMs)} ahead of the real time: the clock of a local run can be moved ahead, and goes on from there.`,
    );
    return;
  }
  const ms = spanOf(by, 'Give how far to move the clock ahead');
  const answer = (await run.post('/clock/advance', { ms })) as {
    now: string;
    callbacks: readonly { flow: string; status: number; receivedAt: number; payload: unknown }[];
  };
  report(terminal, answer, () =>
    [
      `It is ${answer.now} now.`,
      ...answer.callbacks.map(
        ({ flow, status, receivedAt, payload }) =>
          `${new Date(receivedAt).toISOString()}  ${flow}: ${status}\n${JSON.stringify(payload, null, 2)}`,
      ),
      ...(answer.callbacks.length === 0 ? ['No flow was called on the way.'] : []),
    ].join('\n'),
  );
};

const flowLine = ({ name, state, subscriptionId, accepted, refused }: ShownFlow): string =>
  `${name}: ${state}, ${accepted} accepted, ${refused} refused${subscriptionId === null ? '' : `; subscription ${subscriptionId}`}`;

const flow: Verb = async (given) => {
  const { run, values, terminal, words } = given;
  const [verb = 'list', name, answer] = words;
  const tell = (shown: ShownFlow) => report(terminal, shown, () => flowLine(shown));
  const named = (): string => {
    if (name === undefined)
      throw new UsageError(`local flow ${verb} needs the name of a flow; \`local flow list\` has them.`);
    return name;
  };
  switch (verb) {
    case 'list': {
      const { flows, triggers } = await stateOf(given);
      report(terminal, { flows }, () =>
        flows.length === 0
          ? `No flows yet. Add one: local flow add <trigger>, with one of\n${triggers.map(({ operationId, summary }) => `  ${operationId}  ${summary}`).join('\n')}`
          : flows.map(flowLine).join('\n'),
      );
      return;
    }
    case 'add': {
      const { triggers } = await stateOf(given);
      if (name === undefined)
        throw new UsageError(
          `local flow add needs a trigger: ${triggers.map(({ operationId }) => operationId).join(', ')}.`,
        );
      let inputs: unknown;
      try {
        inputs = JSON.parse(textOf(values, 'inputs') ?? '{}');
      } catch (cause) {
        throw new UsageError(`--inputs is not JSON: ${cause instanceof Error ? cause.message : ''}`);
      }
      tell(
        (await run.post('/flows/add', { trigger: name, name: textOf(values, 'name'), inputs })) as ShownFlow,
      );
      return;
    }
    case 'on':
      return tell((await run.post('/flows/on', { name: named() })) as ShownFlow);
    case 'off':
    case 'delete':
      return tell(
        (await run.post(`/flows/${verb}`, {
          name: named(),
          silently: values.silently === true,
        })) as ShownFlow,
      );
    case 'answer':
      if (answer === undefined)
        throw new UsageError(
          'local flow answer needs a name and an answer: 400, 404, 410, 429, 500 or slow.',
        );
      return tell(
        (await run.post('/flows/answer', {
          name: named(),
          answer,
          times: wholeOf(values, 'times', { least: 1, most: 1_000 }) ?? 1,
        })) as ShownFlow,
      );
    default:
      throw new UsageError(`local flow has no "${verb}"; there are list, add, on, off, delete and answer.`);
  }
};

const story: Verb = async (given) => {
  const { run, terminal, words } = given;
  const [name] = words;
  if (name === undefined) {
    const { stories } = await stateOf(given);
    report(terminal, { stories }, () =>
      stories.map((one) => `${one.name.padEnd(16)}  ${one.title}`).join('\n'),
    );
    return;
  }
  const answer = (await run.post('/stories', { name })) as { title: string; lines: readonly string[] };
  report(terminal, answer, () => [answer.title, '', ...answer.lines].join('\n'));
};

const replay: Verb = async (given) => {
  const { run, terminal, words } = given;
  await stateOf(given);
  const [file] = words;
  if (file === undefined)
    throw new UsageError(
      'local replay needs a record, which `doctor --assumptions --record <file>` writes, or the word "end".',
    );
  if (file === 'end') {
    const answer = await run.post('/replay', {});
    report(terminal, answer, () => 'The simulated instance answers again.');
    return;
  }
  const record = await readJsonFile(file);
  const last = textOf(given.values, 'last');
  const lastMs =
    last === undefined ? undefined : spanOf(last, 'Give how much of the end of the record is played');
  const answer = (await run.post('/replay', { record, lastMs })) as {
    readonly from: string;
    readonly until: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly names: { readonly segments: readonly string[]; readonly measures: readonly string[] };
  };
  const { span } = await import('./columns.ts');
  report(terminal, answer, () =>
    [
      `The first instance now answers as the record does: ${Object.entries(answer.counts)
        .map(([what, number]) => `${what} ${number}`)
        .join(', ')}.`,
      `Its entries happen from ${answer.from} to ${answer.until}. Add flows, then move the clock ahead: local clock 1d (the record has ${span(Date.parse(answer.until) - Date.parse(answer.from))}).`,
      ...(answer.names.segments.length > 0 ? [`Segments: ${answer.names.segments.join(', ')}`] : []),
      ...(answer.names.measures.length > 0 ? [`Measures: ${answer.names.measures.join(', ')}`] : []),
    ].join('\n'),
  );
};

const verbs: Readonly<Record<string, Verb>> = { token, flow, clock, story, replay };

export const local: Command = {
  name: 'local',
  arguments: '<verb> [words...]',
  summary:
    "Act in a local run: a user's token, flows on any trigger, its clock, named stories, and records of real instances",
  page: 'docs/local-run.md',
  options: [
    { flags: '--user <name>', description: 'token: of this user (default: the first)' },
    { flags: '--name <name>', description: 'flow add: name of the flow' },
    { flags: '--inputs <json>', description: 'flow add: inputs that replace those of the example, as JSON' },
    {
      flags: '--silently',
      description: 'flow off, delete: do not tell the connector, as the platform sometimes does',
    },
    { flags: '--last <span>', description: 'replay: only the end of the record, such as 1d' },
    { flags: '--times <number>', description: 'flow answer: for so many callbacks (default: 1)' },
    { ...outputsOption, description: 'The file that the local run printed (default: cdk-outputs.json)' },
  ],
  examples: [
    'local token',
    'local flow add OnDataSourceRefreshFailed --name mine',
    'local flow answer mine 500 --times 3',
    'local clock 15m',
    'local story outage',
    'local replay assumptions.json',
  ],
  run: async (values, terminal, [word = '', ...words]) => {
    const verb = verbOf('local', verbs, word);
    const { readDeploymentPlace } = await import('../operator/deployment-place.ts');
    const { runControl } = await import('../operator/run-control-client.ts');
    const place = readDeploymentPlace(await outputsFileOf(values));
    await verb({ run: runControl(place), values, terminal, words });
    return 0;
  },
};
