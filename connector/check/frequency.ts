/**
 * How often each rule finds something in published connectors: [connectors, findings] at all levels, rules that are off by
 * default counted as if they were on. Written by `npm run check:corpus -- <folder> --write`.
 */
import type { RuleId } from './rules/index.ts';

export const sampleSize = 120;

export const frequencies: Readonly<Partial<Record<RuleId, readonly [number, number]>>> = {};
