/** What a package is read into, and what all readers of packages use. */
import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { isObject, parseJsonValue, type Value, type ValueObject } from '../expressions/values.ts';
import type { ConnectionReference, Dialect } from '../runner/workflow-definition.ts';

export type PackageKind = 'solution' | 'legacy' | 'logic-apps' | 'definition';

export interface FlowInPackage {
  /** File in the package, or where in it. */
  readonly place: string;
  readonly name: string;
  readonly dialect: Dialect;
  /** The object with `triggers` and `actions`. */
  readonly definition: Value;
  readonly connections: ReadonlyMap<string, ConnectionReference>;
  /** The whole file. */
  readonly document: Value;
}

export interface ConnectorInPackage {
  readonly place: string;
  /** Name in Dataverse. */
  readonly name: string;
  readonly title: string;
  /** Swagger; null where it cannot be read. */
  readonly definition: Value;
}

export interface ReadPackage {
  readonly kind: PackageKind;
  /** Entries of the zip, or the one file. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly flows: readonly FlowInPackage[];
  readonly connectors: readonly ConnectorInPackage[];
  /** What kept a part from being read. */
  readonly unreadable: readonly { readonly place: string; readonly problem: string }[];
}

export const record = (value: Value | undefined): ValueObject =>
  value !== undefined && isObject(value) ? value : {};
export const textOr = (value: Value | undefined, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws SyntaxError when it is neither UTF-8 nor JSON */
export const jsonOf = (content: Uint8Array): Value => {
  let text: string;
  try {
    text = decoder.decode(content);
  } catch {
    throw new SyntaxError('it is not UTF-8');
  }
  return parseJsonValue(text.replace(/^\ufeff/, ''));
};

/** @throws SyntaxError when it is not well-formed */
export const xmlOf = (content: Uint8Array): Document => {
  const complain = (message: string): never => {
    throw new SyntaxError(message.split('\n')[0] ?? message);
  };
  const text = new TextDecoder('utf-8').decode(content);
  return new DOMParser({ onError: (_level, message) => complain(message) }).parseFromString(text, 'text/xml');
};

export const childrenOf = (
  element: Element | Document | null | undefined,
  name?: string,
): readonly Element[] =>
  [...(element?.childNodes ?? [])].filter(
    (node): node is Element => node.nodeType === 1 && (name === undefined || node.nodeName === name),
  );

export const childText = (element: Element, name: string): string =>
  childrenOf(element, name)[0]?.textContent ?? '';
