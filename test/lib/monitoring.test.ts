/**
 * What watches the deployment. A metric is declared in lambda/functions.ts, counted by its function, watched or shown,
 * and explained in docs/runbook.md; an alarm has its section there, and no section names an alarm that does not exist.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { functionFacts, functionNames, metricNames } from '../../lambda/functions.ts';
import { levelUnits } from '../../lambda/runtime/metrics.ts';
import { alarmDefinitions, severities } from '../../lib/alarms.ts';
import { logQueries } from '../../lib/log-queries.ts';
import type { Template } from '../../local/template/template.ts';
import { dashboardWidgets } from '../../scripts/draw-dashboard.ts';
import { deployedTemplate, resourcesOf } from './deployed.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const sources = readdirSync(join(root, 'lambda'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => file !== 'functions.ts')
  .map((file) => readFileSync(join(root, 'lambda', file), 'utf8'));
const alarms = alarmDefinitions(exampleConfiguration.monitoring.monthlyUsd, { canary: true });

/** Anchor → text of the section. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const [heading = ''] = text.split('\n');
      return [
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
        text,
      ] as const;
    }),
);
const namedIn = (text: string) =>
  [...text.matchAll(/^- \*\*Alarms:\*\* (.*)\./gm)].flatMap(([, list = '']) =>
    [...(list.split('**')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );

const functions = createFunctionsFolder();
afterAll(functions.remove);
const templateWith = (monitoring: object, changes: object = {}) =>
  deployedTemplate(functions.path, { ...changes, monitoring });

let template: Template;
beforeAll(() => {
  template = templateWith({ email: 'operations@example.com', canary: true });
});

describe.each(alarms)(
  'the alarm $name',
  ({ name, severity, runbook: anchor, metrics, periods, datapoints, periodMinutes }) => {
    it('has its section in the runbook: description, investigation and resolution', () => {
      const section = sections.get(anchor);
      expect(section, anchor).toBeDefined();
      expect(namedIn(section ?? '')).toContain(name);
      for (const part of ['Description', 'Investigation', 'Resolution'])
        expect(section).toContain(`- **${part}:**`);
    });

    it('is investigated with commands', () => {
      const [, investigation = ''] =
        /- \*\*Investigation:\*\*(.*?)\n- \*\*Resolution/s.exec(sections.get(anchor) ?? '') ?? [];
      expect(investigation).toMatch(/`(aws|npx insights-connector) [a-z][^`]*`/);
    });

    it('is in the template, with its severity and the way to its section', () => {
      const [made, ...others] = resourcesOf(template, 'AWS::CloudWatch::Alarm').filter(
        ({ AlarmName }) => AlarmName === `InsightsConnector-${severity}-${name}`,
      );
      expect(others).toEqual([]);
      expect(String(made?.AlarmDescription)).toContain(`docs/runbook.md#${anchor}`);
      expect(made?.AlarmActions).toHaveLength(1);
    });

    it('can be evaluated: ten metrics, a day, datapoints within the periods', () => {
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.length).toBeLessThanOrEqual(10);
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      expect(periods * periodMinutes).toBeLessThanOrEqual(24 * 60);
      expect(datapoints ?? periods).toBeLessThanOrEqual(periods);
    });

    it('watches metrics that the function counts', () => {
      for (const metric of metrics)
        if ('own' in metric) expect(functionFacts[metric.of].metrics).toContain(metric.own);
    });
  },
);

describe('the runbook', () => {
  it('names only alarms that exist', () => {
    const known = alarms.map(({ name }) => name);
    expect([...sections.values()].flatMap(namedIn).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names only saved queries that exist, and each of them', () => {
    const named = [...runbook.matchAll(/\*\*Saved query:\*\* (.*)\.$/gm)].flatMap(([, list = '']) =>
      [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    );
    expect([...new Set(named)].sort()).toEqual(
      expect.arrayContaining(named.filter((name) => !(name in logQueries))),
    );
    for (const name of named) expect(Object.keys(logQueries)).toContain(name);
    for (const name of Object.keys(logQueries)) expect(runbook).toContain(`\`${name}\``);
  });
});

describe('a metric', () => {
  const watched = new Set(
    alarms.flatMap(({ metrics }) => metrics.flatMap((metric) => ('own' in metric ? [metric.own] : []))),
  );
  /** Counted for whoever wants to see them; nothing is wrong when they rise or fall. */
  const ofInterest = ['EventsDetected', 'DeliveriesDropped', 'DeadLetters'];

  it.each(metricNames)('%s is counted, explained, and watched by an alarm', (name) => {
    expect(
      sources.some((text) => text.includes(`'${name}'`)),
      'counted in lambda/',
    ).toBe(true);
    expect(runbook).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
    if (!ofInterest.includes(name)) expect([...watched]).toContain(name);
  });

  it('is explained only where it exists', () => {
    const table = sections.get('metrics') ?? '';
    const explained = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect([...explained].sort()).toEqual([...metricNames].sort());
  });

  it('that is a level is declared as a metric', () => {
    for (const name of Object.keys(levelUnits)) expect(metricNames).toContain(name);
  });
});

describe('the log lines that saved queries look for', () => {
  it.each(Object.entries(logQueries))('%s', (_, { logs, lines }) => {
    if (logs === 'access') return expect(lines.join()).toContain('sourceIp');
    for (const name of logs) expect(functionNames).toContain(name);
    const texts = [
      ...(/filter message in \[(.*)\]/.exec(lines.join('\n'))?.[1] ?? '').matchAll(/"([^"]+)"/g),
    ];
    expect(texts.length).toBeGreaterThan(0);
    for (const [, text = ''] of texts)
      expect(
        sources.some((source) => source.includes(`'${text}'`)),
        text,
      ).toBe(true);
    return undefined;
  });
});

describe('the dashboard', () => {
  it('shows a graph for each alarm, by severity, and the states of all', () => {
    const widgets = dashboardWidgets(template);
    expect(
      widgets.flatMap(({ type, properties }) => (type === 'metric' ? [properties.title] : [])).sort(),
    ).toEqual(alarms.map(({ name }) => name).sort());
    expect(
      widgets.filter(({ type }) => type === 'alarm').flatMap(({ properties }) => properties.alarms),
    ).toHaveLength(alarms.length);
    expect(
      widgets
        .filter(({ type }) => type === 'text')
        .map(({ properties }) => properties.markdown?.split('\n')[0]),
    ).toEqual(Object.keys(severities).map((severity) => `## ${severity}`));
  });
});

describe('who is told', () => {
  it('an e-mail address, through a topic of the stack that refuses plain HTTP', () => {
    expect(resourcesOf(template, 'AWS::SNS::Subscription')).toMatchObject([
      { Protocol: 'email', Endpoint: 'operations@example.com' },
    ]);
    const [policy] = resourcesOf(template, 'AWS::SNS::TopicPolicy');
    expect(JSON.stringify(policy)).toContain('cloudwatch.amazonaws.com');
    expect(JSON.stringify(policy)).toContain('aws:SecureTransport');
  });

  it('a topic of the operator, and then the stack has none', () => {
    const topicArn = 'arn:aws:sns:eu-west-1:123456789012:operations';
    const other = templateWith({ topicArn });
    expect(resourcesOf(other, 'AWS::SNS::Topic')).toEqual([]);
    for (const { AlarmActions } of resourcesOf(other, 'AWS::CloudWatch::Alarm'))
      expect(AlarmActions).toEqual([topicArn]);
  });

  it('nobody, where there are no alarms', () => {
    const types = Object.values(templateWith({ alarms: false }).Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /CloudWatch|SNS|QueryDefinition/.test(type))).toEqual([]);
  });
});

describe('a deployment with a name', () => {
  it('watches its own metrics', () => {
    const staging = JSON.stringify(
      resourcesOf(templateWith({}, { deployment: { name: 'staging' } }), 'AWS::CloudWatch::Alarm'),
    );
    expect(staging).toContain('{"Name":"deployment","Value":"staging"}');
    expect(staging).toContain('InsightsConnector-staging-critical-HeartbeatMissing');
    expect(JSON.stringify(resourcesOf(template, 'AWS::CloudWatch::Alarm'))).not.toContain('"deployment"');
  });
});
