/** Writes XML: elements with attributes and either texts or elements inside. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: string | number | readonly XmlElement[] | undefined;
}

export const element = (
  name: string,
  attributesOrContent?: Readonly<Record<string, string | number>> | XmlElement['content'],
  content?: XmlElement['content'],
): XmlElement =>
  typeof attributesOrContent === 'object' && !Array.isArray(attributesOrContent)
    ? { name, attributes: attributesOrContent as Readonly<Record<string, string | number>>, content }
    : { name, attributes: {}, content: attributesOrContent as XmlElement['content'] };

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML 1.0 has no way to write control characters. */
const controlCharacter = /[^\P{Cc}\t\n\r]/u;

const escaped = (text: string): string => {
  if (controlCharacter.test(text))
    throw new TypeError(`A text for XML has a control character in it: ${JSON.stringify(text)}.`);
  return text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
};

const written = ({ name, attributes, content }: XmlElement, indent: string): string => {
  const start = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')}`;
  if (content === undefined || (Array.isArray(content) && content.length === 0)) return `${start} />`;
  if (typeof content === 'string' || typeof content === 'number')
    return `${start}>${escaped(String(content))}</${name}>`;
  const inner = content.map((child) => written(child, `${indent}  `));
  return `${start}>\n${inner.join('\n')}\n${indent}</${name}>`;
};

export const xmlDocument = (root: XmlElement): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n${written(root, '')}\n`;
