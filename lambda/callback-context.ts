/** Contexts under which KMS encrypts the data keys of callback URLs; nothing else of the callback key has them. */

/** Beside each URL: to open it. */
export const callbackUrlContext = { purpose: 'callback-url' } as const;

/** In the one record of the current key: to seal further URLs, by a role that may open none of the keys beside URLs. */
export const sealingKeyContext = { purpose: 'callback-url-sealing' } as const;
