/** Texts that would not fit into an item as they are. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** @returns base64 of the deflated text: at most a third longer than it, whatever JSON would escape in it */
export const packText = (text: string): string => deflateRawSync(text).toString('base64');

export const unpackText = (packed: string): string =>
  inflateRawSync(Buffer.from(packed, 'base64')).toString();
