/** Saved queries of CloudWatch Logs Insights, by the name under which docs/runbook.md refers to them. */
import { versionHeader } from '../connector/contract/calling-version.ts';
import type { FunctionName } from '../lambda/functions.ts';

export interface LogQuery {
  /** The functions whose logs are searched, or the access log of the API. */
  readonly logs: readonly FunctionName[] | 'access';
  readonly lines: readonly string[];
}

const message = (...texts: readonly string[]) =>
  `filter message in [${texts.map((text) => `"${text}"`).join(', ')}]`;
const newest = ['sort @timestamp desc', 'limit 200'];

export const logQueries = {
  'failed calls': {
    logs: ['subscriptions', 'proxy'],
    lines: [
      'fields @timestamp, operation, status, code, durationMs, correlationId, error.message',
      message('call failed', 'call failed unexpectedly'),
      ...newest,
    ],
  },
  'failed calls by code': {
    logs: ['subscriptions', 'proxy'],
    lines: [
      message('call failed', 'call failed unexpectedly', 'call refused'),
      'stats count(*) as calls by code, operation',
      'sort calls desc',
    ],
  },
  'slowest calls': {
    logs: ['subscriptions', 'proxy'],
    lines: [
      message('call', 'call failed', 'call refused'),
      'stats count(*) as calls, pct(durationMs, 50) as p50, pct(durationMs, 99) as p99 by operation',
      'sort p99 desc',
    ],
  },
  'calls by version of the connector': {
    logs: ['subscriptions', 'proxy'],
    lines: [
      message('call', 'call failed', 'call failed unexpectedly', 'call refused'),
      `stats count(*) as calls, max(@timestamp) as last by \`${versionHeader}\``,
      'sort calls desc',
    ],
  },
  'refused at the gateway': {
    logs: 'access',
    lines: [
      'fields @timestamp, routeKey, status, authorizerError, integrationError, sourceIp',
      'filter status >= 400',
      'stats count(*) as calls by status, routeKey, authorizerError, integrationError, sourceIp',
      'sort calls desc',
    ],
  },
  'failed messages': {
    logs: ['watch', 'deliver'],
    lines: ['fields @timestamp, messageId, receives, error.message', message('message failed'), ...newest],
  },
  'failed polls': {
    logs: ['watch'],
    lines: [
      'fields @timestamp, instanceId, failures, nextLook, error.name, error.message',
      message('source failed'),
      ...newest,
    ],
  },
  'what detection could not see': {
    logs: ['watch'],
    lines: [
      'fields @timestamp, @message',
      message('gap', 'event set aside', 'look unfinished', 'fan-out asked for again', 'clock fault'),
      ...newest,
    ],
  },
  'records set aside': {
    logs: ['subscriptions', 'dispatch', 'watch', 'deliver'],
    lines: ['fields @timestamp, @message', message('record set aside'), ...newest],
  },
  'failures covered up': {
    logs: ['subscriptions', 'proxy', 'watch'],
    lines: ['fields @timestamp, what, error.message', message('failure covered up'), ...newest],
  },
  'attempts that failed': {
    logs: ['deliver'],
    lines: [
      'fields @timestamp, subscriptionId, deliveryId, attempt, consequence, status, meaning',
      message('delivery attempted'),
      'filter consequence != "delivered"',
      ...newest,
    ],
  },
  'failures of the canary': {
    logs: ['canary'],
    lines: ['fields @timestamp, step, reason', message('canary failed'), ...newest],
  },
  'subscriptions that stopped': {
    logs: ['dispatch', 'watch', 'deliver'],
    lines: ['fields @timestamp, @message', message('subscription stopped'), ...newest],
  },
} as const satisfies Readonly<Record<string, LogQuery>>;
