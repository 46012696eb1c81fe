/** The custom resources of a template: each is made by a function, which CloudFormation calls and waits for. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../../connector/emit/json.ts';
import type { Account } from '../aws/account.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { Outcome } from '../runtime/protocol.ts';
import type { CustomResourceModel } from './model.ts';
import { TemplateError } from './template-error.ts';

export interface CustomResourcePorts {
  readonly account: Account;
  readonly newId: () => string;
  /** @returns once the function has ended */
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
}

/**
 * Makes them in turn, as CloudFormation does: those that are new, and those whose properties differ from before. It repeats
 * an event whose function ended with an error; here that is the end, because what fails on this machine fails again.
 * Nothing is called for those that an update leaves out: what they made ends with the run.
 * @throws TemplateError with the reason that a function gives, or when it gives no answer
 */
export const makeCustomResources = async (
  declared: readonly CustomResourceModel[],
  former: readonly CustomResourceModel[],
  { account, newId, invoke }: CustomResourcePorts,
): Promise<void> => {
  const before = new Map(former.map(({ logicalId, properties }) => [logicalId, properties]));
  const resources = declared.filter(
    ({ logicalId, properties }) => !isDeepStrictEqual(properties, before.get(logicalId)),
  );
  if (resources.length === 0) return;
  /** By path, which no program but the function knows. */
  const answers = new Map<string, string>();
  const server = createServer(async (request, response) => {
    if (request.method === 'PUT') answers.set(request.url ?? '', await text(request));
    response.writeHead(request.method === 'PUT' ? 200 : 405).end();
  });
  const url = await listenOnLoopback(server);
  try {
    for (const { logicalId, type, functionName, properties } of resources) {
      const location = { logicalId, type };
      const path = `/${newId()}`;
      const old = before.get(logicalId);
      const outcome = await invoke(functionName, {
        RequestType: old === undefined ? 'Create' : 'Update',
        RequestId: newId(),
        ResponseURL: `${url}${path}`,
        StackId: `arn:aws:cloudformation:${account.region}:${account.id}:stack/local/${newId()}`,
        LogicalResourceId: logicalId,
        ResourceType: type,
        ServiceToken: properties.ServiceToken,
        ResourceProperties: properties,
        ...(old !== undefined && { OldResourceProperties: old, PhysicalResourceId: logicalId }),
      });
      if (outcome.kind === 'error')
        throw new TemplateError(location, `its function ended with an error: ${outcome.error.errorMessage}`);
      const answer = objectIn(answers.get(path));
      if (answer === undefined) throw new TemplateError(location, 'its function gave no answer');
      if (answer.Status !== 'SUCCESS')
        throw new TemplateError(location, `its function failed: ${String(answer.Reason)}`);
    }
  } finally {
    await closeServer(server);
  }
};

const objectIn = (answer: string | undefined): JsonObject | undefined => {
  try {
    const parsed: unknown = JSON.parse(answer ?? 'null');
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    // CloudFormation waits on for one that it can read.
    return undefined;
  }
};
