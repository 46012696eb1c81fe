import { checkConfiguration } from './check.ts';
import { exampleInstanceId } from './example-instance.ts';
import type { Configuration } from './schema.ts';

/**
 * The embedded default, which `npm start` and a fresh clone use. Its ids are placeholders, so its template
 * refuses a deployment.
 */
export const exampleConfiguration: Configuration = checkConfiguration(
  {
    tenantId: '72f988bf-0000-4000-8000-2d7cd011db47',
    applications: {
      connector: { clientId: 'c0000000-0000-4000-8000-00000000c0de' },
      api: { clientId: 'a0000000-0000-4000-8000-0000000000a1', secretName: 'insights-connector/api' },
    },
    instances: [
      {
        id: exampleInstanceId,
        name: 'Contoso Retail',
        secretName: 'insights-connector/instances/contoso-retail',
      },
    ],
    connector: { host: 'insights-connector.example.com' },
  },
  'embedded example configuration',
);
