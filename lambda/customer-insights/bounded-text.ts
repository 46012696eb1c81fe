/**
 * Texts of the source are cut where they are read: nothing bounds them there, and a queue message and an item
 * of the table have a limit. A cut text says that it was cut.
 */
import { hash } from 'node:crypto';

/** Longest name or id that is taken as it is, characters. The contract accepts no longer name of a subject. */
export const longestName = 200;
/** Longest text for people, characters: at most 24 KB of JSON, of the 256 KB of a message. */
const longestText = 4_000;

/** Characters that Amazon SQS refuses and JSON does not escape; a message with one would never be taken. */
const unsendable = /[\ufffe\uffff]/g;

/** Not inside a pair of surrogates. */
const firstOf = (text: string, most: number): string => {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
};

const sendable = (text: string): string => text.replace(unsendable, '\ufffd');

/** A text for people: an error's message. */
export const boundedText = (text: string): string =>
  text.length <= longestText
    ? sendable(text)
    : `${sendable(firstOf(text, longestText))}… (cut; the text has ${text.length} characters)`;

/** A name or id: two that differ stay different, and the same one is cut the same way everywhere. */
export const boundedName = (name: string): string => {
  if (name.length <= longestName) return sendable(name);
  const digest = hash('sha256', name, 'base64url').slice(0, 12);
  return `${sendable(firstOf(name, longestName))}… (cut; the name has ${name.length} characters, ${digest})`;
};
