import type { AwsPlace } from '../../lambda/runtime/aws-services.ts';

/** A service that listens on this machine, which takes any credentials. Fits the clients of the AWS SDK as well. */
export const localPlace = (endpoint: string) =>
  ({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }) as const satisfies AwsPlace;
