/** The examples of the contract, as values for the parameters of the generated definition. */
import { operations } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';

export interface ExampleRequest {
  /** Parameter name → value; the body under "body". */
  readonly values: Readonly<Record<string, unknown>>;
  /** Values that the answer to another operation's example holds. */
  readonly from: NonNullable<Operation['exampleFrom']>;
}

/** Operation id → its example. */
export const examples: ReadonlyMap<string, ExampleRequest> = new Map(
  (operations as readonly Operation[]).map(({ operationId, example, exampleFrom }) => [
    operationId,
    {
      values: { ...example.path, ...example.query, ...(example.body !== null && { body: example.body }) },
      from: exampleFrom ?? {},
    },
  ]),
);
