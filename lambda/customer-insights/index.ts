export { clientSecretFrom, createSecrets, type Secrets } from '../runtime/secrets.ts';
export { type CustomerInsightsAccess, createCustomerInsightsAccess } from './access.ts';
export { maximumAnswerBytes } from './answer.ts';
export {
  type CustomerInsightsClient,
  createCustomerInsightsClient,
  type HistoryOptions,
  type JobSubmission,
  type RowQuery,
  type WriteOptions,
} from './client.ts';
export { causeCode, isConnectionReset } from './connection-reset.ts';
export { isAnyOf } from './fields.ts';
export type * from './models.ts';
export { isPathSegment } from './path.ts';
export type { ActingAs } from './refusal.ts';
export { isScalarMeasure } from './scalar-measure.ts';
export { createSubscriptionKeys, type SubscriptionKeys } from './subscription-keys.ts';
export type { TransportOptions } from './transport.ts';
