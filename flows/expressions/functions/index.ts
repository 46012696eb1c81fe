/** Every function of the language: those that are here, and those that are known and refused by name. */
import { nearest } from '../closest-name.ts';
import { collections } from './collections.ts';
import { conversion } from './conversion.ts';
import type { ExpressionFunction } from './function.ts';
import { logic } from './logic.ts';
import { maths } from './maths.ts';
import { objects } from './objects.ts';
import { runs } from './runs.ts';
import { texts } from './texts.ts';
import { times } from './times.ts';
import { uris } from './uris.ts';
import { xml } from './xml.ts';

/** In the order of the documentation's sections. */
export const functions: readonly ExpressionFunction[] = [
  ...texts,
  ...collections,
  ...logic,
  ...conversion,
  ...maths,
  ...times,
  ...runs,
  ...uris,
  ...objects,
  ...xml,
];

const byName: ReadonlyMap<string, ExpressionFunction> = new Map(
  functions.map((known) => [known.name.toLowerCase(), known]),
);

const forms =
  'it reads parts of a form post or of a multipart message, which this engine does not take apart; a callback of a connector has a JSON body: triggerBody().';
const undocumented =
  'it is known to the designer but documented nowhere, so that what it gives is not certain.';
const noSuchMathematics = 'the language has no such function; round with formatNumber() or divide integers.';

/** Functions that exist, or that people look for, and the reason why they are not here. */
const refused: Readonly<Record<string, string>> = {
  appsetting: 'it exists in Logic Apps (Standard) only.',
  decimal: 'decimals of 28 digits are not calculated here; use int() or float().',
  formDataValue: forms,
  formDataMultiValues: forms,
  multipartBody: forms,
  triggerFormDataValue: forms,
  triggerFormDataMultiValues: forms,
  triggerMultipartBody: forms,
  trimByteOrderMark: undocumented,
  encodeXmlValue: undocumented,
  decodeXmlValue: undocumented,
  encodeXmlName: undocumented,
  decodeXmlName: undocumented,
  utf8Length: undocumented,
  utf16Length: undocumented,
  formatTimeSpan: undocumented,
  mergeObjects: undocumented,
  abs: noSuchMathematics,
  round: noSuchMathematics,
  ceiling: noSuchMathematics,
  floor: noSuchMathematics,
  pow: noSuchMathematics,
};

const refusedByName: ReadonlyMap<string, string> = new Map(
  Object.entries(refused).map(([name, reason]) => [name.toLowerCase(), reason]),
);

/** @returns the function, or why there is none: '' where the name is not known at all */
export const findFunction = (name: string): ExpressionFunction | string =>
  byName.get(name.toLowerCase()) ?? refusedByName.get(name.toLowerCase()) ?? '';

const names = functions.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en'));

/** @param reason from {@link findFunction} */
export const unknownFunction = (name: string, reason: string): string => {
  const list = `Functions that can be used: ${names.join(', ')}.`;
  if (reason !== '') return `The template function '${name}' cannot be used here: ${reason} ${list}`;
  const suggestion = nearest(name, names);
  return `The template function '${name}' is not defined or not valid.${
    suggestion === undefined ? '' : ` Did you mean ${suggestion}()?`
  } ${list}`;
};
