import { afterAll, describe, expect, it } from 'vitest';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import { profiles } from '../../../connector/check/rule.ts';
import { isRuleId } from '../../../connector/check/rules/index.ts';
import { mutations } from './mutations.ts';
import { plantInto } from './planting.ts';
import { filesOf, soundConnectors } from './sound.ts';

/** Planted and found, per rule; printed at the end. */
const matrix = new Map<string, { planted: number; found: number }>();

describe('sound connectors', () => {
  it.each(soundConnectors)('$name has no finding for certification', ({ make, indent }) => {
    expect(checkConnector(filesOf(make(), indent), { profile: 'certification' })).toEqual([]);
  });

  it.each(profiles)('have no error in the profile %s', (profile) => {
    for (const { make, indent } of soundConnectors)
      expect(
        checkConnector(filesOf(make(), indent), { profile }).filter(({ severity }) => severity === 'error'),
      ).toEqual([]);
  });
});

describe('a planted defect is found where it is, and nothing else', () => {
  it.each(Object.entries(mutations))('%s', (rule, mutate) => {
    if (!isRuleId(rule)) throw new Error(`${rule} is not a rule`);
    const row = { planted: 0, found: 0 };
    matrix.set(rule, row);
    for (const sound of soundConnectors) {
      const { planted, problems } = plantInto(sound, rule, mutate);
      if (planted === undefined) continue;
      row.planted += 1;
      expect(problems, `${rule} in ${sound.name}`).toEqual([]);
      row.found += 1;
    }
    expect(row.planted, 'connectors that the defect could be planted in').toBeGreaterThan(1);
  });
});

afterAll(() => {
  const rows = [...matrix.values()];
  const sum = (key: 'planted' | 'found') => rows.reduce((total, row) => total + row[key], 0);
  console.log(
    `Mutations: ${rows.length} rules × ${soundConnectors.length} connectors, ${sum('planted')} defects planted, ${sum('found')} found.`,
  );
});
