/**
 * Policy documents with their intrinsic functions replaced, read as statements.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { isJsonObject, type Json, type JsonObject } from '../../connector/emit/json.ts';
import { TemplateError, type TemplateLocation } from '../template/template-error.ts';
import { type Condition, unknownCondition } from './conditions.ts';

/** Whom a statement of a resource's policy is about: ARNs, accounts and `*`, or names of services. */
export interface StatementPrincipals {
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

export interface Statement {
  /** Resource of the template that holds it. */
  readonly logicalId: string;
  readonly effect: 'Allow' | 'Deny';
  /** Absent in policies of identities. */
  readonly principals?: StatementPrincipals;
  /** With wildcards. */
  readonly actions: readonly string[];
  /** ARNs with wildcards; `*` alone in a trust policy, which names none. */
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Identities have policies without a principal, resources with one, and trust policies name no resource. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const elements: Readonly<Record<PolicyKind, readonly string[]>> = {
  identity: ['Action', 'Condition', 'Effect', 'Resource', 'Sid'],
  resource: ['Action', 'Condition', 'Effect', 'Principal', 'Resource', 'Sid'],
  trust: ['Action', 'Condition', 'Effect', 'Principal', 'Sid'],
};

type Refuse = (problem: string) => TemplateError;

/** One text, or a list of them. */
const texts = (value: Json | undefined, element: string, refuse: Refuse): readonly string[] => {
  const list: readonly Json[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (list.length === 0) throw refuse(`${element} is missing`);
  return list.map((item) => {
    if (isJsonObject(item) || Array.isArray(item) || item === null)
      throw refuse(`${element} contains ${JSON.stringify(item)}, which is not a text`);
    return String(item);
  });
};

const conditionsOf = (value: Json | undefined, refuse: Refuse): readonly Condition[] => {
  if (value === undefined) return [];
  if (!isJsonObject(value)) throw refuse('Condition is not an object');
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) throw refuse(`Condition.${operator} is not an object`);
    return Object.entries(keys).map(([key, expected]) => {
      const condition = { operator, key, values: texts(expected, `Condition.${operator}.${key}`, refuse) };
      const problem = unknownCondition(condition);
      if (problem !== undefined) throw refuse(problem);
      return condition;
    });
  });
};

const principalsOf = (value: Json | undefined, refuse: Refuse): StatementPrincipals => {
  if (value === '*') return { aws: ['*'], services: [] };
  if (!isJsonObject(value)) throw refuse('Principal is missing');
  const unknown = Object.keys(value).find((kind) => kind !== 'AWS' && kind !== 'Service');
  if (unknown !== undefined) throw refuse(`the local run does not know principals of the kind ${unknown}`);
  const named = (kind: string) =>
    value[kind] === undefined ? [] : texts(value[kind], `Principal.${kind}`, refuse);
  return { aws: named('AWS'), services: named('Service') };
};

const statementOf = (
  logicalId: string,
  kind: PolicyKind,
  statement: JsonObject,
  refuse: Refuse,
): Statement => {
  // Among them NotAction, NotResource and NotPrincipal: what they leave out is easily forgotten.
  const unknown = Object.keys(statement).find((element) => !elements[kind].includes(element));
  if (unknown !== undefined) throw refuse(`the local run does not know ${unknown} in a policy of this kind`);
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw refuse('Effect is neither Allow nor Deny');
  return {
    logicalId,
    effect,
    ...(kind !== 'identity' && { principals: principalsOf(statement.Principal, refuse) }),
    actions: texts(statement.Action, 'Action', refuse),
    resources: kind === 'trust' ? ['*'] : texts(statement.Resource, 'Resource', refuse),
    conditions: conditionsOf(statement.Condition, refuse),
  };
};

/**
 * The statements of a document.
 * @throws TemplateError on anything that the local run would not evaluate as AWS does
 */
export const readPolicy = (
  kind: PolicyKind,
  document: Json | undefined,
  location: TemplateLocation & { readonly logicalId: string; readonly property: string },
): readonly Statement[] => {
  const fail = (problem: string, property = location.property) =>
    new TemplateError({ ...location, property }, problem);
  if (!isJsonObject(document)) throw fail('is not a policy document');
  const { Statement: list, Version: version } = document;
  if (version !== '2012-10-17') throw fail('the local run knows policies of the version 2012-10-17 only');
  const statements: readonly Json[] = Array.isArray(list) ? list : list === undefined ? [] : [list];
  return statements.map((statement, index) => {
    const refuse = (problem: string) => fail(problem, `${location.property}.Statement.${index}`);
    if (!isJsonObject(statement)) throw refuse('is not a statement');
    return statementOf(location.logicalId, kind, statement, refuse);
  });
};
