import { deploymentNames } from '../config/deployment.ts';

/** Of a deployment without a name. Apart from the stack, so that reading it does not load the CDK. */
export const stackName = deploymentNames({}).stack;
