export { type ConnectionIdentity, type Counted, connectionKey } from './connection.ts';
export { dynamoDbLimiterStore } from './dynamodb-store.ts';
export { rateLimitHeaders, refusalMessage, registrationsRefusedMessage } from './headers.ts';
export {
  createLimiter,
  type Limiter,
  type Refused,
} from './limiter.ts';
export { memoryLimiterStore } from './memory-store.ts';
export {
  counterRetentionSeconds,
  dynamoDbPlaceCounters,
  memoryPlaceCounters,
  type PlaceCount,
  type PlaceCounters,
} from './place-counters.ts';
export { checkLimitPolicy, maximumLimit } from './policy.ts';
export { type LimiterStore, limitUnavailable } from './store.ts';
export {
  createUpstreamBudget,
  pauseKey,
  type UpstreamAnswer,
  type UpstreamBudget,
  type UpstreamPauseStore,
} from './upstream-budget.ts';
export { dynamoDbUpstreamPauseStore, memoryUpstreamPauseStore } from './upstream-pause-stores.ts';
export { type WindowUse, windowUseReader } from './window-use.ts';
