/** The function `canary` as it is deployed: the clock starts a run, and its sample arrives over HTTP. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { awsClient } from '../runtime/aws-client.ts';
import { dynamoDb } from '../runtime/aws-services.ts';
import { keepAliveFetch } from '../runtime/http-client.ts';
import { isRecord, parseJson } from '../runtime/json.ts';
import { aws, callLog, functionMetrics, newSecret, newVersion, now, random } from '../runtime/process.ts';
import { environment } from '../runtime/settings.ts';
import { type CanaryAnswer, type CanaryCall, canaryRuns } from '../store/canary-runs.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { lambda } from './lambda-protocol.ts';
import { type CanaryPorts, receiveSample, runCanary } from './one-run.ts';

/** Longer than a registration takes, also where the function starts for it, ms. */
const registrationMs = 20_000;
/** Of a removal, ms. */
const removalMs = 10_000;

const metrics = functionMetrics('canary');
const functions = awsClient(lambda, { now, random, timeoutMs: registrationMs });
const callback = environment('CANARY_URL');

const register = async (sample: string): Promise<CanaryAnswer> => {
  const payload: CanaryCall = { canary: { sample } };
  const answer = await functions(
    'Invoke',
    { FunctionName: environment('SUBSCRIPTIONS_FUNCTION'), Payload: payload },
    registrationMs,
  );
  if (typeof answer.removal === 'string') return { removal: answer.removal };
  // Of a function that ended with an error, Lambda answers its message.
  return { failed: String(answer.failed ?? answer.errorMessage ?? 'subscriptions gave no answer.') };
};

const remove = async (path: string): Promise<number> => {
  const { status } = await keepAliveFetch(new URL(path, callback).href, {
    method: 'DELETE',
    headers: {},
    redirect: 'manual',
    timeoutMs: removalMs,
  });
  return status;
};

const ports: CanaryPorts = {
  runs: canaryRuns(dynamoDbTable(aws(dynamoDb), environment('STATE_TABLE'), { newVersion })),
  register,
  remove,
  now,
  newSecret,
  count: metrics.count,
  measure: metrics.measure,
  log: callLog('canary'),
};

const eventIdIn = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string | undefined => {
  try {
    const sent = parseJson(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
    return isRecord(sent) && typeof sent.eventId === 'string' ? sent.eventId : undefined;
  } catch {
    // Not from us: what we send is JSON.
    return undefined;
  }
};

/** Every event is accepted, so that nothing is sent again, and the answer does not say what it was. */
const receive = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const eventId = eventIdIn(event);
  if (eventId === undefined) return { statusCode: 400 };
  await receiveSample(ports, eventId);
  return { statusCode: 202 };
};

export const handler = async (
  event: APIGatewayProxyEventV2 | { readonly source: string },
): Promise<APIGatewayProxyStructuredResultV2 | undefined> => {
  try {
    if ('routeKey' in event) return await receive(event);
    await runCanary(ports);
    return undefined;
  } finally {
    metrics.publish();
  }
};
