/** Names that people and their programs outside look for: in logs, metrics and answers. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorKinds } from '../../lambda/runtime/error-codes.ts';
import { metricNames, metricsNamespace } from '../../lambda/runtime/metrics.ts';
import { bundleFunctions } from '../../lib/bundle.ts';
import { pinnedConfiguration } from './pinned.ts';

export interface Names {
  readonly metrics: { readonly namespace: string; readonly names: readonly string[] };
  /** Code → HTTP status. */
  readonly errors: Readonly<Record<string, number>>;
  /** Codes of refused tokens and of the deployment's own credentials; they are in the bundles only. */
  readonly identityErrors: readonly string[];
  /** Function → messages of its log that docs/ tells an operator to look for, or that a query for an incident begins with. */
  readonly logMessages: Readonly<Record<string, readonly string[]>>;
  /** Function → headers that it sends or takes into its log. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export const currentNames = (): Pick<Names, 'metrics' | 'errors'> => ({
  metrics: { namespace: metricsNamespace, names: metricNames },
  errors: Object.fromEntries(Object.entries(errorKinds).map(([code, { status }]) => [code, status])),
});

/** Function → its bundle, as it is uploaded. */
export const currentBundles = async (): Promise<ReadonlyMap<string, string>> => {
  const outDir = await mkdtemp(join(tmpdir(), 'insights-connector-pins-'));
  try {
    const bundled = await bundleFunctions({ configuration: pinnedConfiguration, outDir });
    return new Map(
      await Promise.all(
        Object.entries(bundled).map(
          async ([name, { directory }]) =>
            [name, await readFile(join(directory, 'index.mjs'), 'utf8')] as const,
        ),
      ),
    );
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
};
