import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { ServingFunctionName } from '../lambda/functions.ts';
import { metricsNamespace } from '../lambda/runtime/metrics.ts';
import type { MetricSource, Statistic, TableName } from './alarms.ts';
import type { Queues } from './queues.ts';

/** The resources whose metrics are watched. */
export interface Watched {
  readonly functions: Readonly<Record<ServingFunctionName, IFunction>>;
  readonly queues: Queues;
  readonly tables: Readonly<Record<TableName, Pick<ITableV2, 'tableName'>>>;
  readonly api: Pick<IHttpApi, 'apiId'>;
  /** The name of the deployment, which its own metrics have as a dimension. */
  readonly deployment: string | undefined;
}

/** Namespace, name and dimensions of a metric. */
const identityOf = (source: MetricSource, watched: Watched) => {
  if ('own' in source)
    return {
      namespace: metricsNamespace,
      metricName: source.own,
      label: `${source.own} of ${source.of}`,
      dimensionsMap: {
        ...(watched.deployment !== undefined && { deployment: watched.deployment }),
        service: source.of,
      },
    };
  if ('lambda' in source)
    return {
      namespace: 'AWS/Lambda',
      metricName: source.lambda,
      label: `${source.lambda} of ${source.of}`,
      dimensionsMap: { FunctionName: watched.functions[source.of].functionName },
    };
  if ('queue' in source)
    return {
      namespace: 'AWS/SQS',
      metricName: source.queue,
      label: `${source.queue} of ${source.of}`,
      dimensionsMap: { QueueName: watched.queues[source.of].queue.queueName },
    };
  if ('deadLetters' in source)
    return {
      namespace: 'AWS/SQS',
      metricName: source.deadLetters,
      label: `dead letters of ${source.of}`,
      dimensionsMap: { QueueName: watched.queues[source.of].deadLetters.queueName },
    };
  if ('table' in source)
    return {
      namespace: 'AWS/DynamoDB',
      metricName: source.table,
      label: `${source.table} of ${source.of}${'operation' in source ? `, ${source.operation}` : ''}`,
      dimensionsMap: {
        TableName: watched.tables[source.of].tableName,
        ...('operation' in source && { Operation: source.operation }),
      },
    };
  return {
    namespace: 'AWS/ApiGateway',
    metricName: source.api,
    label: source.api,
    dimensionsMap: { ApiId: watched.api.apiId },
  };
};

export const metricOf = (
  source: MetricSource,
  watched: Watched,
  statistic: Statistic,
  periodMinutes: number,
): Metric =>
  new Metric({ ...identityOf(source, watched), statistic, period: Duration.minutes(periodMinutes) });
