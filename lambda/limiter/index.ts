export { type ConnectionIdentity, connectionKey } from './connection.ts';
export { type DynamoDbLimiterStoreOptions, dynamoDbLimiterStore } from './dynamodb-store.ts';
export { rateLimitHeaders, refusalMessage } from './headers.ts';
export {
  type Admission,
  type Admitted,
  createLimiter,
  type Limiter,
  type LimiterOptions,
  type Refused,
} from './limiter.ts';
export { memoryLimiterStore } from './memory-store.ts';
export { checkLimitPolicy, type LimitPolicy, maximumLimit } from './policy.ts';
export { type LimiterStore, limitUnavailable } from './store.ts';
export {
  createUpstreamBudget,
  type UpstreamAnswer,
  type UpstreamBudget,
  type UpstreamBudgetOptions,
  type UpstreamCaller,
  type UpstreamPauseStore,
} from './upstream-budget.ts';
export { dynamoDbUpstreamPauseStore, memoryUpstreamPauseStore } from './upstream-pause-stores.ts';
