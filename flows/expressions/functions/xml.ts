/** XML values: binary values of the type application/xml, as the platform passes them on. */
import { DOMParser, type Document, type Element, type Node, XMLSerializer } from '@xmldom/xmldom';
import * as xpathLibrary from 'xpath';
import { ArgumentError, EvaluationError } from '../evaluation-errors.ts';
import {
  type Binary,
  binaryOf,
  bytesOf,
  isArray,
  isBinary,
  isObject,
  parseJsonValue,
  textOf,
  type Value,
  type ValueObject,
} from '../values.ts';
import { define, type ExpressionFunction, text } from './function.ts';

const contentType = 'application/xml;charset=utf-8';

const elementNode = 1;
const attributeNode = 2;
const textNode = 3;
const cdataNode = 4;
const instructionNode = 7;

/** White space between elements is dropped, as the platform's reader drops it. */
const withoutBlanks = (node: Node): void => {
  for (const child of [...node.childNodes]) {
    if (child.nodeType === textNode && child.nodeValue?.trim() === '' && node.childNodes.length > 1)
      node.removeChild(child);
    else withoutBlanks(child);
  }
};

/** @throws EvaluationError when the text is not XML */
const parseXml = (source: string): Document => {
  try {
    const document = new DOMParser({
      onError: (_level, message) => {
        throw new SyntaxError(message);
      },
    }).parseFromString(source.trimStart(), 'application/xml');
    withoutBlanks(document);
    return document;
  } catch (error) {
    throw new EvaluationError(
      `The text is not well-formed XML: ${error instanceof Error ? error.message : error}`,
    );
  }
};

const serialised = (node: Node): string => new XMLSerializer().serializeToString(node);
const xmlBinary = (node: Node): Binary => binaryOf(Buffer.from(serialised(node), 'utf8'), contentType);

const jsonOfElement = (element: Element): Value => {
  const members: [string, Value][] = [...element.attributes].map(({ name, value }) => [`@${name}`, value]);
  const children = new Map<string, Value[]>();
  let content = '';
  for (const child of element.childNodes) {
    if (child.nodeType === elementNode) {
      const list = children.get(child.nodeName) ?? [];
      list.push(jsonOfElement(child as Element));
      children.set(child.nodeName, list);
    } else if (child.nodeType === textNode || child.nodeType === cdataNode) content += child.nodeValue ?? '';
  }
  if (members.length === 0 && children.size === 0) return element.childNodes.length === 0 ? null : content;
  if (content !== '') members.push(['#text', content]);
  for (const [name, list] of children) members.push([name, list.length === 1 ? (list[0] ?? null) : list]);
  return Object.fromEntries(members);
};

/** As Newtonsoft's converter writes it: attributes as `@name`, repeated elements as an array. */
export const jsonOfXml = (source: string): Value => {
  const document = parseXml(source);
  const members: [string, Value][] = [];
  for (const child of document.childNodes) {
    if (child.nodeType === elementNode) members.push([child.nodeName, jsonOfElement(child as Element)]);
    else if (child.nodeType === instructionNode && child.nodeName === 'xml')
      members.push([
        '?xml',
        Object.fromEntries(
          [...(child.nodeValue ?? '').matchAll(/([\w-]+)\s*=\s*["']([^"']*)["']/g)].map(([, name, value]) => [
            `@${name}`,
            value ?? '',
          ]),
        ),
      ]);
  }
  return Object.fromEntries(members);
};

const appendJson = (document: Document, parent: Node, name: string, value: Value): void => {
  if (isArray(value)) {
    for (const item of value) appendJson(document, parent, name, item);
    return;
  }
  if (name === '#text') {
    parent.appendChild(document.createTextNode(textOf(value)));
    return;
  }
  let element: Element;
  try {
    element = document.createElement(name);
  } catch {
    throw new ArgumentError(0, `an object whose names can be names of elements; '${name}' cannot`);
  }
  parent.appendChild(element);
  if (isObject(value))
    for (const [key, inner] of Object.entries(value)) {
      if (key.startsWith('@')) element.setAttribute(key.slice(1), xmlText(inner));
      else appendJson(document, element, key, inner);
    }
  else if (value !== null) element.appendChild(document.createTextNode(xmlText(value)));
};

/** JSON's spelling: XML knows true and false in lower case only. */
const xmlText = (value: Value): string => (typeof value === 'boolean' ? String(value) : textOf(value));

const xmlOfObject = (value: ValueObject): Binary => {
  const roots = Object.entries(value).filter(([name]) => name !== '?xml');
  const [root] = roots;
  if (root === undefined || roots.length > 1 || isArray(root[1]))
    throw new ArgumentError(0, 'an object with exactly one root property, which is not an array');
  const document = new DOMParser().parseFromString('<root/>', 'application/xml');
  if (document.documentElement) document.removeChild(document.documentElement);
  appendJson(document, document, root[0], root[1]);
  return xmlBinary(document);
};

export const xmlOf = ([value = null]: readonly Value[]): Value => {
  if (isBinary(value)) return xmlBinary(parseXml(bytesOf(value).toString('utf8')));
  if (isObject(value)) return xmlOfObject(value);
  if (typeof value !== 'string') throw new ArgumentError(0, 'of type string or an object');
  if (!value.trimStart().startsWith('{')) return xmlBinary(parseXml(value));
  let parsed: Value;
  try {
    parsed = parseJsonValue(value);
  } catch {
    throw new ArgumentError(0, 'XML, or JSON of an object with one root property');
  }
  return isObject(parsed) ? xmlOfObject(parsed) : null;
};

/** Elements come back as XML, texts and attributes as texts. */
const nodeValue = (node: Node): Value =>
  node.nodeType === textNode || node.nodeType === attributeNode || node.nodeType === cdataNode
    ? (node.nodeValue ?? '')
    : xmlBinary(node);

const xpath = (args: readonly Value[]): Value => {
  const source = args[0] ?? null;
  const xml = isBinary(source) ? bytesOf(source).toString('utf8') : text(args, 0);
  const path = text(args, 1);
  let found: unknown;
  try {
    found = xpathLibrary.select(path, parseXml(xml) as unknown as globalThis.Node);
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    throw new ArgumentError(1, `an XPath expression (${error instanceof Error ? error.message : error})`);
  }
  if (Array.isArray(found)) return (found as Node[]).map(nodeValue);
  return found as Value;
};

export const xml: readonly ExpressionFunction[] = [define('xpath(xml, xpath)', xpath)];
