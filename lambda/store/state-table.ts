import type { AwsClient } from '../runtime/aws-services.ts';
import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import { newVersion } from '../runtime/process.ts';
import { environment } from '../runtime/settings.ts';
import { dynamoDbTable } from './dynamodb-table.ts';
import { setAside } from './record-store.ts';
import type { Table } from './table.ts';

/** The state table of the deployment; records that cannot be read are logged and counted. */
export const stateTable = (
  database: AwsClient<'dynamodb'>,
  log: Pick<CallLog, 'error'>,
  { count }: { readonly count: Count },
): Table =>
  dynamoDbTable(database, environment('STATE_TABLE'), {
    newVersion,
    onUnreadable: setAside(log, count),
  });
