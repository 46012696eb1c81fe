/** The function `instance-rows` as it is deployed: CloudFormation calls it for the custom resource of the stack. */
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { InstanceRowsSettings } from '../../config/schema.ts';
import { dynamoDb } from '../runtime/aws-services.ts';
import { keepAliveFetch } from '../runtime/http-client.ts';
import { aws, callLog, newVersion } from '../runtime/process.ts';
import { environment, readSettings } from '../runtime/settings.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { instanceStore } from '../store/instances.ts';
import { answerCloudFormation, type CustomResourcePorts } from './custom-resource.ts';

const table = dynamoDbTable(aws(dynamoDb), environment('STATE_TABLE'), { newVersion });
const rows = instanceStore(table, newVersion);

const { instances } = readSettings<InstanceRowsSettings>();

const ports: CustomResourcePorts = {
  writeRows: () => rows.addAbsent(instances),
  fetch: keepAliveFetch,
  log: callLog('instance-rows'),
};

export const handler = (
  event: CloudFormationCustomResourceEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<void> => answerCloudFormation(ports, event, context.getRemainingTimeInMillis());
