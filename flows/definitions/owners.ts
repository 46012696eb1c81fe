/** To whom a mail about an object goes. */
import { operations } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';
import { call, property, setting, type Token } from './authoring.ts';
import { recipients } from './flow-settings.ts';

interface Property {
  readonly format?: string;
}

/** Properties that hold the address of somebody who answers for an object, the nearest first. */
const ownerProperties = ['ownerEmail', 'updatedByEmail', 'createdByEmail'] as const;

const hasAddress = (operation: Operation, name: string): boolean => {
  const { properties } = (operation.notification ?? {}) as {
    readonly properties?: Readonly<Record<string, Property>>;
  };
  return properties?.[name]?.format === 'email';
};

/**
 * The owner where the payload of the trigger names one, else the list that the organisation has set. Which
 * properties there are is asked of the contract, so that a definition made with an older one has the list
 * alone.
 */
export const ownersOr = (triggerId: string, body: Token): Token => {
  const operation = operations.find(({ operationId }) => operationId === triggerId);
  const names = operation === undefined ? [] : ownerProperties.filter((name) => hasAddress(operation, name));
  return names.length === 0
    ? setting(recipients)
    : call('coalesce', ...names.map((name) => property(body, name)), setting(recipients));
};
