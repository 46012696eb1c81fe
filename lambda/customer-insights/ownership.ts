/** Who answers for an object, from the fields that say who created and changed it. */
import type { Ownership } from '../triggers/observation.ts';
import { boundedName } from './bounded-text.ts';

/** An address that a mail program takes, in the form that the contract promises (`format: email`). */
const address =
  /^[\w!#$%&'*+/=?^`{|}~-]{1,64}(\.[\w!#$%&'*+/=?^`{|}~-]{1,64}){0,8}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z0-9]{2,63}$/i;

/** The sign-in name of a guest looks like an address and is none. */
const isAddress = (text: string): boolean =>
  text.length <= 254 && address.test(text) && !text.toUpperCase().includes('#EXT#');

/** @returns nothing for a creator without an address, such as an application */
export const ownershipIn = ({
  createdBy,
  updatedBy,
}: {
  readonly createdBy?: string | undefined;
  readonly updatedBy?: string | undefined;
}): Ownership => {
  const owner = createdBy?.trim() ?? '';
  const editor = updatedBy?.trim() ?? '';
  return {
    ...(isAddress(owner) && { ownerEmail: owner }),
    ...(editor !== '' && { lastEditor: boundedName(editor) }),
  };
};
