/** The rules of the connector format that our own output has to keep; see each function's comment for its source. */
import * as behaviour from './behaviour.ts';
import * as properties from './properties.ts';
import * as structure from './structure.ts';
import * as texts from './texts.ts';

export const rules = { ...texts, ...structure, ...behaviour, ...properties } as const;

export type RuleName = keyof typeof rules;
