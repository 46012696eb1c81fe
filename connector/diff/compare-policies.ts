/** What changed in the policies: what the platform does to calls on their way. */

import { canonicalJson, type Json, type JsonObject, objectOf, textOf } from '../canonical/canonical-json.ts';
import { breaking, compatible, cosmetic, type Finding, present } from './change.ts';

interface Policy {
  /** Lower case: the platform does not mind. */
  readonly template: string;
  readonly title: string | null;
  /** Sorted; empty: every operation. */
  readonly operations: readonly string[];
  /** Without the prefix; canonical JSON. */
  readonly parameters: ReadonlyMap<string, string>;
}

const prefix = 'x-ms-apimTemplateParameter.';
const operationNames = 'x-ms-apimTemplate-operationName';

/** Written or not, they mean the same. */
const defaults: Readonly<Record<string, string>> = {
  existsAction: '"override"',
  httpMethod: '"@Request.OriginalHTTPMethod"',
};

const parametersOf = (given: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(given)
      .filter(([name]) => name !== operationNames)
      .map(([name, value]) => [name.replace(prefix, ''), canonicalJson(value)] as const)
      .filter(([name, value]) => defaults[name] !== value)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const policiesOf = (value: Json | undefined): readonly Policy[] =>
  (Array.isArray(value) ? value : []).map(objectOf).map((instance) => {
    const parameters = objectOf(instance.parameters);
    const names = parameters[operationNames];
    return {
      template: String(instance.templateId ?? '').toLowerCase(),
      title: textOf(instance.title),
      operations: (Array.isArray(names) ? names : []).map(String).sort(),
      parameters: parametersOf(parameters),
    };
  });

type Effect = 'address' | 'content' | 'paging' | 'query' | 'note';

/**
 * What a template decides. "note": what it adds does not change what a flow sends or gets; of a header this holds only
 * for one that no side decides by ({@link isDecisiveHeader}). A template that is not listed may do anything, so it counts
 * as content.
 */
const effects: Readonly<Record<string, Effect>> = {
  dynamichosturl: 'address',
  routerequesttoendpoint: 'address',
  dynamicsubdomain: 'address',
  updatenextlink: 'paging',
  setqueryparameter: 'query',
  setheader: 'note',
  setconnectionstatustounauthenticated: 'note',
};

/** Headers that decide what a call may do, where it goes, or how its body is read. */
const decisive: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'content-encoding',
  'content-type',
  'cookie',
  'host',
  'if-match',
  'if-none-match',
  'location',
  'prefer',
  'retry-after',
  'x-http-method-override',
]);

/** Whether a policy that sets a header is noticed: by the header, or because its value is computed. */
const isDecisiveHeader = ({ parameters }: Policy): boolean => {
  const textIn = (name: string): string => {
    const value: unknown = JSON.parse(parameters.get(name) ?? '""');
    return typeof value === 'string' ? value : '';
  };
  return decisive.has(textIn('name').toLowerCase()) || /^@|@\{|\{\{/.test(textIn('value'));
};

const effectOf = (policy: Policy): Effect =>
  policy.template === 'setheader' && isDecisiveHeader(policy)
    ? 'content'
    : (effects[policy.template] ?? 'content');

const consequence: Readonly<Record<Effect, string>> = {
  address: 'Calls go to another address.',
  content: 'What flows send or get is changed in another way.',
  paging: 'Flows with paging switched on may get the first page only.',
  query: 'Calls ask for something else.',
  note: '',
};

const named = ({ template, title }: Policy): string =>
  title === null ? template : `"${title}" (${template})`;
const covered = ({ operations }: Policy): string =>
  operations.length === 0 ? 'every operation' : operations.join(', ');

const told = (rule: string, isBreaking: boolean, policy: Policy, what: string): Finding =>
  isBreaking ? breaking(rule, `${what} ${consequence[effectOf(policy)]}`.trimEnd()) : compatible(rule, what);

const lost = (policy: Policy): Finding =>
  told(
    'policy-removed',
    effectOf(policy) !== 'note',
    policy,
    `The policy ${named(policy)} for ${covered(policy)} was removed.`,
  );

const gained = (policy: Policy): Finding => {
  const effect = effectOf(policy);
  const givesWay = policy.parameters.get('existsAction') === '"skip"';
  const isBreaking = effect === 'address' || effect === 'content' || (effect === 'query' && !givesWay);
  return told(
    'policy-added',
    isBreaking,
    policy,
    `The policy ${named(policy)} for ${covered(policy)} is new.`,
  );
};

const changed = (before: Policy, after: Policy): readonly Finding[] => {
  const effect = effectOf(after);
  const dropped =
    after.operations.length === 0
      ? []
      : before.operations.length === 0
        ? ['every other operation']
        : before.operations.filter((name) => !after.operations.includes(name));
  const taken =
    before.operations.length === 0
      ? []
      : after.operations.length === 0
        ? ['every other operation']
        : after.operations.filter((name) => !before.operations.includes(name));
  const parameters = [...new Set([...before.parameters.keys(), ...after.parameters.keys()])].filter(
    (name) => before.parameters.get(name) !== after.parameters.get(name),
  );
  const subject = `The policy ${named(after)}`;
  return present(
    dropped.length > 0 &&
      told('policy-changed', effect !== 'note', after, `${subject} no longer covers ${dropped.join(', ')}.`),
    taken.length > 0 &&
      told(
        'policy-changed',
        effect !== 'note' && effect !== 'paging',
        after,
        `${subject} covers ${taken.join(', ')} too.`,
      ),
    parameters.length > 0 &&
      told(
        'policy-changed',
        effect !== 'note',
        after,
        `${subject} has ${parameters.map((name) => `${name} = ${after.parameters.get(name) ?? 'none'} (before ${before.parameters.get(name) ?? 'none'})`).join(', ')} now.`,
      ),
    before.title !== after.title &&
      cosmetic('policy-title', `The policy ${named(before)} is called ${named(after)} now.`),
  );
};

/** How much two policies of one template have in common; the best pairs are compared with each other. */
const likeness = (before: Policy, after: Policy): number =>
  (before.title === after.title ? 4 : 0) +
  (before.operations.join() === after.operations.join() ? 2 : 0) +
  (before.parameters.get('name') === after.parameters.get('name') ? 4 : 0) +
  (canonicalJson([...before.parameters].flat()) === canonicalJson([...after.parameters].flat()) ? 3 : 0);

const paired = (before: readonly Policy[], after: readonly Policy[]) => {
  const candidates = before
    .flatMap((old) =>
      after
        .filter(({ template }) => template === old.template)
        .map((young) => ({ old, young, score: likeness(old, young) })),
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const pairs = new Map<Policy, Policy>();
  const used = new Set<Policy>();
  for (const { old, young } of candidates)
    if (!pairs.has(old) && !used.has(young)) {
      pairs.set(old, young);
      used.add(young);
    }
  return { pairs, used };
};

export const comparePolicies = (before: Json | undefined, after: Json | undefined): readonly Finding[] => {
  const [old, young] = [policiesOf(before), policiesOf(after)];
  const { pairs, used } = paired(old, young);
  const kept = old.flatMap((policy) => pairs.get(policy) ?? []);
  const order = young.filter((policy) => used.has(policy));
  return [
    ...old.flatMap((policy) => {
      const partner = pairs.get(policy);
      return partner ? changed(policy, partner) : [lost(policy)];
    }),
    ...young.filter((policy) => !used.has(policy)).map(gained),
    ...present(
      kept.some((policy, index) => policy !== order[index]) &&
        compatible('policy-order', 'The policies run in another order.'),
    ),
  ];
};
