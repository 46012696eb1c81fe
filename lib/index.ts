/** What the package offers to a CDK app. */
export { ConfigurationError } from '../config/check.ts';
export { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
export type { Configuration } from '../config/schema.ts';
export { InsightsConnectorStack, type InsightsConnectorStackProps } from './stack.ts';
