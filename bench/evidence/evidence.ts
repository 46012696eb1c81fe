/** What every table says about itself. Without it, a figure cannot be judged or repeated. */
import { cpus, release, totalmem } from 'node:os';
import { git } from '../../scripts/commit-sources.ts';

/** The commit of the sources that run, and whether they were changed since. */
const commit = (): string => {
  const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes that are not committed' : ''}`;
};

export interface Evidence {
  /** The DynamoDB engine; undefined where none takes part. */
  readonly engine?: string;
  /** A sentence: which of what was measured outlives a power cut on this machine, and which does not. */
  readonly durable: string;
  /** How the peers are set up, one sentence each. */
  readonly peers?: readonly string[];
}

/** The durability of the local services. */
export const nothingDurable =
  'nothing: tables, queues and keys are in the memory of processes on this machine. In AWS, a write to DynamoDB or SQS is on several disks before its answer';

/** The lines above a table. */
export const evidence = ({ engine, durable, peers = [] }: Evidence): string => {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores ${cpu?.model.trim() ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
  return [
    `machine   ${machine}; Node.js ${process.version}`,
    ...(engine === undefined ? [] : [`engine    ${engine}, on loopback`]),
    `durable   ${durable}`,
    ...peers.map((peer) => `peer      ${peer}`),
    `date      ${new Date().toISOString().slice(0, 16)}Z, commit ${commit()}`,
  ].join('\n');
};
