import { randomUUID } from 'node:crypto';
import { exampleConfiguration } from '../../config/example.ts';
import { instanceStore } from '../../lambda/store/instances.ts';
import type { Table } from '../../lambda/store/table.ts';

/** As a deployment does: the functions serve the instances that have rows. */
export const writeInstanceRows = async (table: Table): Promise<void> => {
  await instanceStore(table, randomUUID).addAbsent(exampleConfiguration.instances);
};
