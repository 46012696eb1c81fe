import { troubleStore } from '../store/agenda.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { failureStore } from '../store/failures.ts';
import { listStore } from '../store/lists.ts';
import type { Table } from '../store/table.ts';

/** What the function keeps in the table beside the subscriptions. */
export const deliverStores = (table: Table, sources: { readonly now: () => number }) => ({
  deliveries: deliveryStore(table),
  failures: failureStore(table, sources),
  lists: listStore(table),
  troubles: troubleStore(table),
});
