import { deploymentNames } from '../config/deployment.ts';

/** Stack name of a deployment without a name. In its own file, so that importing it does not load the CDK. */
export const stackName = deploymentNames({}).stack;
