/** Context under which KMS encrypts the data keys of callback URLs; nothing else of the callback key has it. */
export const callbackUrlContext = { purpose: 'callback-url' } as const;
