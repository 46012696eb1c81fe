import type { EventId } from '../runtime/ids.ts';

/** The id in samples; fixed, so that it is recognised as invented. */
export const sampleId = '00000000-0000-4000-8000-000000000000';

/** What a sample's event id begins with; nothing else does. */
const samplePrefix = 'sample-';

/** @param name another one for each sample */
export const sampleEventId = (name: string): EventId => `${samplePrefix}${name}` as EventId;
