import type { TableDescription } from '../../local/dynamodb/create-table.ts';

/** A table with the keys of the deployed state table. */
export const stateTable = (name: string): TableDescription => ({
  name,
  key: [
    { name: 'pk', role: 'HASH' },
    { name: 'sk', role: 'RANGE' },
  ],
  attributes: [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'S' },
  ],
  timeToLiveAttribute: 'expiresAt',
});
