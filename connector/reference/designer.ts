/**
 * An operation as the flow designer shows it: what a maker fills in, what is behind "Show advanced options",
 * and what later steps may use. Read from the generated definition, as the designer does.
 */

import { isJsonObject, objectOf } from '../canonical/canonical-json.ts';
import { type CanonicalConnector, type CanonicalOperation, mainAnswer } from '../canonical/connector.ts';
import type { Property, Shape } from '../canonical/shape.ts';

export interface Field {
  readonly label: string;
  readonly required: boolean;
  /** How it is filled in, in words. */
  readonly control: string;
}

export interface Token {
  readonly label: string;
  readonly type: string;
  /** 0 at the top; one more for each list that a step has to go through. */
  readonly depth: number;
  /** Whether its names are known only after a choice of the maker. */
  readonly dynamic: boolean;
}

export interface DesignerView {
  readonly operationId: string;
  readonly title: string;
  readonly description: string;
  readonly kind: 'trigger' | 'action';
  readonly emphasis: 'important' | 'normal' | 'advanced';
  readonly fields: readonly Field[];
  readonly advanced: readonly Field[];
  readonly tokens: readonly Token[];
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  array: 'list',
  object: 'object',
};

const typeOf = ({ type, format }: Shape): string =>
  format === 'date-time' ? 'date and time' : (typeWords[type] ?? type);

/** Titles and labels by the names that extensions use. */
class Names {
  readonly #connector: CanonicalConnector;
  readonly #operation: CanonicalOperation;

  constructor(connector: CanonicalConnector, operation: CanonicalOperation) {
    this.#connector = connector;
    this.#operation = operation;
  }

  operation(operationId: string): string {
    return this.#connector.operations.get(operationId)?.summary ?? operationId;
  }

  input(name: string): string {
    const key = name.replace(/^body\//, '');
    const shapes = this.#operation.inputs.flatMap((input) =>
      input.in === 'body'
        ? [...input.shape.properties].map(([property, { shape }]) => [property, shape] as const)
        : [[input.name, input.shape] as const],
    );
    return shapes.find(([candidate]) => candidate === key)?.[1].label ?? key;
  }

  /** `"List segments", once Instance is chosen` of a dynamic extension. */
  source(extension: string): string {
    const { operationId, parameters } = objectOf(JSON.parse(extension));
    const needed = Object.values(objectOf(parameters))
      .filter(isJsonObject)
      .flatMap(({ parameter, parameterReference }) => parameter ?? parameterReference ?? [])
      .map((name) => this.input(String(name)));
    const once =
      needed.length > 0 ? `, once ${needed.join(' and ')} ${needed.length > 1 ? 'are' : 'is'} chosen` : '';
    return `"${this.operation(String(operationId))}"${once}`;
  }
}

const fallbackOf = ({ fallback, wordNames }: Shape): string =>
  fallback === '' ? '' : ` (default ${wordNames.get(fallback) ?? String(JSON.parse(fallback))})`;

const controlOf = (shape: Shape, names: Names): string => {
  if (shape.dropDown !== '') return `drop-down, from ${names.source(shape.dropDown)}`;
  if (shape.dynamic !== '') return `one field per column, from ${names.source(shape.dynamic)}`;
  if (shape.words !== null) {
    const choices = shape.words.map((word) => shape.wordNames.get(word) ?? String(JSON.parse(word)));
    return `drop-down: ${choices.join(', ')}${fallbackOf(shape)}`;
  }
  return `${typeOf(shape)}${fallbackOf(shape)}`;
};

interface Placed extends Field {
  readonly shown: Shape['shown'];
}

const fieldsOf = (
  name: string,
  { shape, required }: Property,
  names: Names,
  prefix = '',
): readonly Placed[] => {
  if (shape.shown === 'internal' || shape.isCallback) return [];
  const label = `${prefix}${shape.label ?? name}`;
  // An object without columns of its own to ask for is shown property by property.
  if (shape.type === 'object' && shape.properties.size > 0 && shape.dynamic === '')
    return [...shape.properties].flatMap(([key, property]) => fieldsOf(key, property, names, `${label} `));
  return [{ label, required, control: controlOf(shape, names), shown: shape.shown }];
};

const inputsOf = (operation: CanonicalOperation, names: Names): readonly Placed[] =>
  operation.inputs.flatMap(({ name, in: where, shape, required }) =>
    where === 'body'
      ? [...shape.properties].flatMap(([key, property]) => fieldsOf(key, property, names))
      : fieldsOf(name, { shape, required }, names),
  );

const tokensOf = (name: string, shape: Shape, names: Names, depth: number): readonly Token[] => {
  if (shape.shown === 'internal') return [];
  const label = shape.label ?? name;
  if (shape.dynamic !== '')
    return [
      {
        label: `one per column of ${label}, from ${names.source(shape.dynamic)}`,
        type: 'known when chosen',
        depth,
        dynamic: true,
      },
    ];
  if (shape.type === 'array')
    return [
      { label, type: 'list', depth, dynamic: false },
      ...(shape.items
        ? shape.items.type === 'object'
          ? contentsOf(shape.items, names, depth + 1)
          : tokensOf(shape.items.label ?? `${label} Item`, shape.items, names, depth + 1)
        : []),
    ];
  if (shape.type === 'object' && shape.properties.size > 0) return contentsOf(shape, names, depth);
  return [{ label, type: typeOf(shape), depth, dynamic: false }];
};

const contentsOf = (shape: Shape, names: Names, depth: number): readonly Token[] =>
  shape.properties.size === 0
    ? tokensOf('Item', shape, names, depth)
    : [...shape.properties].flatMap(([name, property]) => tokensOf(name, property.shape, names, depth));

const byEmphasis = (fields: readonly Placed[]): readonly Placed[] => [
  ...fields.filter(({ shown }) => shown === 'important'),
  ...fields.filter(({ shown }) => shown !== 'important'),
];

/** Null for what makers never see. */
export const designerView = (
  connector: CanonicalConnector,
  operation: CanonicalOperation,
): DesignerView | null => {
  if (operation.shown === 'internal') return null;
  const names = new Names(connector, operation);
  const inputs = byEmphasis(inputsOf(operation, names));
  // What has to be given is never hidden.
  const isAdvanced = ({ shown, required }: Placed) => shown === 'advanced' && !required;
  const output = operation.notification ?? mainAnswer(operation)?.schema;
  return {
    operationId: operation.operationId,
    title: operation.summary,
    description: operation.description ?? '',
    kind: operation.trigger === null ? 'action' : 'trigger',
    emphasis: operation.shown,
    fields: inputs.filter((field) => !isAdvanced(field)),
    advanced: inputs.filter(isAdvanced),
    tokens: output ? contentsOf(output, names, 0) : [],
  };
};

/** In the order of the definition. */
export const designerViews = (connector: CanonicalConnector): readonly DesignerView[] =>
  [...connector.operations.values()].flatMap((operation) => designerView(connector, operation) ?? []);
