import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consequenceTable } from '../../../lambda/deliver/consequence-table.ts';
import { failingEvents, failingForMs } from '../../../lambda/deliver/failing.ts';
import { rules } from '../../../lambda/deliver/outcome.ts';
import { giveUpAfterMs } from '../../../lambda/deliver/retry-policy.ts';
import { metricNames } from '../../../lambda/functions.ts';
import { longestPauseMs } from '../../../lambda/store/listed-subscriptions.ts';

const read = (file: string) => readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');
const hour = 60 * 60 * 1000;

describe('docs/delivery.md', () => {
  it('holds the table of what the answers lead to, as the code does', () => {
    expect(read('delivery.md')).toContain(consequenceTable());
    expect(consequenceTable().split('\n')).toHaveLength(rules.length + 2);
  });

  it('promises the times that the code keeps', () => {
    const text = read('delivery.md').replaceAll(/\s+/g, ' ');
    expect(text).toContain(`given up ${giveUpAfterMs / hour} hours after`);
    expect(text).toContain(`paused for ${longestPauseMs / hour / 24} days`);
    expect(text).toContain(
      `accepted for ${failingForMs / hour / 24} days while at least ${failingEvents} were given up`,
    );
  });
});

describe('docs/runbook.md', () => {
  it('says of every metric what to do about it', () => {
    for (const metric of metricNames) expect(read('runbook.md')).toContain(`\`${metric}\``);
  });
});
