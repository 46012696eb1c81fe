/** Apart from the stack, so that reading it does not load the CDK. */
export const stackName = 'InsightsConnector';
