/** docs/operations.md and docs/designer.md, from the contract and a local run. */

import { canonicalConnector } from '../../connector/canonical/connector.ts';
import { operations } from '../../connector/contract/index.ts';
import { connectorFiles } from '../../connector/emit/files.ts';
import { loadConnector } from '../../connector/emit/read.ts';
import { designerReference } from '../../connector/reference/designer-reference.ts';
import type { ShownExchange } from '../../connector/reference/exchange.ts';
import { operationReference } from '../../connector/reference/operation-reference.ts';
import { localConfiguration, type Synthesised } from '../system.ts';
import { exchangeRecorder, recordingWire } from './recorder.ts';
import { inReproducibleRun } from './reproducible.ts';

/** A small instance starts fast, and its answers are as typical. */
const size = { customers: 500, activities: 2_000 };

/** Plays every operation once. */
const recordAll = async (
  synthesised: Synthesised | undefined,
): Promise<ReadonlyMap<string, ShownExchange>> => {
  const wire = recordingWire();
  return inReproducibleRun(
    { ...size, send: wire.send, ...(synthesised && { synthesised }) },
    async (system) => {
      const recorder = exchangeRecorder(system, wire);
      const exchanges = new Map<string, ShownExchange>();
      // One after the other: the order decides what each of them finds.
      for (const operationId of recorder.operationIds)
        exchanges.set(operationId, await recorder.record(operationId));
      // How the platform ends a registration says more than the example, which ends nothing.
      const [trigger] = operations.filter(({ kind }) => kind === 'trigger');
      const ending = operations.find(({ kind }) => kind === 'unsubscribe')?.operationId;
      if (trigger && ending) {
        const sent = await recorder.unsubscribe(trigger.operationId);
        exchanges.set(ending, { operationId: ending, ...sent, callback: null });
      }
      return exchanges;
    },
  );
};

export const makeOperationReference = async (synthesised?: Synthesised): Promise<string> =>
  operationReference(operations, await recordAll(synthesised));

/** The generated files, as the designer reads them; no run is needed. */
export const localConnector = async () =>
  canonicalConnector(
    loadConnector(
      new Map(
        (await connectorFiles({ configuration: localConfiguration, icon: false })).map(
          ({ name, content }) => [name, content],
        ),
      ),
    ),
  );

export const makeDesignerReference = async (): Promise<string> => designerReference(await localConnector());
