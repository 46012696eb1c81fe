export type Literal =
  | { readonly type: 'null' }
  | { readonly type: 'string' | 'guid'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** Milliseconds since the epoch; a date is its midnight in UTC. */
  | { readonly type: 'dateTime' | 'date'; readonly value: number };

export type Operand =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly position: number }
  | { readonly kind: 'property'; readonly name: string; readonly position: number };

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'contains' | 'startswith' | 'endswith';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'compare'; readonly by: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly left: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'text'; readonly by: TextFunction; readonly of: Operand; readonly part: Operand }
  | { readonly kind: 'member'; readonly segment: string; readonly position: number }
  | { readonly kind: 'truth'; readonly of: Operand };
