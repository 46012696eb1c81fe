import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { basePath } from '../connector/contract/index.ts';
import { functionFacts } from '../lambda/functions.ts';
import { ClockedFunction } from './clocked-function.ts';
import type { ConnectorApi } from './http-api.ts';

/** Where the sample of the canary arrives: the one callback that is not a flow's. */
export const canaryPath = `${basePath}/canary`;

/** Far above one sample in five minutes; a flood of anybody's requests costs at most this. */
const throttle = { rateLimit: 5, burstLimit: 10 };

/** Starts the function of the canary by the clock, and lets its sample reach it over HTTP. */
export class Canary extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { target, api }: { readonly target: IFunction; readonly api: ConnectorApi },
  ) {
    super(scope, id);
    api.addOpenRoute({
      name: 'Canary',
      key: `POST ${canaryPath}`,
      target,
      throttle,
      reason: 'Whatever is sent there is accepted and forgotten, unless it names the event of the sample.',
    });
    new ClockedFunction(this, 'Clock', {
      name: 'canary',
      target,
      description: functionFacts.canary.description,
    });
  }
}
