/** Runs of contenders that do the same job, in alternating order, and what a call costs each of them. */

import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOfEngines } from '../../test/local/process-tree.ts';
import { interleave } from '../statistics/interleave.ts';
import { median } from '../statistics/median.ts';
import type { LoadAnswer, LoadQuestion } from './load.ts';
import type { Part } from './part.ts';
import type { Surroundings } from './surroundings.ts';

export interface Run extends LoadAnswer {
  readonly callsPerSecond: number;
  /** CPU time of the process that is called, ms. */
  readonly cpuPerCall: number;
  /** Of the engine with the limits, ms. */
  readonly engineCpuPerCall: number;
}

export interface Contender {
  readonly name: string;
  readonly part: Part;
  readonly path: string;
}

export interface Plan {
  readonly users: number;
  readonly warmUpCalls: number;
  readonly calls: number;
  readonly rounds: number;
  /** Sets of users that take turns; those after them call once, with tokens that are new to the process. */
  readonly sets: number;
}

/** For each contender its runs. */
export interface FirstCalls {
  /** The table has no limit of theirs yet. */
  readonly people: readonly (readonly Run[])[];
  /** They have called before, with other tokens. */
  readonly tokens: readonly (readonly Run[])[];
}

const row = '$top=100';

/** What is asked of everybody: the paths of the source, and of a function or a peer in front of it. */
export const jobsOn = (instanceId: string) =>
  [
    {
      name: 'drop-down (12 entries, 3 KB)',
      bare: `/v1/instances/${instanceId}/manage/datasources`,
      ours: `/v1/datasets/${instanceId}/data-sources`,
      peer: `/v1/datasets/${instanceId}/manage/datasources`,
    },
    {
      name: 'page of 100 rows (29 KB)',
      bare: `/v1/instances/${instanceId}/data/Customer?${row}`,
      ours: `/v1/datasets/${instanceId}/tables/Customer/items?${row}`,
      peer: `/v1/datasets/${instanceId}/data/Customer?${row}`,
    },
  ] as const;

const headersOf = (tokens: readonly string[] = []) =>
  tokens.map((token) => ({ authorization: `Bearer ${token}` }));

export const of = (runs: readonly Run[], value: (run: Run) => number): number => median(runs.map(value));

type Question = Pick<LoadQuestion, 'path' | 'users' | 'connections'>;

/** @param load the part `load.ts` */
export const createComparisons = (surroundings: Surroundings, load: Part, plan: Plan) => {
  /** What has been called often enough. */
  const warm = new Set<string>();
  let turn = 0;

  const run = async (part: Part, question: Question, calls: number): Promise<Run> => {
    const cpu = async () => [await part.cpuMs(), cpuOfEngines()] as const;
    const before = await cpu();
    const answer = await load.ask<LoadAnswer>({ url: part.url, ...question, calls });
    const after = await cpu();
    const [own = 0, engine = 0] = after.map(
      (value, index) => (value - (before[index] ?? 0)) / (answer.calls + answer.errors),
    );
    return {
      ...answer,
      callsPerSecond: answer.calls / answer.seconds,
      cpuPerCall: own,
      engineCpuPerCall: engine,
    };
  };

  /** Users for the next round, with the headers that each sends. A set rests while the others are used. */
  const nextUsers = () => {
    const { callers } = surroundings;
    turn += 1;
    return headersOf(callers[(turn - 1) % plan.sets]);
  };

  return {
    run,
    /** The source alone, without any function in front of it. */
    async bare(path: string, connections: number): Promise<Run> {
      const question = { path, users: [surroundings.upstreamHeaders], connections };
      await run(surroundings.upstream, question, plan.warmUpCalls);
      return run(surroundings.upstream, question, plan.calls);
    },
    /** @returns for each contender its runs, in the order of the rounds */
    async compare(
      contenders: readonly Contender[],
      connections: number,
    ): Promise<readonly (readonly Run[])[]> {
      const sets = Array.from({ length: plan.rounds }, nextUsers);
      return interleave(contenders, plan.rounds, async ({ part, path }, round) => {
        const question = { path, users: sets[round] ?? [], connections };
        // The first time until the code is compiled, later until every user's token is known.
        await run(part, question, warm.has(`${part.url}${path}`) ? plan.users : plan.warmUpCalls);
        warm.add(`${part.url}${path}`);
        return run(part, question, plan.calls);
      });
    },
    /**
     * Each user calls once, with a token that the process has not seen.
     * @param pauseMs until they call again, with new tokens
     */
    async firstCalls(
      contenders: readonly Contender[],
      connections: number,
      pauseMs: number,
    ): Promise<FirstCalls> {
      const { callers } = surroundings;
      const once = (tokens: readonly (readonly string[])[]) =>
        interleave(contenders, tokens.length, ({ part, path }, round) => {
          const users = headersOf(tokens[round]);
          return run(part, { path, users, connections }, users.length);
        });
      const people = await once(callers.slice(plan.sets));
      const tokens: (readonly string[])[] = [];
      for (let set = plan.sets; set < callers.length; set += 1)
        tokens.push(await surroundings.newTokens(set));
      await sleep(pauseMs);
      return { people, tokens: await once(tokens) };
    },
  };
};
