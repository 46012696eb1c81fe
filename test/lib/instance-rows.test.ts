import { afterAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { servingFunctionNames } from '../../lambda/functions.ts';
import { deployedTemplate, resourcesOf } from './deployed.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const functions = createFunctionsFolder();
afterAll(functions.remove);
const templateWith = (changes: object) => deployedTemplate(functions.path, changes);

describe('the rows of instances', () => {
  const denied = /"dynamodb:LeadingKeys":\["INSTANCES","INSTANCES#\*"\]\},?\},"Effect":"Deny"/;

  it('are written by no function but that of the custom resource, which writes nothing else', () => {
    const roles = Object.entries(templateWith({}).Resources).filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::IAM::Role' && JSON.stringify(Properties).includes('dynamodb:PutItem'),
    );
    expect(roles.length).toBeGreaterThan(6);
    const may = roles.filter(([, role]) => !denied.test(JSON.stringify(role)));
    expect(may.map(([id]) => id)).toEqual([expect.stringMatching(/^InstanceRowsRole/)]);
    expect(JSON.stringify(may).match(/"dynamodb:LeadingKeys":[^}]*/g)).toEqual([
      '"dynamodb:LeadingKeys":["INSTANCES","INSTANCES#*"]',
    ]);
  });

  it('are written after the rights to read keys, and before the functions are changed', () => {
    const { Resources } = templateWith({});
    const dependenciesOf = (id: string) => [Resources[id]?.DependsOn ?? []].flat();
    const [rows = '', ...others] = Object.keys(Resources).filter(
      (id) => Resources[id]?.Type === 'Custom::InstanceRows',
    );
    expect(others).toEqual([]);
    const serving = Object.entries(Resources).filter(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && !id.startsWith('InstanceRows'),
    );
    expect(serving).toHaveLength(servingFunctionNames.length);
    for (const [id, { Properties }] of serving) {
      expect(dependenciesOf(id)).toContain(rows);
      const role = Properties?.Role as { readonly 'Fn::GetAtt': readonly [string, string] };
      expect(dependenciesOf(rows)).toContain(role['Fn::GetAtt'][0]);
    }
  });

  it.each([
    [{ instances: [{ ...exampleConfiguration.instances[0], name: 'Renamed' }] }, true],
    [{ existing: { stateTable: 'restored' } }, true],
    [{ limit: { calls: 7, windowSeconds: 60 } }, false],
  ])('are looked at again by an update with %j: %s', (changes, again) => {
    const properties = (configuration: object) =>
      resourcesOf(templateWith(configuration), 'Custom::InstanceRows');
    const before = properties({});
    expect(before).toMatchObject([{ ServiceTimeout: '600' }]);
    const same = JSON.stringify(properties(changes)) === JSON.stringify(before);
    expect(same).toBe(!again);
  });
});
