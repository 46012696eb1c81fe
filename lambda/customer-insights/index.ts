export { type CustomerInsightsAccess, createCustomerInsightsAccess } from './access.ts';
export {
  type ClientOptions,
  type CustomerInsightsClient,
  createCustomerInsightsClient,
  type JobSubmission,
} from './client.ts';
export { type ClientSecretExpiry, clientSecretExpiry } from './client-secret-expiry.ts';
export { isAnyOf } from './fields.ts';
export type * from './models.ts';
export { isScalarMeasure } from './models.ts';
export { isPathSegment } from './path.ts';
export type { ActingAs } from './refusal.ts';
export { clientSecretFrom, createSecrets, type Secrets, type SecretValues } from './secret-reader.ts';
export { createSubscriptionKeys, type SubscriptionKeys } from './subscription-keys.ts';
export { maximumAnswerBytes } from './transport.ts';
