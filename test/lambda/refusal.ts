import { expect } from 'vitest';
import { ConnectorError } from '../../lambda/runtime/errors.ts';

/** The error that work ends with. Fails when it succeeds, or when the error is none of ours. */
export const refusal = async (work: Promise<unknown>): Promise<ConnectorError> => {
  const outcome = await work.then(
    () => 'a success',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(ConnectorError);
  return outcome as ConnectorError;
};
