/** updates.automaticRollback: API, queues and schedule call aliases, and alarms undo an update. */
import { afterAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { servingFunctionNames } from '../../lambda/functions.ts';
import { alarmDefinitions } from '../../lib/alarms.ts';
import { deployedTemplate, resourcesOf } from './deployed.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const functions = createFunctionsFolder();
afterAll(functions.remove);

const off = deployedTemplate(functions.path, {});
const on = deployedTemplate(functions.path, { updates: { automaticRollback: true } });
const { Resources } = on;

const typeOf = (id: string) => Resources[id]?.Type;
/** Types of the functions and aliases that a value refers to. */
const referred = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)]
    .map(([, id = '']) => typeOf(id))
    .filter((type) => type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Function');

const watching = alarmDefinitions(exampleConfiguration.monitoring.monthlyUsd).filter(
  ({ stopsUpdates }) => stopsUpdates,
);

describe('automatic rollback', () => {
  it('is off by default: there is no version, no alias and no deployment group', () => {
    const types = Object.values(off.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /Lambda::(Version|Alias)|CodeDeploy/.test(type))).toEqual([]);
  });

  it('has an alias for each function, whose update CodeDeploy makes', () => {
    const aliases = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Alias');
    expect(aliases).toHaveLength(servingFunctionNames.length);
    const groups = aliases.map(({ UpdatePolicy }) => {
      const { CodeDeployLambdaAliasUpdate: update } = UpdatePolicy as unknown as {
        readonly CodeDeployLambdaAliasUpdate: { readonly DeploymentGroupName: { readonly Ref: string } };
      };
      return update.DeploymentGroupName.Ref;
    });
    expect(new Set(groups).size).toBe(servingFunctionNames.length);
    for (const group of groups) expect(typeOf(group)).toBe('AWS::CodeDeploy::DeploymentGroup');
  });

  it.each([
    ['AWS::ApiGatewayV2::Integration', 'IntegrationUri'],
    ['AWS::Lambda::Permission', 'FunctionName'],
    ['AWS::Lambda::EventSourceMapping', 'FunctionName'],
    ['AWS::Scheduler::Schedule', 'Target'],
  ])('each %s calls an alias', (type, property) => {
    const callers = resourcesOf(on, type);
    expect(callers).toHaveLength(resourcesOf(off, type).length);
    for (const caller of callers) expect(referred(caller[property])).toEqual(['AWS::Lambda::Alias']);
  });

  it('lets the schedule invoke the alias alone, and does not repeat a failed minute', () => {
    const roles = Object.values(Resources).filter(
      ({ Type, Properties }) =>
        Type === 'AWS::IAM::Role' && JSON.stringify(Properties).includes('scheduler.amazonaws.com'),
    );
    for (const { Properties } of roles)
      expect(referred(Properties?.Policies)).toEqual(['AWS::Lambda::Alias']);
    const settings = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::EventInvokeConfig');
    expect(settings.length).toBeGreaterThan(0);
    for (const setting of settings) {
      expect(setting.Properties).toMatchObject({ Qualifier: 'live', MaximumRetryAttempts: 0 });
      // The name alone would let CloudFormation make it before the alias.
      expect(setting.DependsOn).toEqual([expect.stringMatching(/^Rollout/)]);
    }
  });

  it('shifts in ten steps of three minutes, and goes back on the alarms about faults of the program', () => {
    const groups = resourcesOf(on, 'AWS::CodeDeploy::DeploymentGroup');
    expect(groups).toHaveLength(servingFunctionNames.length);
    for (const group of groups) {
      expect(group).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery3Minutes',
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
        },
        AlarmConfiguration: { Enabled: true },
      });
      const { Alarms } = group.AlarmConfiguration as unknown as {
        readonly Alarms: readonly { readonly Name: { readonly Ref: string } }[];
      };
      expect(Alarms.map(({ Name }) => Name.Ref.replace(/^Monitoring|[0-9A-F]{8}$/g, ''))).toEqual(
        watching.map(({ name }) => name),
      );
    }
  });

  it('watches alarms that can ring while an update lasts, and no more than CodeDeploy takes', () => {
    expect(watching.length).toBeGreaterThan(0);
    expect(watching.length).toBeLessThanOrEqual(10);
    for (const { name, periods, periodMinutes } of watching)
      expect(periods * periodMinutes, name).toBeLessThan(30);
  });

  it('leaves everything that holds state as it is', () => {
    for (const [id, resource] of Object.entries(off.Resources))
      if (/DynamoDB|SQS|KMS|Logs|AWS::Lambda::Function/.test(resource.Type))
        expect(Resources[id], id).toEqual(resource);
  });

  it('needs the alarms', () => {
    expect(() =>
      deployedTemplate(functions.path, {
        updates: { automaticRollback: true },
        monitoring: { alarms: false },
      }),
    ).toThrow(/Alarms decide on the rollback: set monitoring\.alarms to true/);
  });
});
