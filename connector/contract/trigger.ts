/**
 * Shared by all triggers: a trigger is registered with its callback URL and posts events that begin with the
 * same keys.
 */
import { exampleCallbackUrl, exampleInstanceId } from './example.ts';
import { noParameters, operation } from './operation.ts';
import { inInstance, notificationOf, subscription } from './parameters.ts';
import { callbackUrl, record, type Static, type TObject, type TSchema } from './schema.ts';

type Properties = Record<string, TSchema>;

/** Where a trigger is registered. */
interface Place<Path extends TObject> {
  readonly path: '' | `/${string}`;
  readonly parameters: Path;
  readonly example: Static<Path>;
}

const inOneInstance: Place<typeof inInstance> = {
  path: '/datasets/{dataset}',
  parameters: inInstance,
  example: { dataset: exampleInstanceId },
};

/** Of a trigger that is about all instances. */
export const acrossInstances: Place<typeof noParameters> = {
  path: '',
  parameters: noParameters,
  example: {},
};

/**
 * A trigger, which the function `subscriptions` registers.
 * @param declared.inputs the inputs of the maker, without the callback URL
 * @param declared.payload what the payload of an event tells first, in the order of its use
 * @param declared.details what it tells after time and link; neither with the keys that all events have
 * @param place where it is registered; in one instance by default
 */
export const trigger = <
  const Id extends `On${string}`,
  Inputs extends Properties,
  Payload extends Properties,
  Details extends Properties,
  Path extends TObject = typeof inInstance,
>(
  declared: {
    readonly operationId: Id;
    /** The last segment of its path. */
    readonly name: string;
    readonly summary: string;
    readonly description: string;
    readonly triggerHint: string;
    readonly inputs: Inputs;
    readonly payload: Payload;
    readonly details: Details;
    readonly exampleInputs: Static<TObject<Inputs>>;
  },
  place: Place<Path> = inOneInstance as Place<TObject> as Place<Path>,
) => {
  const { operationId, name, summary, description, triggerHint, inputs, payload, details, exampleInputs } =
    declared;
  const body = record({ callbackUrl: callbackUrl(), ...inputs });
  return operation({
    operationId,
    kind: 'trigger',
    method: 'POST',
    path: `${place.path}/subscriptions/${name}`,
    function: 'subscriptions',
    authentication: 'user',
    counted: false,
    summary,
    description,
    visibility: 'important',
    triggerHint,
    pathParameters: place.parameters,
    queryParameters: noParameters,
    body,
    response: {
      status: 201,
      description: 'Registered',
      schema: subscription,
      headers: { Location: 'Absolute URL that removes this subscription.' },
    },
    notification: notificationOf(payload, details, operationId.slice('On'.length)),
    example: {
      path: place.example,
      query: {},
      // TypeScript does not work out the inputs of a trigger that it does not know yet.
      body: { callbackUrl: exampleCallbackUrl, ...exampleInputs } as Static<typeof body>,
    },
  });
};
