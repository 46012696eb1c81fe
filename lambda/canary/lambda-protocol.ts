/**
 * Lambda as the canary calls it: an API of paths, of which one operation is used. What is sent and answered is the
 * payload itself. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { type AwsProtocol, type InputOf, parseObject } from '../runtime/aws-services.ts';

const invocation = (input: unknown) => input as InputOf<'lambda', 'Invoke'>;

export const lambda: AwsProtocol<'lambda'> = {
  service: 'lambda',
  variable: 'LAMBDA',
  name: 'Lambda',
  wire: {
    path: (input) =>
      `/2015-03-31/functions/${encodeURIComponent(invocation(input).FunctionName)}/invocations`,
    headers: () => ({ 'content-type': 'application/json' }),
    body: (_, input) => JSON.stringify(invocation(input).Payload),
    parse: parseObject,
  },
};
